"""Gaps are the thin holes of the union of all parcels, as another engine unites them."""

import numpy as np
import pytest
import shapely

from geo.gaps import gaps
from geo.outlines import Outlines, outlines_of

ORIGIN = np.array([37_601_306.58, 2_417_513.559])
SIDE = 20


@pytest.fixture(scope="module")
def shapes():
    """Four hundred quads on one net of nodes; on a third of the inner edges one side has a corner more, drawn in."""
    random = np.random.default_rng(5)
    nodes = np.stack(np.meshgrid(np.arange(SIDE + 1), np.arange(SIDE + 1), indexing="ij"), axis=-1) * 30.0
    nodes = nodes + random.uniform(-4, 4, nodes.shape)
    made = []
    for i in range(SIDE):
        for j in range(SIDE):
            ring = np.array([nodes[i, j], nodes[i + 1, j], nodes[i + 1, j + 1], nodes[i, j + 1]])
            corners = []
            for side in range(4):
                a, b = ring[side], ring[(side + 1) % 4]
                corners.append(a)
                if random.random() < 0.3:
                    into = np.array([a[1] - b[1], b[0] - a[0]]) / np.hypot(*(b - a))
                    corners.append((a + b) / 2 + into * random.choice([0.0001, 0.1, 0.7, 1.4]))
            made.append(shapely.Polygon(np.array(corners) + ORIGIN))
    return random.permutation(np.array(made, dtype=object))


def holes(shapes):
    """What a frame round all shapes has beside their union, where it is small and thin, in coordinates of their own."""
    united = shapely.union_all(shapely.transform(shapes, lambda xy: xy - ORIGIN))
    found = shapely.get_parts(shapely.difference(shapely.box(-100, -100, 1000, 1000), united))
    area = shapely.area(found)
    return found[(area >= 0.01) & (area < 50) & (2 * area < 0.5 * shapely.length(found))]


def test_gaps_are_the_thin_holes_of_the_union(shapes):
    found = gaps(outlines_of(shapes), 0.005, 50.0, 0.5, 0.01)
    expected = holes(shapes)
    assert len(expected) > 100
    assert found["gaps"].sum() == len(expected)
    assert found["gap_m2"].sum() == pytest.approx(shapely.area(expected).sum(), abs=1e-4)
    cuts = shapely.transform(found["cut"].to_numpy(), lambda xy: xy - ORIGIN)
    assert shapely.area(shapely.symmetric_difference(shapely.union_all(cuts), shapely.union_all(expected))) < 1e-4
    sides = shapes[found[["row_a", "row_b"]].to_numpy()]
    assert (shapely.distance(found["cut"].to_numpy()[:, None], sides) < 1e-6).all()
    assert shapely.intersects(found["cut"].to_numpy(), found["place"].to_numpy()).all()


def test_gaps_are_the_same_bits_in_any_order(shapes):
    order = np.random.default_rng(1).permutation(len(shapes))
    told = [
        sorted(zip(found["place"].map(shapely.to_wkt), found["gap_m2"], found["mean_width_m"], strict=True))
        for found in (gaps(outlines_of(some), 0.005, 50.0, 0.5, 0.01) for some in (shapes, shapes[order]))
    ]
    assert told[0] == told[1]


@pytest.mark.parametrize("xy", [np.zeros((5, 2)), np.full((4, 2), np.nan), np.array([[0, 0], [0, 1], [0, 0.0]])])
def test_what_is_no_shape_has_no_gaps(xy):
    ends = np.array([0, len(xy), 2 * len(xy)])
    outlines = Outlines(np.concatenate([xy, xy]).astype(float), ends, np.array([0, 1, 2]), np.array([0, 1, 2, 2]))
    assert len(gaps(outlines, 0.005, 50.0, 0.5, 0.01)) == 0
    assert len(gaps(outlines_of(np.empty(0, dtype=object)), 0.005, 50.0, 0.5, 0.01)) == 0
