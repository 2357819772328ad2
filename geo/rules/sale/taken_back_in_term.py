"""ZM-12: the issuer took contracted land back, or readjusted it, within the term."""

import numpy as np
import pandas as pd

from geo.codes import label
from geo.rules import NotRun, Thresholds, rule
from geo.rules._collective import agreed
from geo.rules._reading import dates, either, texts
from geo.rules._transfers import last_days

#: Kinds of change (BGLX).
_RECALLED, _READJUSTED, _GIVEN_BACK = "901", "902", "1071"
#: What makes a readjustment possible at all.
_DISASTER = "灾|水毁|冲毁|塌方|塌陷|滑坡|泥石流|台风|洪水|地震"
#: Until 2019 the land of a household that had moved to a city for good could be recalled.
_MOVED, _UNTIL = "设区的市|非农业户口", np.datetime64("2019-01-01", "s")
_FACTS = (
    *("returned_on", "expropriation_no", "reason", "entitled_count", "agreed_count"),
    *("town_approved_on", "county_approved_on"),
)


@rule(
    "ZM-12",
    category="sale",
    severity="high",
    subject="right_change",
    requires=("right_change.kind",),
    basis=("RLCL-27", "RLCL-28", "RLCL-30", "RLCL-57"),
    since="2003-03-01",
    acted="changed_on",
    min_share=2 / 3,
    title=("承包期内收回或调整承包地", "Taken back or readjusted within the term"),
    zh="{a}在承包期内{act_zh}承包地：{reasons_zh}",
    en="{a}: contracted land was {act_en} within its term; {reasons_en}",
)
def taken_back_in_term(changes: pd.DataFrame, p: Thresholds, contract: pd.DataFrame | None = None) -> pd.DataFrame:
    """Land was taken back, or given back, with neither the household's written return nor an expropriation by then;
    or readjusted with no disaster, two thirds, town's or county's approval.

    Papers of a later day do not count. Whether the term still ran is told by the holder's contracts, where known.
    """
    kind, day = texts(changes, "kind"), dates(changes, "changed_on")
    taken = kind.isin([_RECALLED, _GIVEN_BACK]).to_numpy(dtype=bool)
    readjusted = kind.eq(_READJUSTED).fillna(False).to_numpy(dtype=bool)
    if (taken | readjusted).any() and not set(_FACTS) & set(changes.columns):
        raise NotRun(
            "没有交回、征收、同意和批准的栏目", "no column tells of returns, expropriations, votes or approvals"
        )
    reason = texts(changes, "reason").fillna("")
    running, known = _running(texts(changes, "from_code"), day, contract)
    moved = reason.str.contains(_MOVED) & (day < _UNTIL)
    lawful = _by(changes, "returned_on", day) | texts(changes, "expropriation_no").notna() | moved
    taken, readjusted = taken & running & ~lawful.to_numpy(dtype=bool), readjusted & running
    town, county = _by(changes, "town_approved_on", day), _by(changes, "county_approved_on", day)
    found = either(
        {
            ("未见承包方书面交回或征收批文", "neither a written return nor an expropriation was seen"): pd.Series(
                taken, index=changes.index
            ),
            ("未见自然灾害等情形", "no disaster was seen"): ~reason.str.contains(_DISASTER) & readjusted,
            ("未见三分之二以上同意", "consent of two thirds was not seen"): ~agreed(changes, p.min_share) & readjusted,
            ("未见乡镇批准", "the town's approval was not seen"): ~town & readjusted,
            ("未见县级批准", "the county's approval was not seen"): ~county & readjusted,
        }
    )
    at = found.index
    said = {"901": "taken back", "902": "readjusted", "1071": "given back"}
    return found.assign(
        kind=kind[at].astype(object),
        act_zh=[label("BGLX", one) for one in kind[at]],
        act_en=[said[one] for one in kind[at]],
        term_known=pd.Series(known, index=changes.index)[at].astype(object),
    )


def _by(changes: pd.DataFrame, name: str, day: pd.Series) -> pd.Series:
    """Whether a paper bears a day that is not later than the act."""
    paper = dates(changes, name)
    return paper.notna() & (day.isna() | (paper <= day))


def _running(holders: pd.Series, day: pd.Series, contract: pd.DataFrame | None) -> tuple[np.ndarray, np.ndarray]:
    """Whether a contract of each holder ran on the day, and whether that is known: what is not known may have run."""
    if contract is None or not {"code", "contractor_code", "term_to"} <= set(contract.columns):
        return np.ones(len(holders), dtype=bool), np.zeros(len(holders), dtype=bool)
    begins = dates(contract, "term_from").fillna(np.datetime64("0001-01-01", "s"))
    ends = contract["code"].map(last_days(contract)).astype("datetime64[s]")
    terms = pd.DataFrame({"holder": texts(contract, "contractor_code"), "begins": begins, "ends": ends}).dropna()
    acts = pd.DataFrame({"at": np.arange(len(holders)), "holder": holders.to_numpy(), "day": day.to_numpy()})
    met = acts.dropna().merge(terms, on="holder")
    met = met[met["holder"].notna()]
    inside = met[(met["begins"] <= met["day"]) & (met["day"] < met["ends"])]
    known = np.isin(acts["at"], met["at"])
    return ~known | np.isin(acts["at"], inside["at"]), known
