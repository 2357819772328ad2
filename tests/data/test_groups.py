"""Chains of findings on one ground, on a real PostGIS."""

import pytest

from data.store import findings, groups
from data.store.findings import Filters
from tests.data.conftest import box
from tests.data.test_findings import run, store


@pytest.fixture
def chain(session):
    """Four parcels in a row, each over the next by 2 m; and two more far away."""
    row = {f"p0000{n}": box(8 * n, 0) for n in range(1, 5)}
    store(session, **row, p00008=box(500, 0), p00009=box(508, 0))
    assert run(session) == {"new": 4}
    return {
        (item["a_code"][-1], item["b_code"][-1]): item["key"] for item in findings.listing(session, Filters()).items
    }


def test_a_chain_is_one_group_from_wherever_it_is_asked(session, chain):
    row = {chain["1", "2"], chain["2", "3"], chain["3", "4"]}
    for key in row:
        group = groups.of(session, key)
        assert (set(group.keys), group.name, group.complete) == (row, min(row), True)
    assert groups.of(session, chain["8", "9"]).keys == (chain["8", "9"],)


def test_ground_that_touches_hangs_together_though_no_party_is_shared(session):
    """The grounds of 1 on 2 and of 3 on 4 meet in an edge."""
    store(session, p00001=box(0, 0), p00002=box(8, 0, 2, 10), p00003=box(10, 0), p00004=box(10, 0, 3, 10))
    run(session)
    keys = [item["key"] for item in findings.listing(session, Filters()).items]
    assert len(keys) == 2
    assert groups.of(session, keys[0]).keys == tuple(sorted(keys))


def test_the_list_of_a_group(session, chain):
    asked = Filters(group=chain["2", "3"])
    found = findings.listing(session, asked)
    assert found.total == len(found.items) == 3
    assert found.facets["rule"] == {"OV-01": 3}
    assert {row["key"] for row in findings.every(session, asked)} == set(groups.of(session, chain["1", "2"]).keys)
    assert findings.listing(session, Filters(group="0" * 64)).total == 0


def test_a_finding_that_is_gone_parts_its_chain(session, chain):
    """The third parcel draws back from its neighbours: two chains are left, of one finding each at most."""
    store(session, p00003=box(8 * 3, 50))
    run(session)
    assert groups.of(session, chain["1", "2"]).keys == (chain["1", "2"],)


def test_no_more_than_asked_for_are_gathered(session, chain, monkeypatch):
    monkeypatch.setattr(groups, "MOST", 2)
    group = groups.of(session, chain["1", "2"])
    assert (len(group.keys), group.complete) == (2, False)
