"""Which region a parcel belongs to by its code, and what of it lies beyond."""

import numpy as np
import pandas as pd
import shapely

from geo.codes import issuers_of, resolve_prefix
from geo.model import Shapes
from geo.shapes import AREA_DECIMALS, firm_area, inside, moved, origins, polygonal

#: Digits of a group's code, of a village's and of a county's.
GROUP, VILLAGE, COUNTY = 14, 12, 6


def of_issuers(boundary: pd.DataFrame) -> "pd.Series[object]":
    """One shape for each group or village, by its code as it would be written today."""
    codes = boundary["code"].astype("string")
    whole = issuers_of(codes.str.ljust(GROUP, "0").where(codes.str.fullmatch(r"\d{12}(\d{2})?").fillna(False)))
    return _joined(boundary, whole.where(codes.str.len() == GROUP, whole.str[:VILLAGE]))


def of_counties(boundary: pd.DataFrame) -> "pd.Series[object]":
    """One shape for each county, by its code as it would be written today."""
    codes = boundary["code"].astype("string")
    return _joined(boundary, _today(codes.where(codes.str.fullmatch(r"\d{6}").fillna(False))))


def _joined(boundary: pd.DataFrame, today: pd.Series) -> "pd.Series[object]":
    """One shape for each code, of all rows that bear it and can be judged."""
    kept = boundary[today.notna() & boundary["judged"].notna()]
    shapes = kept.groupby(today[kept.index])["judged"]
    return shapes.agg(lambda some: shapely.union_all(some.to_numpy(dtype=object)))


def issuer_region(codes: pd.Series, known: set[str]) -> pd.Series:
    """The region that each parcel's issuer has: its group, else its village, null where neither is known."""
    issuer = issuers_of(codes)
    village = issuer.str[:VILLAGE]
    return issuer.where(issuer.isin(known), village.where(village.isin(known)))


def county(codes: pd.Series, known: set[str]) -> pd.Series:
    """The county that each parcel's code names, null where it is not known."""
    today = _today(codes.astype("string").str.extract(r"^([0-9]{6})", expand=False))
    return today.where(today.isin(known))


def _today(counties: pd.Series) -> pd.Series:
    """Codes of counties as they would be written today."""
    return counties.map(resolve_prefix, na_action="ignore").astype("string")


def outside(parcels: pd.DataFrame, own: pd.Series, regions: "pd.Series[object]", width_m: float = 0.0) -> pd.DataFrame:
    """What of each parcel lies beyond the region that is its own: outside_m2, firm_m2, area_m2, region, place, cut.

    Parcels of no region, those that lie wholly in theirs, and those whose outline encloses no ground are left out;
    `firm_m2` is what is at least so wide.
    """
    shapes = parcels["judged"].to_numpy(dtype=object)
    rows = own.notna() & ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    parts = [_beyond(parcels[rows], own[rows].eq(name), name, shape) for name, shape in regions.items()]
    columns = ["outside_m2", "area_m2", "region", "place", "cut"]
    table = pd.concat(parts) if parts else pd.DataFrame(columns=columns)
    return table.assign(firm_m2=firm_area(table["cut"].to_numpy(dtype=object), width_m))


def _beyond(parcels: pd.DataFrame, own: pd.Series, region: object, shape: shapely.Geometry) -> pd.DataFrame:
    """What of the parcels of one region lies outside of it."""
    shapely.prepare(shape)
    mine = parcels[own.to_numpy(dtype=bool)]
    mine = mine[~shapely.covers(shape, mine["judged"].to_numpy(dtype=object))]
    cut = less(mine["judged"].to_numpy(dtype=object), shape)
    place = inside(cut)
    place[shapely.is_empty(cut)] = None
    area = np.round(shapely.area(cut), AREA_DECIMALS)
    return pd.DataFrame(
        {"outside_m2": area, "area_m2": mine["area_m2"].to_numpy(), "region": region, "place": place, "cut": cut},
        index=mine.index,
    )


def less(shapes: Shapes, region: shapely.Geometry) -> Shapes:
    """Take a region away from shapes, each in coordinates of its own."""
    origin = origins(shapes)
    other = moved(np.full(len(shapes), region, dtype=object), -origin)
    return moved(polygonal(shapely.difference(moved(shapes, -origin), other)), origin)


def reached(cuts: Shapes, regions: "pd.Series[object]") -> list[list[dict[str, object]]]:
    """Whose ground each cut reaches into: code and area of every region under it, the largest first."""
    shapes = regions.to_numpy(dtype=object)
    found: list[list[dict[str, object]]] = [[] for _ in cuts]
    for at, other in zip(*shapely.STRtree(shapes).query(cuts, predicate="intersects"), strict=True):
        m2 = round(float(shapely.area(shapely.intersection(cuts[at], shapes[other]))), 2)
        if m2 > 0:
            found[at].append({"code": str(regions.index[other]), "m2": m2})
    return [sorted(some, key=lambda one: (-float(str(one["m2"])), str(one["code"]))) for some in found]


def named(into: list[list[dict[str, object]]]) -> list[str]:
    """The codes of the regions that were reached, for a sentence; a dash where there are none."""
    return ["、".join(str(one["code"]) for one in some) or "–" for some in into]
