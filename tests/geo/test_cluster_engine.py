"""The Dask engine does every work once, hands out no more than there is room for, and joined parts are the whole."""

from datetime import date

import geopandas as gpd
import numpy as np
import pytest
import shapely
from distributed import Client, LocalCluster

from geo.detect import detect
from geo.detect.joined import joined
from geo.engines.cluster import AHEAD, mapped

DAY = date(2026, 1, 1)


@pytest.fixture(scope="module")
def client():
    """A cluster of two workers in this process, one of which can do what works need."""
    with (
        LocalCluster(n_workers=0, processes=False, dashboard_address=None) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        for resources in ({"able": 1.0}, {}):
            cluster.new_spec = {"cls": cluster.new_spec["cls"], "options": {"nthreads": 1, "resources": resources}}
            cluster.scale(len(cluster.worker_spec) + 1)
        client.wait_for_workers(2)
        yield client


def test_every_work_is_done_by_those_who_can(client):
    able = {address for address, one in client.scheduler_info()["workers"].items() if one["resources"]}
    done = list(mapped(lambda n: (n, where()), range(20), client, {"able": 1.0}))
    assert sorted(n for n, _ in done) == list(range(20))
    assert {address for _, address in done} == able


def where():
    from distributed import get_worker

    return get_worker().address


def test_works_are_taken_only_as_they_are_done(client):
    taken = []
    results = mapped(lambda n: n, (taken.append(n) or n for n in range(100)), client, {"able": 1.0})
    next(results)
    assert len(taken) <= AHEAD * 2 + 1
    assert len(list(results)) == 99


def test_what_a_work_raises_is_raised(client):
    with pytest.raises(ZeroDivisionError):
        list(mapped(lambda n: 1 // n, [1, 0], client, {"able": 1.0}))


@pytest.fixture(scope="module")
def crowded():
    """Sixty squares thrown at random (seeded), many of which overlap."""
    corners = np.random.default_rng(4417).uniform(0, 60, (60, 2))
    squares = [shapely.box(x, y, x + 12, y + 12) for x, y in corners]
    codes = [f"44178110200101{n:05d}" for n in range(60)]
    return gpd.GeoDataFrame({"code": codes}, geometry=squares, crs="EPSG:4546")


def test_joined_parts_are_the_whole_whichever_came_first(crowded):
    whole = joined([detect({"parcel": crowded}, day=DAY)])
    parts = [detect({"parcel": crowded.assign(here=crowded.index % 3 == n)}, day=DAY) for n in range(3)]
    assert len(whole.findings) > 60
    for order in (parts, parts[::-1]):
        together = joined(order)
        assert together.findings.drop(columns="point").equals(whole.findings.drop(columns="point"))
        assert together.rules == whole.rules
        # each part rounds its own sum to a square millimetre
        assert together.below_tolerance == pytest.approx(whole.below_tolerance, abs=3e-6)


def test_parts_that_claim_the_same_finding_are_no_parts_of_one_run(crowded):
    part = detect({"parcel": crowded}, day=DAY)
    with pytest.raises(ValueError, match="same finding"):
        joined([part, part])
