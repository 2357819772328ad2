"""ZZ-15: what one party took of farmland without being punished adds up to what the criminal law asks about."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geo.codes import is_contractor
from geo.model import Shapes
from geo.rules import NotRun, Thresholds, rule
from geo.rules._approvals import comparable, valid_on
from geo.rules.occupation._surveys import cultivated
from geo.rules.quality._stated import PLACEHOLDERS
from geo.shapes import polygonal

_M2_PER_MU = 2000 / 3
#: Registers state areas to 0.01 m²: five mu are 3333.33 m².
_DECIMALS = 2
_NOT_DESTROYED = "2"
_CLASSES = ("basic_farmland", "cultivated")
#: Shorter codes, as "0" or "none", stand for nobody.
_LEAST_CHARACTERS = 6
_PARTY_OF = {"whose_zh": "的当事人", "whose_en": "the party of "}


# Five and ten mu stand in article 3 of the interpretation. Article 9 adds up acts that may still be prosecuted, and
# repeated ones of the last year, which are among them; ten years are the limitation for a crime of up to five years.
@rule(
    "ZZ-15",
    category="occupation",
    severity="high",
    subject="recorded_act",
    by="contractor",
    requires=("recorded_act.party_code",),
    basis=("CL-342", "INT-3", "INT-9"),
    since="2000-06-22",
    min_basic_mu=5.0,
    min_other_mu=10.0,
    open_years=10,
    leaves_out=(
        "没有当事人编码的违法地块不累计；只有建筑物而没有违法地块记录的当事人不累计；"
        "既不是永久基本农田、两期地类图斑又都不是耕地的地面不计",
        "acts on record that name no party are not added up, nor parties who have buildings but no act on record; "
        "ground that is neither basic farmland nor cultivated in either survey does not count",
    ),
    title=("未处理占地累计", "Unpunished occupation adds up"),
    zh="{a}{whose_zh}有 {acts} 处占地未见处理，疑似累计占用永久基本农田 {basic_mu:.2f} 亩、其他耕地 {other_mu:.2f} 亩，"
    "建议移送毁坏程度鉴定",
    en="{acts} plots that {whose_en}{a} took and nobody dealt with add up to {basic_mu:.2f} mu of basic farmland and "
    "{other_mu:.2f} mu of other cultivated land; refer for assessment of destruction",
)
def unpunished_acts_add_up(
    acts: pd.DataFrame,
    p: Thresholds,
    day: date,
    basic_farmland: pd.DataFrame | None = None,
    landcover: pd.DataFrame | None = None,
    landcover_before: pd.DataFrame | None = None,
    building: pd.DataFrame | None = None,
    approval: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The plots of one party that were not punished reach 5 mu of basic farmland, or 10 mu of other cultivated land.

    Buildings of the same owner count with the plots, unless a house site was approved or their plot was punished.
    Ground under several plots counts once, approved ground does not, nor do plots found not to be destroyed. Companies
    and outsiders are told of as the party of the first of their acts: their own code may be that of a person.
    """
    if basic_farmland is None and landcover is None and landcover_before is None:
        raise NotRun("没有提供永久基本农田或地类图斑", "neither basic farmland nor land cover was given")
    known = _known(acts)
    plots, punished = _plots(known, building, p, day)
    farmland = (_Ground([basic_farmland]), _Ground([_crops(landcover_before), _crops(landcover)]))
    rows = {}
    for party, own in plots.groupby("party"):
        parts, cut = _added_up(own, punished[punished["party"] == party], farmland, approval, day)
        basic, other = (sum((part["m2"] for part in parts if part["class"] == name), 0.0) for name in _CLASSES)
        if _reaches(basic, p.min_basic_mu) or _reaches(other, p.min_other_mu):
            told = {"basic_m2": round(basic, _DECIMALS), "other_m2": round(other, _DECIMALS)}
            told |= {"basic_mu": round(basic / _M2_PER_MU, 4), "other_mu": round(other / _M2_PER_MU, 4)}
            shown = [part | {"m2": round(part["m2"], _DECIMALS)} for part in parts]
            rows[_named(str(party), known)] = (
                told
                | _whose(str(party))
                | {
                    "acts": len({part["ref"] for part in parts}),
                    "parts": shown,
                    "cut": cut,
                }
            )
    columns = ["basic_m2", "other_m2", "basic_mu", "other_mu", "whose_zh", "whose_en", "acts", "parts", "cut"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def _reaches(area_m2: float, least_mu: float) -> bool:
    """Whether an area reaches so many mu, both as registers state them."""
    return round(area_m2, _DECIMALS) >= round(least_mu * _M2_PER_MU, _DECIMALS)


def _named(party: str, known: pd.DataFrame) -> str:
    """The reference by which a party is told of: a contractor's own, else that of the first act on record."""
    return f"contractor:{party}" if is_contractor(party) else str(known.loc[known["party"] == party, "ref"].min())


def _whose(party: str) -> dict[str, str]:
    """The words that stand beside it."""
    return dict.fromkeys(("whose_zh", "whose_en"), "") if is_contractor(party) else _PARTY_OF


def _known(acts: pd.DataFrame) -> pd.DataFrame:
    """The acts on record whose party is known and one's own."""
    known = _told(acts, acts["party_code"]).assign(is_plot=True)
    known = known[(known["party"].str.len() >= _LEAST_CHARACTERS) & ~known["party"].isin(PLACEHOLDERS)]
    return known[acts["mine"].reindex(known.index).astype(bool)] if "mine" in acts.columns else known


def _plots(
    known: pd.DataFrame, building: pd.DataFrame | None, p: Thresholds, day: date
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The plots that count, in the order of their names, and those that were punished."""
    today, oldest = np.datetime64(day, "s"), np.datetime64(_years_before(day, int(p.open_years)), "s")
    punished = (known["punished_on"] <= today).fillna(False)
    counted = ~punished & ~(known["ended_on"] < oldest) & known["is_destroyed"].ne(_NOT_DESTROYED).fillna(True)
    plots = [known[counted]]
    if building is not None and "owner_code" in building.columns:
        houses = _told(building, building["owner_code"]).assign(is_plot=False)
        plots.append(houses[houses["approval_no"].isna() & houses["party"].isin(known.loc[counted, "party"])])
    return pd.concat(plots).sort_values(["is_plot", "ref"], ascending=[False, True]), known[punished]


def _told(rows: pd.DataFrame, party: pd.Series) -> pd.DataFrame:
    """Plots that have a shape, with their party, the day they were begun and what was done about them."""
    names = ["ref", "judged", "began_on", "surveyed_on", "ended_on", "punished_on", "is_destroyed", "approval_no"]
    table = rows.reindex(columns=names).assign(party=party.astype("string").str.strip().str.upper().fillna(""))
    for name in ("began_on", "surveyed_on", "ended_on", "punished_on"):
        table[name] = table[name].astype("datetime64[s]")
    table["is_destroyed"] = table["is_destroyed"].astype("string").str.strip()
    return comparable(table)


def _years_before(day: date, years: int) -> date:
    """The same day so many years before; 28 February where that year has no 29th."""
    year = max(day.year - years, 1)
    return day.replace(year=year, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=year)


def _crops(landcover: pd.DataFrame | None) -> pd.DataFrame | None:
    """The cultivated patches of a survey, if there is one that tells them."""
    return landcover[cultivated(landcover)] if landcover is not None and "class_code" in landcover.columns else None


class _Ground:
    """Some features of which only those near a shape are looked at."""

    def __init__(self, tables: list[pd.DataFrame | None]) -> None:
        shapes = [table["judged"].to_numpy(dtype=object) for table in tables if table is not None]
        joined = np.concatenate(shapes) if shapes else np.empty(0, dtype=object)
        self._shapes: Shapes = joined[~shapely.is_missing(joined) & ~shapely.is_empty(joined)]
        self._tree = shapely.STRtree(self._shapes)

    def near(self, shape: Any) -> Any:
        """What of them meets a shape, as one."""
        return shapely.union_all(self._shapes[self._tree.query(shape, predicate="intersects")])


def _added_up(
    own: pd.DataFrame,
    punished: pd.DataFrame,
    farmland: tuple[_Ground, _Ground],
    approval: pd.DataFrame | None,
    day: date,
) -> tuple[list[dict[str, Any]], Any]:
    """The parts that the plots of one party have in either kind of farmland, and the ground of them all."""
    dealt_with = shapely.union_all(punished["judged"].to_numpy(dtype=object))
    taken: Any = shapely.Polygon()
    parts, cuts = [], []
    for plot in own.to_dict("records"):
        lawful = _approved(plot, approval, day)
        ground = shapely.difference(plot["judged"], shapely.union_all([lawful, taken]))
        ground = ground if plot["is_plot"] else shapely.difference(ground, dealt_with)
        taken = shapely.union_all([taken, ground])
        for name, cut in zip(_CLASSES, _in_farmland(ground, farmland), strict=True):
            if round(cut.area, _DECIMALS) > 0:
                parts.append({"ref": plot["ref"], "class": name, "m2": float(cut.area)})
                cuts.append(cut)
    return parts, shapely.union_all(cuts)


def _in_farmland(ground: Any, farmland: tuple[_Ground, _Ground]) -> Iterator[Any]:
    """What of a ground lies in basic farmland, and what of the rest was cultivated."""
    for kind in farmland:
        near = kind.near(ground)
        yield polygonal(np.array([shapely.intersection(ground, near)], dtype=object))[0]
        ground = shapely.difference(ground, near)


def _approved(plot: dict[Any, Any], approval: pd.DataFrame | None, day: date) -> Any:
    """What was approved on the day a plot was begun, else surveyed, else today."""
    if approval is None or approval.empty:
        return shapely.Polygon()
    dated = [plot[name] for name in ("began_on", "surveyed_on") if pd.notna(plot[name])]
    valid = comparable(approval[valid_on(approval, dated[0] if dated else day)])
    shapes = valid["judged"].to_numpy(dtype=object)
    return shapely.union_all(shapes[shapely.intersects(shapes, plot["judged"])])
