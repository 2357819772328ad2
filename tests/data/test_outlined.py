"""Parcels come out of the books as outlines alone, and the loop finds on them what it finds on whole rows."""

from datetime import date

import numpy as np
import pytest
import shapely

from data.store import columns, ground
from data.store.versions import supersede
from geo.detect import detect
from geo.layer import Layer
from tests.data.conftest import EAST, NORTH, VILLAGE, box, delivery, parcels

DAY = date(2026, 11, 1)
OVERLAPS = ["OV-01", "OV-02", "OV-03", "OV-04"]
OTHER = "441704101002"


@pytest.fixture
def books(session):
    """Two villages whose parcels cross, repeat, contain and touch each other, with a hole, two parts and a bow-tie."""
    bow = shapely.Polygon([(EAST + x, NORTH + y) for x, y in ((100, 0), (120, 20), (120, 0), (100, 20))])
    holed = box(30, 0, 30, 30).difference(box(40, 10))
    parts = shapely.MultiPolygon([box(70, 0), box(85, 0)])
    first = parcels(p00001=box(0, 0), p00002=box(8, 0), p00003=holed, p00004=parts, p00005=bow, p00006=box(0, 50))
    other = parcels(village=OTHER, p00001=box(41, 11, 5, 5), p00002=box(80, 5), p00003=box(100, 0, 20, 20))
    for frame in (first, other):
        supersede(session, "parcel", frame, delivery(session))


@pytest.mark.parametrize("prefix", ["4417", OTHER])
def test_what_is_found_on_outlines_is_what_is_found_on_rows(session, books, prefix, monkeypatch):
    monkeypatch.setattr(columns, "ROWS_A_PAGE", 2)
    whole, outlined = (ground.load(session, prefixes=[prefix], outlined=by) for by in (False, True))
    assert isinstance(outlined["parcel"], Layer)
    found, lean = (detect(known, day=DAY, only=OVERLAPS) for known in (whole, outlined))
    # the crossing pair of the first village; a part and the bow-tie with parcels of the other; the hole holds its guest
    assert len(found.findings) == (2 if prefix == OTHER else 3)
    columns_of = [name for name in found.findings if name not in ("geometry", "point", "a_row", "b_row")]
    assert lean.findings[columns_of].to_dict("records") == found.findings[columns_of].to_dict("records")
    assert all(lean.findings.geometry.geom_equals(found.findings.geometry))
    assert (lean.invalid, lean.below_tolerance) == (found.invalid, found.below_tolerance)


def test_rows_are_those_whose_outlines_were_read(session, books):
    known = ground.load(session, prefixes=["4417"], outlined=True, only=["parcel"])["parcel"]
    supersede(session, "parcel", parcels(p00001=box(0, 0, 9)), delivery(session))
    at = known.order.tolist().index(f"{VILLAGE}0100001")
    assert known.rows(np.array([at])).geometry.area.tolist() == [100.0]


def test_a_hole_shares_no_ground(session, books):
    known = ground.load(session, prefixes=["4417"], outlined=True, only=["parcel"])
    assert list(known) == ["parcel"]
    assert known["parcel"].outlines.areas.sum() == pytest.approx(
        # squares of 100 m², the holed one of 800, two parts, the bow-tie whose lobes cancel, then 25, 100 and 400
        100 + 100 + 800 + 200 + 0 + 100 + 25 + 100 + 400
    )
