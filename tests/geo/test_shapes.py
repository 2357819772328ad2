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


def test_lines_and_points_of_a_cut_are_no_ground():
    mixed = shapely.GeometryCollection([shapely.LineString([(0, 0), (1, 1)]), shapely.box(0, 0, 2, 2)])
    kept = polygonal(shapes(mixed, shapely.Point(0, 0)))
    assert kept[0].equals(shapely.box(0, 0, 2, 2))
    assert kept[1].is_empty
