"""QC-A11: survey, public notice, contract and registration did not follow one another."""

from datetime import date

import pandas as pd

from geo.rules import Thresholds, rule
from geo.rules.quality._stated import days

_STEPS = ("CBFDCRQ", "GSSHRQ", "QDSJ", "DJSJ")


@rule(
    "QC-A11",
    category="quality",
    severity="medium",
    subject="contractor",
    requires=("contractor.surveyed_on|notice_reviewed_on",),
    basis=("SSII",),
    since="2016-12-23",
    least_days=1,
    title=("日期先后颠倒", "Dates out of order"),
    zh="{a}的调查、公示、签订、登记日期先后颠倒：{order}",
    en="survey, notice, contract and registration of {a} are out of order: {order}",
)
def date_order(
    contractors: pd.DataFrame,
    p: Thresholds,
    contract: pd.DataFrame | None = None,
    register_entry: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """A later step bears an earlier or the same day: survey, review of the notice, first contract, its registration.

    A step that bears no day is passed over. Of several contracts the one signed first counts.
    """
    told = pd.DataFrame(
        {
            "CBFDCRQ": _own(contractors, "surveyed_on"),
            "GSSHRQ": _own(contractors, "notice_reviewed_on"),
            "QDSJ": _first(contractors, contract, "signed_on"),
            "DJSJ": _first(contractors, register_entry, "registered_on"),
        },
        index=contractors.index,
    )
    broken = pd.Series(False, index=contractors.index)
    before, least = told["CBFDCRQ"], pd.Timedelta(days=p.least_days)
    for step in _STEPS[1:]:
        broken |= told[step] - before < least
        before = told[step].fillna(before)
    rows = told[broken]
    said = [{step: _day(row[step]) for step in _STEPS if pd.notna(row[step])} for row in rows.to_dict("records")]
    order = [" → ".join(f"{step} {day}" for step, day in steps.items()) for steps in said]
    fields = [list(steps) for steps in said]
    return pd.DataFrame({"table": "CBF", "fields": fields, "values": said, "order": order}, index=rows.index)


def _own(contractors: pd.DataFrame, name: str) -> pd.Series:
    """A day of the contractors themselves."""
    if name not in contractors.columns:
        return pd.Series(pd.NaT, index=contractors.index, dtype="datetime64[s]")
    return days(contractors[name])


def _first(contractors: pd.DataFrame, papers: pd.DataFrame | None, name: str) -> pd.Series:
    """The earliest day on a contractor's papers."""
    if papers is None or not {"contractor_code", name} <= set(papers.columns):
        return pd.Series(pd.NaT, index=contractors.index, dtype="datetime64[s]")
    first = days(papers[name]).groupby(papers["contractor_code"]).min()
    return contractors["code"].map(first).astype("datetime64[s]")


def _day(value: date) -> str:
    return f"{value:%Y-%m-%d}"
