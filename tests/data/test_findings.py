"""Findings over many runs: they keep their name, their history and what people decided about them."""

from datetime import date

import pandas as pd
import pytest
from sqlalchemy import func, select

from data.store import events, findings, ground, merge, places, runs
from data.store.errors import BadCursor, FourEyes, Stale, Unknown
from data.store.findings import Filters
from data.store.versions import supersede
from data.tables import FindingVersion
from geo.detect import detect
from geo.finding import IllegalMove
from tests.data.conftest import VILLAGE, account, box, delivery, parcels

OTHER = "441704101002"
DAY = date(2026, 11, 1)


def run(session, *prefixes, only=None, upload=None):
    """Detect over areas and merge, as the office does."""
    areas = prefixes or ["4417"]
    run_id = runs.begin(session, areas, DAY, versions={"dingxin": "test"}, upload_id=upload)
    found = detect(ground.load(session, prefixes=areas), day=DAY, only=only or ["OV-01", "OV-02", "OV-03", "OV-04"])
    counts = merge.merge(session, run_id, found, areas)
    runs.end(session, run_id, found, counts)
    return {outcome: n for outcome, n in counts.items() if n}


def store(session, village=VILLAGE, upload=None, **shapes):
    supersede(session, "parcel", parcels(village=village, **shapes), upload or delivery(session))


def only_one(session, **asked):
    (item,) = findings.listing(session, Filters(**asked)).items
    return item


def decide(session, key, *actions):
    official = account(session, "official")
    for action in actions:
        seq = findings.dossier(session, key)["seq"]
        events.append(session, key, action, "已到现场核实", official, seq)


@pytest.fixture
def overlap(session):
    """Two parcels that share 2 m by 10 m, found by a first run."""
    store(session, p00001=box(0, 0), p00002=box(8, 0))
    assert run(session) == {"new": 1}
    return only_one(session)["key"]


def test_a_finding_tells_both_sides_its_place_and_its_measures(session, overlap):
    item = only_one(session)
    assert (item["rule"], item["category"], item["severity"], item["state"]) == ("OV-01", "overlap", "high", "open")
    assert (item["a_code"][-1], item["b_layer"], item["b_code"][-1]) == ("1", "parcel", "2")
    assert item["shared_m2"] == pytest.approx(20, abs=1e-6)
    assert item["share_a"] == pytest.approx(0.2, abs=1e-6)
    assert 111.9 < item["west"] <= item["lon"] <= item["east"] < 112.1
    assert 21.8 < item["south"] <= item["lat"] <= item["north"] < 21.9
    assert item["village"] == VILLAGE
    full = findings.dossier(session, overlap)
    assert full["article"] == ["RLCL-2018-22"]
    assert full["thresholds"]["min_area_m2"] == 1.0
    assert full["run"].rules["OV-01"]["status"] == "run"
    assert full["events"] == []


def test_new_still_changed_gone_and_back_under_one_name(session, overlap):
    assert run(session) == {"still": 1}
    store(session, p00002=box(7, 0))
    assert run(session) == {"changed": 1}
    assert only_one(session)["shared_m2"] == pytest.approx(30, abs=1e-6)
    store(session, p00002=box(10, 0))
    assert run(session) == {"gone": 1}
    assert findings.listing(session, Filters()).total == 0
    gone = only_one(session, presence="gone")
    assert (gone["key"], gone["shared_m2"]) == (overlap, pytest.approx(30, abs=1e-6))
    assert run(session) == {}
    store(session, p00002=box(8, 0))
    assert run(session) == {"reopened": 1}
    told = [version["outcome"] for version in findings.history(session, overlap)]
    assert told == ["new", "changed", "gone", "reopened"]
    assert only_one(session)["first_seen"] < only_one(session)["last_seen"]


def test_a_run_elsewhere_or_of_other_rules_touches_nothing(session, overlap):
    store(session, p00002=box(10, 0))
    assert run(session, OTHER) == {}
    assert run(session, only=["OV-02"]) == {}
    assert only_one(session)["presence"] == "present"
    assert run(session, VILLAGE) == {"gone": 1}


def test_a_finding_between_two_villages_belongs_to_both(session):
    store(session, p00001=box(0, 0))
    store(session, OTHER, p00001=box(8, 0))
    assert run(session, OTHER) == {"new": 1}
    assert run(session, VILLAGE) == {"still": 1}
    assert only_one(session, village=VILLAGE)["key"] == only_one(session, village=OTHER)["key"]
    assert only_one(session, scope=OTHER)["rule"] == "OV-02"
    assert findings.listing(session, Filters(scope="441781")).total == 0


def test_old_county_codes_are_found_under_the_code_of_today(session):
    places.load(session)
    store(session, "441723101001", p00001=box(0, 0), p00002=box(8, 0))
    assert run(session, "441704") == {"new": 1}
    assert only_one(session, scope="441704101")["village"] == "441723101001"


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        (set(), []),
        ({"4417", "441704", "441781113", "4418"}, ["4417", "4418"]),
        ({"441704101", "441704", "44170"}, ["44170"]),
        ({"44170", "4418", "441"}, ["441"]),
        ({"", "4417"}, [""]),
    ],
)
def test_an_area_within_another_is_left_out(found, kept):
    assert places.shortest(found) == kept


@pytest.mark.parametrize(
    ("width", "state", "outcome"),
    [
        # dismissed at 20 m²: 10 % are 2 m²
        (12.0, "dismissed", {"still": 1}),
        (11.9, "dismissed", {"changed": 1}),
        (12.2, "dismissed", {"changed": 1}),
        (12.21, "open", {"reopened": 1}),
    ],
)
def test_a_dismissed_finding_is_open_again_only_when_it_has_grown(session, overlap, width, state, outcome):
    decide(session, overlap, "take_up", "dismiss")
    store(session, p00001=box(0, 0, width - 2.0))
    assert run(session) == outcome
    assert only_one(session)["state"] == state


def test_growth_is_measured_from_the_decision_not_from_the_last_run(session, overlap):
    decide(session, overlap, "take_up", "dismiss")
    for width in (10.1, 10.19):
        store(session, p00001=box(0, 0, width))
        assert run(session) == {"changed": 1}
    store(session, p00001=box(0, 0, 10.25))
    assert run(session) == {"reopened": 1}
    last = findings.dossier(session, overlap)["events"][-1]
    assert (last["action"], last["actor"], last["to_state"]) == ("reopen", None, "open")


def test_a_confirmed_finding_is_never_re_opened_by_growth(session, overlap):
    decide(session, overlap, "take_up", "confirm")
    store(session, p00001=box(0, 0, 15))
    assert run(session) == {"changed": 1}
    assert only_one(session)["state"] == "confirmed"


def test_a_dismissed_finding_is_open_again_when_a_parcel_changes_hands(session, overlap):
    def held_by(holder):
        code = f"{VILLAGE}0100001"
        frame = pd.DataFrame({"parcel_code": [code], "contractor_code": [f"{VILLAGE}01{holder:04d}"]})
        supersede(session, "parcel_right", frame, delivery(session))

    held_by(1)
    assert run(session) == {"changed": 1}
    decide(session, overlap, "take_up", "dismiss")
    assert run(session) == {"still": 1}
    held_by(2)
    assert run(session) == {"reopened": 1}
    assert only_one(session)["state"] == "open"


def test_decisions_outlive_absence(session, overlap):
    decide(session, overlap, "take_up", "dismiss")
    store(session, p00002=box(10, 0))
    assert run(session) == {"gone": 1}
    store(session, p00002=box(8, 0))
    assert run(session) == {"reopened": 1}
    assert only_one(session)["state"] == "dismissed"


def test_the_order_of_moves_is_held(session, overlap):
    official = account(session, "official")
    with pytest.raises(IllegalMove):
        events.append(session, overlap, "confirm", "属实", official, 0)
    assert events.append(session, overlap, "take_up", "核查", official, 0) == "in_check"
    with pytest.raises(Stale):
        events.append(session, overlap, "confirm", "属实", official, 0)
    with pytest.raises(Unknown):
        events.append(session, "0" * 64, "take_up", "核查", official, 0)
    told = findings.dossier(session, overlap)
    assert [(event["seq"], event["from_state"], event["to_state"]) for event in told["events"]] == [
        (1, "open", "in_check")
    ]
    assert (told["state"], told["seq"]) == ("in_check", 1)


def test_who_brought_a_party_in_may_take_up_but_not_judge(session):
    both = account(session)
    store(session, upload=delivery(session, both), p00001=box(0, 0))
    store(session, p00002=box(8, 0))
    run(session)
    key = only_one(session)["key"]
    assert events.append(session, key, "take_up", "核查", both, 0) == "in_check"
    for action in ("confirm", "dismiss", "approve_use"):
        with pytest.raises(FourEyes):
            events.append(session, key, action, "属实", both, 1)
    # once another surveyor has measured that parcel anew, its current version is no longer theirs
    store(session, p00001=box(0, 0, 10.5))
    assert events.append(session, key, "confirm", "属实", both, 1) == "confirmed"


def test_the_list_is_paged_filtered_and_counted(session):
    uploads = [delivery(session), delivery(session)]
    for n in range(6):
        store(
            session,
            upload=uploads[0],
            **{f"p{2 * n + 1:05d}": box(100 * n, 0), f"p{2 * n + 2:05d}": box(100 * n + 4 + n / 2, 0)},
        )
    store(session, OTHER, upload=uploads[1], p00001=box(0, 500), p00002=box(0, 500))
    assert run(session, VILLAGE, upload=uploads[0]) == {"new": 6}
    assert run(session, OTHER, upload=uploads[1]) == {"new": 1}
    seen, cursor = [], None
    while True:
        page = findings.listing(session, Filters(), limit=3, cursor=cursor)
        assert page.total == 7
        seen += page.items
        if not (cursor := page.next):
            break
    assert len({item["key"] for item in seen}) == 7
    sizes = [item["shared_m2"] for item in seen]
    assert sizes == sorted(sizes, reverse=True)
    assert page.facets == {
        "rule": {"OV-01": 6, "OV-03": 1},
        "category": {"overlap": 7},
        "state": {"open": 7},
        "village": {VILLAGE: 6, OTHER: 1},
    }
    assert only_one(session, upload=uploads[1])["rule"] == "OV-03"
    assert findings.facets(session, Filters(rule="OV-03"))["rule"] == {"OV-01": 6, "OV-03": 1}
    assert findings.facets(session, Filters(rule="OV-03"))["village"] == {OTHER: 1}
    assert findings.listing(session, Filters(q=f"{OTHER}0100002")).total == 1
    assert findings.listing(session, Filters(q="100%")).total == 0
    south_west = (seen[0]["west"], seen[0]["south"], seen[0]["east"], seen[0]["north"])
    assert [item["key"] for item in findings.listing(session, Filters(bbox=south_west)).items] == [seen[0]["key"]]
    assert len(findings.every(session, Filters(category="overlap"))) == 7


@pytest.mark.parametrize("cursor", ["", "x", "bnVsbA==", "WzAsMCwiXHUwMDAwIl0=", "WzksMCwieCJd", "W10=", "[" * 1000])
def test_a_cursor_that_we_never_gave_is_refused(session, cursor):
    with pytest.raises(BadCursor):
        findings.listing(session, Filters(), cursor=cursor)


def test_what_runs_said_is_kept_in_versions_without_gaps(session, overlap):
    for width in (7, 10, 8):
        store(session, p00002=box(width, 0))
        run(session)
    query = select(FindingVersion.known).order_by(func.lower(FindingVersion.known))
    times = session.scalars(query).all()
    assert [known.upper for known in times[:-1]] == [known.lower for known in times[1:]]


def test_a_member_is_named_without_the_number_of_a_card_the_same_at_every_run(session):
    """Findings name a member by household and a keyed digest: no number, no other for the same person, none alike."""
    people = pd.DataFrame(
        {
            "contractor_code": ["441704101001010001"] * 2,
            "name": ["李甲", "李乙"],
            "id_number": ["44172318600101001X", "441723186201010029"],
        }
    )
    store(session, p00001=box(0, 0))
    supersede(session, "member", people, delivery(session))
    named = [ground.load(session, prefixes=[VILLAGE])["member"] for _ in range(2)]
    assert list(named[0]["code"]) == list(named[1]["code"])
    assert named[0]["code"].nunique() == 2
    assert named[0]["code"].str.fullmatch(r"441704101001010001/[0-9a-f]{16}").all()
    assert sorted(named[0]["id_number"]) == sorted(people["id_number"])
