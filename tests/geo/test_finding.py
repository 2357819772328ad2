"""A finding keeps its name; its presence and its decision move by their own tables."""

import hashlib

import pytest

from geo import finding


def test_the_key_is_the_hash_of_rule_and_references_alone():
    text = '["OV-01","parcel:4417811020010100001","parcel:4417811020010100002"]'
    assert finding.key("OV-01", "parcel:4417811020010100001", "parcel:4417811020010100002") == (
        hashlib.sha256(text.encode()).hexdigest()
    )


def test_a_reference_in_chinese_is_hashed_as_utf8():
    assert finding.key("X", "村", None) == hashlib.sha256('["X","村",null]'.encode()).hexdigest()


@pytest.mark.parametrize(
    ("before", "present", "changed", "outcome"),
    [
        (None, True, False, "new"),
        ("present", True, False, "still"),
        ("present", True, True, "changed"),
        ("present", False, False, "gone"),
        ("gone", True, False, "reopened"),
        ("gone", False, False, "absent"),
        (None, False, False, "absent"),
    ],
)
def test_what_a_run_means(before, present, changed, outcome):
    assert finding.outcome(before, present, changed) == outcome


def test_the_whole_way_of_a_confirmed_finding():
    actions = ["assign", "take_up", "confirm", "remedy", "close"]
    states = [finding.fold(actions[:count]) for count in range(len(actions) + 1)]
    assert states == ["open", "assigned", "in_check", "confirmed", "in_remedy", "closed"]


@pytest.mark.parametrize("judged", ["confirm", "dismiss", "approve_use"])
def test_a_resurvey_returns_every_judgement_to_the_check(judged):
    assert finding.fold(["take_up", judged, "resurvey"]) == "in_check"


def test_a_judgement_needs_a_check_first():
    with pytest.raises(finding.IllegalMove):
        finding.fold(["confirm"])


def test_a_settled_finding_opens_again_only_for_a_reason():
    assert not finding.reopens("dismissed", 100, 110, 1.0, party_changed=False)  # grown by exactly 10 %
    assert finding.reopens("dismissed", 100, 110.1, 1.0, party_changed=False)
    assert not finding.reopens("closed", 2, 3, 1.0, party_changed=False)  # by exactly the rule's area
    assert finding.reopens("closed", 2, 3.1, 1.0, party_changed=False)
    assert finding.reopens("closed", 2, 2, 1.0, party_changed=True)
    assert not finding.reopens("in_check", 2, 200, 1.0, party_changed=True)


def test_people_may_not_make_the_machines_move():
    assert all(
        "reopen" not in finding.allowed(state, role) for state in finding.STATES for role in ("official", "admin")
    )


def test_what_holds_a_certificate_back():
    assert finding.blocks("high", "present", "open")
    assert finding.blocks("high", "present", "confirmed")
    assert not finding.blocks("high", "present", "dismissed")
    assert not finding.blocks("high", "gone", "open")
    assert not finding.blocks("medium", "present", "open")
