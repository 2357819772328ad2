# ruff: noqa: E501 (one case a line)
"""S: shapefiles whose parts are missing or contradict each other."""

import json
import sqlite3
import struct
from contextlib import closing
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from pyproj import CRS

from tests.badinput.corpus import Case
from tests.intake.build import CODE, DK, ORIGIN, dbf, delivery, layer, parcels, shp, square

GOOD = layer(4)
SHP, SHX, DBF = GOOD[".shp"], GOOD[".shx"], GOOD[".dbf"]
VRT = b'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>'


def dk(**parts: bytes | None):
    """A delivery of four good parcels with some parts replaced, or dropped (None)."""
    return lambda folder: delivery(folder / "DK.zip", DK=layer(4, **parts))


def table(fields, rows, **asked):
    return dk(dbf=dbf(fields, rows, **asked))


def put(content: bytes, at: int, kind: str, value: int) -> bytes:
    changed = bytearray(content)
    struct.pack_into(kind, changed, at, value)
    return bytes(changed)


def kind(number: int):
    return dk(shp=put(SHP, 32, "<i", number), shx=put(SHX, 32, "<i", number))


def shapes(*drawn, number: int = 5):
    return dk(**{part.strip("."): content for part, content in shp(drawn, number).items()})


def curved(folder: Path) -> Path:
    """A GeoPackage that says its shapes are bounded by curves: none is straightened silently."""
    x, y = ORIGIN
    shape = np.array([shapely.to_wkb(shapely.box(x, y, x + 10, y + 10))], dtype=object)
    codes = [np.array([CODE.format(0)], dtype=object)]
    pyogrio.raw.write(
        folder / "DK.gpkg", shape, codes, np.array(["DKBM"]), layer="DK", driver="GPKG", geometry_type="Polygon",
        crs="EPSG:4525",
    )  # fmt: skip
    with closing(sqlite3.connect(folder / "DK.gpkg")) as db, db:
        db.execute("UPDATE gpkg_geometry_columns SET geometry_type_name = 'CURVEPOLYGON'")
    return folder / "DK.gpkg"


def two_layers(folder: Path) -> Path:
    return delivery(folder / "a.zip", one=layer(1), two=layer(1))


def deep(folder: Path) -> Path:
    """JSON nested a hundred thousand deep."""
    (folder / "DK.geojson").write_text('{"type": "FeatureCollection", "features": ' + "[" * 10**5 + "]" * 10**5 + "}")
    return folder / "DK.geojson"


def halved(folder: Path) -> Path:
    """A GeoPackage whose second half is gone."""
    whole = folder / "whole.gpkg"
    pyogrio.raw.write(
        whole, None, [np.array([CODE.format(0)] * 3000, dtype=object)], np.array(["DKBM"]), layer="DK", driver="GPKG"
    )
    (folder / "DK.gpkg").write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    whole.unlink()
    return folder / "DK.gpkg"


WIDE = DK | {f"F{number}": ("C", 1) for number in range(100)}
LOST = {"DKMC": ("C", 50)}
CASES = [
    Case(19, "一个压缩包两个不认识的图层", "two layers of foreign names in one archive", two_layers, "ambiguous_layer"),
    Case(21, "缺 .dbf", "no .dbf", dk(dbf=None), "missing_part"),
    Case(22, "缺 .shx", "no .shx", dk(shx=None), "missing_part"),
    Case(23, "缺 .shp", "no .shp", dk(shp=None), "missing_part"),
    Case(23, ".shp 为 0 字节", "a .shp of 0 bytes", dk(shp=b""), "missing_part"),
    Case(24, "缺 .prj", "no .prj", dk(prj=None), "no_crs"),
    Case(25, ".prj 是乱码", "a .prj of garbage", dk(prj=b"garbage"), "bad_prj"),
    Case(26, ".prj 是网址", "a .prj with an address", dk(prj=b"http://127.0.0.1/x"), "bad_prj"),
    Case(26, ".prj 指向文件", "a .prj that names a file", dk(prj=b"+init=/etc/passwd"), "bad_prj"),
    Case(27, ".shp 其实是 VRT", "a VRT under the name of a .shp", dk(shp=VRT + bytes(100)), "magic"),
    Case(27, ".shp 其实是 GeoJSON", "GeoJSON under the name of a .shp", dk(shp=json.dumps({"type": "FeatureCollection"}).encode() + bytes(100)), "magic"),
    Case(28, ".dbf 少一条记录", "a .dbf with one row fewer", dk(dbf=put(DBF, 4, "<I", 3)), "count_mismatch"),
    Case(29, ".dbf 自称有 2 的 31 次方条", "a .dbf of 2^31-1 rows by its header", dk(dbf=put(DBF, 4, "<I", 2**31 - 1)), "dbf_broken"),
    Case(30, ".dbf 被截断", "a .dbf cut off", dk(dbf=DBF[:-40]), "dbf_broken"),
    Case(31, "一条记录自称有 2 的 31 次方个点", "a record of 2^31-1 points", dk(shp=put(SHP, 148, "<i", 2**31 - 1)), "record_broken"),
    Case(32, ".shx 指向文件之外", "an index that points past the file", dk(shx=put(SHX, 100, ">i", 2**30)), "shx_broken"),
    Case(32, ".shx 两条指向同一处", "an index that points twice at one record", dk(shx=SHX[:108] + SHX[100:108] + SHX[116:]), "shx_broken"),
    Case(33, "文件头长度不实", "a length that is not the file's", dk(shp=SHP + bytes(8)), "shp_length"),
    *(Case(34, f"图形类型 {number}", f"shapes of type {number}", kind(number), "geom_type") for number in (0, 1, 3, 8, 11, 13, 31)),
    Case(35, "面图层里的一条线", "a line in a layer of polygons", dk(shp=put(SHP, 108, "<i", 3)), "record_broken"),
    Case(36, "空图形", "a null shape", shapes(square(0), None, square(2), square(3)), "null_geometry", rows=(1,), stored=3),
    Case(37, "带高程的面", "polygons with heights", shapes(*map(square, range(4)), number=15), "z_dropped", stored=4),
    Case(38, "带度量值的面", "polygons with measures", shapes(*map(square, range(4)), number=25), "m_dropped", stored=4),
    Case(39, "曲线面", "polygons with curves", curved, "geom_type"),
    Case(40, "没有任何记录", "no rows at all", lambda folder: delivery(folder / "DK.zip", DK=layer(0)), "empty_layer"),
    Case(41, "缺少地块代码字段", "no column of codes", table(LOST, parcels(4)), "column_missing"),
    Case(41, "一百多个字段", "more than 100 columns", table(WIDE, parcels(4)), "too_many_fields"),
    Case(42, "地块代码是数值型", "codes in a numeric column", table(DK | {"DKBM": ("N", 19)}, parcels(4)), "column_type"),
    Case(43, "GBK 文字，没有 .cpg", "GBK without a .cpg", dk(), None, stored=4),
    Case(44, ".cpg 写 UTF-8，内容是 GBK", "a .cpg that says UTF-8 over GBK", dk(cpg=b"UTF-8"), None, stored=4),
    Case(44, "汉字被截去一半", "a text cut in the middle of a character", table(DK, parcels(4, DKMC=[("村" * 30).encode("gbk")[:49]] * 4)), "text_cut", stored=4),
    Case(45, "标记为删除的行", "rows marked as deleted", table(DK, parcels(4), deleted=[1]), "deleted_row", rows=(1,), stored=3),
    Case(46, "数值溢出为星号", "a number that overflowed to stars", table(DK, parcels(4, SCMJ=["1", "*" * 16, "1", "1"])), "number_unreadable", stored=4),
    Case(46, "损坏的 GeoPackage", "a GeoPackage cut in half", halved, "inner_broken"),
    Case(46, "嵌套十万层的 JSON", "JSON nested 100,000 deep", deep, "inner_broken"),
]  # fmt: skip


def prj(epsg: int) -> bytes:
    """A .prj as ESRI writes it."""
    return CRS.from_epsg(epsg).to_wkt("WKT1_ESRI").encode()
