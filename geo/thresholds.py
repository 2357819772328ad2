"""Thresholds that a county sets for itself: a small file, read whole or refused with every defect at once."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from geo.rules import book

#: Of one county or of all: the values of some thresholds, by rule and name.
Overrides = Mapping[str, Mapping[str, float]]
#: What holds for every county that says nothing else.
ALL: Final = "all"
#: A file names some rules of some counties; more is no such file.
_LONGEST: Final = 256 << 10


class ThresholdsRefused(Exception):
    """A file of thresholds cannot be taken; `zh` and `en` list every place that is wrong."""

    code = "thresholds"

    def __init__(self, defects: list[tuple[str, str, str]]) -> None:
        self.defects = defects
        self.zh = "阈值文件不能采用：" + "；".join(f"{place}：{zh}" for place, zh, _ in defects)
        self.en = "These thresholds cannot be used: " + "; ".join(f"{place}: {en}" for place, _, en in defects)
        super().__init__(self.en)


@dataclass(frozen=True)
class CountyThresholds:
    """One version of the thresholds of an office: its name, and what differs from the rule book, by county code."""

    version: str
    counties: Mapping[str, Overrides]

    def of(self, county: str) -> dict[str, dict[str, float]]:
        """What differs from the rule book in a county (six digits, or any code in it), by rule and threshold."""
        merged: dict[str, dict[str, float]] = {}
        for name in (ALL, county[:6]):
            for rule, values in self.counties.get(name, {}).items():
                merged.setdefault(rule, {}).update(values)
        return merged


def opened(path: Path) -> CountyThresholds:
    """Read thresholds from a file; ThresholdsRefused where it is none or cannot be read."""
    try:
        with path.open("rb") as file:
            return decoded(file.read(_LONGEST + 1))
    except OSError:
        raise ThresholdsRefused([(path.name, "读不到", "cannot be read")]) from None


def decoded(content: bytes, covers: Callable[[str], bool] = lambda _: True) -> CountyThresholds:
    """Read thresholds from the bytes of a file; counties that are not covered are defects like others."""
    try:
        return parsed(content.decode("utf-8-sig"), covers)
    except UnicodeDecodeError:
        raise ThresholdsRefused([("file", "不是 UTF-8", "it is not UTF-8")]) from None


def parsed(text: str, covers: Callable[[str], bool] = lambda _: True) -> CountyThresholds:
    """Read thresholds from YAML: `version`, and under `counties` a code (or `all`), a rule, a threshold, a number."""
    if len(text) > _LONGEST:
        raise ThresholdsRefused([("file", "文件过大", "the file is too large")])
    try:
        told = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError):
        raise ThresholdsRefused([("file", "不是 YAML", "it is no YAML")]) from None
    if not isinstance(told, dict) or not isinstance(told.get("counties"), dict):
        raise ThresholdsRefused([("file", "没有 counties", "it has no counties")])
    defects: list[tuple[str, str, str]] = []
    version = told.get("version")
    if not isinstance(version, str) or not 0 < len(version.strip()) <= 80:
        defects.append(
            ("version", "须写明版本名称（文字，至多 80 字）", "name the version: a text of 80 signs at most")
        )
    for name in sorted(set(map(str, told)) - {"version", "counties"}):
        defects.append((name, "不认识", "unknown"))
    counties = {str(code): _county(str(code), rules, defects) for code, rules in told["counties"].items()}
    foreign = [(code, "不在您的辖区内", "outside your area") for code in counties if not covers(code)]
    if defects or foreign:
        raise ThresholdsRefused(defects + foreign)
    return CountyThresholds(str(version).strip(), counties)


def written(kept: CountyThresholds) -> str:
    """The thresholds as such a file."""
    head = "# 定心阈值 / thresholds of Dingxin: ./dingxin thresholds set THIS\n"
    told = {
        "version": kept.version,
        "counties": {c: {r: dict(v) for r, v in o.items()} for c, o in kept.counties.items()},
    }
    return head + yaml.safe_dump(told, allow_unicode=True, sort_keys=True)


def _county(code: str, rules: Any, defects: list[tuple[str, str, str]]) -> dict[str, dict[str, float]]:
    """What one county says; every defect is added to the list with its place."""
    if code != ALL and not (len(code) == 6 and code.isascii() and code.isdigit()):
        defects.append((code, "须为六位县级代码或 all", "must be a county code of six digits, or all"))
    if not isinstance(rules, dict):
        defects.append((code, "须列出规则", "must list rules"))
        return {}
    return {str(rule): _rule(f"{code}.{rule}", str(rule), values, defects) for rule, values in rules.items()}


def _rule(place: str, rule: str, values: Any, defects: list[tuple[str, str, str]]) -> dict[str, float]:
    """What is said of one rule."""
    known = book().get(rule)
    if known is None:
        defects.append((place, "没有这条规则", "no such rule"))
        return {}
    if not isinstance(values, dict):
        defects.append((place, "须列出阈值", "must list thresholds"))
        return {}
    taken: dict[str, float] = {}
    for name, value in values.items():
        at = f"{place}.{name}"
        if name not in known.thresholds:
            there = "、".join(known.thresholds) or "—"
            defects.append(
                (at, f"这条规则没有这个阈值（有 {there}）", f"the rule has no such threshold (it has {there})")
            )
        elif isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
            defects.append((at, "须为不小于零的数", "must be a number of zero or more"))
        else:
            taken[str(name)] = float(value)
    return taken
