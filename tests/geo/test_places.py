"""Where on a map papers and people are shown that have no ground of their own."""

from datetime import date

import pytest

from geo.detect import detect
from tests.rules.drawn import ORIGIN, ground

DAY = date(2026, 1, 1)
#: Two parcels of ten metres side by side, and reserved land below the second.
LAND = {
    "grid": "1 2 3\n4 5 6\n7 8 9",
    "parcel": {"A": {"shape": "1 2 5 4", "category": "22"}, "B": "2 3 6 5"},
    "reserved": {"L": {"shape": "5 6 9 8"}},
}
LEASE = {"contractor_code": "X", "transferee_code": "Q", "term_from": date(2024, 1, 1), "term_to": date(2030, 1, 1)}


def spots(rule, **tables):
    """Where findings of a rule are, in metres from the lower left corner of the drawing, by subject."""
    findings = detect(ground(LAND | tables), day=DAY, only=[rule]).findings
    corner = ORIGIN
    return {
        subject: None if point is None else (round(point.x - corner[0]), round(point.y - corner[1]))
        for subject, point in zip(findings["subject"], findings["point"], strict=True)
    }


def test_a_contract_of_the_collective_lies_on_its_parcel_or_reserved_land():
    contract = {"is_member": "2", "agreed_count": 1, "entitled_count": 9, "resource": "1"}
    found = spots(
        "ZL-10",
        collective_contract=[
            contract | {"code": "Z1", "parcel_code": "A"},
            contract | {"code": "Z2", "reserved_code": "L"},
            contract | {"code": "Z3"},
        ],
    )
    assert found == {
        "collective_contract:Z1": (5, 15),
        "collective_contract:Z2": (15, 5),
        "collective_contract:Z3": None,
    }


@pytest.mark.parametrize("links", ["transfer_parcel", "parcel_right"])
def test_a_payment_lies_where_its_transfer_does(links):
    found = spots(
        "ZL-13",
        transfer=[{"code": "T1", "contractor_code": "X"}],
        payment=[{"code": "S1", "contract_code": "T1", "payee_code": "Y"}],
        **{links: [{"transfer_code": "T1", "parcel_code": "B", "contractor_code": "X"}]},
    )
    assert found == {"payment:S1": (15, 15)}


def test_a_payment_to_the_collective_lies_where_its_contract_does():
    due = {"due_on": date(2025, 1, 1), "due_yuan": 9.0, "paid_yuan": 0.0}
    found = spots(
        "ZL-17",
        collective_contract=[{"code": "Z1", "parcel_code": "B"}, {"code": "Z2", "reserved_code": "L"}],
        payment=[due | {"code": f"S{n}", "contract_code": f"Z{n}"} for n in (1, 2, 3)],
    )
    assert found == {"payment:S1": (15, 15), "payment:S2": (15, 5)}


def test_a_company_lies_on_the_first_parcel_that_it_took_in():
    found = spots(
        "ZL-08",
        transfer=[LEASE | {"code": "441781113201000001", "transferee_kind": "4", "area_m2": 70000.0}],
        transfer_parcel=[{"transfer_code": "441781113201000001", "parcel_code": "B"}],
    )
    assert found == {"contractor:Q": (15, 15)}


def test_who_was_seen_on_a_parcel_is_shown_there():
    found = spots(
        "ZL-03",
        occupancy=[{"code": "J1", "parcel_code": "A", "occupant_code": "Y", "since_on": date(2020, 1, 1)}],
        parcel_right=[{"parcel_code": "A", "contractor_code": "X"}],
        transfer=[LEASE | {"code": "T1"}],
    )
    assert found == {"occupancy:J1": (5, 15)}


def test_an_expropriation_lies_where_it_is_drawn_or_else_where_land_was_returned_for_it():
    """An approval of another kind under the same number is not it."""
    owed = {"compensation_due_yuan": 9.0, "compensation_paid_yuan": 0.0}
    found = spots(
        "QY-07",
        expropriation=[
            owed | {"code": "Z1", "approval_no": "阳府批1号"},
            owed | {"code": "Z2", "approval_no": "阳府批2号"},
            owed | {"code": "Z3", "approval_no": "阳府批3号"},
        ],
        approval={"阳府批1号": {"shape": "1 2 5 4", "kind": "2"}, "阳府批2号": {"shape": "1 2 5 4", "kind": "1"}},
        reserved_grant=[
            {"code": n, "expropriation_code": z, "reserved_code": "L"} for n, z in (("1", "Z1"), ("2", "Z2"))
        ],
    )
    assert found == {"expropriation:Z1": (5, 15), "expropriation:Z2": (15, 5), "expropriation:Z3": None}
