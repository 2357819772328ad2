"""Code lists of the trade, the shapes of codes, and what a code says by its first digits."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from stdnum.cn import ric

from geo.vocabulary import rows


class UnknownCodeList(Exception):
    """A code list that the vocabulary does not hold."""


@dataclass(frozen=True)
class Code:
    """One value of a code list, with its labels; confidence `MEM` marks what awaits the official list."""

    code: str
    zh: str
    en: str
    group: str
    source: str
    confidence: str


#: The shapes of codes (GB/T 35958); plain digits only, since full-width ones look the same and compare unequal.
#: An issuer is county 6 + town 3 + village 3 + group 2.
ISSUER = re.compile(r"^[0-9]{14}$")
CONTRACTOR = re.compile(r"^[0-9]{18}$")
PARCEL = re.compile(r"^[0-9]{19}$")
#: Contracts and certificates: the contractor's code and J (household contract) or Q (any other way).
CONTRACT = re.compile(r"^[0-9]{18}[JQ]$")
TRANSFER = re.compile(r"^[0-9]{18}$")
#: Reserved land is numbered by us: the issuer's code, L, four digits.
RESERVED = re.compile(r"^[0-9]{14}L[0-9]{4}$")
#: A real-estate unit (GB/T 37346): county 6, cadastral area 3, sub-area 3, two letters of the parcel, serial 5, then
#: the letter of the fixture and its serial 8.
UNIT = re.compile(r"^[0-9]{12}[GJZ][A-Z][0-9]{5}[FLQW][0-9]{8}$")
#: The code that names a row of each layer or table, where the standard gives it a shape.
SHAPES: Mapping[str, re.Pattern[str]] = {
    "parcel": PARCEL,
    "register": PARCEL,
    "issuer": ISSUER,
    "contractor": CONTRACTOR,
    "contract": CONTRACT,
    "transfer": TRANSFER,
    "certificate": CONTRACT,
    "register_entry": CONTRACT,
    "reserved": RESERVED,
    "unit_code": PARCEL,
}

_IDENTITY = re.compile(r"^[0-9]{6}(?:18[5-9][0-9]|19[0-9]{2}|20[0-9]{2})[0-9]{7}[0-9Xx]$")

#: Codes freeze the county of their day: 阳东 was a county (441723) before it became a district in 2014.
OLD_COUNTIES: Mapping[str, str] = {"441723": "441704"}
COUNTIES: Mapping[str, tuple[str, str]] = {
    "441702": ("江城区", "Jiangcheng"),
    "441704": ("阳东区", "Yangdong"),
    "441721": ("阳西县", "Yangxi"),
    "441781": ("阳春市", "Yangchun"),
}
#: West, south, east, north in degrees: the land of Yangjiang (111.27-112.37 E, 21.47-22.70 N) and a tenth beyond.
YANGJIANG_BOX = (111.17, 21.37, 112.47, 22.80)

#: Construction land among the classes of TD/T 1057: 1006 rural road and 1202 agricultural facilities are farmland.
_CONSTRUCTION = r"^(?:05|06|07|08|09|100[1-5]|100[7-9]|1109|1201)"
#: The three classes of cultivated land: paddy, irrigated, dry.
_CULTIVATED = r"^010[123]"


def code_list(name: str) -> dict[str, Code]:
    """The values of a code list by code, in the order of its source; UnknownCodeList if there is none of that name."""
    try:
        return _lists()[name]
    except KeyError:
        raise UnknownCodeList(name) from None


def label(name: str, code: str | None, lang: str = "zh") -> str:
    """What a code means in Chinese (`zh`) or English (`en`); the code itself if the list does not hold it."""
    known = code_list(name).get(code or "")
    if known is None:
        return code or ""
    return known.en if lang == "en" else known.zh


@cache
def _lists() -> dict[str, dict[str, Code]]:
    """Every code list of the vocabulary."""
    lists: dict[str, dict[str, Code]] = {}
    for row in rows("codes.csv"):
        values = lists.setdefault(row.pop("list"), {})
        values[row["code"]] = Code(**row)
    return lists


def issuer_of(code: str | None) -> str | None:
    """The issuer that a parcel, contractor, contract or transfer code begins with; None if it has no such beginning."""
    return code[:14] if code and ISSUER.fullmatch(code[:14]) else None


def resolve_prefix(code: str) -> str:
    """The code or prefix as it would begin today, for comparing prefixes only: codes are never rewritten."""
    return OLD_COUNTIES.get(code[:6], code[:6]) + code[6:]


def issuers_of(codes: pd.Series) -> pd.Series:
    """The issuer of each code as it would be written today, null where a code does not begin with 14 digits."""
    text = codes.astype("string")
    issuers = text.str.extract(r"^([0-9]{14})", expand=False)
    return issuers.str[:6].replace(dict(OLD_COUNTIES)) + issuers.str[6:]


def has_shape(codes: pd.Series, shape: re.Pattern[str]) -> pd.Series:
    """Whether each code has the shape; a missing one has not."""
    return codes.astype("string").str.fullmatch(shape).fillna(False).astype(bool)


def is_contractor(code: str) -> bool:
    """Whether a code is a contractor's, and not the number of a person or of a company, which are as long.

    Companies have codes that begin with 9, as no province's does.
    """
    return bool(CONTRACTOR.fullmatch(code)) and code[0] != "9" and not valid_id(code)


def valid_id(text: str) -> bool:
    """Whether a text is a citizen's identity number (GB 11643): a day of birth since 1850 and a right checksum.

    A contractor's code has 18 digits too, but hardly a year where a birth would stand. The county is not asked: people
    who were born before their county bore its code have numbers all the same.
    """
    if not _IDENTITY.fullmatch(text) or pd.isna(pd.to_datetime(text[6:14], format="%Y%m%d", errors="coerce")):
        return False
    return str(ric.calc_check_digit(text)) == text[17].upper()


def in_group(codes: pd.Series, name: str, group: str) -> NDArray[np.bool_]:
    """Whether each code stands in this group of its list; what the list does not hold stands in none."""
    held = {code.code for code in code_list(name).values() if code.group == group}
    return np.asarray(codes.astype("string").str.strip().isin(held), dtype=np.bool_)


def is_construction(class_code: pd.Series) -> NDArray[np.bool_]:
    """Whether each land class is construction land; an unknown class is not."""
    return _matches(class_code, _CONSTRUCTION)


def is_cultivated(class_code: pd.Series) -> NDArray[np.bool_]:
    """Whether each land class is cultivated land: paddy, irrigated or dry."""
    return _matches(class_code, _CULTIVATED)


def _matches(codes: pd.Series, pattern: str) -> NDArray[np.bool_]:
    """Whether each code matches a pattern."""
    found = codes.astype("string").str.strip().str.match(pattern)
    return np.asarray(found.fillna(False), dtype=np.bool_)
