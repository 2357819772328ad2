"""QY-03: one person holds shares as a member of two households of two collectives."""

import pandas as pd

from geo.codes import issuers_of
from geo.rules import Thresholds, rule
from geo.rules._reading import texts
from geo.rules.quality._people import plain
from geo.rules.quality._stated import PLACEHOLDERS

_LEAST_CHARACTERS = 6
_YES = "1"


@rule(
    "QY-03",
    category="rights",
    severity="medium",
    subject="member",
    requires=("member.id_number", "member.contractor_code", "member.is_co_owner"),
    basis=("RLCL-31",),
    since="2003-03-01",
    title=("两个集体重复享有承包权", "Shares in two collectives"),
    zh="{a}与承包方 {others} 的共有人证件号码相同，分属 {collectives} 个集体；请核查婚嫁等情形",
    en="{a} has the number of a co-owner of {others}, in {collectives} collectives; marriage may be the reason",
)
def shares_in_two_collectives(members: pd.DataFrame, p: Thresholds) -> pd.DataFrame:
    """The same ID number is that of co-owners in households of different issuers; each of the households is told.

    The number itself is told to nobody.
    """
    told = pd.DataFrame({"number": plain(members["id_number"]), "household": texts(members, "contractor_code")})
    told["issuer"] = issuers_of(told["household"])
    told = told[texts(members, "is_co_owner").eq(_YES).fillna(False).astype(bool)].dropna()
    told = told[(told["number"].str.len() >= _LEAST_CHARACTERS) & ~told["number"].isin(PLACEHOLDERS)]
    told = told[told.groupby("number")["issuer"].transform("nunique") > 1]
    told = told.drop_duplicates(["number", "household"]).sort_values(["number", "household"], kind="stable")
    rows = {}
    for _, group in told.groupby("number"):
        households, collectives = group["household"].astype(str), int(group["issuer"].nunique())
        for at, own in households.items():
            others = "、".join(one for one in households if one != own)
            rows[at] = {"households": list(households), "others": others, "collectives": collectives}
    return pd.DataFrame.from_dict(rows, orient="index")
