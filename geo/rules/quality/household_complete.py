"""QC-R03: the members on record do not make the household that its contractor is said to be."""

from collections.abc import Callable

import pandas as pd

from geo.rules import Thresholds, rule
from geo.rules.quality._people import plain
from geo.rules.quality._stated import numbers, words

_HOUSEHOLD = "1"
#: 本人 and 户主.
_HEAD = ("01", "02")


@rule(
    "QC-R03",
    category="quality",
    severity="high",
    subject="contractor",
    requires=("contractor.code", "member.contractor_code"),
    basis=("STD-2539", "SSII"),
    since="2016-12-23",
    heads=1,
    title=("家庭成员与承包方不符", "Household does not match its contractor"),
    zh="{a}的家庭成员与承包方信息不符：{why_zh}",
    en="the members of {a} do not match its record: {why_en}",
)
def household_complete(contractors: pd.DataFrame, p: Thresholds, member: pd.DataFrame) -> pd.DataFrame:
    """A household has no members, not as many as told, not exactly one head, or a head who is not its representative.

    Households alone are asked (kind 1). Head and representative are compared by name and ID number, where both stand.
    """
    asked = contractors["code"].notna()
    if "kind" in contractors.columns:
        asked &= words(contractors["kind"]).eq(_HOUSEHOLD).fillna(False).astype(bool)
    table = contractors[asked]
    homes = member["contractor_code"]
    there = table["code"].map(homes.value_counts()).fillna(0).astype(int)
    reasons = {("没有家庭成员", "nobody on record", ""): there == 0}
    if "member_count" in table.columns:
        told = numbers(table["member_count"])
        other = (there > 0) & told.notna() & (there != told)
        reasons["成员数与登记的不等", "another number of members", "CBFCYSL"] = other
    if "relation" in member.columns:
        heads = member[words(member["relation"]).isin(_HEAD)]
        count = table["code"].map(heads["contractor_code"].value_counts()).fillna(0)
        reasons["户主不是恰好一人", "not exactly one head", "YHZGX"] = (there > 0) & (count != p.heads)
        alone = heads[~heads["contractor_code"].duplicated(keep=False)].set_index("contractor_code")
        reasons["户主姓名与承包方代表不同", "the head has another name", "CBFMC"] = _differs(
            table, alone, "name", _unspaced
        )
        reasons["户主证件号码与承包方代表不同", "the head has another ID number", "CBFZJHM"] = _differs(
            table, alone, "id_number", plain
        )
    return _told(reasons, table, there)


def _unspaced(names: pd.Series) -> pd.Series:
    """Names without the blanks that draw them apart."""
    return words(names.astype("string").str.replace(r"\s", "", regex=True))


def _differs(table: pd.DataFrame, heads: pd.DataFrame, name: str, read: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """Whether representative and head differ in a column; not where either is missing."""
    if name not in table.columns or name not in heads.columns:
        return pd.Series(False, index=table.index)
    own, theirs = read(table[name]), table["code"].map(read(heads[name])).astype("string")
    return own.notna() & theirs.notna() & own.ne(theirs).fillna(False)


def _told(reasons: dict[tuple[str, str, str], pd.Series], table: pd.DataFrame, there: pd.Series) -> pd.DataFrame:
    """One row for each household with any reason."""
    masks = pd.DataFrame({at: mask.astype(bool).to_numpy() for at, mask in enumerate(reasons.values())}, table.index)
    rows = masks[masks.any(axis=1)]
    said = list(reasons)
    hit = [[said[at] for at in range(len(said)) if row[at]] for row in rows.to_numpy(dtype=bool)]
    return pd.DataFrame(
        {
            "table": "CBF",
            "fields": [[field for *_, field in each if field] for each in hit],
            "why_zh": ["；".join(zh for zh, _, _ in each) for each in hit],
            "why_en": ["; ".join(en for _, en, _ in each) for each in hit],
            "members": there.loc[rows.index].astype(int),
        },
        index=rows.index,
    )
