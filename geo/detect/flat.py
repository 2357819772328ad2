"""Rules asked about outlines: shapes by themselves, and neighbours. Only rows that fire are read."""

import numpy as np
import pandas as pd

from geo.detect.answer import answered, side, suspicions
from geo.detect.ready import Ready
from geo.layer import Layer
from geo.rules import Rule, Thresholds


def judge_flat(ground: Ready, rule: Rule, thresholds: Thresholds) -> pd.DataFrame:
    """Ask a rule about the outlines of its subject, as drawn or as judged."""
    layer = ground.layers[rule.subject]
    outlines = ground.drawn[rule.subject] if rule.flat == "drawn" else layer.outlines
    said = answered(rule, rule.judge(outlines, thresholds), pd.RangeIndex(len(layer)))
    if rule.against:
        return _neighbours(layer, rule, said)
    at = said.index.to_numpy(dtype=np.intp)
    said = said[layer.mine[at] & layer.here[at]]
    rows = layer.rows(said.index.to_numpy(dtype=np.intp))
    return _told(rule, side(rows, "a_").assign(b_ref=None), rows, said)


def _neighbours(layer: Layer, rule: Rule, said: pd.DataFrame) -> pd.DataFrame:
    """Name both sides, the lower reference first; a side may be missing (-1) where a shape is its own neighbour."""
    one, other = said["row_a"].to_numpy(dtype=np.intp), said["row_b"].to_numpy(dtype=np.intp)
    alone = other < 0
    swap = ~alone & (layer.order[one] > layer.order[other])
    first, second = np.where(swap, other, one), np.where(alone | swap, one, other)
    wanted = layer.here[first] & (layer.mine[first] | layer.mine[second])
    first, second, alone = first[wanted], second[wanted], alone[wanted]
    rows = layer.rows(first)
    sides = pd.concat([side(rows, "a_"), side(layer.rows(second), "b_")], axis=1).assign(b_layer=rule.against)
    sides.loc[alone, ["b_ref", "b_layer", "b_row", "b_code"]] = None
    return _told(rule, sides, rows, said[wanted].drop(columns=["row_a", "row_b"]))


def _told(rule: Rule, sides: pd.DataFrame, rows: pd.DataFrame, said: pd.DataFrame) -> pd.DataFrame:
    """What fired, shown on the ground that the rule names, else on the shape of the subject."""
    said = said.reset_index(drop=True)
    shown = said["cut"] if "cut" in said.columns else rows["geometry"]
    return suspicions(rule, sides.assign(cut=shown.to_numpy(dtype=object)), said)
