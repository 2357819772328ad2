"""From what fired to findings that a person can read: name, place, width, sentence in two languages, article."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import finding, law
from geo.codes import label
from geo.detect.plan import Plan
from geo.fields import Field, dictionary, layers
from geo.model import KIND_MARK, Shapes
from geo.rules import book
from geo.shapes import inscribed_width, inside
from geo.units import mu

_NOUNS = {
    "parcel": ("地块", "parcel"),
    "reserved": ("留用地", "reserved land"),
    "building": ("建筑物", "building"),
    "landcover": ("地类图斑", "land-cover patch"),
    "transfer": ("流转合同", "transfer"),
    "contract": ("承包合同", "contract"),
    "contractor": ("承包方", "contractor"),
    "issuer": ("发包方", "issuer"),
    "parcel_right": ("承包地块信息", "parcel right"),
    "member": ("家庭成员", "household member"),
    "register_entry": ("登记簿", "register entry"),
    "certificate": ("承包经营权证", "certificate"),
    "file": ("文件", "file"),
    "column": ("字段", "field"),
    "package": ("汇交包", "package"),
    "table": ("表", "table"),
    "unit_code": ("地块的不动产单元代码", "unit code of parcel"),
    "expropriation": ("征地台账", "expropriation"),
    "row": ("第", "row"),
}
#: Evidence that is the code of a place: a sentence says its name.
_PLACED = ("home_issuer", "transferee_issuer", "owner_issuer", "other_issuer", "region", "into_codes")


def findings_of(parts: list[pd.DataFrame], plan: Plan, names: Mapping[str, str], crs: Any) -> gpd.GeoDataFrame:
    """Make the table of findings (columns of `geo.finding`), in the order of rule and references."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return gpd.GeoDataFrame(columns=list(finding.COLUMNS), geometry="geometry", crs=crs)
    fired = pd.concat(filled, ignore_index=True).sort_values(["rule", "a_ref", "b_ref"], ignore_index=True)
    cuts = fired["cut"].to_numpy(dtype=object)
    table = fired.rename(columns={"a_ref": "subject", "b_ref": "against", "cut": "geometry"})
    table = table.astype({"against": object, "b_code": object, "same_as": object})
    table = table.where(table.notna(), None)
    refs = zip(table["rule"], table["subject"], table["against"], strict=True)
    table["key"] = [finding.key(*ref) for ref in refs]
    table["same_as"] = _same_as(table)
    table["category"] = [book()[rule].category for rule in table["rule"]]
    table["point"] = _points(cuts, table["place"].to_numpy(dtype=object))
    table["width_m"] = _widths(table, cuts)
    table["thresholds"] = [dict(vars(plan.thresholds[rule])) for rule in table["rule"]]
    table["article"] = [
        [
            law.of_act(family, _acted_on(evidence), plan.day).key
            for family in (*book()[rule].basis, *evidence.get("cites", ()))
        ]
        for rule, evidence in zip(table["rule"], table["evidence"], strict=True)
    ]
    words = [_sentences(row, names) for row in table.to_dict("records")]
    table["sentence_zh"], table["sentence_en"] = [zh for zh, _ in words], [en for _, en in words]
    return gpd.GeoDataFrame(table[list(finding.COLUMNS)], geometry="geometry", crs=crs)


def _same_as(table: pd.DataFrame) -> pd.Series:
    """The finding that tells the same of one subject, for rules that echo another; what is known already stays."""
    key_of = dict(zip(zip(table["rule"], table["subject"], strict=True), table["key"], strict=True))
    told = zip(table["rule"], table["subject"], table["same_as"], strict=True)
    same = [known or key_of.get((str(book()[rule].echoes), subject)) for rule, subject, known in told]
    return pd.Series(same, index=table.index, dtype=object)


def _acted_on(evidence: Mapping[str, Any]) -> date | None:
    """The day of an act, where it is known."""
    day = evidence.get("acted_on")
    return date.fromisoformat(day) if day else None


def _points(cuts: Shapes, places: Shapes) -> list[Any]:
    """The place that a rule names, else a point inside the cut."""
    points = places.copy()
    known = shapely.is_missing(places) & ~shapely.is_missing(cuts)
    # a shape that crosses itself has no inside to speak of: its centre will do to find it on a map
    valid = known & shapely.is_valid(cuts)
    points[valid] = inside(cuts[valid])
    points[known & ~valid] = shapely.centroid(shapely.envelope(cuts[known & ~valid]))
    return list(points)


def _widths(table: pd.DataFrame, cuts: Shapes) -> Any:
    """Width of each cut that two sides share; rows and groups have none."""
    widths = np.full(len(cuts), np.nan)
    shared = table["shared_m2"].notna().to_numpy()
    widths[shared] = inscribed_width(cuts[shared])
    return widths


def _sentences(row: dict[Any, Any], names: Mapping[str, str]) -> tuple[str, str]:
    """Fill the rule's sentence in Chinese and English."""
    rule = book()[row["rule"]]
    facts: dict[str, Any] = {**row, **row["evidence"]}
    if row["shared_m2"] is not None:
        facts["shared_mu"] = mu(row["shared_m2"])
    if "fields" in facts:
        facts |= _named_fields(str(facts.get("table")), facts["fields"])
    facts |= {name: _placed(value, names) for name, value in row["evidence"].items() if name in _PLACED}
    a, b = spoken_parties(row["subject"], row["against"], names)
    zh = rule.zh.format(**facts | {"a": a[0], "b": b[0]})
    for side in filter(None, (a[0], b[0])):  # a code that begins or ends in letters or figures stands apart from words
        before = "(?<=[一-鿿])" if side[0].isascii() else "(?!)"
        after = "(?=[一-鿿])" if side[-1].isascii() else "(?!)"
        zh = re.sub(f"{before}(?={re.escape(side)})|(?<={re.escape(side)}){after}", " ", zh)
    return zh, rule.en.format(**facts | {"a": a[1], "b": b[1]})


def _placed(codes: str, names: Mapping[str, str]) -> str:
    """Codes of places by their names, as far as these are known."""
    return re.sub(r"\d{12,14}", lambda code: names.get(code[0], code[0]), str(codes))


def spoken_parties(a: str, b: str | None, names: Mapping[str, str]) -> tuple[tuple[str, str], tuple[str, str]]:
    """Say both sides of a finding; two of a kind in one place name the place once, as people do."""
    if b is None:
        return spoken(a, names), ("", "")
    (layer, _, one), (other_layer, _, other) = a.partition(":"), b.partition(":")
    (zh_a, en_a), (zh_b, en_b) = spoken(a, names), spoken(b, names)
    if layer == other_layer and _numbered(a) and _numbered(b) and one[:14] == other[:14]:
        zh, en = _NOUNS[layer]
        zh_a, en_a, zh_b = zh_a.removesuffix(zh), f"{en} {one[14:]}", f"{other[14:]} 号{zh}"
    return (zh_a, en_a), (zh_b, en_b)


def spoken(ref: str, names: Mapping[str, str]) -> tuple[str, str]:
    """Say a reference as people say it, in Chinese and English: place name (or grouped code) and serial number."""
    layer, _, code = ref.partition(":")
    zh, en = _NOUNS.get(layer) or _label(layer)
    if layer == "row":
        return f"第 {code} 行", f"row {code}"
    if code.startswith("row:"):
        return f"{zh}第 {code[4:]} 行", f"row {code[4:]} of {en}"
    if not code:
        return zh, en
    if layer == "approval" and KIND_MARK in code:
        return _approved(code)
    if not _numbered(ref):
        return f"{zh} {code}", f"{en} {code}"
    place = names.get(code[:14]) or names.get(code[:12]) or "-".join((code[:6], code[6:9], code[9:12], code[12:14]))
    return f"{place} {code[14:]} 号{zh}", f"{en} {code[14:]} of {place}"


def _approved(code: str) -> tuple[str, str]:
    """Say what an approval is of, and its number."""
    number, _, rest = code.partition(KIND_MARK)
    kind, *rank = rest.split("#")
    zh, en = (label("PZLX", kind, lang) for lang in ("zh", "en"))
    told = "#".join((number, *rank))
    return f"{zh}批准 {told}", f"approval of {en} {told}"


@cache
def _label(layer: str) -> tuple[str, str]:
    """How the dictionary calls a layer."""
    return next(((known.zh, known.en.lower()) for known in layers() if known.layer == layer), (layer, layer))


def _named_fields(table: str, named: list[str]) -> dict[str, str]:
    """The fields that a finding speaks of, as both languages and the standard call them."""
    known = _fields_of(table)
    told = [(known[name].zh, known[name].en) if name in known else (name, name) for name in named]
    return {
        "fields_zh": "、".join(f"{zh}（{name}）" for (zh, _), name in zip(told, named, strict=True)),
        "fields_en": ", ".join(f"{en} ({name})" for (_, en), name in zip(told, named, strict=True)),
    }


@cache
def _fields_of(table: str) -> dict[str, Field]:
    """The fields of a table by the standard's names."""
    return {field.standard: field for field in dictionary() if field.table == table}


def _numbered(ref: str) -> bool:
    """Whether a reference is a serial number of an issuer: 14 digits and what follows."""
    layer, _, code = ref.partition(":")
    return layer in _NOUNS and len(code) > 14 and code[:14].isdigit()
