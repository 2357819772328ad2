"""Reading a file from end to end: what is in it, which rows can be stored, and every reason where one cannot."""

import contextlib
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo import codes, crs
from geo.codes import YANGJIANG_BOX
from geo.fields import Matching, fields, match_columns, shape_of
from geo.intake import oddities, package, sources, units
from geo.intake import rows as row_checks
from geo.intake.accepted import keep
from geo.intake.archive import LAYER_PROFILE
from geo.intake.dbf import DbfTable
from geo.intake.delimited import CsvTable
from geo.intake.displaced import MARKED, marks_of
from geo.intake.errors import IntakeError, Said, geom_type, note, refusal
from geo.intake.evidence import Inspection
from geo.intake.joined import JoinedTable, joined_rows, joined_shapes
from geo.intake.judging import Judging, Stretch
from geo.intake.mdb import MdbTable
from geo.intake.ogr import OgrLayer
from geo.intake.reading import LayerReading, Reading, kept_in
from geo.intake.repairs import Proposing
from geo.intake.shapefile import read_shapes
from geo.intake.sources import Source
from geo.intake.table import Shapes, Table
from geo.model import LAYERS, SHAPED, TABLES

#: Of a file in which no layer can be chosen, so many are shown, if they are no larger than this.
_SHOWN_SOURCES: Final = 6
_SHOWN_BYTES: Final = 64 << 20


def read(
    path: str | Path,
    *,
    layer: str | None = None,
    crs: int | None = None,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
    office: bool = True,
    box: crs.Box | None = YANGJIANG_BOX,
    places: Sequence[str] = (),
    rest: bool = False,
    fallback: str | None = None,
    judge_codes: bool = True,
    kept: Path | None = None,
) -> Reading:
    """Read a file: a shapefile zip or delivery, GeoPackage, GeoJSON, .shp with its parts, DBF table, .mdb, or a folder.

    `layer` says what the file's layer is (in a delivery it chooses one, and `rest` lets the others come along);
    `fallback` is what a lone layer with a foreign name is taken for. `crs` (EPSG), `encoding`, `columns`
    ({OUR STANDARD FIELD: THEIRS}) and `units` ({STANDARD FIELD: m2, mu or ha}) are people's decisions; `places` are the
    names of the county, by which text is recognised. `office`: standard deliveries to a county whose land lies in
    `box`; without it foreign files and systems are welcome too. `judge_codes` off lets repeated codes pass.
    The rows that can be stored are kept in the folder `kept`, or in one that is gone afterwards.
    Raises IntakeError where the file as a whole is refused; of a whole package, only the parcels refuse all of it.
    """
    file, pick = sources.split_choice(path)
    with tempfile.TemporaryDirectory(prefix="dingxin-") as folder:
        found = sources.contents(file, Path(folder))
        if office and not found.is_package and file.is_file() and file.stat().st_size > found.limits.total_bytes:
            raise refusal("layer_too_large", most_mb=found.limits.total_bytes >> 20)
        ask = _Ask(crs, encoding, columns or {}, units or {}, office, box, places, judge_codes, Path(folder))
        try:
            known, notes = sources.chosen(found, pick=pick, layer=layer, rest=rest, fallback=fallback)
        except IntakeError as refused:
            refused.previews = [_unnamed(source, ask, refused) for source in found.sources[:_SHOWN_SOURCES]]
            raise
        ask.limits, ask.lone = found.limits, len(known) == 1 and not found.is_package
        layers: list[LayerReading] = []
        for name, parts in known:
            ask.rows = kept_in(kept or Path(folder), len(layers))
            try:
                layers.append(_read_layer(name, parts, ask, by_person=name == layer))
            except IntakeError as refused:
                if not found.is_package or name in ("parcel", layer):
                    raise
                notes.append(note("layer_unread", name=_names(parts), why_zh=refused.zh, why_en=refused.en))
        _expect_columns_map(ask, layers)
        sha256 = package.digest(file)
    return Reading(file.name, sha256, layers, [*found.notes, *notes], package.rows(found.files, layers))


class _Ask:
    """What is asked of every layer of one file."""

    def __init__(
        self,
        epsg: int | None,
        encoding: str | None,
        columns: Mapping[str, str],
        units: Mapping[str, str],
        office: bool,
        box: crs.Box | None,
        places: Sequence[str],
        judge_codes: bool,
        folder: Path,
    ):
        self.epsg, self.encoding, self.columns, self.units = epsg, encoding, columns, units
        self.office, self.box, self.places, self.judge_codes = office, box, places, judge_codes
        self.folder, self.lone, self.rows, self.limits = folder, False, folder, LAYER_PROFILE
        self.unknown: list[set[str]] = []


def _expect_columns_map(ask: _Ask, layers: list[LayerReading]) -> None:
    """Every entry of the column map must fit one of the layers at least."""
    unfit = set.intersection(*ask.unknown) if ask.unknown else set()
    if unfit:
        raise refusal("column_map", columns="、".join(sorted(unfit)))


def _names(parts: Sequence[Source]) -> str:
    return "、".join(source.name for source in parts)


def _read_layer(layer: str, parts: Sequence[Source], ask: _Ask, by_person: bool) -> LayerReading:
    """Read one layer or table; a refusal takes along what was seen of it."""
    seen = Inspection(layer, _names(parts), ask.box)
    seen.named(all(source.guess == layer for source in parts), by_person)
    with seen.taken_along():
        return _inspected(layer, parts, ask, seen)


def _inspected(layer: str, parts: Sequence[Source], ask: _Ask, seen: Inspection) -> LayerReading:
    """Read one layer or table, telling what is seen on the way."""
    table, shapes, told = _opened(layer, parts, ask, seen)
    source = _names(parts)
    if ask.lone and table.rows == 0:
        raise refusal("empty_layer", name=source)
    matching = match_columns(layer, table.names, ask.columns)
    ask.unknown.append(set(matching.unknown_overrides))
    seen.matched(matching, table, given=bool(ask.columns))
    settle = (lambda frame: oddities.settled(layer, frame, matching.columns)) if ask.limits.listed else None
    judging = Judging(layer, source, table, shapes, matching, settle)
    some = judging.some
    judging.strict = strict = _judges_codes(layer, some.frame, matching, ask)
    notes = _column_notes(layer, source, table, matching, strict, ask.office)
    notes += [note("empty_source")] * (table.rows == 0)
    decided = None if shapes is None else _placed(shapes, some, table, ask, seen)
    system = None if decided is None else decided.crs
    known = some.frame if system is None else gpd.GeoDataFrame(some.frame, geometry=some.drawn, crs=system)
    if (marks := marks_of(known, MARKED)) is not None:
        seen.marks = marks.plain()
    sound, defects = judging.judged(some, system, ask.box)
    if (measured := units.judged(layer, sound[~defects.flags()], ask.units)) is not None:
        seen.decide(measured)
    finish = _Finish(layer, {} if measured is None else measured["chosen"], _kinds(layer, parts, table))
    named = None if system is None else crs.named(system)
    proposing = Proposing(layer)
    accepted = keep(ask.rows, proposing.watched(judging.accepted(system, ask.box, finish)), named)
    drawn = [] if shapes is None else shapes.notes
    return LayerReading(
        layer=layer,
        source=source,
        accepted=accepted,
        crs=named,
        crs_evidence=[] if decided is None else decided.evidence,
        encoding=table.encoding,
        encoding_evidence=table.encoding_evidence,
        columns=matching.columns,
        ignored=matching.ignored,
        read=table.rows,
        rejected=judging.rejected,
        notes=[*told, *judging.notes(), *notes, *drawn, *finish.notes],
        strict=strict,
        preview=seen.preview(),
        forms=package.forms(layer, table, matching.columns, judging.filled),
        repairs=proposing.repairs,
    )


def _opened(
    layer: str, parts: Sequence[Source], ask: _Ask, seen: Inspection
) -> tuple[Table, Shapes | None, list[Said]]:
    """Open the rows of a layer or table and, for a layer, its shapes; several files are opened as one."""
    tables = [_table(layer, source, ask) for source in parts]
    table = tables[0] if len(tables) == 1 else JoinedTable(layer, tables)
    seen.opened(table)
    names = [source.name for source in parts]
    told = joined_rows(names, [part.rows for part in tables]) if len(tables) > 1 else []
    if layer not in SHAPED:
        return table, None, told
    drawn = [_shapes(layer, source, part, ask) for source, part in zip(parts, tables, strict=True)]
    shapes = drawn[0] if len(drawn) == 1 else joined_shapes(drawn, names)
    seen.drawn(shapes, ask.epsg)
    return table, shapes, told


def _shapes(layer: str, source: Source, table: Table, ask: _Ask) -> Shapes:
    """The shapes of a source, of the kind that its layer holds."""
    if isinstance(table, OgrLayer):
        return table.shapes()
    kind = shape_of(layer) or "Polygon"
    return read_shapes(source.parts, source.name, table.rows, ask.folder, kind, ask.limits.rows)


def _table(layer: str, source: Source, ask: _Ask) -> Table:
    """Open the rows of a source."""
    most = ask.limits.rows
    if ".csv" in source.parts:
        return CsvTable(source.parts[".csv"], source.name, most)
    if ".mdb" in source.parts and source.inner is not None:
        return MdbTable(source.parts[".mdb"], source.inner, source.name, most)
    if source.inner is not None:
        kind = shape_of(layer) or "Polygon"
        inner = OgrLayer(next(iter(source.parts.values())), source.inner, source.name, kind, most)
        if layer in SHAPED and not inner.has_shapes:
            raise geom_type(source.name, "-", kind)
        return inner
    needed = (".shp", ".shx", ".dbf") if layer in SHAPED or source.is_shapefile else (".dbf",)
    for part in needed:
        if part not in source.parts or source.parts[part].stat().st_size == 0:
            raise refusal("missing_part", name=source.name, part=part)
    cpg = source.parts[".cpg"].read_bytes()[:100] if ".cpg" in source.parts else None
    return DbfTable(source.parts[".dbf"], source.name, cpg, ask.encoding, ask.places, most)


def _unnamed(source: Source, ask: _Ask, why: IntakeError) -> dict[str, Any]:
    """What can be shown of a source of which nobody knows yet what it is."""
    seen = Inspection(None, source.name, ask.box)
    layer = "parcel" if source.inner is not None or source.is_shapefile else "issuer"
    if sum(part.stat().st_size for part in source.parts.values()) > _SHOWN_BYTES:
        return seen.preview()
    # What else is wrong with it is not the reason why the file is refused.
    with contextlib.suppress(IntakeError, OSError, RuntimeError, ValueError):
        table, *_ = _opened(layer, [source], ask, seen)
        seen.unnamed(table, among=LAYERS if layer in LAYERS else TABLES, why={"zh": why.zh, "en": why.en})
    return seen.preview()


def _kinds(layer: str, parts: Sequence[Source], table: Table) -> list[oddities.Kind]:
    """What the tables of approvals say by their names alone, each for its rows."""
    if layer != "approval":
        return []
    counts = table.counts if isinstance(table, JoinedTable) else [table.rows]
    starts = np.cumsum([0, *counts])
    tables = [package.named(source.inner or source.name).table or "" for source in parts]
    return [
        oddities.Kind(oddities.KIND_OF_TABLE[name], source.name, int(start), int(start) + count)
        for name, source, start, count in zip(tables, parts, starts, counts, strict=False)
        if name in oddities.KIND_OF_TABLE
    ]


class _Finish:
    """Puts the last things of a stretch right: axes of boundary points, units of areas, kinds. Each is told once."""

    def __init__(self, layer: str, units: Mapping[str, str], kinds: Sequence[oddities.Kind]):
        self._layer, self._units, self._kinds = layer, units, kinds
        self.notes: list[Said] = []

    def __call__(self, frame: pd.DataFrame) -> pd.DataFrame:
        told: list[Said] = []
        if self._layer == "boundary_point" and isinstance(frame, gpd.GeoDataFrame):
            frame, told = oddities.with_axes(frame)
        if self._units:
            frame, converted = units.converted(self._layer, frame, self._units)
            told = told + converted
        if self._kinds:
            frame, named = oddities.with_kinds(frame, self._kinds)
            told = told + named
        self.notes += [said for said in told if said not in self.notes]
        return frame


def _judges_codes(layer: str, frame: pd.DataFrame, matching: Matching, ask: _Ask) -> bool:
    """Whether codes are held to the standard: in the office, and wherever a file brings codes of the standard.

    A foreign file may call anything its code. It is held to the standard if the column bears the standard's name or
    most of its values the standard's shape.
    """
    keys = row_checks.KEYS.get(layer, {})
    if not ask.judge_codes or not any(name in frame.columns for name in keys):
        return False
    if ask.office:
        return True
    standard = {known.name: (known.standard, *known.aliases) for known in fields(layer)}
    for name, of in keys.items():
        if name not in matching.columns:
            continue
        if matching.columns[name].upper() in standard[name]:
            return True
        given = frame[name].dropna()
        if 2 * int(codes.has_shape(given, codes.SHAPES[of]).sum()) > len(given):
            return True
    return False


def _column_notes(layer: str, source: str, table: Table, matching: Matching, strict: bool, office: bool) -> list[Said]:
    """Refuse a layer whose codes are missing or numeric; tell what else the standard asks for."""
    keys = row_checks.KEYS.get(layer, {})
    standard = {known.name: known.standard for known in fields(layer)}
    missing = [standard[name] for name in keys if name not in matching.columns]
    if office and missing:
        raise refusal("column_missing", name=source, columns="、".join(missing))
    notes: list[Said] = []
    for name in (name for name in keys if name in matching.columns):
        theirs = matching.columns[name]
        if table.is_numeric(theirs):
            if strict:
                raise refusal("column_type", name=source, column=theirs)
            notes.append(note("numeric_codes", column=theirs))
        if not strict:
            notes.append(note("foreign_codes", column=theirs))
    if office and matching.missing:
        names = "、".join(f"{known.standard}（{known.zh}）" for known in matching.missing)
        notes.append(note("columns_missing", columns=names))
    return notes


def _placed(shapes: Shapes, some: Stretch, table: Table, ask: _Ask, seen: Inspection) -> crs.Decision | None:
    """Decide the coordinate system by where the shapes fall.

    A layer of a package that has no rows is known to be empty, and lies nowhere.
    """
    if ask.limits.listed and table.rows == 0:
        seen.empty()
        return None
    places = some.places
    decided = _decided(shapes, places[np.isfinite(places).all(axis=1)], ask, seen)
    seen.placed(decided)
    return decided


def _decided(shapes: Shapes, places: NDArray[np.float64], ask: _Ask, seen: Inspection) -> crs.Decision:
    """Decide the system; the office wants others than CGCS2000 named by a person, and no other Chinese datum."""
    try:
        if shapes.crs_unreadable and ask.epsg is None:
            raise crs.CrsRefused("bad_prj")
        decided = crs.decide(shapes.crs, ask.epsg, places, ask.box)
        if ask.office:
            crs.expect_usable(decided.crs, confirmed=ask.epsg is not None)
    except crs.CrsRefused as refused:
        why = refusal(refused.code, **refused.facts)
        seen.refused(shapes.crs, {"zh": why.zh, "en": why.en})
        raise why from None
    return decided
