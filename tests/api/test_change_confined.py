"""Comparing two files: no raster gets further than the cell, and a child that is stopped is told in words."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime

import pyarrow as pa
import pyarrow.feather
import pytest
import typer

from api.command import change
from data.samples.scenes import scene
from geo.imagery.compared import LIMITS, MODULE, compared
from geo.imagery.settings import ChangeSettings
from geo.intake.confined import expect_answer, run
from geo.intake.errors import IntakeError
from tests.badinput import rasters
from tests.imagery.build import photo, tiff


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """Two images of one ground."""
    folder = tmp_path_factory.mktemp("images")
    scene("season", 1.0, 4, 41, 240.0).write(folder)
    return folder


def compare(capsys, before, after, out, **asked):
    """Compare two files that are refused, and give what was said."""
    with pytest.raises(typer.Exit) as ended:
        change.change(str(before), str(after), datetime(2025, 6, 1), datetime(2026, 3, 1), out, **asked)
    assert ended.value.exit_code == 2
    assert not out.exists()
    return capsys.readouterr().err


def test_images_that_differ_are_refused(shown, tmp_path, capsys):
    other = tiff(tmp_path / "other.tif", photo(300, 300), corner=(37_560_000, 2_400_000))
    assert "[images_differ_in_bands]" in compare(capsys, shown / "before.tif", other, tmp_path / "p.gpkg")


REFUSED = [case for case in rasters.CASES if not case.stored and case.kind == "orthophoto"]


@pytest.mark.parametrize("case", REFUSED, ids=[case.name for case in REFUSED])
def test_no_bad_raster_gets_further_than_the_cell(shown, tmp_path, capsys, case):
    """Every picture that the office refuses is refused here, by the same code."""
    said = compare(capsys, case.build(tmp_path), shown / "after.tif", tmp_path / "p.gpkg", **case.asked)
    assert f"[{case.code}]" in said


def test_a_child_that_is_killed_is_told_in_words(shown, tmp_path):
    """Beyond its time it is killed: a refusal, and nothing left behind."""
    before, after = (shown / name for name in ("before.tif", "after.tif"))
    with pytest.raises(IntakeError) as refused:
        compared(before, after, tmp_path, ChangeSettings(), limits=replace(LIMITS, seconds=1))
    assert refused.value.code == "too_heavy"
    assert refused.value.zh
    assert list(tmp_path.iterdir()) == []


def test_the_comparing_child_reads_no_other_file(shown, tmp_path):
    """What it was not given it cannot open, whatever a link says."""
    request = {
        "before": "/etc/passwd", "after": "/etc/passwd", "read": [], "folder": str(tmp_path),
        "settings": ChangeSettings().told(), "limits": asdict(LIMITS),
    }  # fmt: skip
    pyarrow.feather.write_feather(pa.table({"geometry": pa.array([], pa.binary())}), tmp_path / "parcels.arrow")
    status, said = run(request, tmp_path, LIMITS, MODULE, "")
    with pytest.raises(IntakeError) as refused:
        expect_answer(tmp_path, status, said, LIMITS)
    assert refused.value.code == "image_unreadable"
