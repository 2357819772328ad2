"""ZZ-06: a household has more than one house-site, or built outside of the one it has."""

from typing import Any

import numpy as np
import pandas as pd
import shapely

from geo.rules import NotRun, Thresholds, rule
from geo.rules._approvals import comparable
from geo.shapes import AREA_DECIMALS, firm_area, polygonal

#: Codes of ZDLX and PZLX for house-sites.
_PLOT, _APPROVAL = "1", "4"
#: A plot of which so much lies in another one is that site again, registered anew under another number.
_SAME_SITE = 0.95


# Ten square metres is what a building must take of a parcel in ZZ-05 too.
@rule(
    "ZZ-06",
    category="occupation",
    severity="medium",
    subject="contractor",
    basis=("LAL-62", "BAN-2020-127-6"),
    since="2020-07-29",
    most_sites=1.0,
    min_area_m2=10.0,
    min_width_m=0.5,
    title=("一户多宅或宅基地外建房", "More than one house-site"),
    zh="{a}登记有 {sites} 处宅基地，另有 {outside_m2:.2f} 平方米房屋在批准的宅基地之外",
    en="{a} holds {sites} house-sites; {outside_m2:.2f} m² of its buildings stand outside of what was approved",
    leaves_out=(
        "继承、分户未变更造成的多宅不作区分，由核查人判定；没有写明所有人的房屋、没有宅基地可对照的房屋不判断。",
        "Inherited houses, and households that were divided, are not told apart: people decide. Buildings without an "
        "owner, and owners without any site to compare, are not judged.",
    ),
)
def second_house_site(
    contractors: pd.DataFrame,
    p: Thresholds,
    title_plot: pd.DataFrame | None = None,
    building: pd.DataFrame | None = None,
    approval: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """A household holds more than one registered house-site, or a building of it goes beyond its approved site.

    Plots belong to whom they name as holder, buildings to whom they name as owner. A building's site is the plots of
    its owner and the approval that it names. A site that was registered anew, as it was or larger, is one site.
    """
    plots, houses = _owned(title_plot, "holder_code", "kind"), _owned(building, "owner_code")
    if plots is None and houses is None:
        raise NotRun(
            "没有写明类型和权利人的宗地，也没有写明所有人的房屋",
            "no plots with kind and holder, no buildings with owners",
        )
    sites = {} if plots is None else dict(list(_house_sites(plots, _PLOT).groupby("holder_code")))
    built = {} if houses is None else dict(list(houses.groupby("owner_code")))
    approved = {} if approval is None else _by_number(comparable(_house_sites(approval, _APPROVAL)))
    found = {}
    for at, code in contractors["code"].dropna().items():
        own = sites.get(code)
        if own is None and code not in built:
            continue
        outside = _outside(built.get(code), own, approved, p)
        count = 0 if own is None else _distinct(list(own["judged"]))
        if count > p.most_sites or outside:
            found[at] = _told(own, count, outside)
    return pd.DataFrame.from_dict(found, orient="index")


def _owned(rows: pd.DataFrame | None, *by: str) -> pd.DataFrame | None:
    """Rows that say who they belong to and have a shape; None where nothing of that was delivered."""
    if rows is None or any(name not in rows.columns or rows[name].isna().all() for name in by):
        return None
    return comparable(rows[rows[by[0]].notna()])


def _house_sites(rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Rows of the kind that stands for house-sites."""
    return rows[rows.reindex(columns=["kind"])["kind"].astype("string").eq(kind).fillna(False).to_numpy(dtype=bool)]


def _by_number(approvals: pd.DataFrame) -> dict[str, list[Any]]:
    """The shapes that were approved under each number, which several pieces may bear."""
    numbers = approvals["code"].astype("string").str.split("#").str[0]
    return {str(number): list(shapes) for number, shapes in approvals["judged"].groupby(numbers)}


def _outside(
    houses: pd.DataFrame | None, sites: pd.DataFrame | None, approved: dict[str, list[Any]], p: Thresholds
) -> list[dict[str, Any]]:
    """The buildings of one household that go beyond the sites they are known to have: reference, area and shape."""
    found = []
    for house in [] if houses is None else houses.to_dict("records"):
        known = [] if sites is None else list(sites["judged"])
        known += approved.get(str(house.get("approval_no")), [])
        if not known:
            continue
        cut = polygonal(np.array([shapely.difference(house["judged"], shapely.union_all(known))], dtype=object))
        firm = float(firm_area(cut, p.min_width_m)[0])
        if firm >= p.min_area_m2:
            found.append({"ref": house["ref"], "m2": round(firm, 2), "cut": cut[0]})
    return found


def _distinct(sites: list[Any]) -> int:
    """How many sites there are; one that lies nearly whole in another, or is nearly the same, does not count again."""
    kept: list[Any] = []
    for site in sorted(sites, key=shapely.area, reverse=True):
        if all(shapely.area(shapely.intersection(site, other)) < _SAME_SITE * shapely.area(site) for other in kept):
            kept.append(site)
    return len(kept)


def _told(sites: pd.DataFrame | None, count: int, outside: list[dict[str, Any]]) -> dict[str, Any]:
    """What is said of one household: its sites, what stands beside them, and the ground to look at."""
    shapes = ([] if sites is None else list(sites["judged"])) + [one["cut"] for one in outside]
    ground = shapely.union_all(shapes)
    return {
        "sites": count,
        "plots": [] if sites is None else sorted(str(ref) for ref in sites["ref"]),
        "outside_m2": round(sum(one["m2"] for one in outside), AREA_DECIMALS),
        "buildings": [{"ref": one["ref"], "m2": one["m2"]} for one in outside],
        "cut": ground,
        "place": shapely.point_on_surface(shapes[-1]),
    }
