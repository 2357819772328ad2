"""Measures of a cut, against values worked out by hand."""

import numpy as np
import pytest
import shapely

from geo.shapes import firm_area, inscribed_width, polygonal


def shapes(*given):
    return np.array(given, dtype=object)


def test_what_is_wide_enough_is_kept_whole():
    square, strip = shapely.box(0, 0, 1, 1), shapely.box(0, 0, 120, 0.3)
    assert list(firm_area(shapes(square, strip), 0.05)) == [1.0, 36.0]


@pytest.mark.parametrize(("width", "kept"), [(0.045, 0.0), (0.05, 5.0), (0.055, 5.5)])
def test_a_strip_passes_where_it_is_at_least_as_wide_as_the_gate(width, kept):
    assert firm_area(shapes(shapely.box(0, 0, 100, width)), 0.05)[0] == pytest.approx(kept, abs=1e-6)


def test_only_the_bite_is_left_of_a_bite_on_a_sliver():
    cut = shapely.union(shapely.box(0, 0, 120, 0.001), shapely.box(5, 0, 5.9, 1.5))
    assert firm_area(shapes(cut), 0.05)[0] == pytest.approx(1.35, abs=1e-5)


def test_no_width_means_the_whole_cut():
    assert firm_area(shapes(shapely.box(0, 0, 100, 0.001)), 0.0)[0] == pytest.approx(0.1)


def test_the_width_is_the_largest_circle_to_a_millimetre():
    triangle = shapely.Polygon([(0, 0), (4, 0), (0, 3)])  # 3-4-5: radius of the inscribed circle is 1
    assert inscribed_width(shapes(shapely.box(0, 0, 100, 0.4), triangle)) == pytest.approx([0.4, 2.0], abs=2e-3)


def test_a_sliver_that_also_touches_in_a_line_and_a_point_has_no_firm_ground():
    """What is left of it is nothing, and GEOS 3.14 does not intersect nothing with a collection."""
    touching = [shapely.LineString([(20, 0), (30, 0)]), shapely.Point(40, 0)]
    cuts = [shapely.GeometryCollection([shapely.box(0, 0, 10, width), *touching]) for width in (0.1, 1.0)]
    assert list(firm_area(np.array(cuts, dtype=object), 0.5)) == [0.0, 10.0]


def test_shapes_that_come_again_measure_what_they_measure_alone():
    square, strip = shapely.box(0, 0, 2, 2), shapely.box(0, 0, 100, 0.04)
    cuts = shapes(strip, square, strip, shapely.Polygon(), shapely.reverse(square), None, square)
    assert firm_area(cuts, 0.05) == pytest.approx([0, 4, 0, 0, 4, 0, 4], abs=1e-6)
    assert inscribed_width(cuts) == pytest.approx([0.04, 2, 0.04, 0, 2, 0, 2], abs=2e-3)


def test_lines_and_points_of_a_cut_are_no_ground():
    mixed = shapely.GeometryCollection([shapely.LineString([(0, 0), (1, 1)]), shapely.box(0, 0, 2, 2)])
    kept = polygonal(shapes(mixed, shapely.Point(0, 0)))
    assert kept[0].equals(shapely.box(0, 0, 2, 2))
    assert kept[1].is_empty


#: Cuts of dense random layers, to the last bit: opened, they are the same but for last bits, and GEOS finds only points
#: in common. All are wide, so that nothing of them falls away: by the triangles' own area.
LOST = (
    "-0x1.e78dda8a54eb5p+1 0x1.48a0ed2eeebadp+3 -0x1.f819ce9800000p+2 0x1.5a02b7b240000p+3 -0x1.220952b14a3bcp+2 "
    "0x1.86fd4f3704da0p+3",
    "0x1.8d2dad1fbae9bp+0 -0x1.468448f19b0c2p+2 -0x1.9a178da000000p+0 -0x1.9b1d944c00000p+1 0x1.294e4e9026d00p-4 "
    "-0x1.e8d32b934c616p-3",
)


@pytest.mark.parametrize("corners", LOST)
def test_what_geos_loses_between_shapes_of_equal_outline_is_cut_again(corners):
    triangle = np.array([float.fromhex(number) for number in corners.split()]).reshape(3, 2)
    (ax, ay), (bx, by), (cx, cy) = triangle
    area = abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2
    assert area > 3
    assert firm_area(shapes(shapely.Polygon(triangle)), 0.05)[0] == pytest.approx(area, abs=1e-6)
