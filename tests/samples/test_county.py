"""The planted county: found as drawn, and the same bits however it is shuffled, cut or shared out."""

from collections import Counter
from datetime import date
from functools import partial

import numpy as np
import pandas as pd
import pytest
import shapely
from distributed import Client, LocalCluster

from data.samples.county import SCENES, County, county
from data.samples.county.scene import LAYERS
from geo.detect import Detection, detect
from geo.detect.joined import joined
from geo.engines import cluster, local
from geo.model import SURVEY_LAYERS
from geo.rules import book

DAY = date(2026, 11, 23)
#: Digits of a code that name the township.
TOWN = slice(6, 9)
ONLY = [rule.id for rule in book().values() if rule.category != "quality"]
look = partial(detect, day=DAY, only=ONLY)
#: Layers whose codes say in which township their rows lie.
CODED = ("parcel", "reserved")
#: Rules that need nothing but the ground of a township; the others are asked about the whole county at once.
BY_TOWN = [
    rule.id
    for rule in map(book().get, ONLY)
    if {*rule.subjects} <= {*CODED} and not rule.by and {*rule.needs, *rule.may_use} <= {*SURVEY_LAYERS}
]
#: Scenes of every kind at least once, in several townships.
PARCELS = 600
#: Every rule has as many findings, and as many look-alikes, in the county of the published measurement.
EACH, PUBLISHED = 10, 5_000


@pytest.fixture(scope="module")
def made() -> County:
    """Enough scenes for several townships."""
    return county(PARCELS, seed=11)


@pytest.fixture(scope="module")
def whole(made) -> dict[str, dict[str, object]]:
    found = said(look(made.ground))
    assert len(found) == len(made.expected) > 300
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
    made = county(300, seed)
    found = look(made.ground).findings
    against = found["against"].astype(object).where(found["against"].notna(), None)
    assert set(zip(found["rule"], found["subject"], against, strict=True)) == made.expected


def test_the_same_seed_makes_the_same_county(made):
    again, other = county(PARCELS, seed=11), county(PARCELS, seed=12)
    for layer, frame in made.ground.items():
        if layer in LAYERS:
            assert shapely.equals_identical(frame.geometry.to_numpy(), again.ground[layer].geometry.to_numpy()).all()
        drawn = [name for name in frame.columns if name == "geometry"]
        assert frame.drop(columns=drawn).equals(again.ground[layer].drop(columns=drawn))
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


def test_every_rule_has_enough_of_both():
    """Conflicts and look-alikes of each rule on overlaps, occupation and rights, ten and more of either."""
    made = county(PUBLISHED, seed=1)
    planted, alike = (Counter(rule for rule, _, _ in findings) for findings in (made.expected, made.cleared))
    for rule in book().values():
        if rule.category in ("overlap", "occupation", "rights"):
            assert min(planted[rule.id], alike[rule.id]) >= EACH, rule.id


def works(made: County) -> list[tuple[list[str], dict[str, pd.DataFrame]]]:
    """The county by townships, each answering for what begins in it and seeing 100 m beyond; and all of it at once."""
    towns = {name: made.ground[name]["code"].str[TOWN] for name in CODED}
    each = [(BY_TOWN, _part(made, towns, town)) for town in sorted(towns["parcel"].unique())]
    return [*each, ([rule for rule in ONLY if rule not in BY_TOWN], made.ground)]


def _part(made: County, towns: dict[str, pd.Series], town: str) -> dict[str, pd.DataFrame]:
    own = [made.ground[name].geometry[codes == town].to_numpy() for name, codes in towns.items()]
    tree = shapely.STRtree(np.concatenate(own))
    part = {}
    for name in LAYERS:
        frame = made.ground[name]
        near = np.unique(tree.query(frame.geometry.to_numpy(), predicate="dwithin", distance=100.0)[0])
        rows = frame.iloc[near]
        here = rows["code"].str[TOWN].eq(town) if name in CODED else pd.Series(True, index=rows.index)
        part[name] = rows.assign(here=here).reset_index(drop=True)
    return part


def judged(work: tuple[list[str], dict[str, pd.DataFrame]]) -> Detection:
    """Do one work."""
    rules, ground = work
    return detect(ground, day=DAY, only=rules)


def test_cut_by_townships_it_is_the_same_bits(made, whole):
    parts = works(made)
    assert len(parts) == 4
    assert said(joined([judged(part) for part in parts])) == whole


def test_a_pool_of_processes_finds_the_same_bits(made, whole):
    assert said(joined(list(local.mapped(judged, works(made), workers=2)))) == whole


def test_a_cluster_of_dask_finds_the_same_bits(made, whole):
    with (
        LocalCluster(n_workers=2, processes=False, threads_per_worker=1, dashboard_address=None) as workers,
        Client(workers, set_as_default=False) as client,
    ):
        assert said(joined(list(cluster.mapped(judged, works(made), client, {})))) == whole
