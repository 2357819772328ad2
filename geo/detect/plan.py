"""Which rules run on what was given, with which thresholds, on which day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from geo import rules
from geo.fields import dictionary, layers
from geo.layer import Ground, Layer
from geo.rules import Laid, Rule, Thresholds

#: A reason in both languages.
Reason = dict[str, str]


@dataclass(frozen=True)
class Plan:
    """The rules that run and the day they judge; rules travel by name, since their functions do not pickle."""

    thresholds: Mapping[str, Thresholds]
    day: date
    #: Which of its subjects each rule judges here.
    subjects: Mapping[str, tuple[str, ...]]

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
    judged: dict[str, tuple[str, ...]] = {}
    status: dict[str, dict[str, Any]] = {}
    for rule in book.values():
        if only and rule.id not in only:
            continue
        thresholds = rule.settings(overrides.get(rule.id))
        hindered = {name: _hindrance(rule, name, ground, day) for name in rule.subjects}
        judged[rule.id] = tuple(name for name, reason in hindered.items() if reason is None)
        reason = None if judged[rule.id] else _foremost(hindered, ground)
        status[rule.id] = {
            "status": "skipped" if reason else "run",
            "reason": reason,
            "findings": 0,
            "thresholds": dict(vars(thresholds)),
        } | _scope(rule, judged[rule.id], ground)
        if reason is None:
            chosen[rule.id] = thresholds
    return Plan(chosen, day, judged), status


def _scope(rule: Rule, judged: tuple[str, ...], ground: Ground) -> dict[str, Any]:
    """What a rule that could have looked at more has looked at, and what it never looks at."""
    scope: dict[str, Any] = {"judged": list(judged)} if len(rule.subjects) > 1 else {}
    # where one of several layers is enough, the rule has run, but on less ground than it might have
    others = [one.layer for any_of in _any_of(rule) if len(any_of) > 1 for one in any_of]
    optional = dict.fromkeys((*rule.may_use, *filter(None, (rule.minus,)), *others))
    without = [name for name in optional if name not in ground]
    without += [column for column in rule.better_with if not _given(column, ground)]
    if judged and without:
        scope["without"] = without
    if rule.leaves_out:
        scope["leaves_out"] = dict(zip(("zh", "en"), rule.leaves_out, strict=True))
    return scope


def _any_of(rule: Rule) -> list[tuple[Laid, ...]]:
    """The layers besides the subject that a rule lays over each other; something of each group must be given."""
    return [*([(Laid(rule.against), *rule.also)] if rule.against else []), *rule.within]


def _foremost(hindered: Mapping[str, Reason | None], ground: Ground) -> Reason | None:
    """Why a rule cannot run at all: what hinders it on the first subject that was given, else on the first."""
    return next((hindered[name] for name in hindered if name in ground), next(iter(hindered.values())))


#: What a delivery is made of: the books hold none of it.
_OF_A_DELIVERY = ("file", "column", "package", "table")


def _hindrance(rule: Rule, subject: str, ground: Ground, day: date) -> Reason | None:
    """Say in both languages why a rule cannot run on a subject, or None if it can."""
    if not rule.in_force(day) and not rule.acted:
        return {"zh": f"{day} 时本规则未施行", "en": f"the rule is not in force on {day}"}
    groups = [[one.layer for one in any_of] for any_of in _any_of(rule)]
    if subject in _OF_A_DELIVERY and subject not in ground:
        return {
            "zh": "检查的是交来的文件本身，只在收到成果时运行",
            "en": "it looks at delivered files, and is asked when a delivery comes",
        }
    for names in ([subject], *groups, *([name] for name in rule.needs)):
        if ground.keys().isdisjoint(names):
            zh, en = _named_layers(names)
            return {"zh": f"没有提供{zh}", "en": f"{en} not given"}
    if len(rule.subjects) > 1 and not _has_own(ground[subject]):
        zh, en = _named_layers([subject])
        return {"zh": f"{zh}没有属于本次检查的行", "en": f"{en} without rows of its own here"}
    for column in rule.requires:
        table, _, either = column.partition(".")
        asked = table == subject or table not in rule.subjects
        if asked and not _given(column, ground):
            (zh, en), (column_zh, column_en) = _named_layers([table]), _named_columns(table, either.split("|"))
            return {"zh": f"{zh}没有{column_zh}一栏，或整栏为空", "en": f"{en} without {column_en}, or it is empty"}
    return None


def _named_layers(names: Sequence[str]) -> tuple[str, str]:
    """Layers and tables as the dictionary calls them, with their names at the border, in both languages."""
    known = {layer.layer: layer for layer in reversed(layers())}
    told = [(f"{known[n].zh}（{known[n].table}）", known[n].en) if n in known else (n, n) for n in names]
    return "或".join(zh for zh, _ in told), " or ".join(en for _, en in told)


def _named_columns(table: str, names: Sequence[str]) -> tuple[str, str]:
    """Columns of a table, likewise."""
    known = {field.name: field for field in dictionary() if field.layer == table}
    told = [(f"{known[n].zh}（{known[n].standard}）", known[n].en) if n in known else (n, n) for n in names]
    return "或".join(zh for zh, _ in told), " or ".join(en for _, en in told)


def _has_own(given: pd.DataFrame | Layer) -> bool:
    """Whether a table has rows that findings are wanted for; an empty one is judged, and found clean."""
    if isinstance(given, Layer):
        return len(given) == 0 or bool(given.mine.any())
    return "mine" not in given.columns or given.empty or bool(given["mine"].any())


def _given(column: str, ground: Ground) -> bool:
    """Whether a column (`transfer.kind|method`: one of them) was given; of a table that was not, others speak."""
    table, _, names = column.partition(".")
    return table not in ground or any(_filled(ground[table], name) for name in names.split("|"))


def _filled(frame: pd.DataFrame | Layer, name: str) -> bool:
    """Whether a table has a column with anything in it; a layer of the books with rows has all that its table has."""
    if isinstance(frame, Layer):
        return len(frame) > 0
    return name in frame.columns and not bool(frame[name].isna().all())
