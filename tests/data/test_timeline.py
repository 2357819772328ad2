"""Everything that ever lay on a piece of ground, on a real PostGIS: ended and corrected versions too, and papers."""

from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
from shapely import affinity
from sqlalchemy import text

from data.store import survey, timeline
from data.store.versions import supersede
from tests.data.conftest import VILLAGE, box, delivery, parcels

HERE = f"{VILLAGE}0100001"
HOLDER = f"{VILLAGE}010001"


@pytest.fixture
def ground(session):
    """A parcel that was delivered twice, with another shape; a building of an old survey; a neighbour that touches."""
    supersede(session, "parcel", parcels(p00001=box(0, 0), p00009=box(10, 0)), delivery(session), date(2015, 1, 1))
    supersede(session, "parcel", parcels(p00001=box(0, 0, 9, 10)), delivery(session), date(2020, 1, 1))
    houses = gpd.GeoDataFrame({"row": [0], "code": ["H1"]}, geometry=[box(2, 2, 3, 3)], crs=4525)
    survey.replace(session, "building", houses, delivery(session), date(2018, 6, 1))
    right = pd.DataFrame(
        {
            "row": [0],
            "code": [f"{HERE}/{HOLDER}"],
            "parcel_code": [HERE],
            "contractor_code": [HOLDER],
            "contract_code": [f"{HOLDER}J"],
            "confirmed_m2": [90.0],
        }
    )
    supersede(session, "parcel_right", right, delivery(session), date(2016, 1, 1))
    contract = {"code": f"{HOLDER}J", "term_from": date(1998, 10, 1), "term_to": date(2028, 9, 30)}
    supersede(session, "contract", pd.DataFrame([{"row": 0, **contract}]), delivery(session), date(2016, 1, 1))


def here(x, y, width, height):
    """A rectangle as the books measure it: the same zone without its number in the easting."""
    return affinity.translate(box(x, y, width, height), -37_000_000)


def told(found):
    return [(item.layer, item.code, item.begins, item.ends) for item in found.items]


def test_all_that_ever_lay_here_stands_by_date(session, ground):
    found = timeline.ever(session, here(3, 3, 3, 3))
    assert found.complete
    by_kind = told(found)
    assert by_kind[0] == ("contract", f"{HOLDER}J", date(1998, 10, 1), date(2028, 9, 30))
    shapes = {entry for entry in by_kind if entry[0] != "contract"}
    assert ("parcel", HERE, date(2015, 1, 1), date(2020, 1, 1)) in shapes
    assert ("parcel", HERE, date(2020, 1, 1), None) in shapes
    assert ("building", "H1", date(2018, 6, 1), None) in shapes
    assert [item.day for item in found.items] == sorted(item.day for item in found.items)


def test_what_our_books_gave_up_is_told_as_such(session, ground):
    """The delivery of 2020 ended the first shape: the version that knew no end was given up."""
    given_up = [item for item in timeline.ever(session, here(4, 4, 1, 1)).items if item.corrected_at]
    assert [(item.code, item.begins, item.ends) for item in given_up] == [(HERE, date(2015, 1, 1), None)]


def test_what_only_touches_never_lay_here(session, ground):
    assert f"{VILLAGE}0100009" not in {item.code for item in timeline.ever(session, here(0, 0, 10, 10)).items}
    assert timeline.ever(session, here(500, 500, 10, 10)).items == []


def test_how_much_of_the_ground_each_covered(session, ground):
    by_code = {item.code: item.said for item in timeline.ever(session, here(7, 0, 2, 10)).items if item.ends is None}
    assert by_code[HERE]["shared_m2"] == pytest.approx(20, abs=0.01)


def test_past_versions_are_found_by_index(session, ground):
    """With no sequential scan allowed, the plan uses both indexes: that of today and that of before."""
    session.execute(text("SET LOCAL enable_seqscan = off"))
    shape = "ST_GeomFromText('POINT(601000 2417000)', (SELECT srid FROM deployment))"
    found = f"(upper_inf(known) AND geom && {shape}) OR (NOT upper_inf(known) AND geom && {shape})"
    plan = "\n".join(session.scalars(text(f"EXPLAIN SELECT FROM parcel WHERE {found}")))
    assert "parcel_geom_idx" in plan
    assert "parcel_geom_past_idx" in plan
