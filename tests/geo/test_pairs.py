"""The area that two polygons share, against exact rational arithmetic, drawings and GEOS."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.outlines import outlines_of
from geo.pairs import NOTHING_M2, shared_ground, with_cuts

EAST, NORTH = CORNER = np.array([37_601_000.0, 2_417_000.0])
UNIT_ROUNDOFF = 2.0**-53


def shared(a, b):
    """Ours: the table of pairs across two lists of shapes."""
    sides = [outlines_of(np.array(shapes, dtype=object)) for shapes in (a, b)]
    names = [np.array([f"{at:04d}" for at in range(len(shapes))]) for shapes in (a, b)]
    return shared_ground(sides[0], names[0], sides[1], names[1], more_than_m2=0.0)


def area(a, b):
    """Ours, of one pair."""
    return float(shared([a], [b])["shared_m2"].sum())


def exact(a, b):
    """The area in fractions: signed fans of triangles, clipped against each other one by one."""
    total = Fraction(0)
    for sign_a, fan_a in fans(a):
        for sign_b, fan_b in fans(b):
            total += sign_a * sign_b * twice(clipped(fan_a, fan_b)) / 2
    return total


def fans(shape):
    """Every ring as triangles from its first vertex, counter-clockwise, with the sign that each counts by."""
    for part in shapely.get_parts(shape):
        for ring in (part.exterior, *part.interiors):
            points = [(Fraction(x), Fraction(y)) for x, y in ring.coords]
            whole = twice(points[:-1])
            outward = 1 if ring is part.exterior or ring.equals(part.exterior) else -1
            for second, third in pairwise(points[1:-1]):
                triangle = [points[0], second, third]
                turn = twice(triangle)
                if turn:
                    sense = 1 if (turn > 0) == (whole > 0) else -1
                    yield outward * sense, triangle if turn > 0 else triangle[::-1]


def twice(points):
    """Twice the signed area of a closed run of points."""
    return sum(
        (p[0] * q[1] - q[0] * p[1] for p, q in zip(points, [*points[1:], *points[:1]], strict=True)), Fraction(0)
    )


def clipped(subject, triangle):
    """Sutherland and Hodgman: cut away what lies right of each side."""
    for p, q in zip(triangle, [*triangle[1:], triangle[0]], strict=True):
        kept = []
        for r, s in zip(subject, [*subject[1:], *subject[:1]], strict=True):
            side_r, side_s = (twice([p, q, point]) for point in (r, s))
            if side_r >= 0:
                kept.append(r)
            if side_r * side_s < 0:
                part = side_r / (side_r - side_s)
                kept.append((r[0] + part * (s[0] - r[0]), r[1] + part * (s[1] - r[1])))
        subject = kept
    return subject


def bound(a, b):
    """The error that the module promises: (16 + N) u k² W H, with as many edges above a point as there are."""
    edges = [shapely.count_coordinates(shape) for shape in (a, b)]
    west, south, east, north = shapely.total_bounds([a, b])
    terms = edges[0] * edges[1]
    return (16 + terms) * UNIT_ROUNDOFF * terms * (east - west) * (north - south)


def star(random, points, centre, size):
    """A simple polygon with a ragged border."""
    turn = (np.arange(points) + random.uniform(0, 0.9, points)) * 2 * np.pi / points
    reach = random.uniform(0.2, 1.0, points) * size
    return shapely.Polygon(np.column_stack([np.cos(turn), np.sin(turn)]) * reach[:, None] + centre)


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("corner", [np.zeros(2), CORNER])
def test_random_polygons_are_exact_to_the_bound(seed, corner):
    random = np.random.default_rng(seed)
    a, b = (star(random, random.integers(3, 14), random.uniform(0, 60, 2) + corner, 50.0) for _ in range(2))
    hole = star(random, 5, shapely.get_coordinates(shapely.point_on_surface(a))[0], 2.0)
    a = a.difference(hole) if a.contains(hole) else a
    assert abs(Fraction(area(a, b)) - exact(a, b)) <= bound(a, b)


corners = st.tuples(st.integers(0, 4), st.integers(0, 4))


@given(a=st.lists(corners, min_size=3, max_size=7), b=st.lists(corners, min_size=3, max_size=7), fine=st.booleans())
@settings(max_examples=300, deadline=None)
def test_shared_corners_and_edges_are_exact_to_the_bound(a, b, fine):
    """On a grid of five by five, vertices fall on vertices and edges on edges; or nearly so, by one bit."""
    a, b = shapely.Polygon(a), shapely.Polygon(b)
    if fine:
        b = shapely.transform(b, lambda xy: np.nextafter(xy, 9.0))
    if a.is_valid and b.is_valid:
        assert abs(Fraction(area(a, b)) - exact(a, b)) <= bound(a, b)


SQUARE = shapely.box(EAST, NORTH, EAST + 100, NORTH + 100)
POND = SQUARE.difference(shapely.box(EAST + 40, NORTH + 40, EAST + 60, NORTH + 60))
TWO = shapely.MultiPolygon([shapely.box(EAST, NORTH, EAST + 10, NORTH + 10), SQUARE.buffer(-20)])


@pytest.mark.parametrize(
    ("a", "b", "m2"),
    [
        pytest.param(SQUARE, SQUARE, 10_000.0, id="one parcel twice"),
        pytest.param(SQUARE, shapely.affinity.translate(SQUARE, 100), 0.0, id="side by side"),
        pytest.param(SQUARE, shapely.affinity.translate(SQUARE, 100, 100), 0.0, id="corner to corner"),
        pytest.param(SQUARE, shapely.affinity.translate(SQUARE, 60, 70), 1_200.0, id="crossing"),
        pytest.param(POND, SQUARE, 9_600.0, id="a pond is no ground"),
        pytest.param(POND, shapely.box(EAST + 45, NORTH + 45, EAST + 55, NORTH + 55), 0.0, id="inside the pond"),
        pytest.param(POND, shapely.box(EAST + 35, NORTH + 45, EAST + 65, NORTH + 55), 100.0, id="across the pond"),
        pytest.param(POND, POND, 9_600.0, id="a pond twice"),
        pytest.param(TWO, SQUARE, 3_700.0, id="two parts"),
        pytest.param(TWO, POND, 3_300.0, id="two parts and a pond"),
        pytest.param(SQUARE.reverse(), POND.reverse(), 9_600.0, id="rings the wrong way round"),
        pytest.param(SQUARE, shapely.box(EAST - 50_000, NORTH - 9, EAST + 50_000, NORTH + 1), 100.0, id="a long road"),
    ],
)
def test_drawn_pairs(a, b, m2):
    assert area(a, b) == pytest.approx(m2, abs=1e-8)
    assert area(b, a) == pytest.approx(m2, abs=1e-8)


@pytest.mark.parametrize("noise_m", [1e-4, 1e-7, 1e-9])
def test_noise_moves_an_area_by_no_more_than_itself_times_the_shared_border(noise_m):
    random = np.random.default_rng(7)
    border = np.column_stack([np.linspace(0, 100, 41), random.uniform(-3, 3, 41)]) + CORNER
    lower = shapely.Polygon([*border, (EAST + 100, NORTH - 50), (EAST, NORTH - 50)])
    shaken = border + random.uniform(-noise_m, noise_m, border.shape)
    upper = shapely.Polygon([*shaken, (EAST + 100, NORTH + 50), (EAST, NORTH + 50)])
    length = shapely.length(shapely.LineString(border))
    assert 0 <= area(lower, upper) <= 1.5 * noise_m * length


def crowd(count, seed=3):
    random = np.random.default_rng(seed)
    centres = random.uniform(0, 400, (count, 2)) + CORNER
    shapes = [star(random, random.integers(3, 30), centre, random.uniform(2, 40)) for centre in centres]
    shapes[0] = shapely.box(EAST - 5_000, NORTH + 100, EAST + 9_000, NORTH + 110)  # a road among parcels
    shapes[1] = shapely.box(EAST + 9e6, NORTH, EAST + 9e6 + 5, NORTH + 5)  # and one that lies far astray
    return np.array(shapes, dtype=object)


def test_every_pair_that_geos_finds_is_found_with_its_area():
    shapes = crowd(400)
    found = shared_ground(outlines_of(shapes), np.arange(len(shapes)))
    i, j = shapely.STRtree(shapes).query(shapes)
    i, j = i[i < j], j[i < j]
    local = shapely.transform(shapes, lambda xy: xy - CORNER)
    theirs = shapely.area(shapely.intersection(local[i], local[j]))
    kept = theirs > NOTHING_M2
    assert list(zip(found["row_a"], found["row_b"], strict=True)) == sorted(zip(i[kept], j[kept], strict=True))
    order = np.lexsort((j[kept], i[kept]))
    assert found["shared_m2"].to_numpy() == pytest.approx(theirs[kept][order], abs=1e-6)
    cuts = with_cuts(found, outlines_of(shapes), outlines_of(shapes))["cut"].to_numpy()
    assert shapely.area(cuts) == pytest.approx(found["shared_m2"].to_numpy(), abs=1e-9)


@pytest.mark.parametrize("points", [500, 515, 3_000])
def test_outlines_of_very_many_corners_share_what_geos_finds(points):
    """Their edges are taken from west to east: ragged ones, upright ones, and long ones over all others."""
    random = np.random.default_rng(points)
    a, b = (star(random, points, centre, 50.0) for centre in ((0, 0), (7, 3)))
    x = np.linspace(-40, 40, points)
    comb = shapely.Polygon([*zip(x, np.where(np.arange(points) % 2, 5, 30), strict=True), (40, -20), (-40, -20)])
    stairs = zip(np.repeat(x, 2)[1:-1], np.repeat(np.abs(x), 2)[:-2], strict=True)
    steps = shapely.Polygon([*stairs, (40, -9), (-40, -9)])
    shapes = np.array([a, b, comb, steps, a, shapely.reverse(b)], dtype=object)
    assert shapely.is_valid(shapes).all()
    found = shared_ground(outlines_of(shapely.transform(shapes, lambda xy: xy + CORNER)), np.arange(len(shapes)))
    theirs = shapely.area(shapely.intersection(shapes[found["row_a"]], shapes[found["row_b"]]))
    assert len(found) == 15
    assert found["shared_m2"].to_numpy() == pytest.approx(theirs, abs=1e-5)


def named(shapes, names, **options):
    """Pairs by the names of their sides, with the very bits of their areas."""
    found = shared_ground(outlines_of(shapes), names, **options)
    return {(names[a], names[b]): m2 for a, b, m2 in found[["row_a", "row_b", "shared_m2"]].itertuples(index=False)}


def test_areas_are_the_same_bits_whole_tiled_shuffled_and_threaded(monkeypatch):
    shapes = crowd(400)
    names = np.array([f"p{at:04d}" for at in range(len(shapes))])
    whole = named(shapes, names, threads=1)
    order = np.random.default_rng(1).permutation(len(shapes))
    assert named(shapes[order], names[order], threads=1) == whole
    monkeypatch.setattr("geo.pairs.FEATURES_A_TILE", 17)
    assert named(shapes, names, threads=3) == whole


def test_what_is_empty_or_missing_shares_nothing():
    shapes = np.array([None, shapely.Polygon(), SQUARE, SQUARE], dtype=object)
    found = shared_ground(outlines_of(shapes), np.arange(4))
    assert found[["row_a", "row_b"]].to_numpy().tolist() == [[2, 3]]
    assert shared_ground(outlines_of(shapes[:2]), np.arange(2)).empty


def test_only_polygons_have_outlines():
    with pytest.raises(ValueError, match="polygons"):
        outlines_of(np.array([shapely.Point(0, 0)], dtype=object))
