"""ZZ-08: temporary land is still built on after its end."""

import numpy as np
import pandas as pd
import shapely

from geo.codes import is_construction
from geo.pairs import on_the_ground
from geo.rules import Thresholds, rule
from geo.rules._approvals import TEMPORARY, comparable, ends_on, near, of_kind, valid_on, years_after
from geo.rules.occupation._surveys import shown_on
from geo.shapes import AREA_DECIMALS, SHARE_DECIMALS, firm_area, polygonal


def temporary(approvals: pd.DataFrame) -> pd.Series:
    """Approvals of temporary land."""
    return of_kind(approvals, TEMPORARY)


# Two years, four for works of energy, transport and water, and one more to restore the ground: Land Administration Law
# 57, its Regulations 20 and 56. 50 m² is the smallest patch of monthly checks.
@rule(
    "ZZ-08",
    category="occupation",
    severity="medium",
    subject="parcel",
    against="approval",
    only=temporary,
    requires=("approval.kind", "approval.valid_from|valid_to", "landcover.class_code", "landcover.surveyed_on|year"),
    basis=("LAL-57", "LAL-76", "LAL-81", "LALR-20", "LALR-52", "LALR-56"),
    since="2021-09-01",
    min_area_m2=50.0,
    min_width_m=0.5,
    other_years=2.0,
    works_years=4.0,
    restore_years=1.0,
    title=("临时用地到期未恢复", "Temporary land kept after its end"),
    zh="{a}上的{b}为临时用地，{ended_on} 到期，{seen_on} 仍有 {shared_m2:.2f} 平方米（{shared_mu} 亩）建设用地",
    en="{b} on {a} ended on {ended_on}; on {seen_on} {shared_m2:.2f} m² ({shared_mu} mu) of it were still built on",
    leaves_out=(
        "只看压占承包地块的临时用地；没有批准日期也没有截止日期的、地类没有调查日期或年份的，不判断。",
        "Only temporary land on parcels. An approval without any date, or a survey without day or year, tells nothing.",
    ),
)
def temporary_land_kept(
    pairs: pd.DataFrame, p: Thresholds, landcover: pd.DataFrame, approval: pd.DataFrame
) -> pd.DataFrame:
    """Temporary land on a parcel is construction land at a survey after its end; high where a year or more late.

    What another approval covers on the day of the survey is lawful. An end that is named counts; else two years after
    the approval, four for works of energy, transport and water.
    """
    columns = {name: name.removeprefix("b_") for name in pairs.columns if name.startswith("b_")}
    end = ends_on(pairs[list(columns)].rename(columns=columns), p.works_years, p.other_years)
    late = years_after(end, p.restore_years)
    cuts, days = on_the_ground(pairs), shown_on(landcover)
    there = comparable(landcover[is_construction(landcover["class_code"])])
    beside = near(cuts, there["judged"].to_numpy(dtype=object), 0.0)
    found = []
    for at, cut, some in zip(pairs.index, cuts, beside, strict=True):
        rows = there.iloc[some]
        built, seen = _still_built(cut, rows, days[rows.index], end[at], approval)
        firm = float(firm_area(np.array([built], dtype=object), p.min_width_m)[0])
        if firm < p.min_area_m2:
            continue
        m2 = round(float(shapely.area(built)), AREA_DECIMALS)
        found.append(
            {
                "at": at,
                "severity": "high" if seen > late[at] else "medium",
                "cut": built,
                "shared_m2": m2,
                "firm_m2": firm,
                "share_a": round(m2 / float(pairs["a_area_m2"][at]), SHARE_DECIMALS),
                "share_b": round(m2 / float(pairs["b_area_m2"][at]), SHARE_DECIMALS),
                "ended_on": end[at].date().isoformat(),
                "seen_on": seen.date().isoformat(),
            }
        )
    return pd.DataFrame(found).set_index("at") if found else pd.DataFrame(columns=["severity"])


def _still_built(
    cut: shapely.Geometry, patches: pd.DataFrame, days: pd.Series, end: pd.Timestamp, approvals: pd.DataFrame
) -> tuple[shapely.Geometry, pd.Timestamp]:
    """What of some ground was seen as construction land after its end and is not approved then, and when last."""
    pieces, seen = [], end
    for day, shapes in patches["judged"].groupby(days.where(days > end)):
        lawful = comparable(approvals[valid_on(approvals, day)])["judged"].to_numpy(dtype=object)
        piece = shapely.intersection(cut, shapely.union_all(shapes.to_numpy(dtype=object)))
        piece = shapely.difference(piece, shapely.union_all(lawful))
        if shapely.area(piece) > 0:
            pieces.append(piece)
            seen = max(seen, day)
    return polygonal(np.array([shapely.union_all(pieces)], dtype=object))[0], seen
