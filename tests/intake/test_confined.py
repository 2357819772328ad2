"""The reading child: the same answer as in this process, within limits, and nothing left behind."""

import tempfile

import pandas as pd
import pytest

from geo.intake import IntakeError, read, read_confined
from tests.intake.build import CODE, DK, dbf, delivery, layer, parcels, shp, square


@pytest.fixture(autouse=True)
def nothing_left_behind(tmp_path, monkeypatch):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    yield
    assert list(scratch.iterdir()) == []


def test_the_child_answers_as_this_process_would(tmp_path):
    rows = parcels(4, DKBM=[CODE.format(0), "x", CODE.format(2), CODE.format(3)], SCMJ=["1", "2", "***", ""])
    parts = layer(4) | shp([square(0), square(1), None, square(3)]) | {".dbf": dbf(DK, rows)}
    fbf = dbf({"FBFBM": ("C", 14), "FBFDCRQ": ("D", 8)}, [{"FBFBM": "44178111320101", "FBFDCRQ": "99990101"}])
    path = delivery(tmp_path / "a.zip", DK=parts, FBF={".dbf": fbf})
    here, there = read(path), read_confined(path)
    assert (there.path, there.sha256, there.notes) == (here.path, here.sha256, here.notes)
    for ours, theirs in zip(here.layers, there.layers, strict=True):
        pd.testing.assert_frame_equal(pd.DataFrame(theirs.frame), pd.DataFrame(ours.frame))
        assert getattr(theirs.frame, "crs", None) == getattr(ours.frame, "crs", None)
        facts = [{k: v for k, v in vars(one).items() if k not in ("frame", "accepted")} for one in (ours, theirs)]
        assert facts[0] == facts[1]


def test_a_refusal_comes_back_as_one(tmp_path):
    with pytest.raises(IntakeError) as refused:
        read_confined(delivery(tmp_path / "a.zip", DK=layer(2, prj=None)))
    assert refused.value.code == "no_crs"
    assert refused.value.zh
    with pytest.raises(IntakeError) as refused:
        read_confined(tmp_path / "not there.zip")
    assert refused.value.code == "not_found"


def test_a_table_of_another_format_under_a_known_name_finds_no_driver(tmp_path):
    """SQLite that is no GeoPackage: GDAL's SQLite driver would open it, and the child does not have it."""
    import sqlite3

    with sqlite3.connect(tmp_path / "DK.gpkg") as plain:
        plain.execute("CREATE TABLE DK (DKBM TEXT, geom BLOB)")
    with pytest.raises(IntakeError) as refused:
        read_confined(tmp_path / "DK.gpkg")
    assert refused.value.code == "inner_broken"
