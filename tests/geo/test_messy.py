"""Layers as messy as they come: whatever is drawn, the pairs and areas are those that GEOS finds on repaired copies."""

from datetime import date

import geopandas as gpd
import numpy as np
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon

from geo.detect import detect

ORIGIN = np.array([37_601_306.58, 2_417_513.559])
RULES = ("OV-01", "OV-02", "OV-03", "OV-04", "OV-08")
#: definitions.md: a square metre, and 5 cm with the slack of the gate; what lies nearer to a gate is for either side.
GATE_M2, HALF_M, BORDER = 1.0, (0.05 - 1e-4) / 2, 2e-3
#: A grid of half a metre brings shared edges, collinear corners and crossings that meet in a point.
metres = st.integers(0, 40).map(lambda n: n / 2) | st.floats(0, 20, allow_nan=False).map(lambda x: round(x, 3))
corner = st.tuples(metres, metres)


@st.composite
def boxes(draw):
    (x, y), wide, high = draw(corner), draw(st.integers(1, 20)) / 2, draw(st.integers(1, 20)) / 2
    return shapely.box(x, y, x + wide, y + high)


@st.composite
def spiked(draw):
    """A box with a spike that runs out and back on the same line, or a corner twice."""
    corners = shapely.get_coordinates(draw(boxes()))[:-1].tolist()
    at = draw(st.integers(0, 3))
    out = draw(corner)
    corners[at + 1 : at + 1] = [list(out), corners[at]] if draw(st.booleans()) else [corners[at]]
    return Polygon(corners)


@st.composite
def with_hole(draw):
    (x, y), inset = draw(corner), draw(st.sampled_from([0.0, 0.5, 1.0, 2.5]))
    hole = shapely.box(x + inset, y + inset, x + 8 - inset, y + 8 - inset)
    return Polygon(shapely.box(x, y, x + 8, y + 8).exterior, [hole.exterior])


rings = st.lists(corner, min_size=3, max_size=7).map(Polygon)  # most of them cross themselves
tiny = corner.map(lambda at: shapely.box(*at, at[0] + 1.05, at[1] + 1.0))
single = boxes() | rings | spiked() | with_hole() | tiny
several = st.lists(single, min_size=2, max_size=3).map(MultiPolygon)
shape = (single | several).flatmap(lambda s: st.sampled_from([s, shapely.force_3d(s, 12.5), shapely.reverse(s)]))


@st.composite
def layers(draw):
    """Some shapes, and some of them once more."""
    drawn = draw(st.lists(shape, min_size=2, max_size=6))
    again = draw(st.lists(st.integers(0, len(drawn) - 1), max_size=2))
    return [*drawn, *(drawn[at] for at in again)]


#: What touches it does so in a line and a point at once.
HOLLOW = Polygon(shapely.box(10, 1, 18, 9).exterior, [shapely.box(10.5, 1.5, 17.5, 8.5).exterior])
#: Whose core, worked out in floating numbers, GEOS finds to have nothing in common with it.
SLIM = Polygon([(0.5, 19.0), (1.0, 0.5), (0.0, 0.0)])


def ground(one, other, overlay=shapely.intersection):
    """What two shapes share as ground, on a grid of 0.1 µm: without one GEOS may answer with nothing, or fail.

    It also hands back the lines and points in which they touch, which are no ground.
    """
    parts = shapely.get_parts(overlay(one, other, grid_size=1e-7))
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])


def by_geos(shapes):
    """For each pair: its rule and the ground in common; None for the rule where it is too near to a gate to tell."""
    sound = shapely.make_valid(shapes, method="structure", keep_collapsed=False)
    areas, found = shapely.area(sound), {}
    for a in range(len(sound)):
        for b in range(a + 1, len(sound)):
            cut = ground(sound[a], sound[b])
            core = shapely.buffer(shapely.buffer(cut, -HALF_M, join_style="mitre"), HALF_M, join_style="mitre")
            firm = ground(core, cut).area
            shares = sorted((cut.area / areas[a], cut.area / areas[b])) if cut.area else (0.0, 0.0)
            rule = "OV-03" if shares[0] >= 0.95 else "OV-04" if shares[1] >= 0.95 else "OV-01"
            unsure = abs(firm - GATE_M2) < BORDER or any(abs(share - 0.95) < 1e-6 for share in shares)
            if unsure or firm >= GATE_M2:
                found[a, b] = (None if unsure else rule, cut.area)
    return found


@settings(max_examples=60, deadline=None)
@given(layers())
@example([SLIM, shapely.box(0, 0, 0.5, 0.5), SLIM])
@example([HOLLOW, MultiPolygon([Polygon([(0, 0), (0, 0.5), (10, 2)]), Polygon([(0, 0), (7.5, 2), (12.5, 0)])])])
def test_pairs_and_areas_are_those_of_geos_on_repaired_copies(drawn):
    shapes = np.array([shapely.transform(one, lambda xy: xy + ORIGIN) for one in drawn], dtype=object)
    frame = gpd.GeoDataFrame(
        {"code": [f"44178111320101{at:05d}" for at in range(len(shapes))], "category": "10", "row": range(len(shapes))},
        geometry=shapes,
        crs="EPSG:4525",
    )
    run = detect({"parcel": frame}, day=date(2026, 1, 1), only=RULES)
    found = {
        (min(a, b), max(a, b)): (rule, m2)
        for a, b, rule, m2 in zip(
            run.findings["a_row"], run.findings["b_row"], run.findings["rule"], run.findings["shared_m2"], strict=True
        )
    }
    assert run.not_compared == []
    wanted = by_geos(np.array(drawn, dtype=object))
    assert found.keys() <= wanted.keys()
    for pair, (rule, m2) in wanted.items():
        if rule is not None:
            assert pair in found, (pair, rule, m2)
            assert found[pair][0] == rule
            assert abs(found[pair][1] - m2) <= max(1e-3, 1e-6 * m2)
