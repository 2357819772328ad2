"""What the detective has seen of a layer: every decision with its evidence, five rows, and where its shapes fall.

All of it is plain data, made before anything is stored; a file that is refused takes along what was seen until then.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from geo import crs
from geo.fields import Matching, layers
from geo.intake import guesses
from geo.intake.decided import ORDER, Alternative, Decision, decision
from geo.intake.discretion import alternative_masked, kind_of, printable, rows_masked
from geo.intake.errors import IntakeError, Said
from geo.intake.mapped import deciding
from geo.intake.table import Shapes, Table
from geo.model import LAYERS, TABLES

#: Rows shown, and rows among which they are looked for.
SHOWN_ROWS: Final = 5
_LOOKED_THROUGH: Final = 100
#: Shapes drawn on the small map, their vertices, and how far a drawn line may stray from the delivered one (metres).
SHOWN_SHAPES: Final = 200
_SHOWN_VERTICES: Final = 20_000
_STRAY_M: Final = 0.5
_METRES_A_DEGREE: Final = 111_320.0
_OFFERED_LAYERS: Final = 4


@dataclass
class Inspection:
    """What has been seen of one layer so far; `layer` is None where nobody could tell which it is."""

    layer: str | None
    source: str
    box: crs.Box | None
    decisions: dict[str, Decision] = field(default_factory=dict)
    sample: dict[str, Any] = field(default_factory=lambda: {"columns": [], "rows": []})
    shapes: NDArray[np.object_] | None = None
    drawn_in: CRS | None = None
    marks: list[list[Any]] = field(default_factory=list)

    @contextmanager
    def taken_along(self) -> Iterator[None]:
        """Let a refusal take along what was seen."""
        try:
            yield
        except IntakeError as refused:
            known = {"layer": self.layer, "source": self.source}
            refused.previews = [one | known for one in refused.previews] or [self.preview()]
            raise

    def decide(self, made: Decision) -> None:
        """Keep a decision; one of the same name gives way to it."""
        self.decisions[made["name"]] = made

    def named(self, by_name: bool, by_person: bool) -> None:
        """Tell how it is known which layer this is."""
        zh, en = ("名称未说明是哪一图层", "its name does not say which layer it is")
        if by_name:
            zh, en = f"名称“{self.source}”说明了图层", f"its name, {self.source}, says which layer it is"
        if by_person:
            zh, en = "图层由人指定", "a person says which layer it is"
        self.decide(decision("layer", self.layer, by_name or by_person, [{"zh": zh, "en": en}]))

    def unnamed(self, table: Table, among: Sequence[str], why: Said) -> None:
        """Tell which layers the columns speak for, where nobody has said which this is."""
        self.decide(decision("layer", None, False, [why], _likely(table, among)))

    def opened(self, table: Table) -> None:
        """Show five rows of a table, and in which other encodings its text could be read."""
        rows = _telling(table)
        self.sample = {"columns": list(table.names), "rows": table.texts(rows)}
        others = _read_otherwise(table, rows, table.other_encodings)
        self.decide(decision("encoding", table.encoding, table.sure_of_encoding, table.encoding_evidence, others))

    def matched(self, matching: Matching, table: Table, given: bool) -> None:
        """Tell how columns answer to the standard's fields, and what is guessed of those that do not."""
        layer = self.layer or "parcel"
        self.decide(guesses.columns_decided(layer, matching, _values(table), given))
        if not self.decisions["layer"]["sure"]:
            among = LAYERS if layer in LAYERS else TABLES
            self.decisions["layer"]["alternatives"] = _likely(table, [one for one in among if one != layer])

    def drawn(self, shapes: Shapes, given: int | None) -> None:
        """Keep some shapes for the small map, and tell what the file says of its system before that is judged."""
        wkb = shapes.read(deciding(shapes.rows))
        there = np.flatnonzero(np.array([shape is not None for shape in wkb], dtype=bool))
        some = there[spread(len(there), SHOWN_SHAPES)]
        drawn = np.asarray(shapely.from_wkb(wkb[some], on_invalid="ignore"), dtype=object)
        finite = [shape for shape in drawn if shape is not None and np.isfinite(shapely.bounds(shape)).all()]
        self.shapes = np.array(finite, dtype=object)
        try:
            decided = crs.decide(shapes.crs, given, self._places(), self.box)
        except crs.CrsRefused:
            self._placed(shapes.crs, None, [])
        else:
            self.placed(decided)

    def refused(self, declared: CRS | None, evidence: Said) -> None:
        """Tell why the system of the coordinates is refused, and by which systems the file would fall in the county."""
        self._placed(declared, None, [evidence])

    def empty(self) -> None:
        """Tell that there is nothing whose place would have to be known."""
        self.decide(decision("crs", None, True, [{"zh": "没有图形", "en": "there are no shapes"}]))

    def placed(self, decided: crs.Decision, sure: bool = True) -> None:
        """Tell which system was decided on."""
        self._placed(None, decided.crs, decided.evidence, sure)

    def _placed(self, declared: CRS | None, chosen: CRS | None, evidence: Sequence[Said], sure: bool = False) -> None:
        fitting = crs.fitting(self._places(), self.box)
        offered = [code for code in fitting if chosen is None or not crs.same(CRS.from_epsg(code), chosen)]
        named = [] if declared is None else [_declares(declared)]
        if declared is not None and chosen is None and crs.family(declared) is None and (code := declared.to_epsg()):
            offered = [code, *offered]
        others: list[Alternative] = [_as_system(code) for code in dict.fromkeys(offered)]
        value = None if chosen is None else crs.named(chosen)
        self.decide(decision("crs", value, sure, [*named, *evidence], others))
        self.drawn_in = chosen or (CRS.from_epsg(offered[0]) if offered else None)

    def _places(self) -> NDArray[np.float64]:
        """The middle of each shape that is shown."""
        if self.shapes is None or len(self.shapes) == 0:
            return np.empty((0, 2))
        low_x, low_y, high_x, high_y = shapely.bounds(self.shapes).T
        return np.column_stack([(low_x + high_x) / 2, (low_y + high_y) / 2])

    def preview(self) -> dict[str, Any]:
        """Everything that is shown to a person before anything is stored; numbers and names of people are masked."""
        mapped = self.decisions.get("columns")
        columns = {} if mapped is None else {theirs: ours for ours, theirs in mapped["chosen"].items()}
        kinds = [kind_of(self.layer, columns.get(name)) for name in self.sample["columns"]]
        made = sorted(self.decisions.values(), key=lambda one: ORDER.index(one["name"]))
        told = {
            "layer": self.layer,
            "source": self.source,
            "sample": {"columns": self.sample["columns"], "rows": rows_masked(self.sample["rows"], kinds)},
            "decisions": [
                one | {"alternatives": [alternative_masked(other, kinds) for other in one["alternatives"]]}
                for one in made
            ],
            "marks": self.marks,
        }
        return {**printable(told), "outlines": _outlined(self.shapes, self.drawn_in)}


def spread(count: int, most: int) -> NDArray[np.int64]:
    """The positions of at most so many rows, spread evenly over a file."""
    return np.unique(np.linspace(0, max(count - 1, 0), most).astype(np.int64))[:count]


def _telling(table: Table) -> list[int]:
    """Five rows near the beginning: those that hold more than ASCII first, since they show what the encoding does."""
    near = np.flatnonzero(~table.deleted[:_LOOKED_THROUGH])
    rich = [any(text and not text.isascii() for text in row) for row in table.texts(near.tolist())]
    order = np.argsort(~np.array(rich, dtype=bool), kind="stable")[:SHOWN_ROWS]
    return sorted(near[order].tolist())


def _likely(table: Table, among: Sequence[str]) -> list[Alternative]:
    """The layers that a table's columns speak for."""
    likely = guesses.likely_layers(table.names, _values(table), among)[:_OFFERED_LAYERS]
    labels = {known.layer: known for known in reversed(layers())}
    return [{"value": name, "zh": labels[name].zh, "en": labels[name].en} for name in likely if name in labels]


def _read_otherwise(table: Table, rows: Sequence[int], encodings: Sequence[str]) -> list[Alternative]:
    """The same rows as other encodings would read them."""
    return [
        {"value": name, "zh": f"按 {name} 读", "en": f"read as {name}", "rows": table.texts(rows, name)}
        for name in encodings
    ]


def _values(table: Table) -> dict[str, list[str]]:
    """What stands in each column in some rows spread over the file."""
    read = table.texts(spread(table.rows, _LOOKED_THROUGH).tolist())
    return {name: [row[at] or "" for row in read] for at, name in enumerate(table.names)}


def _declares(system: CRS) -> Said:
    return {"zh": f"文件自带坐标系：{crs.spoken(system)}", "en": f"the file declares {crs.spoken(system)}"}


def _as_system(code: int) -> Alternative:
    name = crs.spoken(CRS.from_epsg(code))
    return {"value": f"EPSG:{code}", "zh": name, "en": name}


def _outlined(shapes: NDArray[np.object_] | None, system: CRS | None) -> dict[str, Any] | None:
    """Some shapes as GeoJSON in degrees, their lines simplified for the eye only; None where there are none to draw."""
    if shapes is None or len(shapes) == 0 or system is None:
        return None
    drawable = shapes[shapely.get_num_coordinates(shapes) <= _SHOWN_VERTICES]  # to simplify more takes many seconds
    degrees = shapely.transform(drawable, lambda points: crs.degrees(system, points))
    seen = [shape for shape in degrees if np.isfinite(shapely.get_coordinates(shape)).all()]
    if not seen:
        return None
    simple = shapely.simplify(np.array(seen, dtype=object), _STRAY_M / _METRES_A_DEGREE)
    few = simple[np.cumsum(shapely.get_num_coordinates(simple)) <= _SHOWN_VERTICES]
    if len(few) == 0:
        return None
    drawn = shapely.to_geojson(shapely.set_precision(few, 1e-7, mode="pointwise"))
    features = [{"type": "Feature", "properties": {}, "geometry": json.loads(text)} for text in drawn]
    return {"type": "FeatureCollection", "crs_drawn_in": crs.named(system), "features": features}


def undecided(table: Table, readable: Sequence[str], why: IntakeError) -> dict[str, Any]:
    """The preview of a table whose encoding is refused: its first rows, and how they look in what could be chosen."""
    seen = Inspection(None, "", None)
    rows = _telling(table)
    seen.sample = {"columns": list(table.names), "rows": table.texts(rows)}
    others: list[Alternative] = [
        {"value": name, "zh": f"按 {name} 读", "en": f"read as {name}", "rows": table.texts(rows, name)}
        for name in readable
    ]
    seen.decide(decision("encoding", None, False, [{"zh": why.zh, "en": why.en}], others))
    return seen.preview()
