"""Which rules run on what was given, with which thresholds, on which day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from geo import rules
from geo.layer import Ground, Layer
from geo.rules import Rule, Thresholds


@dataclass(frozen=True)
class Plan:
    """The rules that run and the day they judge; rules travel by name, since their functions do not pickle."""

    thresholds: Mapping[str, Thresholds]
    day: date

    def rules(self) -> list[Rule]:
        """The rules that run, in the order of their identifiers."""
        return [rules.book()[rule_id] for rule_id in self.thresholds]


def plan_for(
    ground: Ground,
    day: date,
    only: Sequence[str] | None,
    overrides: Mapping[str, Mapping[str, float]],
) -> tuple[Plan, dict[str, dict[str, Any]]]:
    """Choose the rules that can run, and say for each other one why it does not."""
    book = rules.book()
    for asked in [*(only or ()), *overrides]:
        if asked not in book:
            raise rules.UnknownThreshold(f"{asked} is not in the rule book")
    chosen: dict[str, Thresholds] = {}
    status: dict[str, dict[str, Any]] = {}
    for rule in book.values():
        if only and rule.id not in only:
            continue
        thresholds = rule.settings(overrides.get(rule.id))
        reason = _hindrance(rule, ground, day)
        status[rule.id] = {
            "status": "skipped" if reason else "run",
            "reason": reason,
            "findings": 0,
            "thresholds": dict(vars(thresholds)),
        }
        if reason is None:
            chosen[rule.id] = thresholds
    return Plan(chosen, day), status


def _hindrance(rule: Rule, ground: Ground, day: date) -> dict[str, str] | None:
    """Say in both languages why a rule cannot run here, or None if it can."""
    if not rule.in_force(day):
        return {"zh": f"{day} 时本规则未施行", "en": f"the rule is not in force on {day}"}
    for name in (rule.subject, *((rule.against,) if rule.against else ()), *rule.needs):
        if name not in ground:
            return {"zh": f"没有提供 {name}", "en": f"{name} was not given"}
    for column in rule.requires:
        table, _, names = column.partition(".")
        if table in ground and not any(_filled(ground[table], name) for name in names.split("|")):
            zh, en = names.replace("|", " 或 "), names.replace("|", " or ")
            return {"zh": f"{table} 没有 {zh} 一栏，或整栏为空", "en": f"{table} has no {en}, or it is empty"}
    return None


def _filled(frame: pd.DataFrame | Layer, name: str) -> bool:
    """Whether a table has a column with anything in it; a layer of the books with rows has all that its table has."""
    if isinstance(frame, Layer):
        return len(frame) > 0
    return name in frame.columns and not bool(frame[name].isna().all())
