"""Bounds of the sample are true, as another engine named them; swapped ones are found, and no other."""

from datetime import date

import numpy as np

from geo.detect import detect
from geo.facing import neighbours
from geo.households import is_thing
from geo.outlines import outlines_of
from tests.samples import read


def found(ground):
    return detect(ground, day=date(2026, 11, 23), only=["QC-G16"]).findings


def test_swapped_bounds_are_found_and_true_ones_are_not(folder, truth):
    ground = read.ground(folder, 1)
    assert len(found(ground)) == 0
    parcels = ground["parcel"]
    east, west = (parcels[side].fillna("") for side in ("bound_east", "bound_west"))
    plain = ~east.map(is_thing) & ~west.map(is_thing) & east.ne(west)
    facing = neighbours(outlines_of(parcels.geometry.to_numpy(dtype=object)), 2.0, 120.0)
    several = facing.groupby("row")["other"].nunique().reindex(range(len(parcels)), fill_value=0)
    chosen = np.flatnonzero(plain & (several >= 4))[::3]
    assert len(chosen) > 50
    swapped = parcels.copy()
    swapped.loc[chosen, ["bound_east", "bound_west"]] = parcels.loc[chosen, ["bound_west", "bound_east"]].to_numpy()
    findings = found(ground | {"parcel": swapped})
    hit = set(findings["a_code"])
    assert hit <= set(parcels.loc[chosen, "code"])
    # a household that lies on both sides, or round a corner, may be named on either
    assert len(hit) > 0.9 * len(chosen)
    names = set(ground["contractor"]["name"])
    assert not any(name in sentence for sentence in findings["sentence_zh"] for name in names if len(name) > 1)
