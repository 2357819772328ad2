"""What is left of a cut at every tolerance, against shapes worked out by hand."""

import pytest
import shapely

from geo.tolerance import TOLERANCES_M, curve

#: CGCS2000 zone 37 with the zone in the easting: where rounding is at its worst.
EAST, NORTH = 37_601_000.0, 2_417_000.0


def box(west, south, east, north):
    return shapely.box(EAST + west, NORTH + south, EAST + east, NORTH + north)


def firm(told):
    return [step.firm_m2 for step in told.steps]


def test_a_strip_of_four_centimetres_is_noise():
    """Two careful surveys differ by as much: from 5 cm on nothing is left."""
    told = curve(box(0, 0, 0.04, 100), 1.0)
    assert firm(told) == pytest.approx([4, 4, 0, 0, 0], abs=1e-5)
    assert [step.fires for step in told.steps] == [True, True, False, False, False]
    assert (told.taken_for, told.fires_up_to_m) == ("noise", 0.01)
    assert (told.area_m2, told.width_m) == (pytest.approx(4, abs=1e-5), pytest.approx(0.04, abs=2e-3))


def test_a_square_of_five_metres_is_a_dispute_at_every_tolerance():
    told = curve(box(0, 0, 5, 5), 1.0)
    assert firm(told) == pytest.approx([25] * 5, abs=1e-5)
    assert [step.sure_m2 for step in told.steps] == pytest.approx([(5 - t) ** 2 for t in TOLERANCES_M], abs=1e-5)
    assert (told.taken_for, told.fires_up_to_m) == ("dispute", 0.50)


def test_a_tail_of_a_millimetre_is_no_part_of_the_dispute():
    """The square of 5 m stays; the tail of 1 mm by 100 m falls away at a centimetre."""
    told = curve(shapely.union(box(0, 0, 5, 5), box(5, 0, 105, 0.001)), 1.0)
    assert firm(told) == pytest.approx([25.1, 25, 25, 25, 25], abs=1e-4)
    assert told.taken_for == "dispute"


def test_what_is_wider_than_a_survey_and_narrower_than_an_orthophoto_is_doubtful():
    told = curve(box(0, 0, 0.3, 40), 1.0)
    assert firm(told) == pytest.approx([12, 12, 12, 12, 0], abs=1e-5)
    assert (told.taken_for, told.fires_up_to_m) == ("doubtful", 0.10)


@pytest.mark.parametrize(("side", "fires"), [(0.9, False), (1.0, True), (1.1, True)])
def test_equality_with_the_least_area_fires(side, fires):
    assert curve(box(0, 0, side, 1), 1.0).steps[0].fires is fires


def test_parts_are_added_up_and_an_empty_cut_is_noise():
    two = shapely.union(box(0, 0, 1, 1), box(9, 0, 10, 0.5))
    assert curve(two, 1.0).steps[3].firm_m2 == pytest.approx(1.5, abs=1e-5)
    assert curve(shapely.Polygon(), 1.0).taken_for == "noise"
    assert curve(shapely.Polygon(), 0.0).fires_up_to_m is None
