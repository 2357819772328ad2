# ruff: noqa: E501 (one case a line)
"""R: images that promise too much, have no place, hide something, or leave open what is ground."""

import io
import struct
import zipfile

import numpy as np
import rasterio
from rasterio.enums import ColorInterp, Resampling
from rasterio.io import MemoryFile
from rasterio.transform import Affine, from_gcps

from tests.badinput.corpus import Case
from tests.imagery.build import NORTH, WEST, classes, photo, tiff


def written(values, **said):
    return lambda folder: tiff(folder / "a.tif", values(), **said)


def other(driver, **said):
    """A picture of another format, called .tif."""

    def build(folder):
        with MemoryFile() as memory:
            with memory.open(
                driver=driver, width=8, height=8, count=3, dtype="uint8", transform=Affine.scale(2), **said
            ) as file:
                file.write(photo(8, 8))
            (folder / "a.tif").write_bytes(memory.read())
        return folder / "a.tif"

    return build


def said(content):
    def build(folder):
        (folder / "a.tif").write_bytes(content)
        return folder / "a.tif"

    return build


def changed(change, values=photo, **profile):
    """A good file, its bytes changed."""

    def build(folder):
        path = tiff(folder / "a.tif", values(), **profile)
        path.write_bytes(change(path.read_bytes()))
        return path

    return build


def directory(wide, high, *, samples=1, bits=8, compression=1, rows=None, following=0, more=(), body=b""):
    """A TIFF of one directory, written out tag by tag."""
    tags = sorted(
        [
            (256, 4, wide),
            (257, 4, high),
            (258, 3, bits),
            (259, 3, compression),
            (262, 3, 1),
            (273, 4, 8),
            (277, 3, samples),
            (278, 4, rows or high),
            (279, 4, max(len(body), 1)),
            *more,
        ]
    )
    head = b"II*\0" + struct.pack("<I", 8 + len(body))
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    return head + body + struct.pack("<H", len(tags)) + entries + struct.pack("<I", following)


def chain(count):
    """So many directories, one after the other."""
    one = directory(16, 16)
    found, at = b"II*\0" + struct.pack("<I", 8), 8
    for n in range(count):
        body = one[8:-4]
        at += len(body) + 4
        found += body + struct.pack("<I", at if n < count - 1 else 0)
    return found


def with_false_overview(folder):
    """Overviews that show something else: they are left behind, and made anew."""
    path = tiff(folder / "a.tif", photo(1024, 1024), tiled=True, blockxsize=256, blockysize=256)
    with rasterio.open(path, "r+") as file:
        file.build_overviews([2], Resampling.nearest)
    return path


def control_points(folder):
    points = [
        rasterio.control.GroundControlPoint(row, column, WEST + column, NORTH - row)
        for row, column in ((0, 0), (0, 16), (16, 0), (16, 16))
    ]
    path = folder / "a.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=16, height=16, count=3, dtype="uint8", gcps=points, crs="EPSG:4525"
    ) as file:
        file.write(photo(16, 16))
    assert from_gcps(points)
    return path


def beside(folder):
    """A companion that would name another place and another file; it is not read."""
    path = tiff(folder / "a.tif", photo(16, 16), transform=Affine.identity(), crs=None)
    (folder / "a.tfw").write_text(f"1\n0\n0\n-1\n{WEST}\n{NORTH}\n")
    (folder / "a.tif.aux.xml").write_text(
        "<PAMDataset><SRS>EPSG:4525</SRS><GeoTransform>37563200,1,0,2439400,0,-1</GeoTransform></PAMDataset>"
    )
    (folder / "a.tif.ovr").write_bytes(b"II*\0")
    return path


def zipped():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a.js", "1" * 5000)
    return held.getvalue()


def blank(side):
    """Zeros, packed by Zstandard, which has no limit to how much it packs."""
    return lambda folder: tiff(
        folder / "a.tif",
        np.zeros((side, side), dtype=np.uint8),
        compress="ZSTD",
        tiled=True,
        blockxsize=4096,
        blockysize=4096,
    )


def sparse(folder):
    """A picture of which no block was ever written."""
    path = folder / "a.tif"
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=40_000,
        height=40_000,
        count=1,
        dtype="uint8",
        crs="EPSG:4525",
        transform=Affine(0.1, 0, WEST, 0, -0.1, NORTH),
        tiled=True,
        blockxsize=4096,
        blockysize=4096,
        compress="DEFLATE",
        SPARSE_OK="TRUE",
    ):
        pass
    return path


VRT = b'<VRTDataset rasterXSize="8" rasterYSize="8"><VRTRasterBand dataType="Byte" band="1"><SimpleSource><SourceFilename>/etc/passwd</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>'
NITF = b"NITF02.10" + bytes(400)
PHOTO, CLASSES = {"kind": "orthophoto"}, {"kind": "classes"}
ZERO = {"asked": {"nodata": "0"}}
TURNED = Affine(1, 0.2, WEST, 0.2, -1, NORTH)
UPSIDE_DOWN = Affine(1, 0, WEST, 0, 1, NORTH)
ALPHA = (ColorInterp.red, ColorInterp.green, ColorInterp.blue, ColorInterp.alpha)
CASES = [
    Case(
        91,
        "小文件声明十万乘十万像素",
        "a small file that declares 100,000 by 100,000 pixels",
        said(directory(100_000, 100_000)),
        "raster_pixels",
        **CLASSES,
    ),
    Case(
        91,
        "声明四十亿像素宽",
        "a width of four thousand million",
        said(directory(0xFFFFFFFF, 1)),
        "raster_ratio",
        **CLASSES,
    ),
    Case(92, "没有坐标系", "no coordinate system", written(photo, crs=None), "no_crs", **PHOTO),
    Case(
        92,
        "没有坐标系，由人指定",
        "no coordinate system and a person who says it",
        written(photo, crs=None),
        "raster_all_ground",
        stored=1,
        asked={"crs": 4525},
        **PHOTO,
    ),
    Case(
        92,
        "没有地理定位",
        "no place on the ground",
        written(photo, transform=Affine.identity()),
        "raster_no_place",
        **PHOTO,
    ),
    Case(92, "只有控制点", "control points only", control_points, "raster_no_place", **PHOTO),
    Case(
        92,
        "坐标系与位置不符",
        "a place where its system is not used",
        written(photo, crs="EPSG:4526"),
        "crs_prefix",
        **PHOTO,
    ),
    Case(92, "西安 80", "another datum", written(photo, crs="EPSG:2361"), "crs_datum", **PHOTO),
    Case(
        92,
        "像素边长一公里",
        "pixels of a kilometre",
        written(photo, pixel=1000.0, corner=(WEST - 40_000, NORTH)),
        "raster_pixel_size",
        **PHOTO,
    ),
    Case(
        93,
        "分类栅格没有无数据值",
        "classes that name no value for no data",
        written(classes),
        "raster_nodata_missing",
        **CLASSES,
    ),
    Case(
        93,
        "由人说明：0 为无数据",
        "a person says that 0 is no data",
        written(classes),
        None,
        stored=1,
        **CLASSES,
        **ZERO,
    ),
    Case(
        93,
        "由人说明：每个像素都有类别",
        "a person says that every pixel is a class",
        written(classes),
        None,
        stored=1,
        asked={"nodata": "none"},
        **CLASSES,
    ),
    Case(
        93,
        "文件与人说的不一致",
        "the file and a person differ",
        written(classes, nodata=255),
        "raster_nodata_mismatch",
        **CLASSES,
        **ZERO,
    ),
    Case(
        93,
        "无数据值为 300，像素为 8 位",
        "300 for no data in 8 bits",
        written(classes),
        "raster_nodata_value",
        asked={"nodata": "300"},
        **CLASSES,
    ),
    Case(
        93,
        "影像没有无数据值",
        "an orthophoto without a value for no data",
        written(photo),
        "raster_all_ground",
        stored=1,
        **PHOTO,
    ),
    Case(
        93,
        "全是无数据",
        "no pixel with data",
        written(lambda: np.zeros((16, 16), np.uint8), nodata=0),
        "raster_empty",
        **CLASSES,
    ),
    Case(94, "VRT 冒充 .tif", "a VRT called .tif", said(VRT), "raster_magic", **PHOTO),
    Case(94, "NITF 冒充 .tif", "a NITF called .tif", said(NITF), "raster_magic", **PHOTO),
    Case(94, "JPEG 冒充 .tif", "a JPEG called .tif", other("JPEG"), "raster_magic", **PHOTO),
    Case(94, "PNG 冒充 .tif", "a PNG called .tif", other("PNG"), "raster_magic", **PHOTO),
    Case(94, "空文件", "an empty file", said(b""), "raster_magic", **PHOTO),
    Case(
        94,
        "GeoTIFF 叫作 .zip",
        "a GeoTIFF called .zip",
        lambda folder: tiff(folder / "b.tif", photo()).rename(folder / "a.zip"),
        "raster_all_ground",
        stored=1,
        **PHOTO,
    ),
    Case(
        94,
        "前面附有其他数据",
        "something in front of the picture",
        changed(lambda found: b"GIF89a" + found),
        "raster_magic",
        **PHOTO,
    ),
    Case(
        94,
        "后面附有压缩包",
        "an archive behind the picture",
        changed(lambda found: found + zipped()),
        "raster_trailing",
        **PHOTO,
    ),
    Case(
        95,
        "一个压缩条展开为数百兆",
        "a strip that expands beyond reason",
        said(directory(20_000, 20_000, compression=8, body=b"x" * 400_000)),
        "raster_block",
        **CLASSES,
    ),
    Case(
        95,
        "展开倍数异常",
        "a picture that expands beyond reason",
        blank(18_000),
        "raster_ratio",
        asked={"nodata": "0"},
        **CLASSES,
    ),
    Case(
        95,
        "稀疏大图",
        "a large picture without a byte of pixels",
        sparse,
        "raster_ratio",
        asked={"nodata": "none"},
        **CLASSES,
    ),
    Case(95, "六万五千个波段", "65,535 bands", said(directory(16, 16, samples=65_535)), "raster_bands", **PHOTO),
    Case(95, "一百个图像目录", "a hundred directories", said(chain(100)), "raster_directories", **PHOTO),
    Case(
        95, "目录循环", "directories in a circle", said(directory(16, 16, following=8)), "raster_directories", **PHOTO
    ),
    Case(95, "一个文件两幅图", "two pictures in one file", said(chain(2)), "raster_pages", **PHOTO),
    Case(
        95,
        "文件被截断",
        "a file that is cut off",
        changed(lambda found: found[: len(found) - 2000], values=lambda: photo(256, 256)),
        "raster_truncated",
        **PHOTO,
    ),
    Case(
        95,
        "压缩数据损坏",
        "damaged pixels",
        changed(
            lambda found: found[:3000] + bytes(600) + found[3600:],
            values=lambda: np.random.default_rng(1).integers(1, 255, (3, 64, 64), dtype=np.uint8),
            compress="DEFLATE",
        ),
        "raster_damaged",
        **PHOTO,
    ),
    Case(
        95,
        "不支持的压缩",
        "a packing that nobody uses",
        said(directory(16, 16, compression=6, body=bytes(256))),
        "raster_compression",
        **PHOTO,
    ),
    Case(
        95,
        "影像为 JPEG 压缩",
        "an orthophoto packed as JPEG",
        written(photo, compress="JPEG", photometric="YCBCR", interleave="pixel"),
        "raster_all_ground",
        stored=1,
        **PHOTO,
    ),
    Case(
        95,
        "分类栅格为 JPEG 压缩",
        "classes packed as JPEG",
        written(classes, compress="JPEG"),
        "raster_lossy",
        **CLASSES,
        **ZERO,
    ),
    Case(
        95, "自带的概览是另一幅图", "overviews of its own", with_false_overview, "raster_all_ground", stored=1, **PHOTO
    ),
    Case(96, "旋转", "a picture that is rotated", written(photo, transform=TURNED), "raster_not_north_up", **PHOTO),
    Case(
        96,
        "上下颠倒",
        "a picture that stands on its head",
        written(photo, transform=UPSIDE_DOWN),
        "raster_not_north_up",
        **PHOTO,
    ),
    Case(
        97,
        "浮点数的类别，含 NaN",
        "classes of floating point with NaN",
        written(lambda: np.full((16, 16), np.nan, np.float32), nodata=float("nan")),
        "raster_dtype",
        **CLASSES,
    ),
    Case(
        97,
        "整数像素的无数据值为 NaN",
        "NaN for no data in whole numbers",
        changed(lambda found: found.replace(b"255\0", b"nan\0"), values=classes, nodata=255),
        "raster_nodata_missing",
        **CLASSES,
    ),
    Case(
        97,
        "有符号的像素",
        "pixels with a sign",
        written(lambda: classes().astype(np.int16)),
        "raster_dtype",
        **CLASSES,
        **ZERO,
    ),
    Case(
        97,
        "影像用调色板",
        "an orthophoto with a palette",
        written(classes, colormap={1: (255, 0, 0, 255)}),
        "raster_palette",
        **PHOTO,
    ),
    Case(
        97,
        "分类栅格带调色板",
        "classes with a palette",
        written(classes, nodata=0, colormap={1: (255, 0, 0, 255)}),
        None,
        stored=1,
        **CLASSES,
    ),
    Case(
        97,
        "影像带透明通道",
        "an orthophoto with an alpha band",
        written(lambda: photo(bands=4), colorinterp=ALPHA),
        None,
        stored=1,
        **PHOTO,
    ),
    Case(
        97,
        "分类栅格带透明通道",
        "classes with an alpha band",
        written(lambda: photo(bands=2)),
        "raster_bands",
        **CLASSES,
        **ZERO,
    ),
    Case(
        97,
        "16 位影像",
        "an orthophoto of 16 bits",
        written(lambda: photo(dtype="uint16") * np.uint16(64), nodata=0),
        "raster_stretched",
        stored=1,
        **PHOTO,
    ),
    Case(
        97,
        "一千个不同的类别",
        "a thousand classes",
        written(lambda: np.arange(1, 1025, dtype=np.uint16).reshape(32, 32)),
        "raster_many_classes",
        **CLASSES,
        **ZERO,
    ),
    Case(
        97,
        "按经纬度存放的类别",
        "classes in degrees",
        written(classes, crs="EPSG:4490", pixel=1e-5, corner=(111.6, 22.03)),
        "raster_degrees",
        **CLASSES,
        **ZERO,
    ),
    Case(98, "同名的附属文件", "companions beside the file", beside, "raster_no_place", **PHOTO),
]
