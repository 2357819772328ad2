"""The seven summary tables of a delivery: a line for each village, one for each town, and one that sums them all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from geo.codes import code_list
from geo.delivery.sheets import Sheet
from geo.units import MU_PER_M2

#: What is counted, in Chinese and English; 亩 follow from m², exactly, and only their display is rounded.
MEASURES = {
    "count": ("地块数", "parcels"),
    "m2": ("面积（平方米）", "m²"),
    "mu": ("面积（亩）", "mu"),
    "rights": ("承包地块信息条数", "rights"),
    "entries": ("登记簿数", "register entries"),
    "certificates": ("权证数", "certificates"),
    "collected": ("已领取", "collected"),
    "contractors": ("承包方数", "contractors"),
    "members": ("家庭成员数", "members"),
}
CONTRACTED = "10"
#: How values are told that no list holds.
_UNTOLD = ("未填或其他值", "not told, or no such value")
Labels = Mapping[str, tuple[str, str]]
_HOUSEHOLD = "110"
_WAYS: Labels = {_HOUSEHOLD: ("家庭承包", "household contract"), "other": ("其他方式承包", "contracted otherwise")}


@dataclass(frozen=True)
class Section:
    """Some columns of a table: sums of `measures` over `groups` (by `village` and `by`), for each value and in all."""

    groups: pd.DataFrame
    measures: Sequence[str]
    by: str | None = None
    values: Labels | None = None
    total: tuple[str, str] = ("合计", "all")


def summaries(sums: Mapping[str, pd.DataFrame], names: Mapping[str, str]) -> dict[str, Sheet]:
    """The seven tables by name; `sums` are those of parcels, rights, register and contractors, `names` of places."""
    parcels = sums["parcels"]
    areas = ("count", "m2", "mu")
    here = parcels[parcels["category"] == CONTRACTED]
    other = parcels[parcels["category"] != CONTRACTED]
    not_contracted = {code: names_ for code, names_ in _labels("DKLB").items() if code != CONTRACTED}
    kinds = parcels.assign(kind=parcels["category"].where(parcels["category"] == CONTRACTED, "other"))
    confirmed = Section(sums["rights"], ("rights", "m2", "mu"), total=("确权（合同）", "confirmed"))
    both = {CONTRACTED: ("承包地块", "contracted"), "other": ("非承包地块", "not contracted")}
    tables: dict[str, list[Section]] = {
        "按地块汇总表": [Section(kinds, areas, "kind", both), confirmed],
        "按承包地土地用途汇总表": [Section(here, areas, "purpose", _labels("TDYT"))],
        "按非承包地地块类别汇总表": [Section(other, areas, "category", not_contracted)],
        "按承包地所有权性质汇总表": [Section(here, areas, "ownership", _labels("SYQXZ"))],
        "按承包地是否基本农田汇总表": [Section(here, areas, "is_basic_farmland", _farmland())],
        "按权证信息汇总表": [
            Section(_ways(sums["register"]), ("entries", "certificates", "collected", "m2", "mu"), "way", _WAYS)
        ],
        "按承包方汇总表": [Section(sums["contractors"], ("contractors", "members"), "kind", _labels("CBFLX"))],
    }
    villages = sorted({village for frame in sums.values() for village in frame["village"]})
    return {name: _sheet(name, sections, villages, names) for name, sections in tables.items()}


def _labels(name: str) -> Labels:
    return {code: (known.zh, known.en) for code, known in code_list(name).items()}


def _ways(register: pd.DataFrame) -> pd.DataFrame:
    """Register entries by the two ways that certificates part: of households, and by tender, auction and the like."""
    method = register["method"]
    known = method.where(method.isin(list(code_list("CBFS"))))
    return register.assign(way=known.where(known.isna() | (known == _HOUSEHOLD), "other"))


def _farmland() -> Labels:
    return {"1": ("基本农田", "basic farmland"), "2": ("非基本农田", "other land")}


def _sheet(name: str, sections: Sequence[Section], villages: Sequence[str], names: Mapping[str, str]) -> Sheet:
    columns = ["代码 code", "名称 name"]
    parts = []
    for section in sections:
        head, lines = _columns(section, villages)
        columns += head
        parts.append(lines)
    by_village = {village: [number for part in parts for number in part[village]] for village in villages}
    rows: list[list[object]] = []
    for town in dict.fromkeys(village[:9] for village in villages):
        of_town = [village for village in villages if village.startswith(town)]
        rows.append([town, names.get(town, ""), *_added([by_village[village] for village in of_town])])
        rows += [[village, names.get(village, ""), *by_village[village]] for village in of_town]
    rows.append(["合计 total", "", *_added(list(by_village.values()) or [[0] * (len(columns) - 2)])])
    return Sheet("汇总", columns, rows, name)


def _columns(section: Section, villages: Sequence[str]) -> tuple[list[str], dict[str, list[int | Decimal]]]:
    """The heads of a section, and the numbers of every village under them."""
    groups, values = section.groups, dict(section.values or {})
    slots: list[tuple[tuple[str, str], pd.DataFrame]] = []
    if section.by is not None:
        slots = [(label, groups[groups[section.by] == code]) for code, label in values.items()]
        untold = groups[~groups[section.by].isin(list(values))]
        slots += [(_UNTOLD, untold)] if len(untold) else []
    slots.append((section.total, groups))
    head = [
        f"{zh} {MEASURES[measure][0]} / {en}, {MEASURES[measure][1]}"
        for (zh, en), _ in slots
        for measure in section.measures
    ]
    summed = [_by_village(rows, measure) for _, rows in slots for measure in section.measures]
    kinds = [measure for _ in slots for measure in section.measures]
    lines = {
        village: [of.get(village, _nothing(kind)) for of, kind in zip(summed, kinds, strict=True)]
        for village in villages
    }
    return head, lines


def _by_village(rows: pd.DataFrame, measure: str) -> dict[str, int | Decimal]:
    source = "m2" if measure == "mu" else measure
    found: dict[str, int | Decimal] = {}
    for village, value in zip(rows["village"], rows[source], strict=True):
        found[village] = found.get(village, _nothing(measure)) + (value * MU_PER_M2 if measure == "mu" else value)
    return found


def _nothing(measure: str) -> int | Decimal:
    return Decimal(0) if measure in ("m2", "mu") else 0


def _added(lines: Sequence[Sequence[int | Decimal]]) -> list[int | Decimal]:
    return [sum(numbers[1:], numbers[0]) for numbers in zip(*lines, strict=True)]
