"""The ledger of reserved land: what each expropriation owes to its collective and to its people, added up by place."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from api.office import Office
from api.people import Person
from data.store import ledger, places, thresholds
from data.store.plain import plain
from geo.codes import resolve_prefix
from geo.delivery.sheets import csv_bytes
from geo.reserved import COLUMNS
from geo.reserved import ledger as told_of
from geo.rules import book
from geo.thresholds import CountyThresholds
from geo.units import mu

#: What is added up.
SUMS = (
    "taken_m2", "owed_m2", "land_m2", "money_m2", "property_m2", "granted_m2", "left_m2", "compensation_due_yuan",
    "compensation_paid_yuan", "pension_due_yuan", "pension_paid_yuan",
)  # fmt: skip
#: How many digits of a code name each level.
LEVELS = {"county": 6, "town": 9, "village": 12}


def shown(office: Office, person: Person, prefix: str | None, owing: bool, day: date) -> dict[str, Any]:
    """The ledger under a code of a person's area: its rows, sums by county, town and village, and flexible land apart.

    With `owing`, only rows of which land, compensation or pensions are left.
    """
    area = _within(person, prefix)
    with office.begin() as session:
        rows = told_of(**ledger.frames(session, area, day)) if area is not None else pd.DataFrame(columns=COLUMNS)
        kept = ledger.flexible(session, area, day) if area is not None else []
        issuers = ledger.issuers(session, area, day) if area is not None else {}
        names, told = places.names(session), thresholds.in_force(session)
    rows = rows[_owes(rows)] if owing else rows
    return {
        "day": day,
        "items": [_line(row, issuers, names) for row in rows.to_dict("records")],
        "sums": {name: plain(float(rows[name].sum())) for name in SUMS},
        "places": [part for level in LEVELS for part in _places(rows, level, names)],
        "flexible": [_flexible(row, issuers, _cap(row["issuer_code"], told)) for row in kept],
    }


def csv_of(office: Office, person: Person, prefix: str | None, owing: bool, day: date) -> bytes:
    """The rows of the ledger as a table that a spreadsheet reads right and never runs."""
    items = shown(office, person, prefix, owing, day)["items"]
    columns = ("issuer_name", *COLUMNS, "left_mu")
    rows = ([line["issuer"]["name"], *(line[name] for name in COLUMNS), line["left_mu"]] for line in items)
    return csv_bytes(columns, rows)


def _within(person: Person, prefix: str | None) -> str | None:
    """The narrower of a person's area and what was asked for; None where they do not meet."""
    wanted, own = resolve_prefix(prefix or ""), resolve_prefix(person.scope)
    if wanted.startswith(own):
        return wanted
    return own if own.startswith(wanted) else None


def _owes(rows: pd.DataFrame) -> pd.Series:
    """Rows of which something is left: land, compensation or pensions."""
    left = rows["left_m2"] > 0
    for what in ("compensation", "pension"):
        left |= (rows[f"{what}_due_yuan"] - rows[f"{what}_paid_yuan"].fillna(0.0)) > 0
    return left


def _line(row: dict[Any, Any], issuers: dict[str, str], names: dict[str, str]) -> dict[str, Any]:
    told = {str(name): plain(value) for name, value in row.items()}
    code = told["issuer_code"] or ""
    left = told["left_m2"]
    return told | {
        "issuer": {"code": code, "name": issuers.get(code) or names.get(code[:12])},
        "left_mu": None if left is None else str(mu(left)),
    }


def _places(rows: pd.DataFrame, level: str, names: dict[str, str]) -> list[dict[str, Any]]:
    """The sums of every place of one level."""
    codes = rows["issuer_code"].astype("string").str[: LEVELS[level]]
    return [
        {"level": level, "code": code, "name": names.get(code), "rows": len(part)}
        | {name: plain(float(part[name].sum())) for name in SUMS}
        for code, part in rows.groupby(codes)
    ]


def _cap(issuer: str, told: CountyThresholds) -> float:
    """The share of its cultivated land that a collective may keep: that of QY-01, as its county has it."""
    return book()["QY-01"].settings(told.of(resolve_prefix(issuer)).get("QY-01")).max_share


def _flexible(row: dict[str, Any], issuers: dict[str, str], cap: float) -> dict[str, Any]:
    share = row["flexible_m2"] / row["cultivated_m2"]
    return {
        "issuer": {"code": row["issuer_code"], "name": issuers.get(row["issuer_code"])},
        "flexible_m2": round(row["flexible_m2"], 2),
        "cultivated_m2": round(row["cultivated_m2"], 2),
        "parcels": row["parcels"],
        "share": round(share, 4),
        "over": share > cap,
    }
