"""ZL-06: a transfer puts the land to another use, by what is written or by what was built on it since."""

from typing import Final

import numpy as np
import pandas as pd
import shapely

from geo.codes import in_group, label
from geo.rules import NotRun, Thresholds, rule
from geo.rules._ground import unapproved
from geo.rules._reading import dates, supplied, texts
from geo.rules._transfers import are_leases, links_of, on_parcels, running

#: Code of TDYT for use that is no farming.
_NOT_FARMING: Final = "5"


@rule(
    "ZL-06",
    category="lease",
    severity="high",
    subject="transfer",
    requires=("transfer.use_after|term_from",),
    basis=("RLCL-38", "RLCL-63", "LAL-82"),
    since="2003-03-01",
    acted="signed_on",
    min_area_m2=50.0,
    title=("流转后改变用途", "Use changed by a transfer"),
    zh="{a}流转前用途：{before_zh}，流转后用途：{after_zh}，批准文号：{approval_zh}{built_zh}",
    en="{a} turns the land from {before_en} to {after_en}; approval: {approval_en}{built_en}",
    leaves_out=(
        "开工时间不能确定在流转之后的建设由乱占规则按地块判断",
        "construction that may be older than the transfer is judged by the rules on occupation, parcel by parcel",
    ),
)
def use_changed(
    transfers: pd.DataFrame,
    p: Thresholds,
    transfer_parcel: pd.DataFrame | None = None,
    parcel_right: pd.DataFrame | None = None,
    parcel: pd.DataFrame | None = None,
    change_patch: pd.DataFrame | None = None,
    approval: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """A transfer puts land to use that is no farming, or changes its use with no approval on record.

    Or monitoring shows construction on a leased parcel, not approved, of which both images were taken while the
    lease ran: it was built under it, whatever is written.
    """
    written = supplied(transfers, "use_after")
    if not written and (parcel is None or change_patch is None):
        raise NotRun("没有提供流转后用途，也没有监测图斑", "neither the use after nor change patches were given")
    before, after, number = (texts(transfers, name) for name in ("use_before", "use_after", "approval_no"))
    changed = after.eq(_NOT_FARMING) | (after.ne(before) & number.isna())
    built = _built(transfers, links_of(transfer_parcel, parcel_right), parcel, change_patch, approval)
    built_m2 = texts(transfers, "code").map(built).astype(float).fillna(0.0).round(2)
    fires = changed.fillna(False).astype(bool) | (built_m2 >= p.min_area_m2)
    rows = pd.DataFrame({"use_before": before, "use_after": after, "approval_no": number})[fires]
    said = rows.astype(object).where(rows.notna(), None)
    found = built_m2[fires].where(built_m2[fires] >= p.min_area_m2, 0.0)
    return said.assign(
        built_m2=found,
        before_zh=[label("TDYT", code) or "未写明" for code in said["use_before"]],
        before_en=[label("TDYT", code, "en") or "not stated" for code in said["use_before"]],
        after_zh=[label("TDYT", code) or "未写明" for code in said["use_after"]],
        after_en=[label("TDYT", code, "en") or "not stated" for code in said["use_after"]],
        approval_zh=said["approval_no"].fillna("无"),
        approval_en=said["approval_no"].fillna("none"),
        built_zh=[f"；监测显示流转期间新增建设 {m2:.2f} 平方米，未见批准" if m2 else "" for m2 in found],
        built_en=[f"; {m2:.2f} m² were built during the lease with no approval" if m2 else "" for m2 in found],
    )


def _built(
    transfers: pd.DataFrame,
    links: pd.DataFrame,
    parcel: pd.DataFrame | None,
    patches: pd.DataFrame | None,
    approval: pd.DataFrame | None,
) -> "pd.Series[float]":
    """How much was built on the parcels of each lease while it ran, by its code: what two images of its time tell."""
    if parcel is None or patches is None or not supplied(patches, "class_code") or links.empty:
        return pd.Series(dtype=float)
    new = patches[in_group(patches["class_code"], "TBLX", "construction")]
    first, later = dates(new, "before_on").to_numpy(), dates(new, "surveyed_on").to_numpy()
    leases = running(on_parcels(links, transfers[are_leases(transfers)]))
    ground = dict(zip(parcel["code"], parcel["judged"], strict=True))
    shapes = np.array([ground.get(code) for code in leases["parcel_code"]] + [None], dtype=object)[:-1]
    drawn = new["judged"].to_numpy(dtype=object)
    at, patch = shapely.STRtree(drawn).query(shapes, predicate="intersects")
    begins, ends = (leases[name].to_numpy(dtype="datetime64[s]") for name in ("begins", "ends"))
    within = (begins[at] <= first[patch]) & (later[patch] < ends[at])
    at, patch = at[within], patch[within]
    cuts = unapproved(shapely.intersection(shapes[at], drawn[patch]), pd.Series(later[patch]), approval)
    whole = pd.Series(cuts, dtype=object).groupby(leases["transfer_code"].to_numpy()[at]).agg(list)
    return whole.map(lambda parts: float(shapely.area(shapely.union_all(parts)))).astype(float)
