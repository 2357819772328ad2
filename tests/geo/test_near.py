"""What lies near, against a tree of points and edges of another engine; the same bits whichever way it is asked."""

import numpy as np
import pytest
import shapely

from data.samples.fabric import fabric
from geo import near
from geo.outlines import Outlines, outlines_of

WITHIN = 0.05


@pytest.fixture(scope="module")
def shapes():
    """Two thousand parcels, a third of them moved by up to 4 cm."""
    random = np.random.default_rng(11)
    made = fabric(2000).shapes
    chosen = random.random(len(made)) < 0.3
    moved = [shapely.affinity.translate(shape, *random.uniform(-0.03, 0.03, 2)) for shape in made[chosen]]
    made[chosen] = moved
    return made


def found(shapes, **options):
    """Spots by what they are: places of both vertices and metres, without the numbers of rows."""
    outlines = outlines_of(shapes)
    both = near.near_features(outlines, WITHIN, **options)
    at = [[outlines.xy[spots[:, side].astype(int)] for side in (0, 1)] for spots in (both.nodes, both.on)]
    return [sorted(map(tuple, np.c_[*at[which], spots[:, 2]])) for which, spots in enumerate((both.nodes, both.on))]


def test_nodes_and_edges_are_those_that_a_tree_finds(shapes):
    outlines = outlines_of(shapes)
    starts = np.setdiff1d(np.arange(len(outlines.xy)), outlines.rings[1:] - 1)
    owner = near.feature_of(outlines, starts)
    points = shapely.points(outlines.xy[starts])
    one, other = shapely.STRtree(points).query(points, predicate="dwithin", distance=WITHIN + 5e-7)
    one, other = one[owner[one] != owner[other]], other[owner[one] != owner[other]]
    meets = {(a, owner[b]) for a, b in zip(one, other, strict=True)}
    edges = shapely.linestrings(np.stack([outlines.xy[starts], outlines.xy[starts + 1]], axis=1))
    point, edge = shapely.STRtree(edges).query(points, predicate="dwithin", distance=WITHIN + 5e-7)
    expected = {
        (starts[a], owner[b])
        for a, b in zip(point, edge, strict=True)
        if owner[a] != owner[b] and (a, owner[b]) not in meets and _beside(outlines.xy, starts[a], starts[b])
    }
    both = near.near_features(outlines, WITHIN)
    on, edge_of = both.on[:, 0].astype(int), near.feature_of(outlines, both.on[:, 1].astype(int))
    assert len(expected) > 200
    assert set(zip(on, edge_of, strict=True)) == expected
    apart = shapely.distance(points[one], points[other])
    nearest = {}
    for a, b, metres in zip(starts[one], starts[other], np.round(apart, 6), strict=True):
        key = (a, near.feature_of(outlines, np.array([b]))[0])
        nearest[key] = min(nearest.get(key, (np.inf, 0)), (metres, b))
    mutual = {
        frozenset((a, b))
        for (a, of), (metres, b) in nearest.items()
        if metres > 0 and nearest[b, near.feature_of(outlines, np.array([a]))[0]][1] == a
    }
    assert len(mutual) > 1000
    assert {frozenset(pair) for pair in both.nodes[:, :2].astype(int).tolist()} == mutual


def _beside(xy, vertex, edge):
    """Whether the foot of a vertex lies inside an edge."""
    along = xy[edge + 1] - xy[edge]
    return 0 < along @ (xy[vertex] - xy[edge]) < along @ along


def test_the_same_bits_shuffled_tiled_and_threaded(shapes, monkeypatch):
    whole = found(shapes)
    assert found(np.random.default_rng(3).permutation(shapes), threads=1) == whole
    monkeypatch.setattr(near, "FEATURES_A_TILE", 97)
    monkeypatch.setattr(near, "EXPECTED", 0)
    assert found(shapes) == whole


HUGE = np.array([[0, 0], [1e300, 0], [0, 1e300], [0, 0]])


@pytest.mark.parametrize("xy", [np.zeros((5, 2)), np.full((4, 2), np.nan), HUGE], ids=["all one", "nan", "huge"])
def test_what_is_no_shape_is_borne(xy):
    ends = np.array([0, len(xy), 2 * len(xy)])
    outlines = Outlines(np.concatenate([xy, xy]).astype(float), ends, np.array([0, 1, 2]), np.array([0, 1, 2, 2]))
    spots = near.near_features(outlines, WITHIN)
    assert len(spots.nodes) == len(spots.on) == 0
    assert near.near_features(outlines_of(np.empty(0, dtype=object)), WITHIN).on.shape == (0, 3)
    assert len(near.by_pair(outlines, spots.on)) == 0
