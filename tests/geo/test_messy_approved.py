"""Messy layers on every side: what was built on a parcel and never approved is what GEOS leaves of repaired copies."""

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon

from geo.detect import detect
from tests.geo.test_messy import ORIGIN, corner, ground, shape

#: The rules that look at one layer, with gates low enough for small drawings; and the widths of their gates.
GATES = {"ZZ-01": 0.5, "ZZ-02": 0.5, "ZZ-05": 0.0, "OV-09": 0.05, "OV-13": 0.5}
GATE_M2, SLACK_M, BORDER = 1.0, 5e-5, 5e-3
SURVEYED = pd.Timestamp("2024-06-30")
#: When an approval was given, and when it ended.
TERMS = {"open": (None, None), "valid": ("2020-01-01", None), "ends that day": ("2020-01-01", "2024-06-30")}
TERMS |= {"begins that day": ("2024-06-30", None), "later": ("2024-07-01", None)}
COVERS = {"open", "valid", "begins that day"}

some = st.lists(shape, min_size=1, max_size=4)


@st.composite
def touching(draw):
    """Approvals side by side along one line, whose union has a slit that nobody sees, and one of them once more."""
    (x, y), (dx, dy) = draw(corner), draw(st.sampled_from([(3.0, 0.1), (2.5, 0.7), (1 / 3, 4.0)]))
    noise = draw(st.sampled_from([0.0, 1e-9, 1e-6, 1e-4]))
    left = shapely.Polygon([(x, y), (x + dx, y + dy), (x + dx, y + dy + 9), (x, y + 9)])
    right = shapely.Polygon([(x + dx + noise, y + dy), (x + 12, y), (x + 12, y + 9), (x + dx + noise, y + dy + 9)])
    return [left, right, *([shapely.reverse(left)] if draw(st.booleans()) else [])]


@st.composite
def grounds(draw):
    """Shapes of every layer, and the term of each approval."""
    layers = {name: draw(some) for name in ("parcel", "landcover", "basic_farmland", "building")}
    layers |= {name: draw(st.lists(shape, max_size=2)) for name in ("forest_right", "reserved")}
    layers["approval"] = draw(touching()) + draw(st.lists(shape, max_size=2))
    return layers, draw(st.lists(st.sampled_from(sorted(TERMS)), min_size=5, max_size=5))


def frame(shapes, **columns):
    placed = np.array([shapely.transform(one, lambda xy: xy + ORIGIN) for one in shapes], dtype=object)
    table = {"code": [f"C{at}" for at in range(len(placed))], "row": range(len(placed)), **columns}
    return gpd.GeoDataFrame(table, geometry=placed, crs="EPSG:4525")


def sound(shapes):
    return shapely.make_valid(np.array(shapes, dtype=object), method="structure", keep_collapsed=False)


def joined(shapes):
    return shapely.union_all(sound(shapes)) if len(shapes) else MultiPolygon()


def by_geos(layers, terms):
    """What of each parcel every rule should speak of: by rule, parcel and, for pairs, the other side."""
    parcels, approved = (
        sound(layers["parcel"]),
        joined([one for one, term in zip(layers["approval"], terms, strict=False) if term in COVERS]),
    )
    built, protected = joined(layers["landcover"]), joined(layers["basic_farmland"])
    pairs = {"ZZ-05": "building", "OV-09": "reserved", "OV-13": "forest_right"}
    left = {}
    for a, parcel in enumerate(parcels):
        on = ground(parcel, built)
        left["ZZ-01", a, None] = ground(on, approved, shapely.difference)
        left["ZZ-02", a, None] = ground(ground(on, protected), approved, shapely.difference)
        for rule, layer in pairs.items():
            for b, other in enumerate(sound(layers[layer])):
                cut = ground(parcel, other)
                left[rule, a, b] = ground(cut, approved, shapely.difference) if rule == "ZZ-05" else cut
    return left


def firm(cut, width_m):
    if not width_m:
        return cut.area
    half = (width_m - SLACK_M) / 2
    core = shapely.buffer(shapely.buffer(cut, -half, join_style="mitre"), half, join_style="mitre")
    return ground(core, cut).area


@settings(max_examples=60, deadline=None)
@given(grounds())
def test_what_nobody_approved_is_what_geos_leaves(drawn):
    layers, terms = drawn
    days = [TERMS[term] for term, _ in zip(terms, layers["approval"], strict=False)]
    told = {
        "parcel": {"category": "10"},
        "landcover": {"class_code": "0702", "surveyed_on": SURVEYED},
        "building": {"surveyed_on": SURVEYED},
        "approval": {
            name: pd.Series([day[at] for day in days], dtype="datetime64[s]")
            for at, name in enumerate(("valid_from", "valid_to"))
        },
    }
    given_ = {name: frame(shapes, **told.get(name, {})) for name, shapes in layers.items() if shapes}
    low = {rule: {"min_area_m2": GATE_M2} for rule in GATES}
    run = detect(given_, day=date(2026, 1, 1), only=list(GATES), overrides=low)
    assert run.not_compared == []
    found = {
        (rule, a, None if pd.isna(b) else int(b)): (m2, firm_m2)
        for rule, a, b, m2, firm_m2 in zip(
            *(run.findings[name] for name in ("rule", "a_row", "b_row", "shared_m2", "firm_m2")), strict=True
        )
    }
    left = by_geos(layers, terms)
    for at, cut in left.items():
        wanted = firm(cut, GATES[at[0]])
        if at in found:
            assert wanted >= GATE_M2 - BORDER, (at, wanted)
            assert found[at][0] == pytest.approx(cut.area, abs=1e-3, rel=1e-6)
        else:
            assert wanted < GATE_M2 + BORDER, (at, wanted)
    assert found.keys() <= left.keys()
