"""The planted county: found as drawn, and the same bits however it is shuffled, cut or shared out."""

from datetime import date
from functools import partial

import numpy as np
import pandas as pd
import pytest
import shapely
from distributed import Client, LocalCluster

from data.samples.county import SCENES, County, county
from geo.detect import Detection, detect
from geo.detect.joined import joined
from geo.engines import cluster, local
from geo.rules import book

DAY = date(2026, 11, 23)
#: Digits of a code that name the township.
TOWN = slice(6, 9)
ONLY = [rule.id for rule in book().values() if rule.category != "quality"]
look = partial(detect, day=DAY, only=ONLY)


@pytest.fixture(scope="module")
def made() -> County:
    """Enough scenes for several townships."""
    return county(2_000, seed=11)


@pytest.fixture(scope="module")
def whole(made) -> dict[str, dict[str, object]]:
    found = said(look(made.ground))
    assert len(found) == len(made.expected) > 600
    return found


def said(detection: Detection) -> dict[str, dict[str, object]]:
    """Everything that is said of every finding, numbers and shapes by their bits; not where a row stood."""
    table = pd.DataFrame(detection.findings).drop(columns=["a_row", "b_row"])
    for column in ("geometry", "point"):
        table[column] = shapely.to_wkb(table[column].to_numpy(dtype=object))
    for column in table.select_dtypes("float"):
        table[column] = table[column].map(float.hex)
    return {row["key"]: {**row, "evidence": without_rows(row.get("evidence"))} for row in table.to_dict("records")}


def without_rows(evidence):
    """Evidence names rows of layers without codes by their place in the file."""
    if isinstance(evidence, dict):
        return {name: without_rows(value) for name, value in evidence.items() if name not in ("ref", "row")}
    return sorted(map(repr, map(without_rows, evidence))) if isinstance(evidence, list) else repr(evidence)


def references(findings: dict[str, dict[str, object]]) -> set[tuple[object, ...]]:
    return {(one["rule"], one["subject"], one["against"] or None) for one in findings.values()}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_all_that_was_planted_is_found_and_nothing_else(seed):
    made = county(700, seed)
    found = look(made.ground).findings
    against = found["against"].astype(object).where(found["against"].notna(), None)
    assert set(zip(found["rule"], found["subject"], against, strict=True)) == made.expected


def test_the_same_seed_makes_the_same_county(made):
    again, other = county(2_000, seed=11), county(2_000, seed=12)
    for layer, frame in made.ground.items():
        assert shapely.equals_identical(frame.geometry.to_numpy(), again.ground[layer].geometry.to_numpy()).all()
        assert frame.drop(columns="geometry").equals(again.ground[layer].drop(columns="geometry"))
    assert not made.ground["parcel"].geometry.geom_equals(other.ground["parcel"].geometry, align=False).all()


def test_half_of_the_scenes_are_in_order(made):
    """Scenes that only look like a conflict are as many as the others, give or take a third."""
    guilty = {made.scene_of[subject] for _, subject, _ in made.expected}
    assert 0.4 < len(guilty) / len(SCENES) < 0.75
    assert set(made.scene_of.values()) == {scene.__name__ for scene in SCENES}


def test_shuffled_it_is_the_same_bits(made, whole):
    rng = np.random.default_rng(5)
    shuffled = {
        name: frame.iloc[rng.permutation(len(frame))].reset_index(drop=True).assign(row=np.arange(len(frame)))
        for name, frame in made.ground.items()
    }
    assert said(look(shuffled)) == whole


def works(made: County) -> list[dict[str, pd.DataFrame]]:
    """The county by townships: each answers for what begins in it, and sees 100 m beyond."""
    parcels = made.ground["parcel"]
    towns = parcels["code"].str[TOWN]
    return [_work(made, towns, town) for town in sorted(towns.unique())]


def _work(made: County, towns: pd.Series, town: str) -> dict[str, pd.DataFrame]:
    own = shapely.STRtree(made.ground["parcel"].geometry[towns == town].to_numpy())
    part = {}
    for name, frame in made.ground.items():
        near = np.unique(own.query(frame.geometry.to_numpy(), predicate="dwithin", distance=100.0)[0])
        rows = frame if name == "reserved" else frame.iloc[near]
        here = rows["code"].str[TOWN].eq(town) if name in ("parcel", "reserved") else pd.Series(True, index=rows.index)
        part[name] = rows.assign(here=here).reset_index(drop=True)
    return part


def test_cut_by_townships_it_is_the_same_bits(made, whole):
    parts = works(made)
    assert len(parts) == 3
    assert said(joined([look(part) for part in parts])) == whole


def test_a_pool_of_processes_finds_the_same_bits(made, whole):
    assert said(joined(list(local.mapped(look, works(made), workers=2)))) == whole


def test_a_cluster_of_dask_finds_the_same_bits(made, whole):
    with (
        LocalCluster(n_workers=2, processes=False, threads_per_worker=1, dashboard_address=None) as workers,
        Client(workers, set_as_default=False) as client,
    ):
        assert said(joined(list(cluster.mapped(look, works(made), client, {})))) == whole
