"""The verb that compares two images: patches that the rules read, and refusals that tell why."""

from __future__ import annotations

import json
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import rasterio
import shapely

from api.bench.change import Counts, judged
from data.samples.scenes import scene
from tests.command import dingxin

SEED = 41
DATES = ("--before-on", "2025-06-01", "--after-on", "2026-03-01")


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """Two images and the parcels of their ground, as files."""
    folder = tmp_path_factory.mktemp("images")
    drawn = scene("season", 1.0, 4, SEED, 240.0)
    drawn.write(folder)
    codes = [f"4417812001010100{number:03d}" for number in range(len(drawn.parcels))]
    gpd.GeoDataFrame({"DKBM": codes}, geometry=drawn.parcels, crs="EPSG:4525").to_file(folder / "parcels.gpkg")
    return folder, drawn


def test_patches_come_as_the_product_of_monitoring_has_them_and_the_rules_judge_them(shown, tmp_path):
    folder, drawn = shown
    out, told = tmp_path / "patches.gpkg", tmp_path / "told.json"
    ran = dingxin(
        "change", folder / "before.tif", folder / "after.tif", *DATES, "--out", out, "--report", told,
        "--parcels", folder / "parcels.gpkg", "--set", "min_area_m2=60",
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    patches = pyogrio.read_dataframe(out, layer="JCTB")
    assert set(patches["TBLX"]) <= {"20", "DT", "QT"}
    assert set(patches["QSX"]) == {"20250601"}
    assert set(patches["HSX"]) == {"20260301"}
    assert patches["JCBH"].is_unique
    assert patches["JCBH"].str.fullmatch(r"DX20260301-[0-9a-f]{4}-\d{4}").all()
    assert (patches["MJ"] >= 60).all()
    method = json.loads(patches["PDFS"][0])
    assert method["settings"]["min_area_m2"] == 60
    assert json.loads(told.read_text(encoding="utf-8"))["settings"] == method["settings"]
    found = judged(list(patches.loc[patches["TBLX"] != "QT", "geometry"]), drawn)["patch"]
    assert found.recall >= 0.7
    checked = dingxin(
        "check", folder / "parcels.gpkg", "--against", f"change_patch={out}", "--rule", "ZZ-04",
        "--out", tmp_path / "findings.gpkg", "--report", tmp_path / "report.json",
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr
    rules = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["rules"]
    assert rules["ZZ-04"]["findings"] > 0


def test_what_cannot_be_compared_is_told(shown, tmp_path):
    folder, _ = shown
    bad = tmp_path / "bad.tif"
    with rasterio.open(bad, "w", driver="GTiff", width=9, height=9, count=1, dtype="uint8") as file:
        file.write(np.zeros((1, 9, 9), dtype=np.uint8))
    ran = dingxin("change", bad, folder / "after.tif", *DATES, "--out", tmp_path / "p.gpkg")
    assert ran.returncode == 2
    assert "raster_no_place" in ran.stderr
    assert not (tmp_path / "p.gpkg").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("--before-on", "2026-03-01", "--after-on", "2025-06-01", "--out", "p.gpkg"),
        (*DATES, "--out", "/nowhere/p.gpkg"),
        (*DATES, "--out", "p.gpkg", "--set", "unknown=1"),
        (*DATES, "--out", "p.gpkg", "--set", "min_area_m2=nan"),
    ],
)
def test_wrong_usage_is_64(shown, words):
    folder, _ = shown
    assert dingxin("change", folder / "before.tif", folder / "after.tif", *words).returncode == 64


def test_counts_by_patch_are_one_to_one_and_by_area_what_both_cover():
    """Two planted squares; one is found twice, once well and once badly, the other not at all."""
    drawn = replace(scene("buildings", 2.0, 3, SEED, 128.0), hidden=[shapely.box(200, 0, 300, 100)])
    drawn = replace(drawn, truth=[("built", shapely.box(0, 0, 10, 10)), ("built", shapely.box(50, 0, 60, 10))])
    found = [shapely.box(0, 0, 10, 8), shapely.box(0, 8, 10, 12), shapely.box(210, 0, 220, 10)]
    counts = judged(found, drawn)
    assert counts["patch"] == Counts(found=2, right=1, planted=2, met=1)
    assert counts["area"] == Counts(found=120, right=100, planted=200, met=100)
    assert counts["patch"].f1 == pytest.approx(0.5)
