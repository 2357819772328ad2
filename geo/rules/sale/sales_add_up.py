"""ZM-11: what one transferor gave away unlawfully and for gain adds up to what the criminal law asks about."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geo.codes import is_cultivated
from geo.rules import NotRun, Thresholds, book, rule
from geo.rules._households import are_elsewhere
from geo.rules._reading import amounts, dates, iso, texts, years_after
from geo.rules.sale.assigned_to_no_household import assigned_to_no_household
from geo.rules.sale.assigned_to_outsider import assigned_to_outsider
from geo.rules.sale.assigned_without_consent import assigned_without_consent
from geo.rules.sale.paid_beyond_contract import paid_beyond_contract
from geo.rules.sale.sold_in_words import sold_in_words
from geo.units import SHORT_M2

_M2_PER_MU = 2000 / 3
#: Areas and sums as they are told.
_DECIMALS = 2
_CLASSES = ("basic", "cultivated", "other")
_FREE = "无偿|免费|不收|无租金|零租金"
_YES = "1"
#: A sale that calls itself one was for gain.
_IN_WORDS = "ZM-05"


# The amounts stand in article 1 of the interpretation, and twice as much is especially grave. Article 9 adds up acts
# that may still be prosecuted; ten years are the limitation for a crime of up to seven years.
@rule(
    "ZM-11",
    category="sale",
    severity="high",
    subject="transfer",
    by="contractor",
    requires=("transfer.contractor_code|contract_code", "transfer.gain_yuan|price_yuan|price_text"),
    better_with=("transfer.gain_yuan", "transfer.punished_on"),
    basis=("CL-228", "INT-1", "INT-9"),
    since="2000-06-22",
    min_basic_mu=5,
    min_cultivated_mu=10,
    min_land_mu=20,
    min_gain_yuan=500_000,
    open_years=10,
    title=("违法转让累计达到移送数量", "Unlawful transfers add up"),
    zh="{a}有 {acts} 次有偿转让疑似违法且未见处理，合计永久基本农田 {basic_mu:.2f} 亩、"
    "其他耕地 {cultivated_mu:.2f} 亩、其他土地 {other_mu:.2f} 亩，获利 {gain_yuan:.2f} 元，建议移送核查",
    en="{acts} paid transfers of {a}, suspected to be unlawful and not dealt with, add up to {basic_mu:.2f} mu of "
    "basic farmland, {cultivated_mu:.2f} mu of other cultivated and {other_mu:.2f} mu of other land, and a gain of "
    "{gain_yuan:.2f} yuan",
    leaves_out=(
        "只累计疑似违法转让（ZM-01、ZM-02、ZM-03、ZM-05、ZM-06，各按其公布的阈值）；合法的流转不计，看不出收钱的不计",
        "only what ZM-01, ZM-02, ZM-03, ZM-05 and ZM-06 suspect, by their published thresholds; lawful transfers and "
        "those without a sign of money do not count",
    ),
)
def sales_add_up(
    transfers: pd.DataFrame,
    p: Thresholds,
    day: date,
    right_change: pd.DataFrame | None = None,
    transfer_parcel: pd.DataFrame | None = None,
    contractor: pd.DataFrame | None = None,
    contract: pd.DataFrame | None = None,
    title_document: pd.DataFrame | None = None,
    payment: pd.DataFrame | None = None,
    parcel: pd.DataFrame | None = None,
    basic_farmland: pd.DataFrame | None = None,
    landcover: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Suspected unlawful transfers of one transferor reach 5 mu of basic farmland, 10 of other cultivated land, 20 of
    other land, or 500,000 yuan of gain.

    Classes of land come from the layers where given, else from what the parcel says of itself; land of no known class
    counts as other land. What was punished, or was long ago, does not count. Every area may be rounded down to 0.01 m².
    """
    dealt = {"transfer": transfers, "right_change": right_change, "transfer_parcel": transfer_parcel}
    papers = {"contractor": contractor, "contract": contract, "title_document": title_document, "payment": payment}
    acts = _counted(_suspected(dealt, papers), p, day)
    limits = [mu * _M2_PER_MU for mu in (p.min_basic_mu, p.min_cultivated_mu, p.min_land_mu)]
    parts, gain = _parts(acts, transfer_parcel, parcel), acts.groupby("from_code")["gain_yuan"].sum().round(2)
    # classes are measured only where there is enough land, of whatever class
    whole = (parts["m2"] + SHORT_M2).groupby(parts["from_code"]).sum().round(6)
    large = whole.index[(whole >= min(limits)) | (gain.reindex(whole.index) >= p.min_gain_yuan)]
    parts = _classed(parts[parts["from_code"].isin(large)], parcel, basic_farmland, landcover)
    sums = parts.groupby("from_code")[list(_CLASSES)].sum().round(_DECIMALS)
    sums["gain_yuan"] = gain.reindex(sums.index)
    short = (parts[list(_CLASSES)] > 0).groupby(parts["from_code"]).sum() * SHORT_M2
    most = sums.add(short, fill_value=0.0).round(6)[sums.columns]
    reached = (most >= [*limits, p.min_gain_yuan]).any(axis=1)
    grave = (most >= [2 * limit for limit in (*limits, p.min_gain_yuan)]).any(axis=1)
    at = sums.index[reached]
    shown = parts[parts["from_code"].isin(at)].groupby("from_code")
    return pd.DataFrame(
        {f"{name}_mu": (sums.loc[at, name] / _M2_PER_MU).round(4) for name in _CLASSES}
        | {f"{name}_m2": sums.loc[at, name] for name in _CLASSES}
        | {
            "gain_yuan": sums.loc[at, "gain_yuan"],
            "especially_grave": grave[at],
            "acts": [int(shown.get_group(who)["ref"].nunique()) for who in at],
            "parts": [_listed(shown.get_group(who)) for who in at],
            "cut": [_ground(shown.get_group(who)["shape"]) for who in at],
        },
        index=at,
    )


def _suspected(dealt: dict[str, Any], papers: dict[str, Any]) -> pd.DataFrame:
    """What the rules on sales suspect, one row for each act: who gave what, on which day, and which rules say so."""
    found = []
    for layer in ("transfer", "right_change"):
        if dealt[layer] is not None and len(dealt[layer]):
            facts = _facts(layer, dealt[layer])
            told = [_asked(rule_id, ask, facts) for rule_id, ask in _rules(layer, dealt, papers).items()]
            names = pd.concat(told).groupby(level=0).agg("、".join)
            found.append(facts.assign(rules=names)[facts.index.isin(names.index)])
    return pd.concat(found, ignore_index=True)


def _rules(layer: str, dealt: dict[str, Any], papers: dict[str, Any]) -> dict[str, Callable[..., pd.DataFrame]]:
    """The rules that are asked about a table, with the tables that they ask for."""
    rows, contract, payment = dealt[layer], papers["contract"], papers["payment"]
    asked: dict[str, Callable[..., pd.DataFrame]] = {
        "ZM-01": partial(assigned_to_outsider, rows, layer=layer, **dealt),
        "ZM-02": partial(assigned_to_no_household, rows, layer=layer, **dealt, contractor=papers["contractor"]),
        "ZM-03": partial(assigned_without_consent, rows, layer=layer, **dealt, title_document=papers["title_document"]),
        _IN_WORDS: partial(sold_in_words, rows, layer=layer, contract=contract, payment=payment),
    }
    if layer == "transfer" and contract is not None and {"code", "term_to"} <= set(contract.columns):
        asked["ZM-06"] = partial(paid_beyond_contract, rows, contract=contract, payment=payment)
    return asked


def _asked(rule_id: str, ask: Callable[..., pd.DataFrame], facts: pd.DataFrame) -> pd.Series:
    """The acts that a rule suspects, by the law of their day; none where it cannot be asked."""
    known = book()[rule_id]
    try:
        at = ask(p=known.settings()).index
    except NotRun:
        at = facts.index[:0]
    acted = facts.loc[at, "acted_on"]
    return pd.Series(rule_id, index=at[acted.isna() | (acted >= np.datetime64(known.since, "s"))], dtype=object)


def _facts(layer: str, table: pd.DataFrame) -> pd.DataFrame:
    """What every act of a table tells: giver, day, area, gain, whether money was paid, whether it was punished."""
    giver, day = ("from_code", "changed_on") if layer == "right_change" else ("contractor_code", "signed_on")
    text = texts(table, "price_text")
    gain, price = amounts(table, "gain_yuan"), amounts(table, "price_yuan")
    paid = (gain > 0) | (price > 0) | (text.notna() & ~text.str.contains(_FREE).fillna(False) & ~(price == 0))
    return pd.DataFrame(
        {
            "ref": table["ref"],
            "code": texts(table, "code"),
            "from_code": texts(table, giver).fillna(texts(table, "contract_code").str[:18]),
            "acted_on": dates(table, day).fillna(dates(table, "term_from")),
            "area_m2": amounts(table, "area_m2"),
            "gain_yuan": gain.clip(lower=0).fillna(0.0),
            "paid": paid.astype(bool),
            "punished_on": dates(table, "punished_on"),
            "parcel_code": texts(table, "parcel_code"),
            "layer": layer,
        }
    )


def _counted(acts: pd.DataFrame, p: Thresholds, day: date) -> pd.DataFrame:
    """The acts that count: for gain, not punished by the day, and not too long ago."""
    today = pd.Series(np.array([day], dtype="datetime64[s]"))
    oldest = years_after(today, -p.open_years)[0]
    gainful = acts["paid"] | acts["rules"].str.contains(_IN_WORDS)
    open_still = ~(acts["acted_on"] < oldest) & ~(acts["punished_on"] <= today[0])
    return acts[gainful.astype(bool) & open_still & acts["from_code"].notna()].reset_index(drop=True)


def _parts(acts: pd.DataFrame, links: pd.DataFrame | None, parcel: pd.DataFrame | None) -> pd.DataFrame:
    """Each parcel of each act with the area given away; an act whose parcels are not known is one part itself."""
    parts = acts.reset_index(names="act").merge(_linked(acts, links), on="act", how="left")
    parts["parcel_code"] = parts["parcel_code"].fillna(parts["linked"])
    alone = ~parts["act"].duplicated(keep=False)
    own = pd.Series(float("nan"), index=parts.index)
    if parcel is not None and "code" in parcel.columns:
        known = amounts(parcel, "surveyed_m2").fillna(amounts(parcel, "area_m2"))
        own = parts["parcel_code"].map(known.groupby(texts(parcel, "code")).first()).astype(float)
    area = parts["linked_m2"].fillna(parts["area_m2"].where(alone)).fillna(own).fillna(0.0)
    return parts.assign(m2=area.clip(lower=0.0))


def _classed(
    parts: pd.DataFrame,
    parcel: pd.DataFrame | None,
    basic_farmland: pd.DataFrame | None,
    landcover: pd.DataFrame | None,
) -> pd.DataFrame:
    """The area of each part in every class; where no parcel is known, all of it is other land."""
    told = parts.join(
        _classes(parcel, parts["parcel_code"].dropna().unique(), basic_farmland, landcover), on="parcel_code"
    )
    shares = told[list(_CLASSES)].astype(float).fillna({"basic": 0.0, "cultivated": 0.0, "other": 1.0})
    told["class_by"] = told["class_by"].fillna("unknown")
    return told.assign(**{name: told["m2"] * shares[name] for name in _CLASSES})


def _linked(acts: pd.DataFrame, links: pd.DataFrame | None) -> pd.DataFrame:
    """The parcels of transfers by their links, with the area that each link states."""
    if links is None or not {"transfer_code", "parcel_code"} <= set(links.columns):
        return pd.DataFrame({"act": pd.Series(dtype=int), "linked": pd.Series(dtype="string"), "linked_m2": 0.0})
    table = pd.DataFrame(
        {
            "code": texts(links, "transfer_code"),
            "linked": texts(links, "parcel_code"),
            "linked_m2": amounts(links, "area_m2"),
        }
    ).dropna(subset=["code", "linked"])
    codes = acts.loc[acts["layer"] == "transfer", ["code"]].dropna().reset_index(names="act")
    return codes.merge(table.drop_duplicates(["code", "linked"]), on="code").drop(columns="code")


def _classes(
    parcel: pd.DataFrame | None,
    codes: Any,
    basic_farmland: pd.DataFrame | None,
    landcover: pd.DataFrame | None,
) -> pd.DataFrame:
    """Of each parcel the shares that are basic farmland, other cultivated and other land, and what tells them."""
    columns = [*_CLASSES, "class_by", "shape"]
    if parcel is None or "code" not in parcel.columns:
        return pd.DataFrame(columns=columns, index=pd.Index([], dtype="string"), dtype=object)
    own = parcel[parcel["code"].isin(codes)].drop_duplicates("code").set_index("code")
    shapes = own["judged"].to_numpy(dtype=object)
    use, flag = texts(own, "land_use"), texts(own, "is_basic_farmland")
    crops = landcover is not None and "class_code" in landcover.columns
    is_basic, is_crop = flag.eq(_YES).fillna(False).to_numpy(dtype=bool), (use.notna() & ~are_elsewhere(own)).to_numpy()
    if basic_farmland is None:
        share, rest = is_basic.astype(float), shapes.copy()
        rest[is_basic] = shapely.Polygon()
    else:
        basic = _within(shapes, basic_farmland)
        share, rest = _share(basic, shapes), shapely.difference(shapes, basic)
    crop = 1.0 - share
    if landcover is not None and crops:
        crop = _share(_within(rest, landcover[is_cultivated(landcover["class_code"])]), shapes)
    else:
        crop = np.where(is_crop, crop, 0.0)
    by_layers = basic_farmland is not None and crops
    stated = (use.notna() | flag.notna()).to_numpy(dtype=bool)
    return pd.DataFrame(
        {
            "basic": share,
            "cultivated": crop,
            "other": np.clip(1.0 - share - crop, 0.0, 1.0),
            "class_by": np.where(by_layers, "layers", np.where(stated, "stated", "layers" if crops else "unknown")),
            "shape": shapes,
        },
        index=own.index,
    )


def _within(shapes: Any, layer: pd.DataFrame) -> Any:
    """Of each shape what lies under a layer."""
    over = layer["judged"].to_numpy(dtype=object)
    over = over[~shapely.is_missing(over) & ~shapely.is_empty(over)]
    at, near = shapely.STRtree(over).query(shapes, predicate="intersects")
    found = np.full(len(shapes), shapely.Polygon(), dtype=object)
    for one in np.unique(at):
        found[one] = shapely.intersection(shapes[one], shapely.union_all(over[near[at == one]]))
    return found


def _share(some: Any, whole: Any) -> Any:
    """Which share of each shape another is."""
    area = shapely.area(whole)
    return np.divide(shapely.area(some), area, out=np.zeros(len(area)), where=area > 0)


def _listed(parts: pd.DataFrame) -> list[dict[str, object]]:
    """Every part with its act, parcel, class, area, day, and the rules that suspect it."""
    days = iso(parts["acted_on"])
    return [
        {"ref": row["ref"], "parcel": None if pd.isna(row["parcel_code"]) else str(row["parcel_code"])}
        | {"class": name, "class_by": row["class_by"], "m2": round(float(row[name]), _DECIMALS)}
        | {"rules": row["rules"], "on": on}
        for row, on in zip(parts.to_dict("records"), days, strict=True)
        for name in _CLASSES
        if round(float(row[name]), _DECIMALS) > 0 or (name == "other" and not sum(row[one] for one in _CLASSES))
    ]


def _ground(shapes: pd.Series) -> Any:
    """The parcels as one shape; None where none is known."""
    known = [shape for shape in shapes if isinstance(shape, shapely.Geometry)]
    return shapely.union_all(known) if known else None
