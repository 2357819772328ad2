"""A delivery of the standard as genuine ones are: a whole tree of one village, with everything odd that they bring.

Shapes are written by GDAL, tables byte by byte, the database by Jackcess (`foreign/package.mdb.gz`, see its README).
"""

import gzip
import tempfile
import zipfile
from pathlib import Path

import geopandas as gpd
import pyogrio
import shapely

from tests.intake.build import CODE, ORIGIN, dbf

ROOT = "441781阳春市"
FOREIGN = Path(__file__).parent / "foreign"
X, Y = ORIGIN
PARCELS = [shapely.box(X + 20 * n, Y, X + 20 * n + 10, Y + 10) for n in range(4)]
REGION = shapely.box(X - 100, Y - 100, X + 500, Y + 500)
#: As many point numbers as a text of a DBF can hold, the last one cut.
LONG = "J1/" * 84 + "J1"
CODES = [CODE.format(n) for n in range(4)]
NUMBERS = {"BSM": ("N", 10), "YSDM": ("C", 6)}
DK = NUMBERS | {
    "DKBM": ("C", 19), "DKMC": ("C", 50), "SYQXZ": ("C", 2), "DKLB": ("C", 2), "TDLYLX": ("C", 3), "DLDJ": ("C", 2),
    "TDYT": ("C", 1), "SFJBNT": ("C", 1), "SCMJ": ("F", 19), "DKDZ": ("C", 50), "DKXZ": ("C", 50), "DKNZ": ("C", 50),
    "DKBZ": ("C", 50), "DKBZXX": ("C", 254), "ZJRXM": ("C", 100), "KJZB": ("C", 254), "SCMJM": ("F", 19),
}  # fmt: skip
JZD = NUMBERS | {
    "JZDH": ("C", 10), "JZDLX": ("C", 1), "JBLX": ("C", 1), "DKBM": ("C", 254), "XZBZ": ("C", 20), "YZBZ": ("C", 20),
}  # fmt: skip
JZX = NUMBERS | {
    "JXXZ": ("C", 6), "JZXLB": ("C", 2), "JZXWZ": ("C", 1), "JZXSM": ("C", 254), "PLDWQLR": ("C", 100),
    "PLDWZJR": ("C", 100), "DKBM": ("C", 254),
}  # fmt: skip
KZD = NUMBERS | {
    "KZDMC": ("C", 50), "KZDDH": ("C", 10), "KZDLX": ("C", 6), "KZDDJ": ("C", 20), "BSLX": ("C", 1), "BZLX": ("C", 1),
    "DZJ": ("C", 254), "X2000": ("N", 12), "Y2000": ("N", 12),
}  # fmt: skip


def parcel(n: int) -> dict[str, str]:
    """A parcel whose area is written with an exponent, whose neighbours in the north are 无, and one text cut short."""
    return {
        "BSM": str(n + 1), "YSDM": "211011", "DKBM": CODES[n], "DKMC": "水库边", "SYQXZ": "30", "DKLB": "10",
        "TDLYLX": "011", "DLDJ": "01", "TDYT": "1", "SFJBNT": "1", "SCMJ": "1.00000000000e+002", "DKDZ": "张三",
        "DKXZ": "李四", "DKNZ": "道路", "DKBZ": "无", "ZJRXM": "张三", "KJZB": LONG if n == 3 else "J1/J2/J3/J4",
        "SCMJM": "1.50000000000e-001",
    }  # fmt: skip


def corners() -> list[tuple[shapely.Point, dict[str, str]]]:
    """The corners of all parcels: those of the second with the columns swapped, the third with rounded exponents."""
    rows = []
    for n, shape in enumerate(PARCELS):
        for k, (x, y) in enumerate(shape.exterior.coords[:-1]):
            north, east = (f"{y:.3f}", f"{x:.3f}")
            if n == 1:
                north, east = east, north
            if n == 2:
                east = f"{x:.3e}"
            row = {"BSM": str(4 * n + k + 1), "YSDM": "211021", "JZDH": "211021" if n == 3 else f"J{4 * n + k + 1}"}
            rows.append((shapely.Point(x, y), row | {"JZDLX": "1", "DKBM": CODES[n], "XZBZ": north, "YZBZ": east}))
    return rows


def sides() -> list[tuple[shapely.LineString, dict[str, str]]]:
    """The sides of all parcels, without numbers, their neighbours unknown."""
    rows = []
    for n, shape in enumerate(PARCELS):
        ring = shape.exterior.coords
        for k in range(4):
            row = {"BSM": str(4 * n + k + 1), "YSDM": "211031", "JXXZ": "600001", "JZXLB": "01", "JZXWZ": "1"}
            line = shapely.LineString(ring[k : k + 2])
            rows.append((line, row | {"JZXSM": "0", "PLDWQLR": "无", "PLDWZJR": "无", "DKBM": CODES[n]}))
    return rows


def region(table: str, code: str, element: str) -> dict[str, bytes]:
    """A region of one of the four levels."""
    name = {"XJXZQ": "XZQ"}.get(table, table)
    columns = NUMBERS | {f"{name}DM": ("C", 14), f"{name}MC": ("C", 100)}
    return shapefile(columns, [(REGION, {"BSM": "1", "YSDM": element, f"{name}DM": code, f"{name}MC": f"{table}名"})])


def shapefile(columns: dict, rows: list[tuple[shapely.Geometry, dict[str, str]]], kind: str = "Polygon") -> dict:
    """The files of a shapefile; without rows its box is 0, 0, -1, -1, as ArcGIS writes it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "s.shp")
        shapes = gpd.GeoDataFrame({"n": range(len(rows))}, geometry=[shape for shape, _ in rows], crs=4525)
        pyogrio.write_dataframe(shapes, path, driver="ESRI Shapefile", geometry_type=kind)
        files = {suffix: path.with_suffix(suffix).read_bytes() for suffix in (".shp", ".shx", ".prj")}
    if not rows:
        box = b"\0" * 16 + b"\0\0\0\0\0\0\xf0\xbf" * 2
        files |= {suffix: files[suffix][:36] + box + files[suffix][68:] for suffix in (".shp", ".shx")}
    return files | {".dbf": dbf(columns, [row for _, row in rows])}


def tree() -> dict[str, bytes]:
    """Every file of the delivery by its path below the root folder."""
    objects = NUMBERS | {"DWMC": ("C", 10), "BZ": ("C", 50)}
    layers = {
        "DK4417812016-1": shapefile(DK, [(PARCELS[n], parcel(n)) for n in (0, 1)]),
        "DK4417812016-2": shapefile(DK, [(PARCELS[n], parcel(n)) for n in (2, 3)]),
        "JZD": shapefile(JZD, corners(), "Point"),
        "JZX4417812016": shapefile(JZX, sides(), "LineString"),
        "KZD4417812016": shapefile(
            KZD,
            [(shapely.Point(X + 50, Y + 50), {"BSM": "1", "YSDM": "111000", "KZDMC": "龙山", "DZJ": "J"})],
            "Point",
        ),
        "XJXZQ4417812016": region("XJXZQ", "441781", "162010"),
        "XJQY4417812016": region("XJQY", "441781113", "162020"),
        "CJQY4417812016": region("CJQY", "441781113201", "162030"),
        "ZJQY4417812016": region("ZJQY", "44178111320101", "162040"),
        "QYJX4417812016": shapefile(
            NUMBERS | {"JXLX": ("C", 6), "JXXZ": ("C", 6)},
            [(REGION.exterior, {"BSM": "1", "YSDM": "161051", "JXLX": "670500", "JXXZ": "600001"})],
            "LineString",
        ),
        "DZDW4417812016": shapefile(objects, [], "Point"),
        "XZDW4417812016": shapefile(
            objects, [(shapely.LineString([(X, Y), (X, Y + 90)]), {"BSM": "1", "YSDM": "196021", "DWMC": "水渠"})],
            "LineString",
        ),
        "MZDW4417812016": shapefile(
            objects, [(shapely.box(X, Y + 50, X + 9, Y + 59), {"BSM": "1", "YSDM": "196031", "DWMC": "鱼塘"})]
        ),
        "JBNTBHQ4417812016": shapefile(NUMBERS | {"BHQBH": ("C", 13)}, []),
        "ZJ4417812016": shapefile(
            NUMBERS | {"ZJNR": ("C", 100)},
            [(shapely.Point(X, Y), {"BSM": "1", "YSDM": "211012", "ZJNR": "水库边"})],
            "Point",
        ),
    }  # fmt: skip
    files = {f"矢量数据/{name}{suffix}": content for name, parts in layers.items() for suffix, content in parts.items()}
    files |= {f"矢量数据/DK4417812016-1{suffix}": b"x" for suffix in (".sbn", ".sbx", ".shp.xml")}
    return files | {
        "权属数据/4417812016.mdb": gzip.decompress((FOREIGN / "package.mdb.gz").read_bytes()),
        "权属数据/4417812016权属单位代码表.xls": b"\xd0\xcf\x11\xe0 never opened",
        "栅格数据/数字正射影像图/F49G001001.tif": b"II*\0 never opened",
        "图件/44178111320101/DKSYT441781113201010001J.pdf": b"%PDF-1.4 never opened",
        "其他资料/权属来源附件/ZL001.jpg": b"\xff\xd8\xff never opened",
        "SL4417812016.xml": b"<metadata/>",
    }


def write_folder(folder: Path) -> Path:
    """The delivery as a folder; its path."""
    for name, content in tree().items():
        path = folder / ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder / ROOT


class _InGbk(zipfile.ZipInfo):
    """An entry named in GBK without the flag that would say UTF-8, as the archivers of Chinese Windows do."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def write_zip(path: Path, root: str = f"{ROOT}/", files: dict[str, bytes] | None = None) -> Path:
    """The delivery as an archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (files or tree()).items():
            entry = _InGbk(f"{root}{name}")
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return path
