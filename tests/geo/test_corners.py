"""Shapes by themselves against brute force with another engine, and what is no shape at all."""

import numpy as np
import pytest
import shapely

from data.samples.fabric import fabric
from geo import corners
from geo.outlines import Outlines, outlines_of


@pytest.fixture(scope="module")
def shapes():
    """Three thousand parcels, their vertices moved on a grid of 2 cm, so that some crowd and some edges fold."""
    random = np.random.default_rng(7)
    made = shapely.transform(fabric(3000).shapes, lambda xy: np.round(xy / 6, 1) * 6)
    stars = np.array([_star(random) for _ in range(500)], dtype=object)
    return np.concatenate([made, stars])


def _star(random):
    angles = np.sort(random.uniform(0, 2 * np.pi, 40))
    far = random.choice([0.2, 1.0, 1.01], 40)
    return shapely.Polygon(np.c_[np.cos(angles), np.sin(angles)] * far[:, None] + (37_601_306.58, 2_417_513.559))


def _rings(shape):
    for part in shapely.get_parts(shape):
        yield from (np.asarray(ring.coords)[:-1] for ring in (part.exterior, *part.interiors))


def test_crowded_vertices_are_those_that_a_tree_of_points_finds(shapes):
    found = corners.crowded_vertices(outlines_of(shapes), 0.05, 1e-4)
    assert len(found) > 100
    for row in range(len(shapes)):
        points = np.concatenate(list(_rings(shapes[row])))
        apart = np.round(np.hypot(*(points[:, None] - points[None]).T), 6)[np.triu_indices(len(points), 1)]
        near = apart[apart < 0.05]
        assert len(near) == (found["pairs"].get(row, 0)), row
        if len(near):
            assert found["distance_m"][row] == near.min()


def test_sharp_corners_are_those_that_their_sides_tell(shapes):
    found = corners.sharp_corners(outlines_of(shapes), 20.0, 0.0)
    assert len(found) > 100
    for row in range(len(shapes)):
        sharp = 0
        for ring in _rings(shapes[row]):
            before, after = np.roll(ring, 1, axis=0) - ring, np.roll(ring, -1, axis=0) - ring
            one, other = before @ [1, 1j], after @ [1, 1j]
            between = np.abs(np.angle(one * np.conj(other), deg=True))
            sharp += int(((np.round(between, 5) < 20.0) & (one != 0) & (other != 0)).sum())
        assert sharp == found["corners"].get(row, 0), row


def test_thinness_is_that_of_area_and_length(shapes):
    found = corners.thinness(outlines_of(shapes))
    area, length = shapely.area(shapes), shapely.length(shapes)
    assert found["mean_width_m"].to_numpy() == pytest.approx(2 * area / length, abs=1e-6)
    assert found["roundness"].to_numpy() == pytest.approx(4 * np.pi * area / length**2, abs=1e-6)


GARBAGE = [
    np.empty((0, 2)),
    np.zeros((1, 2)),
    np.zeros((5, 2)),
    np.array([[0, 0], [1, 0], [0, 0.0]]),
    np.array([[0, 0], [np.nan, 1], [1, 1], [0, 0.0]]),
    np.array([[0, 0], [np.inf, 1], [1, -np.inf], [0, 0.0]]),
    np.array([[0, 0], [1e308, 1e308], [-1e308, 1e308], [0, 0.0]]),
]


@pytest.mark.parametrize("xy", GARBAGE, ids=["no vertex", "one", "all one", "there and back", "nan", "inf", "huge"])
def test_what_is_no_shape_is_borne(xy):
    ends = np.array([0, len(xy)])
    outlines = Outlines(xy.astype(float), ends, np.array([0, 1]), np.array([0, 1, 1]))
    for found in (
        corners.sharp_corners(outlines, 5.0, 0.05),
        corners.crowded_vertices(outlines, 0.05, 1e-4),
        corners.folded_boundaries(outlines, 0.1, 0.05, 5.0),
        corners.thinness(outlines),
    ):
        assert set(found.index) <= {0, 1}
