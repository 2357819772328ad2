"""Detections of parts of a ground, joined into the one that a single run over all of it gives."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from geo.detect import Detection

_ORDER = ["rule", "subject", "against"]


def joined(parts: Sequence[Detection]) -> Detection:
    """Join what was found apart: each finding once, in the order of rule and references, whichever part came first.

    The parts divide the ground or the rules among them (`here`, `only`). A rule has run where any part ran it; only
    where all skipped it is there a reason. Raises ValueError for no parts, and where two parts claim one finding.
    """
    if not parts:
        raise ValueError("nothing was detected that could be joined")
    filled = [part.findings for part in parts if len(part.findings)] or [parts[0].findings]
    # an order of its own before it is rounded: a sum of floats must not depend on who was done first
    below = sorted(parts, key=lambda part: (part.below_tolerance["pairs"], part.below_tolerance["m2"]))
    findings = pd.concat(filled, ignore_index=True).sort_values(_ORDER, ignore_index=True)
    if findings["key"].duplicated().any():
        raise ValueError("two parts of one run claim the same finding")
    return Detection(
        findings=findings,
        below_tolerance={
            "pairs": sum(part.below_tolerance["pairs"] for part in below),
            "m2": round(sum(part.below_tolerance["m2"] for part in below), 6),
        },
        rules=_rules(parts, findings["rule"].value_counts().to_dict()),
        not_compared=sorted({ref for part in parts for ref in part.not_compared}),
        invalid=sum(part.invalid for part in parts),
    )


def _rules(parts: Sequence[Detection], counts: dict[str, int]) -> dict[str, dict[str, Any]]:
    """What became of every rule, in the order of their identifiers; it did without what no part had."""
    told: dict[str, dict[str, Any]] = {}
    for part in parts:
        for rule_id, entry in part.rules.items():
            known = told.get(rule_id)
            if known is None or (known["status"] != "run" and entry["status"] == "run"):
                told[rule_id] = entry
            elif known["status"] == entry["status"] == "run":
                told[rule_id] = _without(known, entry)
    return {rule_id: told[rule_id] | {"findings": counts.get(rule_id, 0)} for rule_id in sorted(told)}


def _without(known: dict[str, Any], entry: dict[str, Any]) -> dict[str, Any]:
    """What is told of a rule that ran on two parts: it lacked only what both of them lacked."""
    both = [name for name in known.get("without", ()) if name in entry.get("without", ())]
    kept = {name: value for name, value in known.items() if name != "without"}
    return kept | ({"without": both} if both else {})
