"""QC-U03: one ID number stands for members of several households, or twice in one."""

import pandas as pd

from geo.masks import mask_id
from geo.rules import Thresholds, rule
from geo.rules.quality._people import plain
from geo.rules.quality._stated import PLACEHOLDERS

#: The file that proves that a number given out twice is genuine: this word and the contractor's code.
_PROOF = "CBFSFZ"
_LEAST_CHARACTERS = 6


@rule(
    "QC-U03",
    category="quality",
    severity="medium",
    subject="member",
    by="contractor",
    requires=("member.id_number", "member.contractor_code"),
    basis=("YLT", "EXCH-2019"),
    since="2016-12-23",
    title=("身份证号码重复", "ID number held twice"),
    zh="{a}有 {numbers} 个证件号码（{masked}）重复使用{elsewhere_zh}，也没有证明材料",
    en="{numbers} ID numbers ({masked}) of {a} stand twice{elsewhere_en}, and no proof was delivered",
)
def id_held_twice(
    members: pd.DataFrame, p: Thresholds, contractor: pd.DataFrame | None = None, file: pd.DataFrame | None = None
) -> pd.DataFrame:
    """A number in a household is also that of a member or representative of another, or of two of its own members.

    Not where a copy of the ID card was delivered under the contractor's code, which shows that both are genuine.
    """
    people = _people(members, contractor)
    people = people[people["number"].str.len() >= _LEAST_CHARACTERS]
    people = people[~people["number"].isin(PLACEHOLDERS)]
    households = people.groupby("number")["household"].transform("nunique")
    own = people[people["is_member"]].duplicated(["household", "number"], keep=False)
    twice = people[(households > 1) | own.reindex(people.index, fill_value=False)]
    if file is not None and "name" in file.columns:
        proven = file["name"].astype("string").str.extract(rf"(?i){_PROOF}([0-9]{{18}})", expand=False).dropna()
        twice = twice[~twice["household"].isin(set(proven))]
    shared = people[people["number"].isin(twice["number"])]
    others = shared.groupby("number")["household"].agg(set).to_dict()
    rows = {
        str(household): _told(str(household), sorted(set(held)), others)
        for household, held in twice.groupby("household")["number"]
    }
    columns = ["table", "fields", "numbers", "masked", "others", "elsewhere_zh", "elsewhere_en"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def _people(members: pd.DataFrame, contractor: pd.DataFrame | None) -> pd.DataFrame:
    """Everybody with a number: members, and representatives, who are members of their own household too."""
    parts = [_numbered(members["contractor_code"], members["id_number"]).assign(is_member=True)]
    if contractor is not None and "id_number" in contractor.columns:
        parts.append(_numbered(contractor["code"], contractor["id_number"]).assign(is_member=False))
    return pd.concat(parts, ignore_index=True)


def _numbered(households: pd.Series, numbers: pd.Series) -> pd.DataFrame:
    """Household and number, where both are known."""
    return pd.DataFrame({"household": households.astype("string"), "number": plain(numbers)}).dropna()


def _told(household: str, numbers: list[str], others: dict[str, set[str]]) -> list[object]:
    """What a person needs to look it up: masked numbers, and the other households."""
    also = sorted(set[str]().union(*(others[number] for number in numbers)) - {household})
    codes = "、".join(also), ", ".join(also)
    elsewhere = (f"，另见承包方 {codes[0]}", f", also with {codes[1]}") if also else ("", "")
    return ["CBF_JTCY", ["CYZJHM"], len(numbers), "、".join(map(mask_id, numbers)), also, *elsewhere]
