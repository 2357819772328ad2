"""Tiles of images, against GDAL's own warping of the same pixels."""

import numpy as np
import pytest
import rasterio
from pyproj import Transformer
from rasterio.enums import Resampling
from rasterio.io import MemoryFile
from rasterio.transform import from_bounds
from rasterio.vrt import WarpedVRT

from geo.imagery import cog, tiles
from geo.imagery.picture import looked
from tests.imagery.build import NORTH, WEST, classes, photo, tiff

HALF_WORLD = 20037508.342789244


def made(path, kind="orthophoto", **asked):
    picture = looked(path, kind, **asked)
    return cog.make(path, picture, path.parent)


def address(z, east, north, crs=4525):
    x, y = Transformer.from_crs(crs, 3857, always_xy=True).transform(east, north)
    side = 2 * HALF_WORLD / (1 << z)
    return z, int((x + HALF_WORLD) // side), int((HALF_WORLD - y) // side)


def warped(path, z, x, y, resampling):
    """The same tile by GDAL: all bands, and what is ground."""
    side = 2 * HALF_WORLD / (1 << z)
    box = (-HALF_WORLD + side * x, HALF_WORLD - side * (y + 1), -HALF_WORLD + side * (x + 1), HALF_WORLD - side * y)
    said = {"crs": "EPSG:3857", "width": 256, "height": 256, "transform": from_bounds(*box, 256, 256)}
    with rasterio.open(path) as file, WarpedVRT(file, resampling=resampling, tolerance=0.01, **said) as there:
        return there.read(), there.dataset_mask() > 0


def smooth(side):
    """Shades that change slowly, so that half a pixel is half a shade."""
    down, along = np.mgrid[:side, :side]
    return np.stack([down % 200 + 20, along % 200 + 20, (down + along) % 200 + 20]).astype(np.uint8)


@pytest.mark.parametrize("z", [17, 18, 19])
def test_shades_are_those_of_gdal(tmp_path, z):
    values = np.minimum(smooth(400), 180)
    path, look = made(tiff(tmp_path / "a.tif", values, nodata=0))
    at = address(z, WEST + 90, NORTH - 90)
    ours = tiles.drawn(path, look, *at)
    theirs, ground = warped(path, *at, Resampling.bilinear)
    both = (ours[..., 3] > 0) & ground
    # each shade jumps once in 200 pixels: there a hundredth of a pixel is seen
    off = np.abs(ours[..., :3].astype(int) - np.moveaxis(theirs[:3].astype(int), 0, 2))[both]
    assert both.mean() > 0.2
    assert np.quantile(off, 0.97) <= 1
    assert ((ours[..., 3] > 0) != ground).mean() < 0.01


@pytest.mark.parametrize("z", [15, 17, 19])
def test_classes_keep_their_colours(tmp_path, z):
    path, look = made(tiff(tmp_path / "a.tif", classes(300, 300), nodata=0), "classes")
    at = address(z, WEST + 148, NORTH - 148)
    ours = tiles.drawn(path, look, *at)
    theirs, _ = warped(path, *at, Resampling.nearest)
    colours = {one["value"]: list(bytes.fromhex(one["colour"][1:])) for one in look["classes"]}
    expected = np.zeros((256, 256, 4), dtype=np.uint8)
    for value, colour in colours.items():
        expected[theirs[0] == value] = [*colour, 255]
    assert {tuple(one) for one in ours.reshape(-1, 4)} <= {(0, 0, 0, 0), *((*one, 255) for one in colours.values())}
    assert (ours == expected).all(axis=2).mean() > 0.985


def test_from_far_off_an_overview_is_read(tmp_path, monkeypatch):
    path, look = made(tiff(tmp_path / "a.tif", photo(3000, 3000), tiled=True))
    read, seen = tiles._read, []

    def counted(*asked):
        found = read(*asked)
        seen.append(found[0][0].size)
        return found

    monkeypatch.setattr(tiles, "_read", counted)
    for z in range(6, 21):
        assert tiles.drawn(path, look, *address(z, WEST + 1500, NORTH - 1500)) is not None
    assert len(seen) == 15
    assert max(seen) <= 6 * tiles.SIDE**2


def test_an_image_in_degrees_and_one_of_16_bits(tmp_path):
    values = smooth(400)[:1].astype(np.uint16) * 100
    path, look = made(tiff(tmp_path / "a.tif", values, crs="EPSG:4490", pixel=1e-5, corner=(111.6, 22.03), nodata=0))
    ours = tiles.drawn(path, look, *address(17, 111.602, 22.028, 4490))
    assert (ours[..., 3] > 0).mean() > 0.3
    assert np.array_equal(ours[..., 0], ours[..., 2])
    assert ours[..., 0].max() == 255


def test_an_alpha_band_is_no_colour_and_hides(tmp_path):
    values = np.concatenate([photo(300, 300), np.full((1, 300, 300), 255, np.uint8)])
    values[3, :150] = 0
    colours = [rasterio.enums.ColorInterp[name] for name in ("red", "green", "blue", "alpha")]
    path, look = made(tiff(tmp_path / "a.tif", values, colorinterp=colours))
    assert look["bands"] == [1, 2, 3]
    ours = tiles.drawn(path, look, *address(18, WEST + 100, NORTH - 150))
    _, ground = warped(path, *address(18, WEST + 100, NORTH - 150), Resampling.nearest)
    assert ((ours[..., 3] > 0) == ground).mean() > 0.99
    assert 0.05 < (ours[..., 3] > 0).mean() < 0.95


@pytest.mark.parametrize("opaque", [True, False])
def test_png_is_read_by_others_as_it_was_drawn(opaque):
    tile = np.random.default_rng(1).integers(0, 255, (256, 256, 4), dtype=np.uint8)
    tile[..., 3] = 255 if opaque else np.where(tile[..., 3] > 90, 255, 0)
    with MemoryFile(tiles.encoded(tile, "png")) as memory, memory.open(driver="PNG") as file:
        found = np.moveaxis(file.read(), 0, 2)
    assert np.array_equal(found, tile[..., : found.shape[2]])
    assert found.shape[2] == (3 if opaque else 4)
