"""Findings on groups: whose they are, and what they name."""

from datetime import date

import pandas as pd
import pytest

from geo.detect import detect
from tests.rules.drawn import ground

DAY = date(2026, 1, 1)
GRID = """
1 2
3 4
"""


def leases(*rows):
    whole = {"contractor_code": "X", "area_m2": 60.0, "term_from": date(2020, 1, 1), "term_to": date(2030, 1, 1)}
    return [whole | row for row in rows]


@pytest.fixture
def leased_twice():
    return ground(
        {
            "grid": GRID.strip(),
            "parcel": {"A": "1 2 4 3"},
            "transfer": leases({"code": "T1", "transferee_code": "Y"}, {"code": "T2", "transferee_code": "Z"}),
            "transfer_parcel": [
                {"transfer_code": "T1", "parcel_code": "A"},
                {"transfer_code": "T2", "parcel_code": "A"},
            ],
            "parcel_right": [{"parcel_code": "A", "contractor_code": "X", "confirmed_m2": 100.0}],
        }
    )


def test_a_group_of_parcels_lies_where_the_parcel_lies(leased_twice):
    found = detect(leased_twice, day=DAY, only=["ZL-09", "ZM-10"]).findings
    assert list(found["subject"]) == ["parcel:A", "parcel:A"]
    assert found["point"].iloc[0].within(leased_twice["parcel"].geometry.iloc[0])


def test_a_neighbours_parcel_is_not_reported(leased_twice):
    leased_twice["parcel"]["mine"] = False
    assert detect(leased_twice, day=DAY, only=["ZL-09", "ZM-10"]).findings.empty


def test_a_group_may_be_of_another_layer_and_keeps_its_neighbours_out_too(leased_twice):
    del leased_twice["transfer_parcel"]
    found = detect(leased_twice, day=DAY, only=["ZL-09"]).findings
    assert list(found["subject"]) == ["contractor:X"]
    leased_twice["contractor"] = pd.DataFrame({"code": ["X"], "row": [0], "mine": [False]})
    assert detect(leased_twice, day=DAY, only=["ZL-09"]).findings.empty


def test_a_key_does_not_depend_on_the_order_of_rows(leased_twice):
    keys = list(detect(leased_twice, day=DAY, only=["ZM-10"]).findings["key"])
    leased_twice["transfer"] = leased_twice["transfer"].iloc[::-1].reset_index(drop=True)
    leased_twice["transfer_parcel"] = leased_twice["transfer_parcel"].iloc[::-1].reset_index(drop=True)
    assert list(detect(leased_twice, day=DAY, only=["ZM-10"]).findings["key"]) == keys
