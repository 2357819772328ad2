"""Our verdicts on polygons: drawn cases against the OGC definition, random ones against GEOS."""

from fractions import Fraction

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from data.samples.fabric import fabric
from geo.kernel.validity import DOUBTFUL, INVALID, UNKNOWN, VALID, turn
from geo.outlines import laid_out, outlines_of
from geo.validity import VERTICES_AT_ONCE, invalid, verdicts

SQUARE = "(0 0, 9 0, 9 9, 0 9, 0 0)"

#: What a surveyor may bring, whether it is valid by OGC Simple Feature Access 1.2.1, 6.1.11 and 6.1.14.
DRAWN = {
    "a square": (f"POLYGON ({SQUARE})", True),
    "a triangle": ("POLYGON ((0 0, 3 0, 0 3, 0 0))", True),
    "a square that runs clockwise": ("POLYGON ((0 0, 0 9, 9 9, 9 0, 0 0))", True),
    "corners on straight edges": ("POLYGON ((0 0, 4 0, 9 0, 9 5, 9 9, 3 9, 0 9, 0 0))", True),
    "an L": ("POLYGON ((0 0, 9 0, 9 3, 3 3, 3 9, 0 9, 0 0))", True),
    "a spiral": ("POLYGON ((0 0, 9 0, 9 9, 2 9, 2 4, 5 4, 5 6, 4 6, 4 7, 7 7, 7 2, 0 2, 0 0))", True),
    "repeated corners": ("POLYGON ((0 0, 0 0, 9 0, 9 9, 9 9, 9 9, 0 9, 0 0, 0 0))", True),
    "nothing": ("POLYGON EMPTY", True),
    "bow-tie": ("POLYGON ((0 0, 9 9, 9 0, 0 9, 0 0))", False),
    "bow-tie at a corner": ("POLYGON ((0 0, 2 2, 4 0, 4 4, 2 2, 0 4, 0 0))", False),
    "spike outwards": ("POLYGON ((0 0, 9 0, 9 5, 15 5, 9 5, 9 9, 0 9, 0 0))", False),
    "spike inwards": ("POLYGON ((0 0, 9 0, 9 5, 3 5, 9 5, 9 9, 0 9, 0 0))", False),
    "spike along an edge": ("POLYGON ((0 0, 9 0, 9 12, 9 9, 0 9, 0 0))", False),
    "spike at the first corner": ("POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0, -3 0, 0 0))", False),
    "no area": ("POLYGON ((0 0, 4 0, 9 0, 0 0))", False),
    "there and back": ("POLYGON ((0 0, 9 0, 0 0, 9 0, 0 0))", False),
    "one point": ("POLYGON ((1 1, 1 1, 1 1, 1 1))", False),
    "two points": ("POLYGON ((1 1, 2 2, 2 2, 1 1))", False),
    "a corner on another edge": ("POLYGON ((0 0, 9 0, 9 9, 4 0, 0 9, 0 0))", False),
    "an edge run twice": ("POLYGON ((0 0, 4 0, 4 4, 6 4, 6 0, 4 0, 4 4, 0 4, 0 0))", False),
    "a corner visited twice": ("POLYGON ((0 0, 5 5, 9 0, 9 9, 5 5, 0 9, 0 0))", False),
    "a shell with an island tied to it": ("POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0, 2 4, 4 2, 0 0))", False),
    "the ring twice around": ("POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0, 9 0, 9 9, 0 9, 0 0))", False),
    "not a number": ("POLYGON ((0 0, 9 0, NaN 9, 0 9, 0 0))", False),
    "without end": ("POLYGON ((0 0, Inf 0, 9 9, 0 9, 0 0))", False),
    "a hole": (f"POLYGON ({SQUARE}, (2 2, 2 4, 4 4, 2 2))", True),
    "two holes": (f"POLYGON ({SQUARE}, (1 1, 1 3, 3 3, 1 1), (5 5, 5 8, 8 8, 5 5))", True),
    "a hole in a bay of another": (f"POLYGON ({SQUARE}, (1 1, 1 8, 8 8, 2 7, 1 1), (4 5, 5 6, 5 5, 4 5))", True),
    "a hole without corners": (f"POLYGON ({SQUARE}, EMPTY)", True),
    "a hole at a corner of the shell": (f"POLYGON ({SQUARE}, (0 0, 2 4, 4 2, 0 0))", True),
    "a hole at an edge of the shell": (f"POLYGON ({SQUARE}, (0 5, 3 7, 3 3, 0 5))", True),
    "a hole from side to side": (f"POLYGON ({SQUARE}, (0 5, 5 7, 9 5, 5 3, 0 5))", False),
    "a hole along an edge": (f"POLYGON ({SQUARE}, (0 2, 0 7, 4 5, 0 2))", False),
    "a hole over the edge": (f"POLYGON ({SQUARE}, (5 5, 5 7, 12 7, 12 5, 5 5))", False),
    "a hole outside": (f"POLYGON ({SQUARE}, (12 2, 12 4, 14 4, 12 2))", False),
    "a hole outside, in the shell's box": (
        "POLYGON ((0 0, 9 0, 9 3, 3 3, 3 9, 0 9, 0 0), (5 5, 5 7, 7 7, 5 5))",
        False,
    ),
    "a hole around the shell": (f"POLYGON ({SQUARE}, (-1 -1, -1 10, 10 10, 10 -1, -1 -1))", False),
    "a hole equal to the shell": (f"POLYGON ({SQUARE}, {SQUARE})", False),
    "a hole without area": (f"POLYGON ({SQUARE}, (2 2, 5 2, 7 2, 2 2))", False),
    "a hole that crosses itself": (f"POLYGON ({SQUARE}, (2 2, 5 5, 5 2, 2 5, 2 2))", False),
    "a hole twice": (f"POLYGON ({SQUARE}, (2 2, 2 4, 4 4, 2 2), (2 2, 2 4, 4 4, 2 2))", False),
    "a hole in a hole": (f"POLYGON ({SQUARE}, (1 1, 1 8, 8 8, 8 1, 1 1), (3 3, 3 5, 5 5, 3 3))", False),
    "a hole around a hole": (f"POLYGON ({SQUARE}, (3 3, 3 5, 5 5, 3 3), (1 1, 1 8, 8 8, 8 1, 1 1))", False),
    "holes that cross": (f"POLYGON ({SQUARE}, (1 1, 1 5, 5 5, 5 1, 1 1), (3 3, 3 7, 7 7, 7 3, 3 3))", False),
    "holes that touch at a point": (f"POLYGON ({SQUARE}, (1 1, 1 4, 4 4, 1 1), (4 4, 7 7, 7 4, 4 4))", True),
    "holes that share an edge": (
        f"POLYGON ({SQUARE}, (1 1, 1 4, 4 4, 4 1, 1 1), (4 1, 4 4, 7 4, 7 1, 4 1))",
        False,
    ),
    "a chain of holes from side to side": (
        f"POLYGON ({SQUARE}, (0 5, 2 6, 4 5, 2 4, 0 5), (4 5, 6 6, 9 5, 6 4, 4 5))",
        False,
    ),
    "a chain of holes from a side": (
        f"POLYGON ({SQUARE}, (0 5, 2 6, 4 5, 2 4, 0 5), (4 5, 6 6, 8 5, 6 4, 4 5))",
        True,
    ),
    "a ring of touching holes": (
        f"POLYGON ({SQUARE}, (2 2, 3 4, 4 2, 3 1, 2 2), (4 2, 6 5, 7 3, 4 2), (2 2, 6 5, 3 6, 2 2))",
        False,
    ),
    "two parts": ("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))", True),
    "parts whose boxes meet": ("MULTIPOLYGON (((0 0, 9 0, 0 9, 0 0)), ((9 1, 9 9, 1 9, 9 1)))", True),
    "parts that touch at a point": ("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((1 1, 2 1, 2 2, 1 1)))", True),
    "parts that share an edge": ("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((1 0, 2 0, 1 1, 1 0)))", False),
    "parts that overlap": ("MULTIPOLYGON (((0 0, 4 0, 4 4, 0 4, 0 0)), ((2 2, 6 2, 6 6, 2 6, 2 2)))", False),
    "a part twice": ("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((0 0, 1 0, 1 1, 0 0)))", False),
    "a part in a part": (f"MULTIPOLYGON (({SQUARE}), ((2 2, 4 2, 4 4, 2 2)))", False),
    "a part in another's hole": (
        f"MULTIPOLYGON (({SQUARE}, (1 1, 1 8, 8 8, 8 1, 1 1)), ((3 3, 5 3, 5 5, 3 3)))",
        True,
    ),
    "a part that fills another's hole": (
        f"MULTIPOLYGON (({SQUARE}, (2 2, 2 4, 4 4, 2 2)), ((2 2, 4 4, 2 4, 2 2)))",
        False,
    ),
    "a bow-tie among parts": ("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 6, 6 5, 5 6, 5 5)))", False),
    "a part without corners": ("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), EMPTY)", True),
    # small files of GDAL's own tests
    "GDAL's test polygon": (
        "POLYGON ((155 147.5, 233 150.5, 243 47.5, 153 45.5, 155 147.5), "
        "(114 187.5, 113 24.5, 268 27.5, 262 187.5, 114 187.5))",
        False,
    ),
    "GDAL's polygon with measures": ("POLYGON ((0 0, 0 1, 1 1, 0 0), (.25 .25, .75 .75, .25 .75, .25 .25))", False),
    "GDAL's part that touches a part": (
        "MULTIPOLYGON (((0 0, 0 1, 1 1, 0 0)), ((0.5 -0.5, 1.5 0.5, 0.5 0.5, 0.5 -0.5)))",
        True,
    ),
}

#: EPSG:4525, the south-west corner of the fabric.
GROUND = np.array([37_560_000.0, 2_400_000.0])

#: Where a drawing may lie: as drawn; on the ground of zone 37; there, small as the steps of the numbers; slanting.
PLACES = {
    "as drawn": lambda xy: xy,
    "on the ground": lambda xy: xy + GROUND,
    "in steps of nanometres": lambda xy: xy * 4e-9 + GROUND,
    "slanting": lambda xy: xy @ [[7.123, -0.1], [3.3, 5.7]] + GROUND,
    "not to be written in binary": lambda xy: xy * 0.1 - 1 / 3,
    "as small as numbers go": lambda xy: xy * 1e-160,
    "as large as numbers go": lambda xy: xy * 1e140,
}


def array(*shapes):
    return np.array(shapes, dtype=object)


def drawn(wkt):
    with np.errstate(invalid="ignore"):  # numpy warns of what is not a number
        return shapely.from_wkt(wkt)


@pytest.mark.parametrize(("wkt", "valid"), DRAWN.values(), ids=DRAWN.keys())
def test_a_drawn_polygon_is_told_as_the_definition_has_it(wkt, valid):
    assert list(invalid(outlines_of(array(drawn(wkt))))) == [not valid]


def test_verdicts_come_in_the_order_of_the_rows():
    shapes = array(*(drawn(wkt) for wkt, _ in DRAWN.values()), None)
    assert list(invalid(outlines_of(shapes))) == [not valid for _, valid in DRAWN.values()] + [False]


@pytest.mark.parametrize(
    ("xy", "rings"),
    [
        ([(0, 0), (9, 0), (9, 9), (0, 9)], [0, 4]),  # not closed
        ([(0, 0), (9, 0), (0, 0)], [0, 3]),
        ([(0, 0)], [0, 1]),
        ([(np.nan, 0), (9, 0), (9, 9), (np.nan, 0)], [0, 4]),
        ([(0, 0), (9, 0), (9, 9), (0, 0)], [0, 0, 4]),  # a hole without a shell
    ],
)
def test_what_cannot_be_made_an_object_is_invalid(xy, rings):
    made = laid_out(np.array(xy, dtype=float), np.array(rings), np.array([0, len(rings) - 1]), np.array([0, 1]))
    assert list(invalid(made)) == [True]


rows_of_points = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=3, max_size=9)
parts_of_rings = st.lists(st.lists(rows_of_points, min_size=1, max_size=3), min_size=1, max_size=3)


@settings(max_examples=600, deadline=None)
@given(parts_of_rings, st.sampled_from(sorted(PLACES)))
def test_a_random_polygon_on_a_small_grid_is_told_as_geos_tells_it(parts, place):
    put = PLACES[place]
    made = shapely.MultiPolygon([(put(np.array(p[0])), [put(np.array(hole)) for hole in p[1:]]) for p in parts])
    assert invalid(outlines_of(array(made)))[0] == (not made.is_valid)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0.01, 1.0), st.floats(0.0, 1.0)), min_size=3, max_size=100),
    st.integers(0, 2),
    st.sampled_from(sorted(PLACES)),
)
def test_a_random_star_is_told_as_geos_tells_it(spokes, holes, place):
    reach, turned = np.array(spokes).T
    angle = 2 * np.pi * np.sort(turned)
    star = np.round(1000 * reach[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=-1))
    rings = [PLACES[place](star * scale) for scale in (1.0, 0.5, 0.25)[: holes + 1]]
    made = shapely.Polygon(rings[0], rings[1:])
    assert invalid(outlines_of(array(made)))[0] == (not made.is_valid)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("corners", "steps"), [(4, 4), (5, 6), (7, 9), (12, 300)])
def test_thousands_of_random_rings_are_told_as_geos_tells_them(corners, steps, place):
    rng = np.random.default_rng(corners)
    points = rng.integers(0, steps, (2000, corners, 2)).astype(float)
    middle = points.mean(axis=1, keepdims=True)
    around = np.argsort(np.arctan2(*np.moveaxis(points - middle, -1, 0)), axis=1)
    points[::2] = np.take_along_axis(points, around[..., None], axis=1)[::2]
    shapes = shapely.polygons(PLACES[place](points))
    valid = shapely.is_valid(shapes)
    assert 0 < valid.sum() < len(shapes)
    assert (invalid(outlines_of(shapes)) == ~valid).all()


near = st.one_of(st.integers(0, 8).map(lambda step: 37_560_000.0 + step * 2.0**-27), st.floats(-1e9, 1e9))


@settings(max_examples=1000, deadline=None)
@given(st.tuples(near, near, near, near, near, near))
def test_a_turn_is_exact_or_unknown(path):
    ax, ay, bx, by, cx, cy = map(Fraction, path)
    twice = (ax - cx) * (by - cy) - (ay - cy) * (bx - cx)
    assert turn(*path) in ((twice > 0) - (twice < 0), UNKNOWN)


def test_turns_among_neighbouring_numbers_are_known():
    step, east, north = 2.0**-27, 37_560_000.0, 2_400_000.0
    assert turn(east, north, east + 3 * step, north + step, east + 6 * step, north + 2 * step) == 0
    assert turn(east, north, east + 3 * step, north + step, east + 30_000_000 * step, north + 10_000_001 * step) == 1


def test_what_the_fabric_holds_needs_no_geos():
    made = fabric(5000)
    found = verdicts(outlines_of(made.shapes))
    assert len(made.invalid) == 5
    assert list(np.flatnonzero(found == INVALID)) == list(made.invalid)
    assert not (found == DOUBTFUL).any()


def test_verdicts_are_the_same_with_any_number_of_threads():
    outlines = outlines_of(np.tile(fabric(2000).shapes, 6))
    assert len(outlines.xy) > VERTICES_AT_ONCE
    assert (verdicts(outlines, threads=1) == verdicts(outlines, threads=3)).all()


def shore_of(corners):
    """A shore of many corners, valid as it goes around its middle once."""
    rng = np.random.default_rng(1)
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    reach = rng.uniform(900, 1000, (corners, 1))
    return reach * np.stack([np.cos(angle), np.sin(angle)], axis=-1) + GROUND


def test_a_long_shore_is_judged_without_geos():
    shore = shore_of(30_000)
    crossed = shore.copy()
    crossed[[20_000, 20_020]] = crossed[[20_020, 20_000]]
    islands = [shapely.Point(GROUND[0] + 300 * at, GROUND[1]).buffer(100).exterior for at in (-2, -1, 0, 1, 2)]
    shapes = array(shapely.Polygon(shore), shapely.Polygon(crossed), shapely.Polygon(shore, islands))
    assert list(verdicts(outlines_of(shapes))) == [VALID, INVALID, VALID]


def test_a_comb_whose_edges_all_lie_above_each_other_is_left_to_geos():
    comb = [(x, row + y) for row in range(3000) for x, y in ((0, 0), (1e4, 5e3), (1e4, 5e3 + 0.3), (0, 0.6))]
    shape = array(shapely.Polygon([*comb, (-1, 3000), (-1, 0)]))
    assert list(verdicts(outlines_of(shape))) == [DOUBTFUL]
    assert not invalid(outlines_of(shape))[0]
