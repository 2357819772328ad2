"""QC-G15: a parcel is said to be basic farmland, or not, and the layer says otherwise (是否基本农田与图层不符)."""

import numpy as np
import pandas as pd
import shapely

from geo.outlines import outlines_of
from geo.pairs import shared_ground
from geo.rules import Thresholds, rule
from geo.shapes import AREA_DECIMALS, SHARE_DECIMALS

_YES, _NO = "1", "2"


@rule(
    "QC-G15",
    category="quality",
    severity="medium",
    subject="parcel",
    requires=("parcel.is_basic_farmland", "basic_farmland.geometry"),
    basis=("STD-2539", "REC"),
    since="2016-12-23",
    inside_share=0.5,
    title=("是否基本农田与图层不符", "Basic farmland or not, against the layer"),
    zh="{a}登记为{said_zh}，图形有 {covered_percent:.1f}% 在基本农田图层内",
    en="{a} is recorded as {said_en}; {covered_percent:.1f} % of it lie in the layer of basic farmland",
)
def basic_farmland_flag(parcels: pd.DataFrame, p: Thresholds, basic_farmland: pd.DataFrame) -> pd.DataFrame:
    """A parcel counts as basic farmland where at least half of it lies in that layer; its record says the contrary.

    Patches that overlap, of two editions of the layer for instance, count once. A layer without patches says nothing.
    """
    flag = parcels["is_basic_farmland"].astype("string").str.strip()
    rows = flag.isin([_YES, _NO]) & parcels["judged"].notna() & (parcels["area_m2"] > 0)
    asked, said = parcels[rows], flag[rows].eq(_YES).astype(bool)
    share = _covered(asked, said, basic_farmland, p.inside_share)
    wrong = said.ne(share >= p.inside_share)
    return pd.DataFrame(
        {
            "covered_percent": (share[wrong] * 100).round(4),
            "said_zh": np.where(said[wrong], "基本农田", "非基本农田"),
            "said_en": np.where(said[wrong], "basic farmland", "no basic farmland"),
        },
        index=asked.index[wrong.to_numpy()],
    )


def _covered(parcels: pd.DataFrame, said: pd.Series, patches: pd.DataFrame, decisive: float) -> pd.Series:
    """The share of each parcel under the patches, exact wherever it contradicts what is said."""
    patches = patches[patches["judged"].notna()]
    ground, layer = parcels["judged"].to_numpy(dtype=object), patches["judged"].to_numpy(dtype=object)
    pairs = shared_ground(outlines_of(ground), np.arange(len(ground)), outlines_of(layer), np.arange(len(layer)))
    by_parcel = pairs.groupby("row_a")["shared_m2"]
    measures = by_parcel.agg(["sum", "max", "size"]).reindex(range(len(ground)), fill_value=0.0)
    covered, area = measures["sum"].to_numpy(copy=True), parcels["area_m2"].to_numpy()
    enough, by_one = (np.round(measures[name].to_numpy() / area, SHARE_DECIMALS) >= decisive for name in ("sum", "max"))
    # patches that overlap add up to more than they cover; what they add up to is enough to tell only a shortage
    doubtful = (measures["size"] > 1).to_numpy() & enough & ~(by_one & said.to_numpy())
    under = pairs.groupby("row_a")["row_b"]
    for row in np.flatnonzero(doubtful):
        union = shapely.union_all(layer[under.get_group(row).to_numpy()])
        covered[row] = shapely.area(shapely.intersection(ground[row], union))
    return pd.Series((covered.round(AREA_DECIMALS) / area).round(SHARE_DECIMALS), index=parcels.index)
