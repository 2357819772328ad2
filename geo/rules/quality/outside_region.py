"""QC-G13: a parcel lies outside of its issuer's group or village (地块超出发包方区域)."""

import numpy as np
import pandas as pd
import shapely

from geo.codes import issuers_of
from geo.model import Shapes
from geo.rules import Thresholds, rule
from geo.shapes import AREA_DECIMALS, inside, moved, origins, polygonal

#: Digits of a group's code and of a village's.
_GROUP, _VILLAGE = 14, 12


@rule(
    "QC-G13",
    category="quality",
    severity="medium",
    subject="parcel",
    requires=("parcel.code", "boundary.code"),
    basis=("STD-2539", "REC"),
    since="2016-12-23",
    outside_m2=1.0,
    outside_share=0.01,
    title=("地块超出发包方区域", "Parcel outside its issuer's region"),
    zh="{a}有 {outside_m2:.2f} 平方米（{outside_percent:.1f}%）在发包方所在区域 {region} 之外",
    en="{outside_m2:.2f} m² ({outside_percent:.1f} %) of {a} lie outside {region}, the region of its issuer",
)
def outside_region(parcels: pd.DataFrame, p: Thresholds, boundary: pd.DataFrame) -> pd.DataFrame:
    """More than a square metre and one per cent of a parcel lies outside the group or village whose code it bears.

    The group counts where it was delivered, else the village; parcels of neither are not judged.
    """
    regions = _regions(boundary)
    code = _region_codes(parcels["code"], set(regions.index))
    rows = code.notna() & ~shapely.is_missing(parcels["judged"].to_numpy(dtype=object))
    parts = [_outside(parcels[rows], code[rows].eq(name), name, shape) for name, shape in regions.items()]
    table = pd.concat(parts) if parts else pd.DataFrame({"outside_m2": [], "area_m2": []})
    least = np.maximum(p.outside_m2, (table["area_m2"] * p.outside_share).round(AREA_DECIMALS))
    table = table[table["outside_m2"] > least]
    percent = (table["outside_m2"] / table["area_m2"] * 100).round(4)
    return table.drop(columns="area_m2").assign(outside_percent=percent)


def _regions(boundary: pd.DataFrame) -> "pd.Series[object]":
    """One shape for each group or village, by its code as it would be written today."""
    today = _today(boundary["code"])
    kept = boundary[today.str.len().isin([_GROUP, _VILLAGE]).fillna(False) & boundary["judged"].notna()]
    shapes = kept.groupby(today[kept.index])["judged"]
    return shapes.agg(lambda some: shapely.union_all(some.to_numpy(dtype=object)))


def _today(codes: pd.Series) -> pd.Series:
    """Codes of 12 or 14 digits as they would be written today, null for others."""
    text = codes.astype("string")
    whole = issuers_of(text.str.ljust(_GROUP, "0").where(text.str.fullmatch(r"\d{12}(\d{2})?").fillna(False)))
    return whole.where(text.str.len() == _GROUP, whole.str[:_VILLAGE])


def _region_codes(codes: pd.Series, known: set[str]) -> pd.Series:
    """The region that each parcel's issuer has: its group, else its village, null where neither is known."""
    issuer = issuers_of(codes)
    village = issuer.str[:_VILLAGE]
    return issuer.where(issuer.isin(known), village.where(village.isin(known)))


def _outside(parcels: pd.DataFrame, own: pd.Series, region: str, shape: shapely.Geometry) -> pd.DataFrame:
    """What of the parcels of one region lies outside of it."""
    shapely.prepare(shape)
    mine = parcels[own.to_numpy(dtype=bool)]
    mine = mine[~shapely.covers(shape, mine["judged"].to_numpy(dtype=object))]
    cut = _difference(mine["judged"].to_numpy(dtype=object), shape)
    place = inside(cut)
    place[shapely.is_empty(cut)] = None
    area = np.round(shapely.area(cut), AREA_DECIMALS)
    return pd.DataFrame(
        {"outside_m2": area, "area_m2": mine["area_m2"].to_numpy(), "region": region, "place": place, "cut": cut},
        index=mine.index,
    )


def _difference(shapes: Shapes, region: shapely.Geometry) -> Shapes:
    """Take a region away from shapes, each in coordinates of its own."""
    origin = origins(shapes)
    other = moved(np.full(len(shapes), region, dtype=object), -origin)
    return moved(polygonal(shapely.difference(moved(shapes, -origin), other)), origin)
