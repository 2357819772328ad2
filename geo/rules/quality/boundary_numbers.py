"""QC-G14N: boundary points and lines of an issuer contradict what they belong to (界址点线记录矛盾)."""

import numpy as np
import pandas as pd
import shapely

from geo.boundary import LONGEST, SEPARATORS
from geo.codes import issuers_of
from geo.rules import Thresholds, rule

#: What may be wrong, as it is counted, in Chinese and English.
_WRONG = {
    "points_astray": ("坐标值与图形不符", "coordinates unlike the shape"),
    "unknown_parcels": ("所属地块不存在", "parcels that are not there"),
    "same_numbers": ("点号重复", "numbers given twice"),
    "unknown_numbers": ("引用的点号不存在", "numbers of no point"),
}
#: Zone prefixes come before six digits of metres.
_ZONE = 1e6


@rule(
    "QC-G14N",
    category="quality",
    severity="medium",
    subject="boundary_point",
    by="issuer",
    requires=("boundary_point.parcel_codes",),
    basis=("STD-2539", "REC"),
    since="2016-12-23",
    same_point_m=0.001,
    title=("界址点线记录矛盾", "Boundary points and lines contradict the rest"),
    zh="{a}的界址点、界址线：{what_zh}",
    en="boundary points and lines of {a}: {what_en}",
)
def boundary_numbers(
    points: pd.DataFrame, p: Thresholds, parcel: pd.DataFrame, boundary_line: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Coordinates written down are not those of the point, in either order; parcels named are not there; numbers too.

    A point belongs to the issuer of the first parcel that it names. Numbers must be unique within the issuer; the same
    number twice at one place is one point. What a parcel or a line refers to by number must be a point of the issuer.
    """
    points = points.assign(issuer=_issuers(points["parcel_codes"]), place=_places(points))
    lines = None if boundary_line is None or "parcel_codes" not in boundary_line else boundary_line
    found = [_astray(points, p.same_point_m), _unknown_parcels(points, parcel["code"])]
    if lines is not None:
        lines = lines.assign(issuer=_issuers(lines["parcel_codes"]), place=_places(lines))
        found.append(_unknown_parcels(lines, parcel["code"]))
    if "number" in points and points["number"].notna().any():
        found += [_twice(points), _unknown_numbers(points, parcel, lines)]
    return _told(pd.concat(found, ignore_index=True))


def _issuers(codes: pd.Series) -> pd.Series:
    """The issuer of the first parcel of each list."""
    return issuers_of(codes.astype("string").str.strip().str[:14])


def _places(frame: pd.DataFrame) -> pd.Series:
    """A point on each shape."""
    return pd.Series(shapely.point_on_surface(frame["geometry"].to_numpy(dtype=object)), frame.index, dtype=object)


def _spots(wrong: str, rows: pd.DataFrame, what: pd.Series) -> pd.DataFrame:
    """Defects of one kind: which issuer's, where, and what to look for."""
    return pd.DataFrame({"issuer": rows["issuer"], "wrong": wrong, "place": rows["place"], "what": what.astype(str)})


def _astray(points: pd.DataFrame, same_m: float) -> pd.DataFrame:
    """Points whose coordinates written down are not where they lie, whichever way round and with or without a zone."""
    if not {"northing", "easting"} <= set(points):
        return _spots("points_astray", points[:0], points["issuer"][:0])
    drawn = "delivered_x" in points
    x = points["delivered_x"] if drawn else pd.Series(shapely.get_x(points["geometry"]), points.index)
    y = points["delivered_y"] if drawn else pd.Series(shapely.get_y(points["geometry"]), points.index)
    north, east = points["northing"].astype(float), points["easting"].astype(float)
    one, other = _apart(east, x, north, y), _apart(north, x, east, y)
    off = (np.fmin(one, other) > same_m) & north.notna() & east.notna() & x.notna()
    rows = points[off]
    return _spots("points_astray", rows, _named(rows))


def _apart(x: pd.Series, east: pd.Series, y: pd.Series, north: pd.Series) -> pd.Series:
    """How far coordinates lie apart along the axes (m), the zone before the easting left out."""
    across = np.abs(np.mod(x - east + _ZONE / 2, _ZONE) - _ZONE / 2)
    return np.fmax(across, (y - north).abs()).round(6)


def _unknown_parcels(rows: pd.DataFrame, codes: pd.Series) -> pd.DataFrame:
    """Codes of parcels that no parcel has."""
    named = _split(rows["parcel_codes"])
    gone = named[~named.isin(set(codes.dropna().astype(str)))]
    return _spots("unknown_parcels", rows.loc[gone.index], gone)


def _split(texts: pd.Series) -> "pd.Series[str]":
    """The words of each text, by its row; the last word of a text that fills its field may be cut off."""
    known = texts.dropna().astype(str)
    full = known.str.encode("gb18030").str.len() >= LONGEST
    known = known.where(~full, known.str.replace(SEPARATORS + r"[^/,，、;；]*$", "", regex=True))
    words = known.str.split(SEPARATORS, regex=True).explode().str.strip()
    return words[words.fillna("") != ""]


def _twice(points: pd.DataFrame) -> pd.DataFrame:
    """Points whose number another one of the issuer has."""
    known = points[points["number"].notna() & points["issuer"].notna()]
    at = shapely.to_wkb(shapely.set_precision(known["geometry"].to_numpy(dtype=object), 0.001))
    known = known.assign(at=at).drop_duplicates(["issuer", "number", "at"])
    rows = known[known.duplicated(["issuer", "number"])]
    return _spots("same_numbers", rows, _named(rows))


def _unknown_numbers(points: pd.DataFrame, parcels: pd.DataFrame, lines: pd.DataFrame | None) -> pd.DataFrame:
    """Numbers that a parcel or a line refers to, and no point of the issuer has."""
    asked = []
    if "boundary_points" in parcels:
        words = _split(parcels["boundary_points"])
        asked.append(_asked(words, parcels.assign(issuer=issuers_of(parcels["code"]), place=_places(parcels))))
    for column in ("from_point", "to_point"):
        if lines is not None and column in lines:
            asked.append(_asked(_split(lines[column]), lines))
    if not asked:
        return _spots("unknown_numbers", points[:0], points["issuer"][:0])
    table = pd.concat(asked)
    known = points[["issuer", "number"]].dropna().astype(str).agg(" ".join, axis=1)
    rows = table[table["issuer"].isin(points["issuer"]) & ~(table["issuer"] + " " + table["word"]).isin(set(known))]
    return _spots("unknown_numbers", rows, rows["word"])


def _asked(words: pd.Series, rows: pd.DataFrame) -> pd.DataFrame:
    """Words with the issuer and the place of their rows."""
    return rows.loc[words.index, ["issuer", "place"]].assign(word=words.to_numpy())


def _named(rows: pd.DataFrame) -> pd.Series:
    """What a point is called, else its row."""
    number = rows["number"] if "number" in rows else pd.Series(None, rows.index, dtype=object)
    return number.astype(object).where(number.notna(), "row " + rows["row"].astype(str))


def _told(spots: pd.DataFrame) -> pd.DataFrame:
    """One row for each issuer: how much of what is wrong, some of each, and the first spot."""
    spots = spots[spots["issuer"].notna()]
    counts = spots.groupby(["issuer", "wrong"]).size().unstack(fill_value=0).reindex(columns=list(_WRONG), fill_value=0)
    rows = []
    for issuer, some in spots.groupby("issuer"):
        said = {name: int(counts.loc[issuer, name]) for name in _WRONG}
        shown = {name: sorted(set(some.loc[some["wrong"] == name, "what"]))[:5] for name in _WRONG if said[name]}
        zh, en = (mark.join(f"{_WRONG[name][side]} {said[name]}" for name in shown) for side, mark in enumerate("；,"))
        place = next((one for one in some["place"] if one is not None and not one.is_empty), None)
        rows.append(said | {"such_as": shown, "what_zh": zh, "what_en": en.replace(",", ", "), "place": place})
    return pd.DataFrame(rows, index=counts.index, columns=[*_WRONG, "such_as", "what_zh", "what_en", "place"])
