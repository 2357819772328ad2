"""Rules asked about tables: pairs within a tile, rows and groups over the whole ground."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geo import finding
from geo.detect.lawful import without_approved
from geo.detect.plan import Plan
from geo.detect.tiles import Tile
from geo.pairs import on_the_ground, shared_ground
from geo.rules import Rule
from geo.shapes import AREA_DECIMALS, SHARE_DECIMALS, firm_area, polygonal

#: Columns that say how a row is kept, not what it says; they do not follow a side into a table of pairs.
_BOOKKEEPING = ("geometry", "judged", "here")
_FIRED = ["a_ref", "a_row", "a_code", "b_ref", "b_layer", "b_row", "b_code"]
_FIRED += ["shared_m2", "firm_m2", "share_a", "share_b", "same_as"]


@dataclass(frozen=True)
class Part:
    """What one tile gives back: one row for each suspicion, and what fell below the gates."""

    fired: pd.DataFrame
    below_pairs: int = 0
    below_m2: float = 0.0


def judge_tile(tile: Tile, plan: Plan) -> Part:
    """Judge all pairs whose first side lies in the tile."""
    rules = sorted((r for r in plan.rules() if r.subject == tile.subject and r.against), key=_question)
    parts = [_judge_pairs(tile, list(same), plan) for _, same in groupby(rules, key=_question)]
    return Part(
        fired=_stack([part.fired for part in parts]),
        below_pairs=sum(part.below_pairs for part in parts),
        below_m2=sum(part.below_m2 for part in parts),
    )


def judge_whole(ground: dict[str, pd.DataFrame], plan: Plan) -> Part:
    """Judge rows and groups, which need no neighbours but may need other tables."""
    return Part(_stack([_judge_rows(ground, rule, plan) for rule in plan.rules() if not rule.against]))


def _question(rule: Rule) -> tuple[str, str, bool, str]:
    """Rules with the same question share one table of pairs."""
    return (rule.against or "", rule.only.__name__ if rule.only else "", rule.union, rule.minus or "")


def _judge_pairs(tile: Tile, rules: list[Rule], plan: Plan) -> Part:
    """Make the table of pairs of one question and ask all its rules."""
    pairs = _pairs(tile, rules[0], plan)
    taken = np.zeros(len(pairs), dtype=bool)
    same_as = pd.Series([None] * len(pairs), index=pairs.index, dtype=object)
    fired = []
    for rule in sorted(rules, key=lambda rule: (rule.echo, rule.id)):
        thresholds = plan.thresholds[rule.id]
        least = getattr(thresholds, "min_area_m2", 0.0)
        large = (pairs["shared_m2"] >= least).to_numpy()
        firm = np.zeros(len(pairs))
        firm[large] = firm_area(pairs["cut"].to_numpy(dtype=object)[large], getattr(thresholds, "min_width_m", 0.0))
        verdict = _verdict(rule, rule.judge(pairs.assign(firm_m2=firm), thresholds), pairs.index)
        rows = pairs.assign(firm_m2=firm, same_as=same_as if rule.echo else None).loc[verdict.index]
        keys = [finding.key(rule.id, *refs) for refs in zip(rows["a_ref"], rows["b_ref"], strict=True)]
        if not rule.echo:
            same_as.loc[verdict.index] = keys
        taken |= pairs.index.isin(verdict.index)
        fired.append(_fired(rule, rows, verdict))
    below = pairs[~taken]
    return Part(_stack(fired), len(below), float(below["shared_m2"].sum()))


def _pairs(tile: Tile, rule: Rule, plan: Plan) -> pd.DataFrame:
    """The table of pairs that a rule judges: measures, cut, and both sides' columns."""
    assert rule.against
    left = _comparable(tile.frames[tile.subject])
    right = None if rule.against == tile.subject else _comparable(tile.frames[rule.against])
    if right is not None and rule.only:
        right = right[rule.only(right)]
    found = _shared(left, right)
    right = left if right is None else right
    a, b = left.iloc[found["row_a"]], right.iloc[found["row_b"]]
    pairs = pd.concat(
        [
            found.drop(columns=["row_a", "row_b", "area_a", "area_b"]),
            _side(a, "a_"),
            _side(b, "b_"),
        ],
        axis=1,
    )
    owner = a["here"].to_numpy(dtype=bool) & (a["mine"].to_numpy(dtype=bool) | b["mine"].to_numpy(dtype=bool))
    pairs = pairs[owner].reset_index(drop=True)
    pairs["b_layer"] = rule.against
    if rule.minus:
        pairs = _minus(pairs, tile.frames.get(rule.minus), plan)
    if rule.union:
        pairs = _joined(pairs, rule.against)
    pairs["shared_m2"] = pairs["shared_m2"].round(AREA_DECIMALS)
    pairs["share_a"] = (pairs["shared_m2"] / pairs["a_area_m2"]).round(SHARE_DECIMALS)
    pairs["share_b"] = (pairs["shared_m2"] / pairs["b_area_m2"]).round(SHARE_DECIMALS)
    return pairs


def _shared(left: pd.DataFrame, right: pd.DataFrame | None) -> pd.DataFrame:
    """Ask the waist."""
    a, refs_a = left["judged"].to_numpy(dtype=object), left["ref"].to_numpy(dtype=object)
    if right is None:
        return shared_ground(a, refs_a)
    return shared_ground(a, refs_a, right["judged"].to_numpy(dtype=object), right["ref"].to_numpy(dtype=object))


def _comparable(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows that have a shape to compare."""
    shapes = frame["judged"].to_numpy(dtype=object)
    return frame[~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)]


def _side(frame: pd.DataFrame, prefix: str) -> pd.DataFrame:
    """One side's columns, named for a table of pairs."""
    return frame.drop(columns=list(_BOOKKEEPING), errors="ignore").add_prefix(prefix).reset_index(drop=True)


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


def _joined(pairs: pd.DataFrame, layer: str) -> pd.DataFrame:
    """Join the patches under each subject into one cut; the patches become evidence."""
    if pairs.empty:
        return pairs.assign(patches=pd.Series(dtype=object))
    rows = []
    for _, group in pairs.groupby("a_ref", sort=True):
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
        rows.append(first)
    return pd.DataFrame(rows)


def _judge_rows(ground: dict[str, pd.DataFrame], rule: Rule, plan: Plan) -> pd.DataFrame:
    """Ask a rule about the rows, or the groups, of its subject."""
    frame = ground[rule.subject]
    tables = {name: ground[name] for name in rule.needs} | {name: ground.get(name) for name in rule.may_use}
    clock = {"day": plan.day} if rule.dated else {}
    verdict = _verdict(rule, rule.judge(frame, plan.thresholds[rule.id], **tables, **clock), frame.index)
    if rule.by:
        rows = _groups(ground, rule.by, verdict.index)
    else:
        rows = _side(frame.loc[verdict.index], "a_").set_index(verdict.index)
        rows = rows[rows["a_mine"].astype(bool)]
    rows["b_ref"] = rows["b_layer"] = rows["b_row"] = rows["b_code"] = None
    verdict = verdict.loc[rows.index]
    rows["cut"] = _places(ground, rows["a_ref"])
    return _fired(rule, rows, verdict)


def _groups(ground: dict[str, pd.DataFrame], by: str, codes: pd.Index) -> pd.DataFrame:
    """Name the groups that a rule answers with; those of neighbours are not reported."""
    refs = pd.Series([str(code) if ":" in str(code) else f"{by}:{code}" for code in codes], index=codes, dtype=object)
    layer = refs.str.split(":", n=1).str[0]
    rows = pd.DataFrame({"a_ref": refs, "a_row": None, "a_code": refs.str.split(":", n=1).str[1]}, index=codes)
    reported = pd.Series(True, index=codes)
    for name in set(layer) & ground.keys():
        mine = ground[name].loc[ground[name]["mine"].astype(bool), "ref"]
        reported &= layer.ne(name) | refs.isin(mine)
    return rows[reported.to_numpy(dtype=bool)]


def _places(ground: dict[str, pd.DataFrame], refs: pd.Series) -> list[Any]:
    """Where a row or group lies: its own shape, or the parcels that it speaks of."""
    shape_of = _parcels_of_transfers(ground, refs)
    for frame in ground.values():
        if "judged" in frame.columns:
            asked = frame[frame["ref"].isin(refs)]
            shape_of |= dict(zip(asked["ref"], asked["geometry"], strict=True))
    return [shape_of.get(ref) for ref in refs]


def _parcels_of_transfers(ground: dict[str, pd.DataFrame], refs: pd.Series) -> dict[str, Any]:
    """The parcels of each transfer among the references, as one shape."""
    found: dict[str, list[Any]] = {}
    for table in ("transfer_parcel", "parcel_right"):
        if table not in ground or "parcel" not in ground or "transfer_code" not in ground[table].columns:
            continue
        links = ground[table].assign(transfer="transfer:" + ground[table]["transfer_code"].astype("string"))
        links = links[links["transfer"].isin(refs)].assign(ref="parcel:" + links["parcel_code"].astype("string"))
        links = links.merge(ground["parcel"][["ref", "geometry"]], on="ref", suffixes=("_link", ""))
        for transfer, shapes in links.groupby("transfer")["geometry"]:
            found.setdefault(str(transfer), list(shapes))
    return {
        transfer: shapely.MultiPolygon([part for shape in shapes for part in shapely.get_parts(shape)])
        for transfer, shapes in found.items()
    }


def _verdict(rule: Rule, answer: Any, index: pd.Index) -> pd.DataFrame:
    """Bring a rule's answer into one form: a row for each suspicion with `severity` and evidence columns."""
    if isinstance(answer, pd.DataFrame):
        return answer if "severity" in answer.columns else answer.assign(severity=rule.severity)
    series = pd.Series(answer, index=index)
    if series.dtype == bool or pd.api.types.is_bool_dtype(series):
        return pd.DataFrame({"severity": rule.severity}, index=series.index[series.to_numpy(dtype=bool)])
    return pd.DataFrame({"severity": series[series.fillna("") != ""]})


def _fired(rule: Rule, rows: pd.DataFrame, verdict: pd.DataFrame) -> pd.DataFrame:
    """One row for each suspicion, with its evidence as a dict."""
    table = rows.reindex(columns=_FIRED).assign(rule=rule.id, severity=verdict["severity"])
    table["cut"] = on_the_ground(rows) if "x0" in rows.columns and len(rows) else rows["cut"]
    table["place"] = verdict["place"] if "place" in verdict.columns else None
    words = verdict.drop(columns=["severity", "place"], errors="ignore").to_dict("records")
    table["evidence"] = [_evidence(row) | said for row, said in zip(rows.to_dict("records"), words, strict=True)]
    return table


def _evidence(row: dict[Any, Any]) -> dict[str, Any]:
    """What a person needs to follow the judgement: areas, patches, approved ground, repaired copies."""
    # a union of patches has no area of its own, and NaN is no JSON
    areas = {name: row[name] for name in ("a_area_m2", "b_area_m2", "approved_m2") if pd.notna(row.get(name))}
    kept: dict[str, Any] = areas | ({"patches": row["patches"]} if "patches" in row else {})
    for side in ("a", "b"):
        if row.get(f"{side}_on_repaired_copy") is True:
            kept[f"{side}_on_repaired_copy"] = True
    return kept


def _stack(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """One table of all that have rows."""
    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()
