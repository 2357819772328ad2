"""Thresholds of counties in the office: each county is judged by its own, and every finding stores those used."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from api.command import app
from api.office import open_office
from api.settings import Settings
from api.work import detect
from api.work import thresholds as use_case
from api.work.works import Hands
from data.session import engine_for
from data.store import places, versions
from data.tables import Finding, FindingVersion, Run
from geo.engines import local
from geo.thresholds import parsed
from tests.data.conftest import box, delivery, parcels

SET = """
version: 2026-11
counties:
  all: {OV-01: {min_area_m2: 3}}
  "441704": {OV-01: {min_area_m2: 5}}
"""


@pytest.fixture
def office(database, tmp_path):
    """Two neighbouring counties, 441704 partly under its old code 441723, with one pair each."""
    engine = engine_for(database)
    with Session(engine) as session, session.begin():
        upload = delivery(session)
        for number, village in enumerate(("441704101001", "441723101001", "441781101001")):
            shifted = {name: box(number * 100 + at, 0) for name, at in (("p00001", 0), ("p00002", 9.6))}
            versions.supersede(session, "parcel", parcels(village=village, **shifted), upload)
    engine.dispose()
    office = open_office(Settings(home=tmp_path, database_url=database))
    yield office
    office.engine.dispose()


def found(office):
    with office.begin() as session:
        query = select(Finding.subject, FindingVersion.thresholds).join(FindingVersion)
        current = query.where(func.upper_inf(FindingVersion.known), FindingVersion.presence == "present")
        return {subject[7:13]: used["min_area_m2"] for subject, used in session.execute(current)}


@pytest.mark.parametrize(
    "hands", [None, Hands(engine=partial(local.mapped, workers=2), ours=True)], ids=["alone", "shared"]
)
def test_each_county_is_judged_by_its_own_thresholds(office, hands):
    detect.everything(office, rules=["OV-01"], hands=hands)
    assert found(office) == {"441704": 1.0, "441723": 1.0, "441781": 1.0}
    use_case.enter(office, parsed(SET), "admin")
    detect.everything(office, rules=["OV-01"], hands=hands)
    assert found(office) == {"441781": 3.0}
    with office.begin() as session:
        run = session.scalars(select(Run).order_by(Run.id.desc()).limit(1)).one()
        assert run.overrides == {"version": "2026-11", "counties": dict(parsed(SET).counties)}


def test_the_newest_version_is_in_force_and_none_is_lost(office):
    use_case.enter(office, parsed(SET), "admin")
    use_case.enter(office, parsed("version: by the book\ncounties: {}"), "admin")
    assert use_case.in_force(office).of("441704") == {}
    assert [kept["version"] for kept in use_case.shown(office)["items"]] == ["by the book", "2026-11"]


def test_a_file_is_set_and_shown_from_the_command_line(database, tmp_path, monkeypatch):
    monkeypatch.setenv("DINGXIN_DATABASE_URL", database)
    monkeypatch.setenv("DINGXIN_HOME", str(tmp_path))
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(SET, encoding="utf-8")
    bad.write_text(SET.replace("OV-01", "OV-77"), encoding="utf-8")
    press = CliRunner().invoke
    assert press(app("thresholds"), ["thresholds", "check", str(bad)]).exit_code == 2
    told = press(app("thresholds"), ["thresholds", "set", str(bad)])
    assert (told.exit_code, told.output.count("[thresholds]")) == (2, 2)
    assert press(app("thresholds"), ["thresholds", "set", str(good)]).exit_code == 0
    shown = press(app("thresholds"), ["thresholds", "show"])
    assert parsed(shown.output) == parsed(SET)


def test_a_county_sets_its_own_by_the_page_and_leaves_those_of_others(house):
    """What a county hands in holds for it alone; every version stays on record with who set it."""
    with house.office.begin() as session:
        places.load(session)
    use_case.enter(house.office, parsed(SET), "machine")
    official = house.signed_in("official", "441781")
    handed = b"version: ours\ncounties: {'441781': {OV-01: {min_area_m2: 2}}}"
    looked = official.post("/api/v1/thresholds", content=handed).json()
    assert (looked["usable"], looked["id"]) == (True, None)
    assert [(one["rule"], one["book"]["zh"], one["value"]["zh"]) for one in looked["items"]] == [
        ("OV-01", "1 平方米", "2 平方米")
    ]
    assert use_case.in_force(house.office) == parsed(SET)
    done = official.post("/api/v1/thresholds", params={"set": "true"}, content=handed).json()
    assert done["id"] == 2
    counties = use_case.in_force(house.office).counties
    assert counties == {**parsed(SET).counties, "441781": {"OV-01": {"min_area_m2": 2.0}}}
    mine = official.get("/api/v1/thresholds/mine").json()
    assert {(one["county"], one["value"]["en"]) for one in mine["items"]} == {("all", "3 m²"), ("441781", "2 m²")}
    assert [one["set_by"] for one in mine["history"]] == [official.person.username, "machine"]
    assert parsed(official.get("/api/v1/thresholds/mine.yaml").text).counties == {
        "441781": {"OV-01": {"min_area_m2": 2.0}}
    }


def test_every_defect_of_a_file_is_told_at_once_and_nothing_is_set(house):
    with house.office.begin() as session:
        places.load(session)
    official = house.signed_in("official", "441781")

    def defects(content):
        told = official.post("/api/v1/thresholds", params={"set": "true"}, content=content).json()
        assert (told["usable"], told["id"]) == (False, None)
        return [one["place"] for one in told["defects"]]

    wrong = b"version: x\ncounties: {'441781': {OV-77: {a: 1}, OV-01: {min_area_m2: -1, nothing: 2}}, '441702': {}}"
    assert defects(wrong) == ["441781.OV-77", "441781.OV-01.min_area_m2", "441781.OV-01.nothing", "441702"]
    assert defects(b"version: x\ncounties: {all: {}, '441702': {}, '441781': {}}") == ["all", "441702"]
    assert defects("version: 县".encode("gbk")) == ["file"]
    assert use_case.in_force(house.office).counties == {}
    town = house.signed_in("official", "441781113")
    assert town.post("/api/v1/thresholds", content=wrong).json()["code"] == "no_county"
    assert town.get("/api/v1/thresholds/mine").json()["may_set"] is False
