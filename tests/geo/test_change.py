"""Change between two images: how far they stand apart, their light, regions as drawn, and scenes with a known truth."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from rasterio.transform import Affine

from api.bench.change import judged
from data.samples.scenes import MEASURED_SEEDS, TRIALS, TUNING_SEEDS, scene
from geo.imagery.change import find_change
from geo.imagery.looks import looked_at
from geo.imagery.pair import ImagesRefused, pair
from geo.imagery.patches import judged_as
from geo.imagery.radiometry import alike
from geo.imagery.registration import registered
from geo.imagery.settings import ChangeSettings
from geo.kernel.pixels import boxed, moved, narrowed, widened
from geo.kernel.regions import FIRST, ON_OLD, PIXELS, RIM, numbered, summed

SETTINGS = ChangeSettings()
#: Looked at while the settings were made, and never measured.
SEED = 41
SIDE_M = 240.0


@pytest.fixture(scope="module")
def season():
    """Buildings, bulldozed ground and a season, on a small ground."""
    return scene("season", 1.0, 4, SEED, SIDE_M)


def write(path, bands, *, pixel=1.0, corner=(37_560_000.0, 2_400_000.0), crs="EPSG:4525", transform=None, **profile):
    place = transform or Affine(pixel, 0, corner[0], 0, -pixel, corner[1])
    shape = {"count": len(bands), "height": bands.shape[1], "width": bands.shape[2], "dtype": bands.dtype}
    layout = {"driver": "GTiff", "alpha": "unspecified"}
    with rasterio.open(path, "w", crs=crs, transform=place, **layout, **shape, **profile) as file:
        file.write(bands)
    return path


def textured(side=200, bands=3, seed=0):
    """Ground that is smooth enough to be moved by a part of a pixel: sums of waves, known everywhere."""
    rng = np.random.default_rng(seed)
    waves = [(rng.uniform(-0.25, 0.25, 2), rng.uniform(0, 6.28), rng.uniform(3, 9)) for _ in range(60)]

    def at(down, right):
        rows, columns = np.mgrid[0:side, 0:side]
        total = sum(much * np.sin((rows + down) * f[0] + (columns + right) * f[1] + p) for f, p, much in waves)
        return np.repeat(np.clip(120 + total, 0, 255)[None], bands, axis=0)

    return at


@pytest.mark.parametrize(("down", "right"), [(0.0, 0.0), (0.5, -0.5), (2.3, 1.7), (-3.0, 4.25)])
def test_how_far_images_stand_apart_is_known_to_a_tenth_of_a_pixel(tmp_path, down, right):
    at = textured()
    first = write(tmp_path / "a.tif", at(-down, -right).round().astype(np.uint8))
    second = write(tmp_path / "b.tif", at(0, 0).round().astype(np.uint8))
    images, told = registered(pair(first, second), SETTINGS)
    assert images.shift_px == pytest.approx((down, right), abs=0.1)
    assert (told.east_m, told.north_m) == pytest.approx((right, -down), abs=0.1)
    assert told.residual_m < 0.1


def test_a_place_between_pixels_is_read_there(tmp_path):
    at = textured()
    first = write(tmp_path / "a.tif", at(0, 0).astype(np.uint16), corner=(37_560_000.4, 2_400_000.25))
    second = write(tmp_path / "b.tif", at(0.25, -0.4).astype(np.uint16))
    found = pair(first, second).read_before(20, 20, 50, 50)
    assert found == pytest.approx(at(0.25, -0.4)[:, 20:70, 21:71], abs=2.5)


def test_images_further_apart_than_allowed_are_refused(tmp_path):
    at = textured()
    first = write(tmp_path / "a.tif", at(-7, 0).round().astype(np.uint8))
    second = write(tmp_path / "b.tif", at(0, 0).round().astype(np.uint8))
    with pytest.raises(ImagesRefused) as refused:
        find_change(first, second)
    assert refused.value.code == "images_apart"
    assert "7.0" in refused.value.en


GREY = np.full((3, 100, 100), 100, dtype=np.uint8)


@pytest.mark.parametrize(
    ("code", "bands", "how"),
    [
        ("image_bands", GREY[:1], {}),
        ("image_bands", GREY.astype(np.float32), {}),
        ("images_differ_in_bands", np.concatenate([GREY, GREY[:1]]), {}),
        ("image_not_north_up", GREY, {"transform": Affine(1, 0.1, 37_560_000, 0.1, -1, 2_400_000)}),
        ("image_no_metres", GREY, {"crs": None}),
        ("image_no_metres", GREY, {"crs": "EPSG:4490"}),
        ("images_other_crs", GREY, {"crs": "EPSG:4526"}),
        ("images_other_pixels", GREY, {"pixel": 0.5}),
        ("images_no_common_ground", GREY, {"corner": (37_570_000.0, 2_400_000.0)}),
    ],
)
def test_what_cannot_be_compared_is_refused_in_words(tmp_path, code, bands, how):
    good, bad = write(tmp_path / "good.tif", GREY), write(tmp_path / "bad.tif", bands, **how)
    with pytest.raises(ImagesRefused) as refused:
        find_change(bad, good)
    assert refused.value.code == code
    assert refused.value.zh
    assert refused.value.en


def test_what_is_no_geotiff_is_refused(tmp_path):
    (tmp_path / "a.tif").write_text("<VRTDataset/>")
    with pytest.raises(ImagesRefused, match="image_unreadable"):
        pair(tmp_path / "a.tif", tmp_path / "a.tif")


def test_the_light_of_a_day_is_known_though_half_of_the_ground_changed():
    rng = np.random.default_rng(3)
    first = rng.uniform(20, 200, (4000, 4))
    gain, offset = np.array([0.8, 1.2, 0.9, 1.1]), np.array([12.0, -5.0, 20.0, 3.0])
    second = first * gain + offset + rng.normal(0, 0.5, first.shape)
    second[:2000] = rng.uniform(20, 200, (2000, 4))
    light, probability = alike(first, second, rng.uniform(-1, 1, 4000), rng.uniform(-1, 1, 4000))
    assert light.gain == pytest.approx(1 / gain if light.later else gain, rel=0.01)
    assert probability[2000:].mean() > 10 * probability[:2000].mean()


def drawn(text):
    return np.array([list(row) for row in text.split()], dtype="U1").view(np.int32).reshape(len(text.split()), -1) - 48


def test_regions_are_numbered_and_summed_as_drawn():
    kinds = drawn("""
        011000
        010022
        011022
        000001
    """).astype(np.uint8)
    labels, count = numbered(kinds, 255)
    assert count == 3
    assert np.array_equal(
        labels,
        drawn("""
        011000
        010022
        011022
        000003
    """),
    )
    marks = np.zeros_like(kinds)
    marks[0, 1] = marks[2, 4] = 1
    facts = np.ones((1, *kinds.shape), dtype=np.int16)
    whole = np.array([0, 0, 4, 6])
    sums = summed(labels, count, kinds, marks, facts, whole, np.array([0, 0]), 6)
    assert sums[1:, PIXELS].tolist() == [5, 4, 1]
    # the lower right pixel of the square has its kind or the end of the image on all sides but one
    assert sums[1:, RIM].tolist() == [5, 4, 1]
    assert sums[1:, ON_OLD].tolist() == [1, 1, 0]
    assert sums[1:, FIRST].tolist() == [1, 10, 23]
    assert sums[1:, -1].tolist() == [5, 4, 1]


def test_masks_grow_and_shrink_by_squares():
    mask = np.zeros((7, 7), dtype=np.uint8)
    mask[2:5, 2:5] = 1
    assert widened(mask, 1).sum() == 25
    assert narrowed(mask, 1).sum() == 1
    # beyond the image a mask goes on
    assert narrowed(np.ones((4, 4), dtype=np.uint8), 1).all()


def test_smoothing_and_moving_leave_planes_as_they_are():
    rows, columns = np.mgrid[0:12, 0:12].astype(np.float32)
    plane = (2 * rows + 3 * columns)[None]
    assert boxed(plane, 2)[0, 2:-2, 2:-2] == pytest.approx(plane[0, 2:-2, 2:-2])
    assert np.isnan(boxed(plane, 2)[0, 0]).all()
    assert moved(plane, 0.25, -0.5)[0, 4:8, 4:8] == pytest.approx(plane[0, 4:8, 4:8] + 0.5 - 1.5, abs=1e-4)


@pytest.mark.parametrize("kind", ["season", "all"])
def test_the_same_is_found_whole_or_tiled(tmp_path, kind):
    before, after = scene(kind, 1.0, 4, SEED, SIDE_M).write(tmp_path)
    whole = find_change(before, after, tile=512)
    tiled = find_change(before, after, tile=64)
    assert len(whole.patches) > 5
    assert whole.seen_m2 == tiled.seen_m2
    plain = [found.patches.drop(columns="geometry") for found in (whole, tiled)]
    assert plain[0].equals(plain[1])
    assert [shape.wkb for shape in whole.patches["geometry"]] == [shape.wkb for shape in tiled.patches["geometry"]]


@pytest.mark.parametrize(
    ("kind", "bands", "precision", "recall"),
    [
        ("buildings", 4, 0.8, 0.8),
        ("buildings", 3, 0.8, 0.8),
        ("season", 4, 0.75, 0.75),
        ("shift", 4, 0.75, 0.75),
        ("haze", 4, 0.75, 0.75),
    ],
)
def test_what_was_planted_is_found_and_little_else(tmp_path, kind, bands, precision, recall):
    shown = scene(kind, 1.0, bands, SEED)
    patches = find_change(*shown.write(tmp_path)).patches
    told = judged(list(patches.loc[patches["kind"] != "vegetation", "geometry"]), shown)["patch"]
    assert told.precision >= precision
    assert told.recall >= recall


def test_seasons_alone_are_vegetation(tmp_path, season):
    """Where nothing was built or dug, hardly any of the fields that turned is taken for it."""
    fields = shapely.union_all(season.parcels)
    patches = find_change(*season.write(tmp_path), parcels=np.array(season.parcels, dtype=object)).patches
    planted = shapely.union_all([shape for _, shape in season.truth]).buffer(2)
    wrong = patches[(patches["kind"] != "vegetation")]
    assert shapely.area(shapely.difference(wrong["geometry"].to_numpy(), planted)).sum() < 0.02 * fields.area
    assert (patches["kind"] == "vegetation").sum() > 5


def test_the_same_image_twice_has_not_changed(tmp_path, season):
    before, _ = season.write(tmp_path)
    found = find_change(before, before)
    assert found.patches.empty
    assert found.registration.residual_m == 0


def test_ground_without_data_is_not_seen(tmp_path, season):
    first, second = season.write(tmp_path)
    with rasterio.open(second, "r+") as file:
        values = file.read()
        values[:, :100] = 0
        file.nodata = 0
        file.write(values)
    found = find_change(first, second)
    assert found.unseen_m2 >= 100 * SIDE_M
    assert all(shape.bounds[3] <= 2_400_000 - 95 for shape in found.patches["geometry"])


def test_a_fourth_band_that_is_a_mask_is_no_infrared(tmp_path):
    bands = np.concatenate([GREY, GREY[:1]])
    bands[3, :, 50:] = 0
    plain, masked = write(tmp_path / "plain.tif", bands), tmp_path / "masked.tif"
    with rasterio.open(plain) as file, rasterio.open(masked, "w", **file.profile | {"alpha": "yes"}) as copy:
        copy.write(bands)
    assert (pair(plain, plain).bands, pair(masked, masked).bands) == (4, 3)
    assert np.isnan(pair(masked, masked).read_after(0, 0, 100, 100)[0]).sum() == 5000


def test_every_setting_is_a_number_and_is_told():
    assert json.loads(json.dumps(SETTINGS.told())) == SETTINGS.told()
    assert replace(SETTINGS, min_area_m2=80.0).told()["min_area_m2"] == 80.0


def regions(*given):
    """Regions of ground that turned to bare soil, brighter than farmed soil, all rims new; each with what is given."""
    tints = {"brighter": 0.3, "redder": 0.0, "bluer": 0.0, "strange": 1.5}
    base = {
        "surface": 2,
        "pixels_m2": 900.0,
        "whole_m2": 950.0,
        "old_rim": 0.0,
        "were_odd": 0.0,
        "crisp": 1.0,
        "sigma": 20.0,
    }
    return pd.DataFrame([base | tints | {"new_edges": 1.0, "old_edges": 0.0} | one for one in given])


def test_a_region_is_taken_for_what_its_rim_says():
    """Bare soil: old edges around it are a harvest, new edges are earthwork, none are moisture."""
    rows = regions({"old_edges": 0.9}, {"old_edges": 0.1}, {"new_edges": 0.2})
    kind, confidence = judged_as(rows, 10_000.0, SETTINGS)
    assert kind.tolist() == ["vegetation", "earthwork", "vegetation"]
    assert ((confidence > 0) & (confidence <= 1)).all()


def test_a_field_laid_bare_is_dug_only_where_no_other_turned():
    """One field of 900 m² is bare; where less than a twentieth of what is seen turned, no season lies between."""
    lone = regions({"old_edges": 0.9})
    assert judged_as(lone, 18_001.0, SETTINGS)[0].tolist() == ["earthwork"]
    assert judged_as(lone, 18_000.0, SETTINGS)[0].tolist() == ["vegetation"]
    among = regions({"old_edges": 0.9}, {"surface": 3, "pixels_m2": 4000.0})
    assert judged_as(among, 98_001.0, SETTINGS)[0].tolist() == ["earthwork", "vegetation"]
    assert judged_as(among, 98_000.0, SETTINGS)[0].tolist() == ["vegetation", "vegetation"]


def test_soil_as_farmed_is_no_earthwork_though_its_rim_is_new():
    """A part of a field that was harvested looks as farmed soil does: no brighter, or hardly off its colours."""
    rows = regions({"brighter": 0.0}, {"strange": 1.3}, {"strange": 1.31})
    assert judged_as(rows, 10_000.0, SETTINGS)[0].tolist() == ["vegetation", "vegetation", "earthwork"]


def test_an_old_roof_under_another_sun_is_not_built():
    """What was no ground before and keeps its outline was there; with another outline, or from ground, it is new."""
    was = [{"were_odd": 0.9, "old_rim": 0.9}, {"were_odd": 0.9, "old_rim": 0.4}, {"were_odd": 0.1, "old_rim": 0.9}]
    rows = regions(*({"surface": 1} | one for one in was))
    assert judged_as(rows, 10_000.0, SETTINGS)[0].tolist() == ["", "built", "built"]


def cells_of(*shares):
    """Two dates of dark ground in cells, and at the later one something white to each share."""
    before = np.full((3, 60, 60), 40.0, dtype=np.float32)
    before += np.random.default_rng(2).normal(0, 1.5, before.shape).astype(np.float32)
    after = before.copy()
    for share in shares:
        after = after * (1 - share) + np.float32(230.0) * share
    return before, after


def test_what_is_white_is_a_cloud_if_it_fades_and_none_if_it_ends_at_once():
    rows, columns = np.mgrid[0:60, 0:60]
    away = np.maximum(np.abs(rows - 30), np.abs(columns - 30))
    ended = (away <= 8).astype(np.float32)
    fading = np.clip((14 - away) / 8, 0, 1).astype(np.float32)
    assert looked_at(*cells_of(ended), SETTINGS).hidden.sum() == 0
    hidden = looked_at(*cells_of(fading), SETTINGS).hidden
    assert hidden[24:37, 24:37].all()
    assert hidden[:8].sum() == 0


@pytest.mark.parametrize("kind", TRIALS)
def test_what_an_expert_would_try_is_drawn_over_the_same_scene(kind):
    """A trial differs from its scene in what it is named for, and both come out the same each time."""
    plain, tried = (scene(one, 1.0, 4, SEED, 120.0) for one in ("bulldozed", kind))
    again = scene(kind, 1.0, 4, SEED, 120.0)
    assert np.array_equal(tried.before, again.before)
    assert np.array_equal(tried.after, again.after)
    assert tried.before.shape == plain.before.shape
    assert (tried.after.dtype == np.uint16) == (kind == "16 bit")
    assert {what for what, _ in tried.truth} <= {"built", "earthwork"}


def test_no_seed_is_both_tuned_and_measured():
    assert not set(TUNING_SEEDS) & set(MEASURED_SEEDS)
    assert SEED not in {*TUNING_SEEDS, *MEASURED_SEEDS}
