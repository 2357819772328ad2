"""QY-01: a collective keeps more than five per cent of its cultivated land as flexible land."""

import numpy as np
import pandas as pd
import shapely

from geo.rules import Thresholds, rule
from geo.rules._households import are_elsewhere
from geo.rules._reading import amounts, texts
from geo.shapes import polygonal

_FLEXIBLE = "22"
#: Land of these categories is cultivated unless its class says otherwise; other collective land only if it does say so.
_FARMED = ("10", "21", "22", "23")


@rule(
    "QY-01",
    category="rights",
    severity="medium",
    subject="parcel",
    by="issuer",
    requires=("parcel.category",),
    basis=("RLCL-67",),
    since="2003-03-01",
    max_share=0.05,
    min_growth_m2=1.0,
    title=("机动地超过百分之五或有增加", "Too much flexible land, or more than before"),
    zh="{a}的机动地 {flexible_m2:.2f} 平方米，为耕地 {cultivated_m2:.2f} 平方米的 {percent:.2f}%；增加{grown_zh}",
    en="{a} keeps {flexible_m2:.2f} m² of flexible land, {percent:.2f} % of {cultivated_m2:.2f} m²; grown: {grown_en}",
    leaves_out=(
        "没有原登记地块可比时，机动地在2003年3月1日以后是否新留或增加不作判断",
        "where no parcels of the register are given, whether flexible land was made or grew after 2003-03-01",
    ),
)
def flexible_land_share(parcels: pd.DataFrame, p: Thresholds, register: pd.DataFrame | None = None) -> pd.DataFrame:
    """Flexible land is over five per cent of its collective's cultivated land, or more than stands on the register.

    A village that issues itself (group 00) is compared with the cultivated land of all its groups.
    """
    own = _areas(parcels[parcels["mine"].to_numpy(dtype=bool)])
    flexible = own[own["flexible"]].groupby("issuer")["m2"].sum()
    whole = own.groupby("issuer")["m2"].sum()
    village = own.groupby(own["issuer"].str[:12])["m2"].sum()
    is_village = flexible.index.str.endswith("00")
    total = pd.Series(
        np.where(is_village, village.reindex(flexible.index.str[:12]), whole.reindex(flexible.index)), flexible.index
    )
    share = (flexible / total.where(total > 0)).round(9)
    grown = _grown(flexible, register)
    fires = (share > p.max_share) | (grown >= p.min_growth_m2).fillna(False)
    at = flexible.index[fires]
    shown = own[own["flexible"] & own["issuer"].isin(at)].groupby("issuer")
    told = grown[at]
    return pd.DataFrame(
        {
            "flexible_m2": flexible[at].round(2),
            "cultivated_m2": total[at].round(2),
            "percent": (share[at] * 100).round(4),
            "grown_m2": told.round(2).astype(object).where(told.notna(), None),
            "grown_zh": ["未知（无原登记可比）" if pd.isna(m2) else f" {m2:.2f} 平方米" for m2 in told],
            "grown_en": ["an amount not known" if pd.isna(m2) else f"{m2:.2f} m²" for m2 in told],
            "parts": [_parts(shown.get_group(issuer)) for issuer in at],
            "cut": [_ground(shown.get_group(issuer)) for issuer in at],
        },
        index=at,
    )


def _areas(parcels: pd.DataFrame) -> pd.DataFrame:
    """Cultivated parcels with issuer, area (as surveyed, else as drawn) and whether they are flexible land."""
    category, code = texts(parcels, "category"), texts(parcels, "code")
    elsewhere = are_elsewhere(parcels)
    farmed = category.isin(_FARMED).to_numpy(dtype=bool) | texts(parcels, "land_use").notna().to_numpy(dtype=bool)
    table = pd.DataFrame(
        {
            "code": code,
            "issuer": code.str.extract(r"^([0-9]{14})", expand=False),
            "m2": amounts(parcels, "surveyed_m2").fillna(amounts(parcels, "area_m2")),
            "flexible": category.eq(_FLEXIBLE).fillna(False).astype(bool),
            "shape": parcels["judged"],
        }
    )
    return table[farmed & ~elsewhere].dropna(subset=["issuer", "m2"])


def _grown(flexible: pd.Series, register: pd.DataFrame | None) -> pd.Series:
    """How much more flexible land there is than on the register, for issuers that stand on it; null for others."""
    if register is None or "category" not in register.columns:
        return pd.Series(np.nan, index=flexible.index)
    before = _areas(register)
    known = flexible.index.isin(before["issuer"])
    stood = before[before["flexible"]].groupby("issuer")["m2"].sum().reindex(flexible.index).fillna(0.0)
    return (flexible - stood).where(known).round(6)


def _parts(parcels: pd.DataFrame) -> list[dict[str, object]]:
    """Each flexible parcel with its area."""
    ordered = parcels.sort_values("code")
    return [
        {"ref": f"parcel:{code}", "m2": round(float(m2), 2)}
        for code, m2 in zip(ordered["code"], ordered["m2"], strict=True)
    ]


def _ground(parcels: pd.DataFrame) -> object:
    """All flexible land of an issuer as one shape."""
    shapes = parcels["shape"].to_numpy(dtype=object)
    return polygonal(np.array([shapely.union_all(shapes[~shapely.is_missing(shapes)])], dtype=object))[0]
