"""The dossier over HTTP: it explains a finding to somebody who was not there, and to nobody else."""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import partial

import pandas as pd
import pytest
from sqlalchemy import text

from api import people
from api.work import review
from data.store.versions import supersede
from geo.proposal import KINDS
from tests.command import dingxin, inside
from tests.data.conftest import VILLAGE, box, delivery
from tests.data.test_findings import OTHER, run, store
from tests.web.test_certificate import words
from web import format as figures


@pytest.fixture
def official(town):
    return town.signed_in("official")


def first(client, **asked):
    return client.get("/api/v1/findings", params={"limit": 1, **asked}).json()["items"][0]


def told(client, key, **asked):
    answer = client.get(f"/api/v1/findings/{key}/dossier", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_an_overlap_is_explained(official):
    finding = first(official, rule="OV-01")
    dossier = told(official, finding["key"])
    a, b = dossier["sides"]["a"], dossier["sides"]["b"]
    for side in (a, b):
        assert "*" in side["holder"]["name"]
        assert {paper["kind"] for paper in side["papers"]} >= {"contract", "register_entry", "certificate"}
        assert side["areas"]["contract_m2"] < side["areas"]["surveyed_m2"]
        assert side["delivery"]["upload"] == 1
    days = [item["day"] for item in dossier["timeline"]["items"]]
    assert days == sorted(days)
    assert {"parcel", "contract"} <= {item["layer"] for item in dossier["timeline"]["items"]}
    assert dossier["tolerance"]["taken_for"] == "dispute"
    assert dossier["tolerance"]["area_m2"] == pytest.approx(finding["shared_m2"], abs=1e-3)
    assert {"whole", "near"} == set(dossier["drawing"])
    offers = dossier["proposals"]
    assert {one["kind"] for one in (*offers["items"], *offers["not_offered"])} == set(KINDS)
    for one in offers["items"]:
        change = sum(side["change_m2"] for side in one["sides"].values())
        assert change == pytest.approx(-finding["shared_m2"], abs=0.02)
        assert one["line"]["coordinates"]


def test_drawings_speak_the_language_asked_for(official):
    key = first(official, rule="OV-01")["key"]
    assert ">北<" in told(official, key)["drawing"]["near"]
    assert ">N<" in told(official, key, lang="en")["drawing"]["near"]
    assert official.get(f"/api/v1/findings/{key}/dossier", params={"lang": "fr"}).status_code == 422


def test_one_parcel_under_two_codes_is_left_to_documents(official):
    dossier = told(official, first(official, rule="OV-03")["key"])
    assert dossier["proposals"]["items"] == []
    assert {one["why"] for one in dossier["proposals"]["not_offered"]} == {"identical"}


def test_an_id_number_or_a_whole_name_is_in_no_dossier(town, official):
    with town.office.begin() as session:
        numbers = set(session.scalars(text("SELECT id_number FROM contractor WHERE id_number IS NOT NULL")))
        names = {name for name in session.scalars(text("SELECT name FROM contractor")) if len(name) > 2}
    for rule in ("OV-01", "OV-02", "OV-09", "ZM-01", "ZL-01"):
        said = json.dumps(told(official, first(official, rule=rule)["key"]), ensure_ascii=False)
        assert not any(number in said for number in numbers)
        assert not any(name in said for name in names)


def test_a_group_is_listed_and_its_households_summed(official):
    inside = told(official, first(official, rule="OV-04")["key"])["group"]
    assert inside["findings"] > 2
    page = official.get("/api/v1/findings", params={"group": inside["name"], "limit": 500}).json()
    assert page["total"] == inside["findings"] - inside["elsewhere"]
    keys = {item["key"] for item in page["items"]}
    assert inside["name"] == min(keys)
    assert {item["key"] for item in inside["items"]} <= keys
    most = [household["findings"] for household in inside["households"]]
    assert most == sorted(most, reverse=True)
    assert official.get("/api/v1/findings.csv", params={"group": inside["name"]}).text.count("\n") == page["total"] + 1
    assert official.get("/api/v1/findings", params={"group": "nothing"}).status_code == 422


def test_what_settling_takes_from_a_household_is_the_sum_over_its_findings(official):
    """Of a pair alone, the sums of its group are the two sides of its proposals."""
    dossier = told(official, first(official, rule="OV-02")["key"])
    by_code = {household["code"]: household["changes"] for household in dossier["group"]["households"]}
    for one in dossier["proposals"]["items"]:
        for side in one["sides"].values():
            assert by_code[side["holder"]["code"]][one["kind"]]["change_m2"] == pytest.approx(
                side["change_m2"], abs=0.02
            )


def test_the_whole_in_short_says_between_whom_how_sure_who_has_it_and_what_comes_next(town, official):
    """Page one of the paper and the head of the page say the same, and follow what people decide."""
    finding = first(official, rule="OV-01")
    short = {one["name"]["zh"]: one["words"]["zh"] for one in told(official, finding["key"])["in_short"]}
    assert set(short) == {"涉及", "把握", "承办", "下一步"}
    assert short["涉及"].count("承包方 ") == 2
    assert short["承办"] == "尚未指定承办人和办理期限。"
    assert "现场指界" in short["下一步"]
    due = date.today() - timedelta(days=3)
    given = {"action": "assign", "reason": "请到场", "seq": 0, "assignee": official.person.username}
    answer = official.post(f"/api/v1/findings/{finding['key']}/events", json=given | {"due_on": due.isoformat()})
    assert answer.status_code == 201, answer.text
    dossier = official.get(f"/api/v1/findings/{finding['key']}").json()
    assert dossier["charge"] == {"assignee": official.person.username, "due_on": due.isoformat()}
    short = {one["name"]["en"]: one["words"]["en"] for one in told(official, finding["key"])["in_short"]}
    assert short["In charge"] == f"{official.person.username}, due {due}, 3 days overdue"
    printed = words(official.get(f"/api/v1/findings/{finding['key']}/dossier.pdf").content)
    assert "已逾期 3 天" in printed


@pytest.mark.parametrize("rule", ["ZM-01", "ZL-05", "QY-06"])
def test_a_paper_says_what_it_holds(official, rule):
    """A finding about a paper tells its parties, days and sums: who was not there has nothing else to go by."""
    finding = official.get(f"/api/v1/findings/{first(official, rule=rule)['key']}").json()
    facts = {one["name"]["zh"]: one["value"]["zh"] for one in finding["a_detail"]["facts"]}
    printed = words(official.get(f"/api/v1/findings/{finding['key']}/dossier.pdf").content)
    if rule == "QY-06":
        assert facts["核定面积"].endswith("亩）")
        assert facts["应付补偿"].endswith(" 元")
    else:
        assert "*" in facts["受让方编码"]
        assert facts["流转期限开始日期"] in printed
    assert set(facts) <= {name for name in facts if name in printed}


def test_who_has_a_finding_in_hand_is_forgotten_once_it_is_open_again():
    moved = {"action": "assign", "assignee": "w", "due_on": date(2026, 1, 2)}
    renamed = {"action": "assign", "assignee": "x", "due_on": None}
    again = {"action": "reopen", "assignee": None, "due_on": None}
    assert review.charge([]) is None
    assert review.charge([moved, renamed]) == {"assignee": "x", "due_on": date(2026, 1, 2)}
    assert review.charge([moved, again]) is None


@pytest.mark.parametrize(
    ("lang", "said"),
    [("zh", ("疑似线索卷宗", "取中线", "此地历来情况")), ("en", ("Dossier of a suspicion", "Middle line"))],
)
def test_the_paper_says_what_the_page_says(official, lang, said):
    finding = first(official, rule="OV-01")
    paper = official.get(f"/api/v1/findings/{finding['key']}/dossier.pdf", params={"lang": lang})
    assert paper.headers["content-type"] == "application/pdf"
    printed = words(paper.content)
    for word in (*said, finding["key"], "2018", *(f"{n} cm" for n in (1, 5, 10, 50))):
        assert word in printed
    dossier = told(official, finding["key"])
    for side in dossier["sides"].values():
        assert figures.code(side["code"]) in printed
        assert side["holder"]["name"] in printed
        for paper in side["papers"]:
            assert figures.code(paper["code"]) in printed or paper["name"] in printed
    for offer in dossier["proposals"]["items"]:
        assert figures.m2(offer["sides"]["a"]["after_m2"]) in printed


def test_every_kind_of_finding_can_be_printed(official):
    """Rows, groups, pairs, findings without a place: each has its paper."""
    rules = official.get("/api/v1/findings").json()["facets"]["rule"]
    for rule in rules:
        paper = official.get(f"/api/v1/findings/{first(official, rule=rule)['key']}/dossier.pdf")
        assert paper.status_code == 200, (rule, paper.text[:500])
        assert paper.content.startswith(b"%PDF")


def test_the_verb_at_the_machine_says_the_same(town, official, tmp_path):
    with town.office.begin() as session:
        people.open_account(session, "official", "official", "4417")
    key = first(official, rule="OV-01")["key"]
    dossier = partial(dingxin, "dossier", **inside(town))
    told_there = dossier(key[:12])
    assert told_there.returncode == 0, told_there.stderr
    assert json.loads(told_there.stdout)["proposals"] == told(official, key)["proposals"]
    printed = dossier(key, "--pdf", tmp_path / "dossier.pdf", "--lang", "en")
    assert printed.returncode == 0, printed.stderr
    assert (tmp_path / "dossier.pdf").read_bytes().startswith(b"%PDF")
    assert [dossier("zz").returncode, dossier(key, "--as", "nobody").returncode, dossier().returncode] == [64, 64, 64]


def test_documents_of_a_party_in_another_area_stay_there(house):
    """An official of one village sees the other side of a border conflict by its shape and areas alone."""
    with house.office.begin() as session:
        store(session, p00001=box(0, 0))
        store(session, village=OTHER, p00002=box(8, 0))
        for village, number in ((VILLAGE, "0100001"), (OTHER, "0100002")):
            contractor = f"{village}010001"
            right = {"code": f"{village}{number}/{contractor}", "parcel_code": village + number}
            right |= {"contractor_code": contractor, "contract_code": f"{contractor}J", "confirmed_m2": 100.0}
            supersede(session, "parcel_right", pd.DataFrame([{"row": 0, **right}]), delivery(session))
            paper = pd.DataFrame([{"row": 0, "code": f"{contractor}J", "contractor_code": contractor}])
            supersede(session, "contract", paper, delivery(session))
        run(session)
    near = house.signed_in("official", VILLAGE)
    dossier = told(near, first(near, rule="OV-02")["key"])
    ours, theirs = dossier["sides"]["a"], dossier["sides"]["b"]
    assert (ours["outside"], theirs["outside"]) == (False, True)
    assert [paper["kind"] for paper in ours["papers"]] == ["contract"]
    assert theirs["papers"] == []
    assert theirs["areas"]["drawn_m2"] == pytest.approx(100, abs=0.1)
    assert [item["code"] for item in dossier["timeline"]["items"] if item["layer"] == "contract"] == [
        f"{VILLAGE}010001J"
    ]
    assert dossier["timeline"]["elsewhere"] == 1
    assert {one["kind"]: one["older"] for one in dossier["proposals"]["items"]}["older"] == "a"
