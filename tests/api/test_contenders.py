"""Every method of the works on shared ground finds what was planted, and all find the same."""

import secrets
from importlib import import_module

import numpy as np
import pytest

from api.bench import pairs, shifted, survey, upload
from data.samples import fabric

SIZE = 2000


def found(target, folder):
    module, _, name = target.partition(":")
    try:
        method = getattr(import_module(module), name)
    except ImportError as missing:
        pytest.skip(str(missing))
    result = method(folder)
    return result[0] if isinstance(result, tuple) else result


def prepared(work, cluster, folder):
    """Lend the folder of a work whose tables stand in a database of their own; no method changes either."""
    with cluster.database(f"bench_{secrets.token_hex(4)}") as name:
        work.prepare(folder, SIZE, cluster.url(name, "postgresql"))
        yield folder


@pytest.fixture(scope="module")
def surveyed(cluster, tmp_path_factory):
    """Parcels and survey polygons over them."""
    yield from prepared(survey, cluster, tmp_path_factory.mktemp("survey"))


@pytest.fixture(scope="module")
def delivered(cluster, tmp_path_factory):
    """Parcels, and villages that are delivered beside them or 0.5 m off."""
    yield from prepared(upload, cluster, tmp_path_factory.mktemp("upload"))


@pytest.mark.parametrize("method", [name for name in pairs.METHODS if not name.startswith("floor")])
def test_every_method_finds_the_planted_pairs(surveyed, method):
    planted = fabric(SIZE).pairs.rename(columns={"row_a": "i", "row_b": "j", "shared_m2": "m2"})[["i", "j", "m2"]]
    assert pairs.same(planted, found(pairs.METHODS[method], surveyed))


@pytest.mark.parametrize("method", list(survey.METHODS)[1:])
def test_every_method_measures_the_same_ground_under_survey_polygons(surveyed, method):
    ours = found(survey.METHODS["dingxin"], surveyed)
    assert len(ours) > SIZE / 4
    assert survey.same(ours, found(survey.METHODS[method], surveyed))


@pytest.mark.parametrize("work", [upload, shifted])
def test_every_method_finds_the_same_for_delivered_villages(delivered, work):
    ours, *peers = (found(target, delivered) for target in work.METHODS.values())
    assert all(work.same(ours, theirs) for theirs in peers)


def test_a_shifted_parcel_meets_at_least_its_own_old_ground(delivered):
    ours = found(shifted.METHODS["dingxin"], delivered)
    assert np.unique(ours["i"]).size == upload.VILLAGES * SIZE // 100


def test_a_village_that_fits_shares_no_more_than_what_was_planted(delivered):
    assert len(found(upload.METHODS["dingxin"], delivered)) <= len(fabric(SIZE).pairs)
