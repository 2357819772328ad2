"""The ledger of reserved land over the API, on figures added up by hand."""

from __future__ import annotations

import csv
import io
from datetime import date

import pandas as pd
import pytest

from api.routes import answers
from data.store import versions
from tests.api.test_answers import held
from tests.data.conftest import box, delivery, parcels

A, B = "44170410100101", "44178110100101"


@pytest.fixture
def owed(house):
    """Two expropriations, 2,000 and 3,000 m² owed; 1,100 granted for the first, nothing for the second."""
    taken = pd.DataFrame(
        {
            "code": [f"{A}001", f"{B}001"],
            "approval_no": ["粤府土审〔2020〕1号", "粤府土审〔2020〕2号"],
            "issuer_code": [A, B],
            "name": ["工业园", "公路"],
            "implemented_on": [date(2020, 6, 1)] * 2,
            "taken_m2": [20_000.0, 20_000.0],
            "ratio": [0.10, 0.15],
            "compensation_due_yuan": [1000.0, 500.0],
            "compensation_paid_yuan": [None, 500.0],
        }
    )
    grants = pd.DataFrame(
        {
            "code": [f"{A}101", f"{A}102"],
            "expropriation_code": [f"{A}001"] * 2,
            "form": ["1", "2"],
            "area_m2": [800.0, 300.0],
        }
    )
    paid = pd.DataFrame(
        {"code": [f"{A}201"], "contract_code": [f"{A}001"], "kind": ["3"], "paid_yuan": [400.0], "due_yuan": [1000.0]}
    )
    kept = parcels(village=A[:12], p00001=box(0, 0), p00002=box(20, 0, 90, 10))
    kept["category"] = ["22", "10"]
    with house.office.begin() as session:
        upload = delivery(session)
        for layer, frame in (("expropriation", taken), ("reserved_grant", grants), ("payment", paid), ("parcel", kept)):
            versions.supersede(session, layer, frame, upload)
    return house


def test_what_is_owed_given_and_left_is_added_up(owed):
    told = held(answers.Ledger, owed.signed_in("official").get("/api/v1/reserved-ledger"))
    first, second = told.items
    assert (first.owed_m2, first.land_m2, first.money_m2, first.property_m2) == (2000.0, 800.0, 300.0, 0.0)
    assert (first.left_m2, first.left_mu) == (900.0, "1.35")
    assert (first.compensation_due_yuan, first.compensation_paid_yuan) == (1000.0, 400.0)
    assert (second.owed_m2, second.left_m2, second.compensation_paid_yuan) == (3000.0, 3000.0, 500.0)
    assert (told.sums.taken_m2, told.sums.owed_m2, told.sums.left_m2) == (40_000.0, 5000.0, 3900.0)
    assert [(place.level, place.code, place.left_m2) for place in told.places] == [
        ("county", "441704", 900.0),
        ("county", "441781", 3000.0),
        ("town", "441704101", 900.0),
        ("town", "441781101", 3000.0),
        ("village", "441704101001", 900.0),
        ("village", "441781101001", 3000.0),
    ]


def test_flexible_land_is_kept_apart_and_measured_against_its_cap(owed):
    told = held(answers.Ledger, owed.signed_in("official").get("/api/v1/reserved-ledger"))
    (kept,) = told.flexible
    assert (kept.issuer.code, kept.flexible_m2, kept.cultivated_m2, kept.share, kept.over) == (
        A,
        100.0,
        1000.0,
        0.1,
        True,
    )


def test_an_official_sees_their_own_area_and_asks_for_a_part(owed):
    near = owed.signed_in("official", "441704")
    assert [row.code for row in held(answers.Ledger, near.get("/api/v1/reserved-ledger")).items] == [f"{A}001"]
    beyond = near.get("/api/v1/reserved-ledger", params={"place": "441781"})
    assert held(answers.Ledger, beyond).items == []
    whole = owed.signed_in("official")
    part = whole.get("/api/v1/reserved-ledger", params={"place": "441781101001", "owing": True})
    assert [row.code for row in held(answers.Ledger, part).items] == [f"{B}001"]


def test_the_table_says_the_same(owed):
    answer = owed.signed_in("official").get("/api/v1/reserved-ledger.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["code"], row["left_m2"], row["left_mu"]) for row in rows] == [
        (f"{A}001", "900.0", "1.35"),
        (f"{B}001", "3000.0", "4.50"),
    ]
