"""Which rows of a layer can be stored: every reason against every row, all at once."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from geo import codes
from geo.crs import Box, in_use
from geo.fields import fields
from geo.intake.errors import Said, sentence
from geo.intake.reading import Rejected
from geo.intake.table import Flags
from geo.model import Shapes

#: The codes without which a row of a layer or table says nothing, and what each is a code of.
KEYS: Mapping[str, Mapping[str, str]] = {
    **{layer: {"code": layer} for layer in codes.SHAPES},
    "member": {"contractor_code": "contractor"},
    "parcel_right": {"parcel_code": "parcel"},
    "transfer_parcel": {"transfer_code": "transfer", "parcel_code": "parcel"},
    "title_document": {"certificate_code": "certificate"},
    "certificate_replaced": {"certificate_code": "certificate"},
    "certificate_exchanged": {"certificate_code": "certificate"},
    "certificate_cancelled": {"certificate_code": "certificate"},
}


@dataclass
class Defects:
    """The reasons against rows, gathered check by check."""

    rows: int
    found: dict[int, list[tuple[str, Said]]] = field(default_factory=dict)

    def add(self, row: Any, code: str, **facts: Any) -> None:
        """Hold a reason against a row."""
        self.found.setdefault(int(row), []).append((code, sentence(code, **facts)))

    def flags(self) -> Flags:
        """Which rows have a reason against them."""
        bad = np.zeros(self.rows, dtype=bool)
        bad[list(self.found)] = True
        return bad


#: What the shapes of a layer must be, by the kind that the dictionary gives it, and what is said of others.
_KINDS: Mapping[str, tuple[tuple[int, ...], str]] = {
    "Polygon": ((3, 6), "not_polygon"),
    "Line": ((1, 5), "not_line"),
    "Point": ((0, 4), "not_point"),
}


def drawn(wkb: NDArray[np.object_]) -> Shapes:
    """The shapes that well-known binary draws; None where there is none, or nothing that can be read."""
    with np.errstate(invalid="ignore"):
        return np.asarray(shapely.from_wkb(wkb, on_invalid="ignore"), dtype=object)


def judge_shapes(defects: Defects, wkb: NDArray[np.object_], shapes: Shapes, skip: Flags, shape: str) -> None:
    """Hold against each row what makes its shape nothing that a layer of `shape` holds on the ground."""
    there = np.array([one is not None for one in wkb], dtype=bool)
    for row in np.flatnonzero(~there & ~skip):
        defects.add(row, "null_geometry")
    for row in np.flatnonzero(there & shapely.is_missing(shapes) & ~skip):
        defects.add(row, "unreadable_geometry")
    real = ~shapely.is_missing(shapes) & ~skip
    empty = real & shapely.is_empty(shapes)
    for row in np.flatnonzero(empty):
        defects.add(row, "empty_geometry")
    kinds = shapely.get_type_id(shapes)
    wanted, code = _KINDS.get(shape, ((0, 1, 3, 4, 5, 6), "not_polygon"))
    for row in np.flatnonzero(real & ~empty & ~np.isin(kinds, wanted)):
        defects.add(row, code, type=shapes[row].geom_type)
    for row in np.flatnonzero(real & ~_finite(shapes)):
        defects.add(row, "non_finite")


def _finite(shapes: Shapes) -> Flags:
    """Whether every coordinate of each shape is a number."""
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    finite = np.ones(len(shapes), dtype=bool)
    finite[owner[~np.isfinite(points).all(axis=1)]] = False
    return finite


def centres(shapes: Shapes) -> NDArray[np.float64]:
    """The middle of every shape's box as x, y; NaN where there is none."""
    low_x, low_y, high_x, high_y = shapely.bounds(shapes).T
    return np.column_stack([low_x / 2 + high_x / 2, low_y / 2 + high_y / 2])


def judge_places(defects: Defects, places: NDArray[np.float64], crs: CRS, box: Box | None, skip: Flags) -> None:
    """Hold against each row that its shape lies where its coordinate system is not used."""
    asked = np.flatnonzero(np.isfinite(places).all(axis=1) & ~skip)
    outside = asked[~in_use(crs, places[asked], box)] if len(asked) else asked
    for row in outside:
        defects.add(row, "out_of_use", x=f"{places[row, 0]:.3f}", y=f"{places[row, 1]:.3f}")


def repeated(codes: Callable[[], Iterator[pd.Series]]) -> dict[str, int]:
    """Which codes stand in more than one row, and in how many; `codes` goes through them, a stretch at a time.

    Of all codes only a digest is held, of eight bytes; those that share one are looked at again.
    """
    digests = [pd.util.hash_array(stretch.to_numpy(dtype=object), categorize=False) for stretch in codes()]
    found, times = np.unique(np.concatenate(digests), return_counts=True)
    found = found[times > 1]
    if len(found) == 0:
        return {}
    counted: Counter[str] = Counter()
    for digest, stretch in zip(digests, codes(), strict=True):
        counted.update(stretch[np.isin(digest, found)])
    return {code: count for code, count in counted.items() if count > 1}


def judge_codes(
    defects: Defects,
    layer: str,
    frame: pd.DataFrame,
    columns: Mapping[str, str],
    skip: Flags,
    repeated: Mapping[str, int],
) -> None:
    """Hold against each row that its codes are missing, malformed or in the file more than once (all copies)."""
    standard = {known.name: known.standard for known in fields(layer)}
    for name, of in KEYS.get(layer, {}).items():
        if name not in frame.columns:
            continue
        values = frame[name]
        shown = columns.get(name, standard[name])
        given = (values.notna() & ~skip).to_numpy(dtype=bool)
        for row in np.flatnonzero(~given & ~skip):
            defects.add(row, "code_missing", column=shown)
        fits = codes.has_shape(values, codes.SHAPES[of]).to_numpy(dtype=bool)
        for row in np.flatnonzero(given & ~fits):
            defects.add(row, "code_malformed", column=shown, value=values.iloc[row])
        if name != "code":
            continue
        for row in np.flatnonzero(given & values.isin(list(repeated)).to_numpy(dtype=bool)) if repeated else ():
            value = values.iloc[row]
            defects.add(row, "code_duplicate", column=shown, value=value, times=repeated[value])


def judge_deleted(defects: Defects, deleted: Flags) -> None:
    """Hold against each row that the table marks it as deleted; nothing else is asked of such a row."""
    for row in np.flatnonzero(deleted):
        defects.add(row, "deleted_row")


def rejected(defects: Defects, frame: pd.DataFrame, wkb: NDArray[np.object_] | None) -> list[Rejected]:
    """One entry for every row with reasons against it, in file order, with its code, place and raw shape."""
    rows = []
    name = "code" if "code" in frame.columns else "parcel_code" if "parcel_code" in frame.columns else None
    for row, reasons in sorted(defects.found.items()):
        shape = None if wkb is None else wkb[row]
        code = frame[name].iloc[row] if name else None
        rows.append(
            Rejected(
                row=int(frame["row"].iloc[row]),
                code=reasons[0][0],
                parcel_code=code,
                zh="".join(said["zh"] for _, said in reasons),
                en=" ".join(said["en"] for _, said in reasons),
                place=_place(shape),
                wkb=bytes(shape) if shape else None,
            )
        )
    return rows


def _place(wkb: bytes | None) -> tuple[float, float] | None:
    """The middle of a rejected shape, where it has one."""
    shape = drawn(np.array([wkb], dtype=object))[0] if wkb else None
    if shape is None or shape.is_empty:
        return None
    x, y = centres(np.array([shape], dtype=object))[0]
    return (float(x), float(y)) if np.isfinite([x, y]).all() else None
