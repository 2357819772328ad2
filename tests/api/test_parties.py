"""What one party did on the ground of several towns is one finding, at home, whoever looks and however it is cut."""

from __future__ import annotations

from functools import partial

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from sqlalchemy import func, select

from api.office import open_office
from api.settings import Settings
from api.work import detect
from api.work.works import Hands
from data.session import srid_of
from data.store import ground
from data.store.versions import supersede
from data.tables import Finding, FindingVersion
from geo.detect.joined import joined
from geo.engines import local
from tests.data.conftest import box, delivery, parcels

HOME, ELSEWHERE = "441704101001", "441704102003"
FAR_M = 20_000
PARTY, NEIGHBOUR = f"{HOME}010001", f"{ELSEWHERE}010009"
#: It is at home nowhere, though twelve digits begin its code as if it were.
COMPANY = "914417041010010001"


def layer(*shapes, **columns):
    return gpd.GeoDataFrame({"row": range(len(shapes)), **columns}, geometry=list(shapes), crs=4525)


@pytest.fixture
def office(database, tmp_path):
    """Two towns 20 km apart, with 2000 m² of basic farmland taken by one person in each; and a neighbour's 4000 m²."""
    office = open_office(Settings(home=tmp_path, database_url=database))
    with office.begin() as session:
        upload = delivery(session)
        supersede(session, "parcel", parcels(village=HOME, p00001=box(0, 0, 100, 100)), upload)
        supersede(session, "parcel", parcels(village=ELSEWHERE, p00001=box(FAR_M, 0, 100, 100)), upload)
        supersede(session, "basic_farmland", layer(box(0, 0, 200, 200), box(FAR_M, 0, 200, 200)), upload)
        people = pd.DataFrame({"row": [0, 1], "code": [PARTY, NEIGHBOUR], "kind": ["1", "1"], "name": ["甲", "乙"]})
        supersede(session, "contractor", people, upload)
        record(session, upload)
    yield office
    office.engine.dispose()


def record(session, upload, far=True, company=False):
    """What is on record: with the first one's plot in the other town, or without it but all around."""
    plots = {
        "W0": (PARTY, box(0, 0, 40, 50)),
        "W1": (NEIGHBOUR, box(50, 50, 40, 100)),
        "W2": (PARTY, box(FAR_M, 0, 40, 50)),
        "W3": (NEIGHBOUR, box(FAR_M + 60, 0, 10, 10)),
        "W4": (NEIGHBOUR, box(FAR_M - 20, 0, 10, 10)),
    }
    if company:
        plots |= {"W5": (COMPANY, box(0, 60, 40, 50)), "W6": (COMPANY, box(FAR_M, 60, 40, 50))}
    kept = {code: plot for code, plot in plots.items() if far or code != "W2"}
    told = {"code": list(kept), "party_code": [party for party, _ in kept.values()]}
    supersede(session, "recorded_act", layer(*(shape for _, shape in kept.values()), **told), upload)


def run(office, *areas, hands=None, answers=None):
    with office.begin() as session:
        counts = detect.over(session, areas, hands=hands, answers=answers, rules=["ZZ-15"])
    return {outcome: n for outcome, n in counts.items() if n}


def standing(office):
    """Who stands accused, where, and of how much."""
    with office.begin() as session:
        query = (
            select(Finding.subject, FindingVersion.village, FindingVersion.evidence["basic_m2"].as_float())
            .join(FindingVersion, FindingVersion.key == Finding.key)
            .where(Finding.rule == "ZZ-15", FindingVersion.presence == "present", func.upper_inf(FindingVersion.known))
        )
        return sorted(tuple(row) for row in session.execute(query))


BOTH = [(f"contractor:{PARTY}", HOME, 4000.0), (f"contractor:{NEIGHBOUR}", ELSEWHERE, 4100.0)]


def test_a_run_at_home_finds_all_of_it_and_a_run_elsewhere_none(office):
    assert run(office, ELSEWHERE) == {"new": 1}
    assert standing(office) == [BOTH[1]], "their own neighbour, whose larger plot lies in the other town"
    assert run(office, HOME) == {"new": 1}
    assert standing(office) == BOTH
    assert run(office, ELSEWHERE) == {"still": 1}
    assert run(office, HOME, ELSEWHERE) == {"still": 2}
    assert run(office, "") == {"still": 2}
    assert standing(office) == BOTH, "neither doubled nor gone"


def test_a_company_is_found_whole_by_whoever_looks_where_it_acted(office):
    with office.begin() as session:
        record(session, delivery(session), company=True)
    assert run(office, ELSEWHERE) == {"new": 2}
    ours = ("recorded_act:W5", ELSEWHERE, 4000.0)
    assert standing(office) == sorted([BOTH[1], ours])
    assert run(office, HOME) == {"new": 1, "still": 1}
    assert run(office, "") == {"still": 3}
    assert standing(office) == sorted([*BOTH, ours])
    with office.begin() as session:
        assert ground.homes(session, [HOME]) == {HOME, ELSEWHERE}
        told = session.scalars(select(FindingVersion.sentence_zh).where(FindingVersion.a_code == "W5")).one()
        assert COMPANY not in told


def cut_and_whole(office, rules):
    """What a run in one piece finds, and the same run cut by township, each as texts and bits."""
    whole, cut = [], []
    hands = Hands(partial(local.mapped, workers=1), ours=True)
    with office.begin() as session:
        counts = [
            detect.over(session, ["4417"], answers=whole, rules=rules),
            detect.over(session, ["4417"], answers=cut, rules=rules, hands=hands),
        ]
    tables = [pd.DataFrame(joined([one.detection for one in answers]).findings) for answers in (whole, cut)]
    for table in tables:
        for column in ("geometry", "point"):
            table[column] = shapely.to_wkb(table[column].to_numpy(dtype=object))
    told = [table.drop(columns=["a_row", "b_row"]).map(repr) for table in tables]
    return told, [{outcome: n for outcome, n in count.items() if n} for count in counts], len(cut)


def test_cut_by_township_it_is_the_same_to_the_bit(office):
    (whole, cut), counts, works = cut_and_whole(office, ["ZZ-05", "ZZ-15"])
    assert works == 3, "one for each town, and one that looks at both"
    pd.testing.assert_frame_equal(whole, cut)
    assert counts == [{"new": 2}, {"still": 2}]


def test_rules_over_several_layers_are_the_same_cut_by_township(office):
    with office.begin() as session:
        upload = delivery(session)
        supersede(session, "parcel", parcels(village="441704102004", p00001=box(100, 0, 100, 100)), upload)
        now, before = {"year": 2025}, {"year": 2024}
        fields = [box(x, 0, 37.3, 200) for x in (0, 37.3, 74.6, 111.9, 149.2)]
        supersede(session, "landcover_before", layer(*fields, class_code=["0101"] * 5, **before), upload)
        sites, kinds = [box(60, 0, 80, 30), box(70, 30, 60, 30), box(80, 60, 40, 30)], ["0702", "1104", "0201"]
        supersede(session, "landcover", layer(*sites, class_code=kinds, **now), upload)
        seen = [box(90, 0, 40, 40), box(10, 10, 30, 30), box(130, 40, 60, 50), box(110, 30, 30, 30)]
        supersede(session, "change_patch", layer(*seen, class_code=["20", "DT", "GF", "SM"]), upload)
        supersede(session, "approval", layer(box(95, 0, 10, 100), code=["阳府批1号"]), upload)
    rules = ["ZZ-01", "ZZ-02", "ZZ-03", "ZZ-04", "ZZ-09", "ZZ-10", "ZZ-11", "ZZ-13", "ZZ-15"]
    (whole, cut), counts, works = cut_and_whole(office, rules)
    assert works == 3
    pd.testing.assert_frame_equal(whole, cut)
    assert set(whole["rule"]) == {repr(rule) for rule in rules}
    assert counts == [{"new": len(whole)}, {"still": len(whole)}]


def test_what_is_taken_off_the_record_elsewhere_is_gone_at_home(office):
    run(office, "4417")
    with office.begin() as session:
        record(session, delivery(session), far=False)
        assert ground.homes(session, [ELSEWHERE]) == {ELSEWHERE}
        assert ground.homes(session, [HOME]) == {HOME, ELSEWHERE}
    assert run(office, ELSEWHERE) == {"still": 1}
    assert standing(office) == BOTH, "a run elsewhere does not speak of it"
    assert run(office, HOME) == {"gone": 1}
    assert standing(office) == [BOTH[1]]


def test_a_finding_shows_its_parts_and_the_ground_of_both_towns(office):
    run(office, HOME)
    with office.begin() as session:
        version = session.scalars(select(FindingVersion).where(FindingVersion.a_code == PARTY)).one()
        assert version.evidence["parts"] == [
            {"ref": "recorded_act:W0", "class": "basic_farmland", "m2": 2000.0},
            {"ref": "recorded_act:W2", "class": "basic_farmland", "m2": 2000.0},
        ]
        assert version.severity == "high"
        assert "6.00 亩" in version.sentence_zh
        srid = srid_of(session)
        cut = session.scalar(select(FindingVersion.geom.ST_AsBinary()).where(FindingVersion.a_code == PARTY))
    found = shapely.from_wkb(bytes(cut))
    expected = gpd.GeoSeries([box(0, 0, 40, 50), box(FAR_M, 0, 40, 50)], crs=4525).to_crs(srid).union_all()
    assert shapely.area(shapely.symmetric_difference(found, expected)) == pytest.approx(0, abs=1e-3)
