"""ZZ-12: agricultural facilities stand on ground that was not filed for them, or on more than was filed."""

from typing import Any

import pandas as pd

from geo.pairs import on_the_ground
from geo.rules import Thresholds, rule
from geo.rules._approvals import FACILITIES, comparable, near, of_kind, valid_on
from geo.rules.occupation._together import counted_once, listed, villages
from geo.shapes import AREA_DECIMALS, opened

#: Class of TD/T 1057 for agricultural facilities.
_FACILITIES = "1202"


def facilities(landcover: pd.DataFrame) -> pd.Series:
    """The patches of agricultural facilities."""
    return landcover["class_code"].astype("string").str.strip().str.startswith(_FACILITIES).fillna(False).astype(bool)


# A filing gives leave for some farmland and no more; a tenth above it is what people measure differently. 50 m² is the
# smallest patch of monthly checks: the yearly survey maps facilities from 200 m².
@rule(
    "ZZ-12",
    category="occupation",
    severity="medium",
    subject="parcel",
    against="landcover",
    only=facilities,
    union=True,
    minus="approval",
    requires=("landcover.class_code",),
    basis=("GDLAR-18",),
    since="2022-08-01",
    min_area_m2=10.0,
    unfiled_m2=50.0,
    excess_share=0.1,
    reach_m=1.0,
    min_width_m=0.5,
    title=("设施农用地未见备案或超备案", "Agricultural facilities beyond their filing"),
    zh="{a}上有 {shared_m2:.2f} 平方米（{shared_mu} 亩）设施农用地未见备案，"
    "同一设施在本村各地块合计 {unfiled_m2:.2f} 平方米（相邻已备案 {filed_m2:.2f} 平方米）",
    en="{shared_m2:.2f} m² ({shared_mu} mu) of {a} are facilities with no filing, {unfiled_m2:.2f} m² on all parcels "
    "of the village together; {filed_m2:.2f} m² beside are filed",
    leaves_out=(
        "只看压占承包地块的部分，在一个村内累加，不跨村累加；没有交来备案图层的，按未见备案提示。",
        "Only what lies on parcels, added up within one village and not beyond it; where no filings were delivered, "
        "none is seen.",
    ),
)
def facility_without_filing(
    pairs: pd.DataFrame, p: Thresholds, day: object, approval: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Agricultural facilities stand on parcels unfiled, or on a tenth more than was filed beside them.

    What any approval in force at the survey covers is taken away first; the rest is held against the whole of the
    filings that touch it. What several parcels of a village have beside one filing, or where nothing is filed under
    one patch, is one facility and added up; each of them is told of its part.
    """
    firm = pairs[pairs["firm_m2"] >= p.min_area_m2]
    parts = pd.DataFrame({"ref": firm["a_ref"], "m2": firm["firm_m2"], "village": villages(firm["a_code"])})
    parts["cut"] = pd.Series(list(opened(on_the_ground(firm), p.min_width_m)), index=firm.index, dtype=object)
    filings = _filings(firm, p, approval, day)
    parts["beside"] = [frozenset(some) for some in filings]
    parts["patches"] = [frozenset(patch["ref"] for patch in patches) for patches in firm["patches"]]
    areas = {ref: area for some in filings for ref, area in some.items()}
    told = {at: _told(parts, at, areas, p) for at in parts.index}
    return pd.DataFrame.from_dict({at: said for at, said in told.items() if said}, orient="index")


def _told(parts: pd.DataFrame, at: Any, areas: dict[str, float], p: Thresholds) -> dict[str, Any] | None:
    """What the parcels of one facility have together, if it is too much; seen from one of them.

    That parcel is asked by itself first, and then with those that lie beside any one of its filings.
    """
    own = parts.loc[[at]]
    here = parts[parts["village"].eq(own["village"].iloc[0])]
    beside = own["beside"].iloc[0]
    if not beside:
        return _summed(_joined(here[here["beside"].map(len).eq(0)], at), 0.0, p.unfiled_m2)
    for some in (own, *(here[here["beside"].map(lambda refs, one=one: one in refs)] for one in sorted(beside))):
        filed = round(sum(areas[ref] for ref in sorted(frozenset().union(*some["beside"]))), AREA_DECIMALS)
        least = max(round(filed * p.excess_share, AREA_DECIMALS), p.min_area_m2)
        if told := _summed(some, filed, least):
            return told
    return None


def _joined(parts: pd.DataFrame, at: Any) -> pd.DataFrame:
    """The parcels that one goes together with, since patches under them go on from each to the next."""
    refs = parts["patches"][at]
    while True:
        some = parts[parts["patches"].map(lambda own, refs=refs: not refs.isdisjoint(own))]
        joined = frozenset().union(*some["patches"])
        if joined == refs:
            return some
        refs = joined


def _summed(some: pd.DataFrame, filed: float, least: float) -> dict[str, Any] | None:
    """The sum of some parts with them, if it reaches so much."""
    unfiled = counted_once(some["cut"].to_numpy(dtype=object))
    if unfiled < least:
        return None
    return {"filed_m2": filed, "unfiled_m2": unfiled, "parts": listed(some)}


def _filings(pairs: pd.DataFrame, p: Thresholds, approvals: pd.DataFrame | None, day: object) -> list[dict[str, float]]:
    """The filings beside each cut with their areas (m²)."""
    if approvals is None or pairs.empty:
        return [{} for _ in range(len(pairs))]
    known = comparable(approvals[of_kind(approvals, FACILITIES) & valid_on(approvals, day)])
    refs, areas = known["ref"].tolist(), known["area_m2"].astype(float).tolist()
    beside = near(on_the_ground(pairs), known["judged"].to_numpy(dtype=object), p.reach_m)
    return [{refs[one]: areas[one] for one in some} for some in beside]
