"""Proposals: no ground is lost or added, and each side has what a hand calculation says."""

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely import affinity

from geo.proposal import KINDS, proposals

EAST, NORTH = 37_601_000.0, 2_417_000.0
#: A micrometre along some hundred metres of edges, and along none where corners lie on whole centimetres.
EXACT_M2 = 1e-3


def box(west, south, east, north):
    return shapely.box(EAST + west, NORTH + south, EAST + east, NORTH + north)


def offered(a, b, **papers):
    offers = proposals(a, b, **papers)
    assert {p.kind for p in offers.proposals} | set(offers.hindrances) == set(KINDS)
    for one in offers.proposals:
        held(a, b, one)
    return {one.kind: one for one in offers.proposals}, offers.hindrances


def held(a, b, one):
    """What must be true of every proposal."""
    both = shapely.union(a, b)
    assert one.a.is_valid, shapely.is_valid_reason(one.a)
    assert one.b.is_valid, shapely.is_valid_reason(one.b)
    assert one.a.area + one.b.area == pytest.approx(both.area, abs=EXACT_M2)
    assert shapely.intersection(one.a, one.b).area <= EXACT_M2
    assert shapely.difference(shapely.union(one.a, one.b), both).area <= EXACT_M2
    assert shapely.difference(both, shapely.union(one.a, one.b)).area <= EXACT_M2
    assert one.gives_up_a_m2 + one.gives_up_b_m2 == pytest.approx(shapely.intersection(a, b).area, abs=EXACT_M2)
    assert a.area - one.a.area == pytest.approx(one.gives_up_a_m2, abs=EXACT_M2)
    assert b.area - one.b.area == pytest.approx(one.gives_up_b_m2, abs=EXACT_M2)


def test_the_line_in_the_middle_of_a_strip():
    """10 m² of a strip of 2 m by 10 m for each: the line runs along x = 9."""
    found, _ = offered(box(0, 0, 10, 10), box(8, 0, 18, 10))
    assert found["midline"].a.equals(box(0, 0, 9, 10))
    assert found["midline"].gives_up_a_m2 == pytest.approx(10, abs=1e-6)
    assert found["midline"].line.length == pytest.approx(10, abs=1e-6)


def test_the_line_in_the_middle_of_a_corner_is_its_diagonal():
    found, _ = offered(box(0, 0, 10, 10), box(8, 8, 18, 18))
    assert found["midline"].gives_up_a_m2 == pytest.approx(2, abs=1e-6)
    assert found["midline"].line.length == pytest.approx(8**0.5, abs=0.01)


def test_two_crossing_bars_are_not_torn_by_a_line_in_the_middle():
    """A bar from west to east and one from south to north: any line would leave one of them in two pieces."""
    found, why = offered(box(0, 10, 30, 20), box(10, 0, 20, 30), older="a")
    assert found == {}
    assert why == {"midline": "torn", "older": "torn", "contract": "no_contract_area"}


@pytest.mark.parametrize(("older", "change"), [("a", (0, -20)), ("b", (-20, 0))])
def test_who_was_surveyed_first_keeps_the_ground(older, change):
    a, b = box(0, 0, 10, 10), box(8, 0, 18, 10)
    found, _ = offered(a, b, older=older)
    assert (found["older"].a.area - a.area, found["older"].b.area - b.area) == pytest.approx(change, abs=1e-6)


def test_of_one_age_nobody_is_older():
    _, why = offered(box(0, 0, 10, 10), box(8, 0, 18, 10))
    assert why == {"older": "same_age", "contract": "no_contract_area"}


@pytest.mark.parametrize(
    ("papers", "a_m2"),
    [
        ((95, 85), 95),  # together 180, as much as there is: both have what they were contracted
        ((100, 100), 90),  # together 20 too much: both miss 10
        ((90, 80), 95),  # together 10 too little: both have 5 more
        ((300, 10), 100),  # the cut is all that can be given
        ((10, 300), 80),
    ],
)
def test_contracts_divide_the_cut(papers, a_m2):
    """Both are drawn with 100 m² and share 20 m²."""
    found, _ = offered(box(0, 0, 10, 10), box(8, 0, 18, 10), contract_a_m2=papers[0], contract_b_m2=papers[1])
    assert found["contract"].a.area == pytest.approx(a_m2, abs=0.01)
    assert found["contract"].b.area == pytest.approx(180 - a_m2, abs=0.01)


def test_inside_another_there_is_no_line_in_the_middle():
    outer, inner = box(0, 0, 30, 30), box(10, 10, 20, 20)
    found, why = offered(outer, inner, older="b", contract_a_m2=800, contract_b_m2=100)
    assert why == {"midline": "contained", "contract": "contained"}
    assert found["older"].a.area == pytest.approx(800, abs=1e-6)
    assert len(found["older"].a.interiors) == 1
    _, why = offered(outer, inner, older="a")
    assert why["older"] == "vanishes"


def test_one_parcel_under_two_codes_is_for_papers():
    _, why = offered(box(0, 0, 30, 30), box(0, 0, 30, 30), older="a", contract_a_m2=900, contract_b_m2=900)
    assert why == dict.fromkeys(KINDS, "identical")


def test_ground_in_several_parts_is_divided_part_by_part():
    """A comb with two teeth of 2 m by 4 m that reach into the neighbour."""
    comb = shapely.union_all([box(0, 0, 10, 20), box(10, 2, 12, 6), box(10, 12, 12, 16)])
    found, _ = offered(comb, box(10, 0, 20, 20), older="b", contract_a_m2=208, contract_b_m2=192)
    assert found["older"].a.area == pytest.approx(200, abs=1e-6)
    assert found["contract"].a.area == pytest.approx(208, abs=0.05)
    assert 0 < found["midline"].gives_up_a_m2 < 16


def test_a_hole_in_the_ground_stays_with_whom_it_is():
    """a leaves a pond of 1 m² out, within the strip of 4 m by 20 m that both claim."""
    a = shapely.difference(box(0, 0, 20, 20), box(17.5, 9.5, 18.5, 10.5))
    b = box(16, 0, 40, 20)
    found, why = offered(a, b, older="b", contract_a_m2=370, contract_b_m2=420)
    assert "older" in found
    assert proposals(a, b, older="a").hindrances["older"] == "torn"  # the pond would be all that b has there
    assert not {"midline", "contract"} & set(why)
    for one in found.values():
        assert shapely.intersection(one.b, box(17.6, 9.6, 18.4, 10.4)).area == pytest.approx(0.64, abs=1e-6)


@st.composite
def neighbours(draw):
    """Two fields with a wavering border each, that reach into one another by up to some metres."""
    n = draw(st.integers(2, 25))
    wave = st.lists(st.floats(-1.5, 1.5, width=32), min_size=n, max_size=n)
    ys = np.linspace(0, 60, n)
    over = draw(st.floats(-1, 6, width=32))
    east = np.column_stack([30 + np.array(draw(wave)), ys])
    west = np.column_stack([30 - over + np.array(draw(wave)), ys])
    a = shapely.Polygon(np.vstack([east, [(0, 60), (0, 0)]]))
    b = shapely.Polygon(np.vstack([west, [(70, 60), (70, 0)]]))
    angle = draw(st.floats(0, 360))
    turned = [affinity.rotate(field, angle, origin=(30, 30)) for field in (a, b)]
    return [affinity.translate(field, EAST, NORTH) for field in turned]


@settings(max_examples=60, deadline=None)
@given(neighbours(), st.sampled_from([None, "a", "b"]), st.floats(500, 3000), st.floats(500, 3000))
def test_no_ground_is_lost_whatever_the_fields(fields, older, a_m2, b_m2):
    a, b = fields
    assume(shapely.intersection(a, b).area > 0.5)
    offered(a, b, older=older, contract_a_m2=a_m2, contract_b_m2=b_m2)


@settings(max_examples=25, deadline=None)
@given(neighbours())
def test_sides_may_be_named_either_way(fields):
    """What falls to a of a and b falls to b of b and a, but for a millimetre along the line."""
    a, b = fields
    assume(shapely.intersection(a, b).area > 0.5)
    one, _ = offered(a, b)
    other, _ = offered(b, a)
    assert set(one) == set(other)
    for kind in one:
        moved = shapely.symmetric_difference(one[kind].a, other[kind].b).area
        assert moved <= 0.02 * shapely.intersection(a, b).area + 0.1
