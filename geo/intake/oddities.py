"""What genuine packages do and nobody means: placeholders, noise, columns that changed places. Put right, and told.

Nothing is rejected for any of these. What is put right is what the standard would have: an empty value where a mark
only holds a place, two decimals where a computation left eleven, northing in the column of northings.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.codes import code_list, label
from geo.fields import Field, fields
from geo.intake.errors import Said, note, shown_rows
from geo.intake.rows import centres

#: Marks that surveyors' programs write where a mandatory text has nothing to say (domain: genuine packages).
_PLACEHOLDERS: Final = ("J", "0", "无")
#: A computation leaves an area that far from two decimals; what is farther was measured so.
_NOISE: Final = 1e-4
#: So many of the smallest steps of a number beside two decimals is how it is kept, not what was computed.
_STEPS: Final = 4
#: Tables of approved ground that hold one kind of approval (PZLX) and have no column to say so.
KIND_OF_TABLE: Final = {"ZZ_NYDZYFW": "1", "ZZ_TDZSFW": "2", "LSYD_XMZDFW": "6"}
#: A text of a DBF has no more bytes.
_LIMIT: Final = 254


class Kind(NamedTuple):
    """The kind of approval that the rows of one file have by its name, from one row to before another."""

    code: str
    source: str
    first: int
    end: int


def with_kinds(frame: pd.DataFrame, kinds: Sequence[Kind]) -> tuple[pd.DataFrame, list[Said]]:
    """Fill in the kind of each approval that does not say it, by the name of the table that it came in."""
    said = frame["kind"] if "kind" in frame.columns else pd.Series([None] * len(frame), dtype=object)
    values, notes = said.astype(object), []
    for kind in kinds:
        empty = (frame["row"].between(kind.first, kind.end - 1) & values.isna()).to_numpy(dtype=bool)
        values = values.mask(empty, kind.code)
        if empty.any():
            zh, en = (label("PZLX", kind.code, lang) for lang in ("zh", "en"))
            notes.append(note("kind_of_table", name=kind.source, kind=kind.code, kind_zh=zh, kind_en=en))
    return frame.assign(kind=values), notes


def settled(layer: str, frame: pd.DataFrame, columns: Mapping[str, str]) -> tuple[pd.DataFrame, list[Said]]:
    """Put right what the columns of a layer or table hold; `columns` maps our names to the file's."""
    notes: list[Said] = []
    changed: dict[str, pd.Series] = {}
    for known in fields(layer):
        if known.name not in columns:
            continue
        values = frame[known.name]
        told: list[Said] = []
        if known.type == "char":
            values, told = _without_placeholders(values, known, columns[known.name])
            told += _at_limit(values, known, columns[known.name])
        elif known.type == "float" and known.decimals is not None and known.name.endswith(("_m2", "_mu")):
            values, told = _without_noise(values, known.decimals, columns[known.name])
        if told:
            changed[known.name] = values
            notes += told
    if layer == "boundary_point" and {"number", "element_code"} <= columns.keys():
        values, told = _without_element_codes(changed.get("number", frame["number"]), frame["element_code"])
        changed["number"], notes = values, notes + told
    return frame.assign(**changed), notes


def _without_placeholders(values: pd.Series, known: Field, column: str) -> tuple[pd.Series, list[Said]]:
    """Empty the cells that hold nothing but a mark; a mark that is a code of the field's list is a code."""
    listed = code_list(known.code_list) if known.code_list else {}
    marks = [mark for mark in _PLACEHOLDERS if mark not in listed and (mark == "无" or (known.length or 2) > 1)]
    held = values.isin(marks).to_numpy(dtype=bool)
    if not held.any():
        return values, []
    seen = "、".join(sorted(set(values[held])))
    rows = np.flatnonzero(held)
    told = note("placeholders", column=column, count=len(rows), values=seen, rows=shown_rows(rows))
    return values.mask(held, None), [told]


def _at_limit(values: pd.Series, known: Field, column: str) -> list[Said]:
    """Tell the texts that are as long as a DBF allows: the rest of them may be lost."""
    if known.length != _LIMIT:
        return []
    long = values.str.len().fillna(0).to_numpy(dtype=float) > _LIMIT / 4
    rows = [at for at in np.flatnonzero(long).tolist() if len(values.iloc[at].encode("gb18030")) >= _LIMIT - 1]
    return [note("text_at_limit", column=column, count=len(rows), rows=shown_rows(rows))] if rows else []


def _without_noise(values: pd.Series, decimals: int, column: str) -> tuple[pd.Series, list[Said]]:
    """Round areas that a computation left a hair beside two decimals; tell those that have more decimals."""
    given = values.to_numpy(dtype=float)
    rounded = np.round(given, decimals)
    off = np.abs(given - rounded)
    noisy, beyond = (off > 0) & (off <= _NOISE), off > _NOISE
    shown = int((noisy & (off > _STEPS * np.spacing(np.abs(given)))).sum())
    told = [note("noise_rounded", column=column, count=shown, decimals=decimals)] if shown else []
    if beyond.any():
        rows = np.flatnonzero(beyond)
        told.append(note("decimals_beyond", column=column, count=len(rows), decimals=decimals, rows=shown_rows(rows)))
    return pd.Series(np.where(noisy, rounded, given), index=values.index), told


def _without_element_codes(numbers: pd.Series, elements: pd.Series) -> tuple[pd.Series, list[Said]]:
    """Empty the point numbers that are the element code of the layer."""
    held = (numbers.notna() & (numbers == elements)).to_numpy(dtype=bool)
    rows = np.flatnonzero(held)
    told = [note("number_is_element", count=len(rows), rows=shown_rows(rows))] if len(rows) else []
    return numbers.mask(held, None), told


def with_axes(frame: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[Said]]:
    """Put northing and easting of boundary points back where each is in the other's column, as the shapes show.

    Shapes are never built from these columns. A point in degrees tells nothing.
    """
    if not {"northing", "easting"} <= set(frame.columns) or frame.crs is None or frame.crs.is_geographic:
        return frame, []
    x, y = centres(frame.geometry.to_numpy()).T
    north, east = frame["northing"].to_numpy(dtype=float), frame["easting"].to_numpy(dtype=float)
    straight = np.hypot(east - x, north - y)
    crossed = np.hypot(north - x, east - y)
    # half of the way is far more than any rounding, and far less than what lies between the axes
    swapped = crossed < straight / 2
    rows = np.flatnonzero(swapped)
    if not len(rows):
        return frame, []
    put_back = frame.assign(northing=np.where(swapped, east, north), easting=np.where(swapped, north, east))
    return put_back, [note("axes_swapped", count=len(rows), rows=shown_rows(rows))]
