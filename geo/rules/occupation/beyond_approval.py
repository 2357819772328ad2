"""ZZ-07: construction goes on beyond the ground that was approved for it."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geo.pairs import on_the_ground
from geo.rules import Thresholds, rule
from geo.rules._approvals import comparable, near, valid_on
from geo.rules.occupation._surveys import shown_on
from geo.rules.occupation._together import counted_once, listed, villages
from geo.rules.occupation.construction_on_parcel import construction
from geo.shapes import AREA_DECIMALS, SHARE_DECIMALS, opened, polygonal


# The article treats what exceeds an approval as taken without one. A tenth, or the 50 m² of monthly checks, is more
# than two surveys differ by; a metre is what a boundary on the ground and its drawing may lie apart.
@rule(
    "ZZ-07",
    category="occupation",
    severity="high",
    subject="parcel",
    against="landcover",
    only=construction,
    union=True,
    minus="approval",
    echo=True,
    requires=("landcover.class_code",),
    basis=("LAL-77",),
    since="2003-03-01",
    min_area_m2=1.0,
    beyond_m2=50.0,
    beyond_share=0.1,
    reach_m=1.0,
    min_width_m=0.5,
    title=("超批准范围占地", "Construction beyond its approval"),
    zh="{project} 获批 {granted_m2:.2f} 平方米，紧邻其外另有 {beyond_m2:.2f} 平方米建设用地压占承包地，"
    "其中{a} {shared_m2:.2f} 平方米（{shared_mu} 亩）",
    en="{granted_m2:.2f} m² are approved ({project}); {beyond_m2:.2f} m² of contracted land beside it are built, "
    "{shared_m2:.2f} m² ({shared_mu} mu) of them on {a}",
    leaves_out=(
        "只看压占承包地块的部分，同一项目在一个村内各地块上的面积累加，不跨村累加；"
        "同一建设图斑一部分在批准范围内、一部分紧邻其外的，"
        "才算同一项目；与批准范围不相连的由 ZZ-01 提示。",
        "Only what lies on parcels: that of one project is added up over the parcels of one village, not beyond it. "
        "One project is what one construction patch has both inside and beside the approved ground; construction that "
        "does not touch it is told by ZZ-01.",
    ),
)
def beyond_approval(pairs: pd.DataFrame, p: Thresholds, approval: pd.DataFrame, day: object, landcover: Any) -> Any:
    """A construction patch fills approved ground and goes on beside it, by a tenth of what was approved or by 50 m².

    What goes on beside it is added up over the parcels of one village; each of them is told of its part.
    """
    known = comparable(approval)
    known = known.assign(project=_projects(known))
    patches = comparable(landcover).drop_duplicates("ref").set_index("ref")
    days = shown_on(patches).fillna(np.datetime64(day, "s"))  # type: ignore[call-overload]
    cuts = opened(on_the_ground(pairs), p.min_width_m)
    village = villages(pairs["a_code"])
    found: list[dict[str, Any]] = []
    for at, cut, beside in zip(
        pairs.index, cuts, near(cuts, known["judged"].to_numpy(dtype=object), p.reach_m), strict=True
    ):
        refs = [patch["ref"] for patch in pairs["patches"][at]]
        said = {"at": at, "ref": pairs["a_ref"][at], "village": village[at], "a_area_m2": pairs["a_area_m2"][at]}
        parts = _parts(cut, known, known.iloc[beside], patches.loc[refs, "judged"], days[refs], p)
        found += [said | part for part in parts]
    if not found:
        return pd.Series("", index=pairs.index)
    summed = pd.concat([_summed(parts, p) for _, parts in pd.DataFrame(found).groupby(["village", "project"])])
    # of several projects beside one parcel, the one that takes most of it
    largest = summed.sort_values(["m2", "project"], ascending=[False, True], kind="stable").drop_duplicates("at")
    share = (largest["m2"] / largest["a_area_m2"]).astype(float).round(SHARE_DECIMALS)
    told = largest.assign(severity="high", share_a=share, shared_m2=largest["m2"], firm_m2=largest["m2"])
    return told.set_index("at").drop(columns=["ref", "village", "a_area_m2", "m2"]).sort_index()


def _projects(approvals: pd.DataFrame) -> pd.Series:
    """The project of each approval: its code, else the number of the approval, which several pieces may bear.

    One that bears neither is a project of its own.
    """
    told = approvals.reindex(columns=["project_code", "code", "ref"]).astype("string")
    return told["project_code"].fillna(told["code"].str.split("#").str[0]).fillna(told["ref"])


def _parts(
    cut: shapely.Geometry, known: pd.DataFrame, beside: pd.DataFrame, patches: pd.Series, days: pd.Series, p: Thresholds
) -> Iterator[dict[str, Any]]:
    """What each project beside a cut has of it, beyond its approval."""
    for project in sorted(set(beside["project"])):
        granted, beyond = _exceeded(cut, known[known["project"].eq(project)], patches, days, p)
        m2 = round(float(shapely.area(beyond)), AREA_DECIMALS)
        if m2 >= p.min_area_m2:
            yield {"project": project, "granted_m2": granted, "cut": beyond, "m2": m2}


def _summed(parts: pd.DataFrame, p: Thresholds) -> pd.DataFrame:
    """The parts that one project has of the parcels of a village with their sum, if it exceeds what was approved."""
    granted, beyond = float(parts["granted_m2"].max()), counted_once(parts["cut"].to_numpy(dtype=object))
    if beyond < max(min(p.beyond_m2, round(granted * p.beyond_share, AREA_DECIMALS)), p.min_area_m2):
        return parts[:0]
    return parts.assign(
        granted_m2=round(granted, 2),
        beyond_m2=beyond,
        beyond_percent=round(beyond / granted * 100, 2),
        parts=[listed(parts)] * len(parts),
    )


def _exceeded(
    cut: shapely.Geometry, approvals: pd.DataFrame, patches: pd.Series, days: pd.Series, p: Thresholds
) -> tuple[float, shapely.Geometry]:
    """How much a project was granted (m²), and what its construction patches have beside that ground within a cut."""
    granted, pieces = 0.0, []
    for ref, patch in patches.items():
        ground = shapely.union_all(approvals[valid_on(approvals, days[ref])]["judged"].to_numpy(dtype=object))
        if shapely.area(shapely.intersection(patch, ground)) < p.min_area_m2:
            continue
        granted = max(granted, float(shapely.area(ground)))
        parts = shapely.get_parts(polygonal(np.array([shapely.intersection(cut, patch)], dtype=object)))
        pieces += list(parts[shapely.dwithin(parts, ground, p.reach_m)])
    return granted, shapely.union_all(pieces)
