"""Outlines keep every ring of every feature, however it was written down; boxes are told along a curve."""

import numpy as np
import pytest
import shapely

from geo.kernel.joins import hilbert
from geo.kernel.wkb import begins_of
from geo.outlines import outlines_of, outlines_of_wkb, stacked
from geo.pairs import shared_ground
from geo.validity import invalid

HOLED = shapely.box(0, 0, 10, 10).difference(shapely.box(2, 2, 4, 4))
TWO = shapely.MultiPolygon([shapely.box(20, 0, 25, 5), HOLED])
SHAPES = np.array([shapely.box(0, 0, 1, 2), HOLED, None, TWO, shapely.Polygon(), shapely.box(5, 5, 6, 6)], dtype=object)
AREAS = [2.0, 96.0, 0.0, 121.0, 0.0, 1.0]


def same(ours, theirs):
    """Whether two arrays of shapes show the same ground; what is missing is empty."""
    empty = np.where(shapely.is_missing(theirs), shapely.Polygon(), theirs)
    return all(a.equals(b) or (a.is_empty and b.is_empty) for a, b in zip(ours, empty, strict=True))


def test_shapes_come_back_and_are_measured():
    outlines = outlines_of(SHAPES)
    assert same(outlines.shapes(), SHAPES)
    assert outlines.areas.tolist() == AREAS
    assert outlines.boxes[3].tolist() == [0, 0, 25, 10]
    assert np.isnan(outlines.boxes[[2, 4]]).all()
    assert outlines.slants[0] == pytest.approx([0, 3, -2, 1])


def test_no_shapes_have_no_outlines():
    outlines = outlines_of(SHAPES[:0])
    assert len(outlines) == len(outlines.shapes()) == 0
    assert outlines.areas.tolist() == invalid(outlines).tolist() == []
    assert shared_ground(outlines, np.arange(0)).empty
    assert shared_ground(outlines_of(SHAPES), np.arange(len(SHAPES)), outlines, np.arange(0)).empty


def test_shells_turn_left_and_holes_right_and_first_vertices_stay():
    turned = outlines_of(shapely.reverse(SHAPES[[0, 1, 3]]))
    assert turned.areas.tolist() == [2.0, 96.0, 121.0]
    first = shapely.get_coordinates(shapely.get_point(shapely.get_exterior_ring(SHAPES[0]), 0))
    assert turned.xy[0].tolist() == first[0].tolist()


@pytest.mark.parametrize("rows", [[5, 0, 3, 3, 2], [], [4]])
def test_some_features_alone(rows):
    taken = outlines_of(SHAPES).taken(np.array(rows, dtype=np.int64))
    assert same(taken.shapes(), SHAPES[rows])
    assert taken.areas.tolist() == [AREAS[row] for row in rows]


def test_neighbouring_features_are_seen_without_a_copy():
    outlines = outlines_of(SHAPES)
    part = outlines.between(1, 4)
    assert same(part.shapes(), SHAPES[1:4])
    assert np.shares_memory(part.xy, outlines.xy)


def test_copies_stand_in_the_place_of_some():
    other = np.array([shapely.box(0, 0, 3, 3), None], dtype=object)
    wanted = SHAPES.copy()
    wanted[[1, 5]] = other
    assert same(outlines_of(SHAPES).with_copies(np.array([1, 5]), outlines_of(other)).shapes(), wanted)


def test_outlines_are_put_one_behind_the_other():
    both = stacked([outlines_of(SHAPES), outlines_of(SHAPES[::-1])])
    assert same(both.shapes(), np.r_[SHAPES, SHAPES[::-1]])


def deep(shape):
    return shapely.force_3d(shape, 7.0)


@pytest.mark.parametrize("flavor", ["extended", "iso"])
@pytest.mark.parametrize("form", [lambda shape: shape, deep, lambda shape: shapely.set_srid(shape, 4525)])
def test_every_form_of_wellknown_binary_is_read(flavor, form):
    shapes = np.array([form(shape) for shape in (SHAPES[0], HOLED, TWO, shapely.Polygon())], dtype=object)
    wkb = shapely.to_wkb(shapes, flavor=flavor, include_srid=flavor == "extended")
    data = np.frombuffer(b"".join(wkb), dtype=np.uint8)
    pieces = [(data, begins_of(data, len(wkb))), (np.frombuffer(wkb[1], dtype=np.uint8), np.zeros(1, dtype=np.int64))]
    assert same(outlines_of_wkb(pieces).shapes(), shapely.force_2d(np.r_[shapes, shapes[1:2]]))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(shapely.to_wkb(shapely.Point(0, 0)), id="a point"),
        pytest.param(shapely.to_wkb(HOLED, byte_order=0), id="the other end first"),
        pytest.param(shapely.to_wkb(HOLED)[:-1], id="cut off in a ring"),
        pytest.param(shapely.to_wkb(TWO)[:20], id="cut off in a part"),
        pytest.param(shapely.to_wkb(TWO)[:7], id="cut off in the header"),
        pytest.param(shapely.to_wkb(shapely.set_srid(HOLED, 4525), include_srid=True)[:12], id="cut off in a count"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_what_is_no_polygon_is_refused(data):
    with pytest.raises(ValueError, match="polygons"):
        outlines_of_wkb([(np.frombuffer(data, dtype=np.uint8), np.zeros(1, dtype=np.int64))])


def test_the_curve_visits_every_cell_once_and_each_beside_the_one_before():
    cell = np.arange(64.0)
    x, y = (axis.ravel() for axis in np.meshgrid(cell, cell))
    boxes = np.column_stack([x, y, x, y])
    far = np.zeros(len(boxes), dtype=np.uint32)
    hilbert(boxes, 0.0, 0.0, 1.0, far, 0, len(boxes))
    steps = np.abs(np.diff(boxes[np.argsort(far), :2], axis=0)).sum(axis=1)
    assert len(np.unique(far)) == len(boxes)
    assert (steps == 1).all()
