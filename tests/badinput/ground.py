# ruff: noqa: E501 (one case a line)
"""G and C: shapes that are none, that are doubtful, and that lie where nobody's land is."""

import numpy as np

from tests.badinput.corpus import Case
from tests.badinput.shapefiles import dk, prj, shapes
from tests.intake.build import ORIGIN, delivery, layer, shp, square

X, Y = ORIGIN
NAN, INF = float("nan"), float("inf")


def ring(*points):
    """A ring by its corners, in metres east and north of the origin; closed."""
    return [(X + east, Y + north) for east, north in (*points, points[0])]


def one(*rings):
    """One parcel."""
    files = {part.strip("."): content for part, content in shp([rings]).items()}
    return lambda folder: delivery(folder / "DK.zip", DK=layer(1, **files))


def two(first, second):
    files = {part.strip("."): content for part, content in shp([[first], [second]]).items()}
    return lambda folder: delivery(folder / "DK.zip", DK=layer(2, **files))


def moved(change):
    """Four good parcels, every corner of them put elsewhere."""
    return shapes(*([[change(x, y) for x, y in part] for part in square(at)] for at in range(4)))


def placed(change, epsg):
    def build(folder):
        drawn = [[[change(x, y) for x, y in part] for part in square(at)] for at in range(4)]
        files = {part.strip("."): content for part, content in shp(drawn).items()}
        return delivery(folder / "DK.zip", DK=layer(4, prj=prj(epsg), **files))

    return build


def degrees(x, y):
    """A place in the county, in degrees."""
    return 111.98 + (x - X) * 1e-5, 21.85 + (y - Y) * 1e-5


SQUARE = ring((0, 0), (0, 10), (10, 10), (10, 0))
BOW_TIE = ring((0, 0), (10, 10), (10, 0), (0, 10))
HOLE = ring((2, 2), (4, 2), (4, 4), (2, 4))
TURN = np.append(np.linspace(0, 2 * np.pi, 10**6, endpoint=False), 0.0)
MANY = np.column_stack([X + 50 * np.sin(TURN), Y + 50 * np.cos(TURN)])
CASES = [
    Case(47, "坐标是 NaN", "a coordinate that is no number", one([SQUARE[0], (X, NAN), *SQUARE[2:]]), "non_finite", rows=(0,)),
    Case(47, "坐标是无穷大", "a coordinate that is infinite", one([(INF, y) for _, y in SQUARE]), "non_finite", rows=(0,)),
    Case(48, "坐标 1e300", "coordinates of 1e300", shapes(square(0), square(1), square(2), [[(x, 1e300) for x, _ in SQUARE]]), "out_of_use", rows=(3,), stored=3),
    Case(49, "蝴蝶结", "a bow-tie", one(BOW_TIE), None, stored=1, findings=("QC-G01",)),
    Case(51, "尖刺", "a spike", one(ring((0, 0), (0, 10), (5, 10), (5, 500), (5, 10), (10, 10), (10, 0))), None, stored=1, findings=("QC-G01",)),
    Case(52, "连续重复的点", "the same corner twice", one([SQUARE[0], *SQUARE]), None, stored=1),
    Case(53, "面积为零", "a polygon without ground", one(ring((0, 0), (10, 0), (5, 0))), None, stored=1, findings=("QC-G01",)),
    Case(54, "不到一平方米的地块", "a parcel of less than a square metre", one(ring((0, 0), (0, 0.9), (0.9, 0.9), (0.9, 0))), None, stored=1, findings=("QC-G04",)),
    Case(55, "洞在面之外", "a hole outside of its shell", one(SQUARE, ring((50, 0), (54, 0), (54, 4), (50, 4))), "ring_order", stored=1),
    Case(56, "合法的洞", "a lawful hole", one(SQUARE, HOLE), None, stored=1),
    Case(57, "两部分的地块", "a parcel of two parts", one(SQUARE, ring((20, 0), (20, 10), (30, 10), (30, 0))), None, stored=1, findings=("QC-G03",)),
    Case(58, "两部分互相重叠", "a parcel of two parts that overlap", one(SQUARE, ring((5, 0), (5, 10), (15, 10), (15, 0))), None, stored=1, findings=("QC-G01",)),
    Case(59, "两个环都反向", "rings that run the wrong way", one(SQUARE[::-1], ring((20, 0), (20, 10), (30, 10), (30, 0))[::-1]), "ring_order", stored=1),
    Case(60, "未闭合的环", "a ring that is not closed", one(SQUARE[:-1]), "unreadable_geometry", rows=(0,)),
    Case(60, "两个点的环", "a ring of two points", one(SQUARE[:2]), "unreadable_geometry", rows=(0,)),
    Case(61, "一百万个点的面", "a polygon of a million vertices", one(MANY), None, stored=1),
    Case(62, "两个代码同一图形", "one shape under two codes", two(SQUARE, SQUARE), None, stored=2, findings=("OV-03",)),
    Case(63, "同一文件内重叠", "parcels that overlap", two(SQUARE, ring((5, 0), (5, 10), (15, 10), (15, 0))), None, stored=2, findings=("OV-01",)),
    Case(64, "只有一条公共边", "parcels that share an edge", two(SQUARE, ring((10, 0), (10, 10), (20, 10), (20, 0))), None, stored=2),
    Case(65, "相邻地块间的窄缝", "a thin gap", two(SQUARE, ring((10.05, 0), (10.05, 10), (20, 10), (20, 0))), None, stored=2),
    Case(68, "相邻的投影带", "the neighbouring zone", dk(prj=prj(4526)), "crs_prefix"),
    Case(69, "东、北坐标颠倒", "easting and northing swapped", moved(lambda x, y: (y, x)), "crs_axes"),
    Case(70, "米标成度", "metres labelled degrees", dk(prj=prj(4490)), "crs_units"),
    Case(70, "度标成米", "degrees labelled metres", placed(degrees, 4525), "crs_units"),
    Case(71, "西安 80 的数据", "data of another datum", dk(prj=prj(2361)), "crs_datum"),
    Case(71, "文件与指定的坐标系矛盾", "a system that contradicts the file's", dk(prj=prj(2361)), "crs_mismatch", asked={"crs": 4525}),
    Case(72, "坐标带带号，坐标系不带", "zone numbers in the coordinates only", dk(prj=prj(4546)), "crs_prefix"),
    Case(73, "WGS 84", "WGS 84", placed(degrees, 4326), "crs_unconfirmed"),
]  # fmt: skip
