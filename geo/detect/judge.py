"""Rules asked about tables: of pairs that share ground, of rows, of groups."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo import finding
from geo.detect.answer import answered, side, suspicions
from geo.detect.flat import judge_flat
from geo.detect.lawful import laid_over, of_its_day, under, without_approved
from geo.detect.places import shapes_of, spots_of
from geo.detect.plan import Plan
from geo.detect.ready import Ready
from geo.layer import Layer
from geo.pairs import on_the_ground, shared_ground, with_cuts
from geo.rules import Laid, NotRun, Rule, Thresholds
from geo.shapes import AREA_DECIMALS, SHARE_DECIMALS, firm_area, polygonal


@dataclass(frozen=True)
class Part:
    """What one question gives back: one row for each suspicion, and what fell below the gates."""

    fired: pd.DataFrame
    below_pairs: int = 0
    below_m2: float = 0.0
    #: Rules that found they could not be asked, and why.
    not_run: Mapping[str, dict[str, str]] = field(default_factory=dict)
    #: Subjects about which rules found they could not be asked, though about others they could.
    not_asked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def judge(ground: Ready, plan: Plan) -> list[Part]:
    """Ask all rules of a plan: on pairs, question by question, then on outlines, then on rows and groups."""
    on_pairs = sorted((rule for rule in plan.rules() if rule.relation), key=_question)
    parts = [_judge_pairs(ground, list(same), plan) for _, same in groupby(on_pairs, key=_question)]
    flat = [Part(judge_flat(ground, rule, plan.thresholds[rule.id])) for rule in plan.rules() if rule.flat]
    others = [rule for rule in plan.rules() if not (rule.flat or rule.against)]
    return [*parts, *flat, *(_judge_rows(ground, rule, plan) for rule in others)]


def _question(rule: Rule) -> tuple[str, ...]:
    """Rules with the same question share one table of pairs."""
    laid = "; ".join(" ".join(map(_said, any_of)) for any_of in (rule.also, *rule.within))
    return (rule.subject, rule.against or "", _said(Laid("", rule.only)), str(rule.union), laid, rule.minus or "")


def _said(laid: Laid) -> str:
    """A layer and its conditions by name."""
    named = (f"{each.__module__}.{each.__qualname__}" if each else "" for each in (laid.only, laid.beside))
    return ".".join((laid.layer, *named))


def _judge_pairs(ground: Ready, rules: list[Rule], plan: Plan) -> Part:
    """Find the pairs of one question, and ask all its rules about those that are large enough for any of them."""
    first, a = rules[0], ground.layers[rules[0].subject]
    others = _others(ground, first, plan)
    met = [_met(a, other) for _, other in others]
    # the patches under one parcel are judged together: their sum is more than their union
    together = pd.concat(met, ignore_index=True).groupby("row_a")["shared_m2"].sum()
    whole = [found["row_a"].map(together) if first.union else found["shared_m2"] for found in met]
    least = min(_least(plan.thresholds[rule.id]) for rule in rules)
    large = [total.round(AREA_DECIMALS) >= least for total in whole]
    small = pd.concat([found[~enough] for found, enough in zip(met, large, strict=True)])
    sides = [
        _sided(found[enough].reset_index(drop=True), a, a if other is None else other, layer)
        for (layer, other), found, enough in zip(others, met, large, strict=True)
    ]
    filled = [side for side in sides if len(side)] or sides[:1]
    pairs = _pairs(pd.concat(filled, ignore_index=True), ground, first, plan)
    taken = np.zeros(len(pairs), dtype=bool)
    same_as = pd.Series([None] * len(pairs), index=pairs.index, dtype=object)
    fired, not_run = [], {}
    measured: dict[float, NDArray[np.float64]] = {}
    for rule in sorted(rules, key=lambda rule: (rule.echo, rule.rest, rule.id)):
        thresholds = plan.thresholds[rule.id]
        wide = (pairs["shared_m2"] >= _least(thresholds)).to_numpy() & ~(taken & rule.rest)
        firm = np.where(wide, _firm(pairs, wide, getattr(thresholds, "min_width_m", 0.0), measured), 0.0)
        asked = pairs.assign(firm_m2=firm)
        try:
            answer = answered(rule, rule.judge(asked, thresholds, **_further(ground, rule, plan)), pairs.index)
        except NotRun as hindered:
            not_run[rule.id] = hindered.reason
            continue
        verdict = of_its_day(rule, answer, asked, plan.day)
        if rule.rest:
            verdict = verdict[~taken[pairs.index.get_indexer(verdict.index)]]
        rows = pairs.assign(firm_m2=firm, same_as=same_as if rule.echo else None).loc[verdict.index]
        keys = [finding.key(rule.id, *refs) for refs in zip(rows["a_ref"], rows["b_ref"], strict=True)]
        if not rule.echo:
            same_as.loc[verdict.index] = keys
        taken |= pairs.index.isin(verdict.index)
        fired.append(suspicions(rule, rows, verdict))
    below = pairs[~taken]
    few = small["row_a"].nunique() if first.union else len(small)
    below_m2 = float(below["shared_m2"].sum() + small["shared_m2"].sum())
    return Part(_stack(fired), len(below) + few, below_m2, not_run)


def _firm(
    pairs: pd.DataFrame, wide: NDArray[np.bool_], width_m: float, measured: dict[float, NDArray[np.float64]]
) -> NDArray[np.float64]:
    """What of some cuts is at least so wide (m²); rules of one width measure a cut once, and keep it in `measured`."""
    firm = measured.setdefault(width_m, np.full(len(pairs), np.nan))
    new = wide & np.isnan(firm)
    firm[new] = firm_area(pairs["cut"].to_numpy(dtype=object)[new], width_m)
    return firm


def _least(thresholds: Thresholds) -> float:
    """The area below which a rule asks for no more."""
    return float(getattr(thresholds, "min_area_m2", 0.0))


def _others(ground: Ready, rule: Rule, plan: Plan) -> list[tuple[str, Layer | None]]:
    """The layers on the other side of a rule's pairs, less the rows that it leaves out; None for the subject's own."""
    if rule.against == rule.subject:
        return [(rule.subject, None)]
    asked = (Laid(str(rule.against), rule.only), *rule.also)
    return [(one.layer, _kept(ground.layers[one.layer], one, plan)) for one in asked if one.layer in ground.layers]


def _kept(layer: Layer, laid: Laid, plan: Plan) -> Layer:
    """The rows of a layer that a rule looks at."""
    if laid.only is None:
        return layer
    rows = np.flatnonzero(laid.kept(layer.frame(), plan.day))
    return Layer(
        outlines=layer.outlines.taken(rows),
        order=layer.order[rows],
        mine=layer.mine[rows],
        here=layer.here[rows],
        rows=lambda at: layer.rows(rows[at]),
    )


def _met(a: Layer, b: Layer | None) -> pd.DataFrame:
    """The pairs of two layers, or within one, that this run answers for."""
    found = shared_ground(a.outlines, a.order, *(() if b is None else (b.outlines, b.order)))
    row_a, row_b = found["row_a"].to_numpy(), found["row_b"].to_numpy()
    return found[a.here[row_a] & (a.mine[row_a] | (a if b is None else b).mine[row_b])]


def _sided(found: pd.DataFrame, a: Layer, b: Layer, layer: str) -> pd.DataFrame:
    """A table of pairs with the cut and both sides' columns."""
    sides = [side(a.rows(found["row_a"].to_numpy()), "a_"), side(b.rows(found["row_b"].to_numpy()), "b_")]
    cut = with_cuts(found, a.outlines, b.outlines).drop(columns=["row_a", "row_b", "area_a", "area_b"])
    return pd.concat([cut, *sides], axis=1).assign(b_layer=layer)


def _pairs(pairs: pd.DataFrame, ground: Ready, rule: Rule, plan: Plan) -> pd.DataFrame:
    """The table of pairs that a rule judges: what is left of every cut, and its measures."""
    for any_of in rule.within:
        pairs = _within(pairs, ground, any_of)
    before = pairs
    if rule.minus:
        pairs = _minus(pairs, ground.frame(rule.minus), plan)
    if rule.union:
        pairs = _joined(pairs, before, str(rule.against))
    pairs["shared_m2"] = pairs["shared_m2"].round(AREA_DECIMALS)
    pairs["share_a"] = (pairs["shared_m2"] / pairs["a_area_m2"]).round(SHARE_DECIMALS)
    pairs["share_b"] = (pairs["shared_m2"] / pairs["b_area_m2"]).round(SHARE_DECIMALS)
    return pairs


def _comparable(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows that have a shape to compare."""
    shapes = frame["judged"].to_numpy(dtype=object)
    return frame[~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)]


def _within(pairs: pd.DataFrame, ground: Ready, any_of: tuple[Laid, ...]) -> pd.DataFrame:
    """Keep of every cut what lies under some rows of one of these layers; pairs without any are no pairs any more."""
    cuts = on_the_ground(pairs)
    met = [
        laid_over(cuts, pairs, _comparable(frame if one.only is None else frame[one.only(frame)]), one)
        for one in any_of
        if (frame := ground.frame(one.layer)) is not None
    ]
    left = polygonal(under(cuts, *map(np.concatenate, zip(*met, strict=True))))
    changed = pairs.assign(cut=left, x0=0.0, y0=0.0, shared_m2=shapely.area(left))
    return changed[changed["shared_m2"] > 0].reset_index(drop=True)


def _minus(pairs: pd.DataFrame, approvals: pd.DataFrame | None, plan: Plan) -> pd.DataFrame:
    """Take approved ground away from every cut; pairs that are wholly approved are no pairs any more."""
    days = pairs["b_surveyed_on"] if "b_surveyed_on" in pairs else pd.Series(pd.NaT, index=pairs.index)
    known = None if approvals is None else _comparable(approvals)
    whole = on_the_ground(pairs)
    left = polygonal(without_approved(whole, days.astype("datetime64[s]"), known, plan.day))
    area = shapely.area(left)
    changed = pairs.assign(cut=left, x0=0.0, y0=0.0, approved_m2=(pairs["shared_m2"] - area).round(AREA_DECIMALS))
    changed["shared_m2"] = area
    return changed[changed["shared_m2"] > 0].reset_index(drop=True)


def _joined(pairs: pd.DataFrame, before: pd.DataFrame, layer: str) -> pd.DataFrame:
    """Join the patches under each subject into one cut; the patches become evidence.

    `before` holds the same pairs as they were before approvals were taken away.
    """
    if pairs.empty:
        return pairs.assign(patches=pd.Series(dtype=object))
    whole = before.groupby("a_ref")
    rows = []
    for ref, group in pairs.groupby("a_ref", sort=True):
        cut = shapely.union_all(on_the_ground(group))
        patches = [
            {"ref": ref, "class": code, "m2": round(m2, 2)}
            for ref, code, m2 in zip(
                group["b_ref"], group.get("b_class_code", [None] * len(group)), group["shared_m2"], strict=True
            )
        ]
        first: dict[str, Any] = {name: value for name, value in group.iloc[0].items() if str(name).startswith("a_")}
        first |= {"cut": cut, "x0": 0.0, "y0": 0.0, "shared_m2": shapely.area(cut), "b_ref": layer, "b_layer": layer}
        first |= {"b_row": None, "b_code": None, "b_area_m2": float("nan"), "patches": patches}
        if "approved_m2" in group:
            all_of_it = shapely.union_all(on_the_ground(whole.get_group(ref)))
            first["approved_m2"] = round(shapely.area(all_of_it) - shapely.area(cut), AREA_DECIMALS)
        rows.append(first)
    return pd.DataFrame(rows)


def _judge_rows(ground: Ready, rule: Rule, plan: Plan) -> Part:
    """Ask a rule about the rows, or the groups, of each of its subjects; it has not run where none could be asked."""
    fired, reasons = [], {}
    for name in plan.subjects[rule.id]:
        try:
            fired.append(_judge_subject(ground, rule, name, plan))
        except NotRun as hindered:
            reasons[name] = hindered.reason
    if reasons and not fired:
        return Part(pd.DataFrame(), not_run={rule.id: next(iter(reasons.values()))})
    return Part(_stack(fired), not_asked={rule.id: tuple(reasons)} if reasons else {})


def _judge_subject(ground: Ready, rule: Rule, subject: str, plan: Plan) -> pd.DataFrame:
    """Ask a rule about the rows, or the groups, of one layer or table."""
    frame = ground.frame(subject)
    assert frame is not None
    told = _further(ground, rule, plan) | ({"layer": subject} if rule.layered else {})
    answer = answered(rule, rule.judge(frame, plan.thresholds[rule.id], **told), frame.index)
    verdict = of_its_day(rule, answer, frame, plan.day)
    if verdict.empty:
        return pd.DataFrame()
    if rule.by:
        rows = _groups(ground, rule.by, verdict.index)
    else:
        rows = side(frame.loc[verdict.index], "a_").set_index(verdict.index)
        rows = rows[(frame["mine"] & frame["here"]).loc[verdict.index].to_numpy(dtype=bool)]
    rows["b_ref"] = rows["b_layer"] = rows["b_row"] = rows["b_code"] = None
    verdict = verdict.loc[rows.index]
    rows["cut"] = verdict["cut"] if "cut" in verdict.columns else shapes_of(ground, rows["a_ref"])
    if "place" not in verdict.columns:
        verdict = verdict.assign(place=spots_of(ground, rows["a_ref"]))
    return suspicions(rule, rows, verdict)


def _further(ground: Ready, rule: Rule, plan: Plan) -> dict[str, Any]:
    """What a rule asks for besides what it judges: further tables, and the day."""
    told: dict[str, Any] = {name: ground.frame(name) for name in (*rule.needs, *rule.may_use)}
    return told | ({"day": plan.day} if rule.dated else {})


def _groups(ground: Ready, by: str, codes: pd.Index) -> pd.DataFrame:
    """Name the groups that a rule answers with; those of neighbours are not reported."""
    refs = pd.Series([str(code) if ":" in str(code) else f"{by}:{code}" for code in codes], index=codes, dtype=object)
    layer = refs.str.split(":", n=1).str[0]
    rows = pd.DataFrame({"a_ref": refs, "a_row": None, "a_code": refs.str.split(":", n=1).str[1]}, index=codes)
    named = pd.Series([":" in str(code) for code in codes], index=codes)
    reported = pd.Series(True, index=codes)
    for name in set(layer):
        frame = ground.frame(name)
        if frame is None:
            continue
        mine = frame.loc[frame["mine"].astype(bool), "ref"]
        # somebody whom a rule names, and whom no table knows, is nobody's neighbour
        stranger = named & ~refs.isin(frame["ref"])
        reported &= layer.ne(name) | refs.isin(mine) | stranger
    return rows[reported.to_numpy(dtype=bool)]


def _stack(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """One table of all that have rows."""
    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()
