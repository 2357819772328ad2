"""The contest of imports: every method brings the same rows in, and one that loses a row or a code is not equal."""

import geopandas as gpd
import pytest

from api.bench import imports
from data.samples.fabric import fabric

SIZE = 2000


@pytest.fixture
def ground(database, tmp_path):
    """A folder prepared for the contest."""
    imports.prepare(tmp_path, SIZE, database.replace("postgresql+psycopg", "postgresql"))
    return tmp_path


def test_what_is_brought_in_with_checks_is_what_others_bring_in_without(ground):
    ours, seconds = imports.ours(ground)
    theirs, _ = imports.arrow_rows(ground)
    assert ours["rows"][0] == SIZE
    assert ours["m2"][0] == pytest.approx(gpd.GeoSeries(fabric(SIZE).shapes).area.sum(), abs=1e-3)
    assert imports.same(ours, theirs)
    assert len(seconds) == 1


@pytest.mark.parametrize("lost", [{"rows": SIZE - 1}, {"codes": "0"}, {"m2": 0.0}])
def test_an_import_that_lost_something_is_not_the_same(ground, lost):
    theirs, _ = imports.arrow_rows(ground)
    assert not imports.same(theirs, theirs.assign(**lost))
