"""Shares of classes under parcels, against drawings, exact fractions and GEOS."""

from fractions import Fraction
from math import cos, pi, sin

import numpy as np
import pytest
import rasterio
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS
from rasterio.transform import Affine

from data.samples.fabric import fabric
from geo.imagery.shares import RasterRefused, class_shares
from geo.outlines import outlines_of

ZONE = CRS.from_epsg(4525)
WEST, NORTH = 37_560_000.0, 2_400_000.0
EXACT = 1e-9


def drawn(text):
    """Pixels as they are drawn: a row a line, a number a pixel."""
    return np.array([row.split() for row in text.strip().splitlines()], dtype=np.uint8)


def written(folder, values, *, pixel=10.0, corner=(WEST, NORTH), crs="EPSG:4525", mask=None, transform=None, **profile):
    """A GeoTIFF of one band."""
    place = transform or Affine(pixel, 0, corner[0], 0, -pixel, corner[1])
    shape = {"height": values.shape[0], "width": values.shape[1], "count": 1, "dtype": values.dtype}
    with (
        rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True),
        rasterio.open(
            folder / "classes.tif", "w", driver="GTiff", transform=place, crs=crs, **shape, **profile
        ) as file,
    ):
        file.write(values, 1)
        if mask is not None:
            file.write_mask(mask)
    return folder / "classes.tif"


def layer(*shapes, corner=(WEST, NORTH)):
    """Parcels drawn in metres east and south of a corner, laid out flat."""
    turned = [shape and shapely.transform(shape, lambda xy: np.asarray(corner) + xy * [1, -1]) for shape in shapes]
    return outlines_of(np.array(turned, dtype=object))


def found(outlines, raster, **options):
    """Square metres by feature and class."""
    table = class_shares(outlines, ZONE, raster, **options)
    return dict(zip(zip(table["feature"], table["class"], strict=True), table["m2"], strict=True))


FIELD = drawn("""
    1 1 2
    1 3 2
    2 2 2
""")


@pytest.mark.parametrize(
    ("shape", "m2"),
    [
        pytest.param(shapely.box(0, 0, 30, 30), {1: 300, 2: 500, 3: 100}, id="all of it"),
        pytest.param(shapely.box(10, 10, 20, 20), {3: 100}, id="one pixel and nothing of its neighbours"),
        pytest.param(shapely.box(5, 0, 10, 10), {1: 50}, id="half a pixel"),
        pytest.param(shapely.box(12, 13, 14, 17), {3: 8}, id="within a pixel"),
        pytest.param(shapely.Polygon([(0, 0), (30, 0), (0, 30)]), {1: 300, 2: 100, 3: 50}, id="a diagonal"),
        pytest.param(
            shapely.Polygon([(0, 10), (30, 20), (30, 30)]), {1: 50 / 3, 2: 275 / 3, 3: 125 / 3}, id="a flat wedge"
        ),
        pytest.param(
            shapely.box(0, 0, 30, 30) - shapely.box(10, 10, 20, 20), {1: 300, 2: 500}, id="a pixel inside a hole"
        ),
        pytest.param(
            shapely.box(0, 0, 30, 30) - shapely.box(12, 12, 18, 18), {1: 300, 2: 500, 3: 64}, id="a hole inside a pixel"
        ),
        pytest.param(
            shapely.MultiPolygon([shapely.box(0, 0, 5, 10), shapely.box(12, 12, 13, 30)]),
            {1: 50, 2: 10, 3: 8},
            id="two parts",
        ),
        pytest.param(shapely.box(4, 0, 4.0078125, 30), {1: 0.15625, 2: 0.078125}, id="a sliver of 8 mm"),
        pytest.param(
            shapely.box(9.9921875, 0, 10.0078125, 20), {1: 0.234375, 3: 0.078125}, id="a sliver between pixels"
        ),
        pytest.param(shapely.box(-1000, -1000, 5, 5), {1: 25}, id="beyond the north-west corner"),
        pytest.param(shapely.box(25, 25, 1000, 1000), {2: 25}, id="beyond the south-east corner"),
        pytest.param(shapely.box(-50, -50, 80, 80), {1: 300, 2: 500, 3: 100}, id="beyond all sides"),
        pytest.param(
            shapely.Polygon([(-15, 15), (15, -15), (45, 15), (15, 45)]), {1: 300, 2: 500, 3: 100}, id="a tilted square"
        ),
        pytest.param(
            shapely.Polygon([(-30, 15), (60, 10), (60, 20)]), {1: 350 / 9, 2: 550 / 9, 3: 50}, id="a long wedge"
        ),
        pytest.param(shapely.box(40, 0, 50, 10), {}, id="east of it"),
        pytest.param(shapely.box(-20, 0, -10, 10), {}, id="west of it"),
        pytest.param(shapely.box(0, -20, 30, -10), {}, id="north of it"),
        pytest.param(shapely.box(30, 0, 40, 30), {}, id="beside it"),
        pytest.param(shapely.Polygon(), {}, id="an empty shape"),
        pytest.param(None, {}, id="no shape"),
    ],
)
def test_ground_by_class_is_as_drawn(tmp_path, shape, m2):
    known = found(layer(shape), written(tmp_path, FIELD))
    assert known == pytest.approx({(0, value): ground for value, ground in m2.items()}, rel=EXACT)


def test_every_parcel_has_its_full_share_where_parcels_overlap(tmp_path):
    twice, across = shapely.box(0, 0, 20, 10), shapely.box(5, 0, 25, 10)
    table = class_shares(layer(twice, twice, across), ZONE, written(tmp_path, FIELD))
    assert table.to_dict("list") == {
        "feature": [0, 1, 2, 2],
        "class": [1, 1, 1, 2],
        "m2": pytest.approx([200, 200, 150, 50], rel=EXACT),
        "share": pytest.approx([1, 1, 0.75, 0.25], rel=EXACT),
    }


def test_pixels_without_data_count_for_nothing(tmp_path):
    table = class_shares(
        layer(shapely.box(0, 0, 30, 10), shapely.box(0, 0, 5, 5)), ZONE, written(tmp_path, FIELD, nodata=1)
    )
    assert table.to_dict("list") == {"feature": [0], "class": [2], "m2": pytest.approx([100.0]), "share": [1.0]}


def test_pixels_behind_a_mask_count_for_nothing(tmp_path):
    mask = np.where(drawn("1 0 1\n1 1 1\n0 1 1"), np.uint8(255), np.uint8(0))
    known = found(layer(shapely.box(5, 0, 20, 30)), written(tmp_path, FIELD, mask=mask))
    assert known == pytest.approx({(0, 1): 100, (0, 2): 100, (0, 3): 100}, rel=EXACT)


def test_classes_may_have_sixteen_bits(tmp_path):
    raster = written(tmp_path, np.array([[0, 300, 65535]], dtype=np.uint16))
    known = found(layer(shapely.box(5, 0, 30, 10)), raster)
    assert known == pytest.approx({(0, 0): 50, (0, 300): 100, (0, 65535): 100}, rel=EXACT)


def test_another_band_and_pixels_that_are_no_squares(tmp_path):
    file = tmp_path / "bands.tif"
    place = Affine(10, 0, WEST, 0, -4, NORTH)
    shape = {"driver": "GTiff", "width": 3, "height": 3, "count": 2, "dtype": "uint8"}
    with rasterio.open(file, "w", transform=place, crs="EPSG:4525", **shape) as raster:
        raster.write(np.stack([np.zeros_like(FIELD), FIELD]))
    assert found(layer(shapely.box(0, 2, 20, 8)), file, band=2) == pytest.approx({(0, 1): 80, (0, 3): 40}, rel=EXACT)


@pytest.mark.parametrize("layout", [{"tiled": True, "blockxsize": 256, "blockysize": 256, "compress": "deflate"}, {}])
def test_a_parcel_larger_than_a_tile_is_put_together(tmp_path, layout):
    stripes = np.broadcast_to((np.arange(5000) // 700).astype(np.uint8), (4200, 5000))
    ring = shapely.Point(2500, 2000).buffer(1900) - shapely.Point(2300, 2100).buffer(700)
    expected = {
        (0, stripe): shapely.intersection(ring, shapely.box(700 * stripe, 0, 700 * stripe + 700, 4200)).area
        for stripe in range(7)
    }
    known = found(layer(ring), written(tmp_path, stripes, pixel=1.0, **layout))
    assert known == pytest.approx(expected, rel=EXACT)


def test_of_a_raster_larger_than_memory_only_what_is_needed_is_read(tmp_path):
    file, side, pixel = tmp_path / "large.tif", 400_000, 0.5
    layout = {"tiled": True, "blockxsize": 512, "blockysize": 512, "SPARSE_OK": True, "BIGTIFF": "YES"}
    shape = {"driver": "GTiff", "width": side, "height": side, "count": 1, "dtype": "uint8"}
    place = Affine(pixel, 0, WEST, 0, -pixel, NORTH)
    with rasterio.open(file, "w", transform=place, crs="EPSG:4525", **shape, **layout) as raster:
        raster.write(np.full((4, 4), 7, np.uint8), 1, window=((side - 4, side), (side - 4, side)))
    far = side * pixel
    strip = shapely.box(far - 20.25, far - 0.75, far, far - 0.25)
    assert found(layer(strip), file) == pytest.approx({(0, 0): 9.125, (0, 7): 1.0}, rel=EXACT)


def clipped(ring, axis, limit, keep):
    """Cut a ring of exact points off at a line; Sutherland and Hodgman's way, signed areas stay right."""
    out = []
    for p, q in zip(ring, ring[1:] + ring[:1], strict=True):
        inside, then = (keep * (point[axis] - limit) <= 0 for point in (p, q))
        if inside:
            out.append(p)
        if inside != then:
            t = (limit - p[axis]) / (q[axis] - p[axis])
            out.append(tuple(a + t * (b - a) for a, b in zip(p, q, strict=True)))
    return out


def exact_ground(ring, column, row):
    """Ground of a ring within one pixel, in pixels."""
    for axis, limit, keep in ((0, column, -1), (0, column + 1, 1), (1, row, -1), (1, row + 1, 1)):
        ring = clipped(ring, axis, Fraction(limit), keep)
    return abs(sum(p[0] * q[1] - q[0] * p[1] for p, q in zip(ring, ring[1:] + ring[:1], strict=True))) / 2


@settings(max_examples=40, deadline=None)
@given(
    lengths=st.lists(st.integers(1, 40), min_size=3, max_size=12),
    middle=st.tuples(st.integers(-8, 48), st.integers(-8, 48)),
)
def test_every_pixel_is_covered_as_exact_fractions_say(tmp_path_factory, lengths, middle):
    angles = [2 * pi * at / len(lengths) for at in range(len(lengths))]
    corners = [
        (Fraction(middle[0] + round(r * cos(a)), 8), Fraction(middle[1] + round(r * sin(a)), 8))
        for r, a in zip(lengths, angles, strict=True)
    ]
    shape = shapely.Polygon([tuple(map(float, corner)) for corner in corners])
    if not shape.is_valid:
        return
    every = np.arange(25, dtype=np.uint8).reshape(5, 5)
    raster = written(tmp_path_factory.getbasetemp(), every, pixel=1.0)
    expected = {(0, 5 * row + column): exact_ground(corners, column, row) for row in range(5) for column in range(5)}
    known = found(layer(shape), raster)
    assert known == pytest.approx({pixel: float(ground) for pixel, ground in expected.items() if ground}, rel=EXACT)


@pytest.fixture(scope="module")
def village(tmp_path_factory):
    """Some hundred parcels of every kind, and a raster of pixels of 1.69 m on which all of them lie."""
    shapes = fabric(2000).shapes
    outlines = outlines_of(shapes[shapely.is_valid(shapes)])
    west, south, east, north = (*outlines.boxes[:, :2].min(axis=0), *outlines.boxes[:, 2:].max(axis=0))
    rows, columns = int((north - south) / 1.69) + 20, int((east - west) / 1.69) + 20
    coarse = np.random.default_rng(5).integers(1, 7, (rows // 6 + 1, columns // 6 + 1), dtype=np.uint8)
    values = np.kron(coarse, np.ones((6, 6), np.uint8))[:rows, :columns]
    corner = west - 10.0, north + 10.0
    folder = tmp_path_factory.mktemp("village")
    return outlines, values, corner, written(folder, values, pixel=1.69, corner=corner, tiled=True)


def test_the_ground_of_all_classes_is_the_area_of_the_parcel(village):
    outlines, _, _, raster = village
    table = class_shares(outlines, ZONE, raster)
    assert np.bincount(table["feature"], table["m2"]) == pytest.approx(outlines.areas, rel=EXACT)
    assert np.bincount(table["feature"], table["share"]) == pytest.approx(np.ones(len(outlines)), rel=EXACT)


def test_geos_cuts_the_same_ground_with_every_pixel(village):
    outlines, values, (west, north), raster = village
    rows = np.arange(0, len(outlines), 40)
    expected = {}
    for feature, shape in zip(rows, outlines.taken(rows).shapes(), strict=True):
        near = shapely.transform(shape, lambda xy: (xy - [west, north]) * [1, -1])
        left, top, right, bottom = (np.array(near.bounds) / 1.69).astype(int)
        row, column = (at.ravel() for at in np.mgrid[top : bottom + 1, left : right + 1])
        pixels = shapely.box(column * 1.69, row * 1.69, (column + 1) * 1.69, (row + 1) * 1.69)
        ground = np.bincount(values[row, column], shapely.area(shapely.intersection(near, pixels)))
        expected |= {(feature, value): m2 for value, m2 in enumerate(ground) if m2 > 1e-6}
    known = {key: m2 for key, m2 in found(outlines, raster).items() if key[0] % 40 == 0}
    assert known == pytest.approx(expected, rel=1e-7)


def test_the_order_of_the_parcels_changes_no_bit(village):
    outlines, _, _, raster = village
    order = np.random.default_rng(2).permutation(len(outlines))
    table, mixed = class_shares(outlines, ZONE, raster), class_shares(outlines.taken(order), ZONE, raster)
    mixed = mixed.assign(feature=order[mixed["feature"]]).sort_values(["feature", "class"], ignore_index=True)
    assert table.equals(mixed)


@pytest.mark.parametrize(
    ("profile", "code"),
    [
        ({"crs": "EPSG:4526"}, "raster_other_crs"),
        ({"crs": None}, "raster_no_crs"),
        ({"transform": Affine(10, 1, WEST, 1, -10, NORTH)}, "raster_not_north_up"),
        ({"transform": Affine(10, 0, WEST, 0, 10, NORTH)}, "raster_not_north_up"),
        ({"band": 2}, "raster_no_band"),
        ({"values": FIELD.astype(np.float32)}, "raster_no_classes"),
    ],
)
def test_a_raster_that_does_not_fit_is_refused_in_both_languages(tmp_path, profile, code):
    profile = {"values": FIELD, "band": 1} | profile
    band = profile.pop("band")
    with pytest.raises(RasterRefused) as refused:
        class_shares(layer(shapely.box(0, 0, 10, 10)), ZONE, written(tmp_path, **profile), band)
    assert refused.value.code == code
    assert any("\u4e00" <= letter <= "\u9fff" for letter in refused.value.zh)
    assert refused.value.en.isascii()


def test_what_only_calls_itself_a_tiff_is_refused(tmp_path):
    raster, file = written(tmp_path, FIELD), tmp_path / "other.tif"
    file.write_text(
        '<VRTDataset rasterXSize="3" rasterYSize="3"><VRTRasterBand dataType="Byte" band="1"><SimpleSource>'
        f"<SourceFilename>{raster}</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>"
    )
    with pytest.raises(RasterRefused, match="raster_unreadable"):
        class_shares(layer(shapely.box(0, 0, 10, 10)), ZONE, file)


def test_a_raster_cut_off_in_the_middle_is_refused(tmp_path):
    raster = written(tmp_path, np.random.default_rng(1).integers(0, 9, (600, 600), dtype=np.uint8), compress="deflate")
    raster.write_bytes(raster.read_bytes()[:-20_000])
    with pytest.raises(RasterRefused, match="raster_unreadable"):
        class_shares(layer(shapely.box(0, 0, 6000, 6000)), ZONE, raster)
