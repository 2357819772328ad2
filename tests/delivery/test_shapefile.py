"""Shapefiles as we write them, read by GDAL and by their own headers."""

import struct
from datetime import date

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from pyproj import CRS

from geo.delivery import dbf, shapefile
from geo.fields import dictionary

DK = dbf.columns([one for one in dictionary() if one.table == "DK" and not one.ours])
#: Tables A.1, A.10, A.11, A.12 and A.13 of the standard as delivery files have them: type, width, decimals. Coordinates
#: take 12 digits, since an easting with its zone does not fit into 10.
WIDTHS = {
    "DK": "BSM N10 YSDM C6 DKBM C19 DKMC C50 SYQXZ C2 DKLB C2 TDLYLX C3 DLDJ C2 TDYT C1 SFJBNT C1 SCMJ N16.2 DKDZ C50 "
    "DKXZ C50 DKNZ C50 DKBZ C50 DKBZXX C254 ZJRXM C100 KJZB C254 SCMJM N16.2",
    "JZD": "BSM N10 YSDM C6 JZDH C10 JZDLX C1 JBLX C1 DKBM C254 XZBZ N12.3 YZBZ N12.3",
    "JZX": "BSM N10 YSDM C6 JXXZ C6 JZXLB C2 JZXWZ C1 JZXSM C254 PLDWQLR C100 PLDWZJR C100 JZXH C10 QJZDH C10 "
    "ZJZDH C10 DKBM C254",
    "JBNTBHQ": "BSM N10 YSDM C6 BHQBH C13 JBNTMJ N16.2 JBNTMJM N16.2",
    "KZD": "BSM N10 YSDM C6 KZDMC C50 KZDDH C10 KZDLX C6 KZDDJ C20 BSLX C1 BZLX C1 KZDZT C100 DZJ C254 X2000 N12.3 "
    "Y2000 N12.3 X80 N12.3 Y80 N12.3",
}
SHELL = [(0, 0), (0, 9), (9, 9), (9, 0)]  # clockwise
HOLE = [(1, 1), (2, 1), (2, 2), (1, 2)]  # the other way
SHAPES = {
    "clockwise stays": (
        shapely.Polygon(SHELL, [HOLE]),
        "POLYGON ((0 0, 0 9, 9 9, 9 0, 0 0), (1 1, 2 1, 2 2, 1 2, 1 1))",
    ),
    "the other way is turned": (
        shapely.Polygon(SHELL[::-1], [HOLE[::-1]]),
        "POLYGON ((9 0, 0 0, 0 9, 9 9, 9 0), (1 2, 1 1, 2 1, 2 2, 1 2))",
    ),
    "parts": (
        shapely.MultiPolygon([shapely.Polygon(SHELL), shapely.box(20, 0, 21, 1, ccw=False)]),
        "MULTIPOLYGON (((0 0, 0 9, 9 9, 9 0, 0 0)), ((20 0, 20 1, 21 1, 21 0, 20 0)))",
    ),
    "a bow tie stays a bow tie": (
        shapely.from_wkt("POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))"),
        "POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))",
    ),
    "none": (None, None),
    "a point is no polygon": (shapely.Point(1, 2), None),
}  # fmt: skip


def written(folder, shapes, kind=shapefile.POLYGON, frame=None, **asked):
    """Write one layer; gives its parts and defects."""
    given = {"encoding": "gbk", "prj": CRS.from_epsg(4525).to_wkt("WKT1_ESRI"), "day": date(2026, 5, 8)} | asked
    writer = shapefile.Writer(folder, "DK4417812026", kind, DK, **given)
    shapes = np.array(shapes, dtype=object)
    frame = pd.DataFrame({"BSM": range(len(shapes))}) if frame is None else frame
    defects = writer.append(frame, shapes)
    writer.close()
    return writer.parts, defects


def read(path):
    return shapely.from_wkb(pyogrio.raw.read(path)[2])


def fields(content):
    """Fields of a table by its own header."""
    size = struct.unpack("<8xH", content[:10])[0]
    for at in range(32, size - 1, 32):
        name, kind, width, decimals = struct.unpack("<11sc4xBB14x", content[at : at + 32])
        yield f"{name.rstrip(bytes(1)).decode()} {kind.decode()}{width}" + (f".{decimals}" if decimals else "")


@pytest.mark.parametrize("table", WIDTHS)
def test_widths_are_the_standards(table):
    layout = dbf.columns([one for one in dictionary() if one.table == table and not one.ours])
    assert " ".join(fields(dbf.header(layout, 0, "gbk", date(2026, 5, 8)))) == WIDTHS[table]


def test_shapes_come_back_as_the_format_asks(tmp_path):
    _, defects = written(tmp_path, [shape for shape, _ in SHAPES.values()])
    found = read(tmp_path / "DK4417812026.shp")
    expected = [wkt and shapely.from_wkt(wkt) for _, wkt in SHAPES.values()]
    assert [shape and shape.wkt for shape in found] == [shape and shape.wkt for shape in expected]
    assert [(one.kind, one.row, one.value) for one in defects] == [("other_shape", 5, "Point")]
    info = pyogrio.read_info(tmp_path / "DK4417812026.shp")
    assert (CRS(info["crs"]), info["total_bounds"]) == (CRS.from_epsg(4525), (0, 0, 21, 9))


@pytest.mark.parametrize("kind", [shapefile.POINT, shapefile.LINE, shapefile.POLYGON])
def test_an_empty_layer_is_a_layer(tmp_path, kind):
    written(tmp_path, [], kind)
    assert pyogrio.read_info(tmp_path / "DK4417812026.shp", force_feature_count=True)["features"] == 0
    assert {path.suffix for path in tmp_path.iterdir()} == {".shp", ".shx", ".dbf", ".prj"}


@settings(max_examples=20)
@given(arrays.arrays(np.float64, (12, 2), elements=st.floats(-4e7, 4e7)))
def test_every_coordinate_is_the_same_bit_for_bit(tmp_path_factory, xy):
    folder = tmp_path_factory.mktemp("bits")
    lines = shapely.linestrings(xy.reshape(3, 4, 2))
    for kind, shapes in ((shapefile.POINT, shapely.points(xy)), (shapefile.LINE, lines)):
        written(folder, shapes, kind)
        words, _ = shapefile.records(shapes, kind, 0)
        found = read(folder / "DK4417812026.shp")
        assert np.array_equal(
            shapely.get_coordinates(found).view(np.int64), shapely.get_coordinates(shapes).view(np.int64)
        )
        assert len(words) * 4 + 100 == (folder / "DK4417812026.shp").stat().st_size


def test_a_layer_too_big_for_a_file_becomes_several(tmp_path):
    shapes = [shapely.box(east, 0, east + 1, 1, ccw=False) for east in range(50)]
    parts, _ = written(tmp_path, shapes, limit=20_000)
    assert parts == [f"DK4417812026-{number}" for number in range(1, len(parts) + 1)]
    assert len(parts) > 1
    assert max(path.stat().st_size for path in tmp_path.iterdir()) <= 20_000
    assert [shape.wkt for part in parts for shape in read(tmp_path / f"{part}.shp")] == [one.wkt for one in shapes]
    numbers = [n for part in parts for n in pyogrio.read_dataframe(tmp_path / f"{part}.shp")["BSM"]]
    assert numbers == list(range(50))


def test_what_a_field_cannot_hold_is_told_and_not_cut(tmp_path):
    frame = pd.DataFrame(
        {
            "DKMC": ["长" * 25, "长" * 26, None, "a" * 50],
            "SCMJ": [9999999999999.99, 1e14, float("inf"), 1.005],
            "DKDZ": ["=1+1", "陈　德福", "', DROP TABLE parcel;", "前 后"],
        }
    )
    _, defects = written(tmp_path, [shapely.box(0, 0, 1, 1)] * 4, frame=frame)
    told = [(one.kind, one.column, one.row, one.size, one.width) for one in defects]
    assert told == [
        ("too_wide", "DKMC", 1, 52, 50),
        ("out_of_range", "SCMJ", 1, 18, 16),
        ("out_of_range", "SCMJ", 2, 16, 16),
        ("rounded", "SCMJ", None, 1, 2),
    ]
    assert all(one.zh and one.en for one in defects)
    found = pyogrio.read_dataframe(tmp_path / "DK4417812026.shp", encoding="gbk")
    assert found["DKMC"].fillna("").tolist() == ["长" * 25, "", "", "a" * 50]
    assert found["SCMJ"].fillna(0).tolist() == [9999999999999.99, 0, 0, 1.0]
    assert found["DKDZ"].tolist() == frame["DKDZ"].tolist()


def test_rare_characters_make_it_gb18030_and_say_so(tmp_path):
    rare = ["𠮷", "㙟", "\ue863", "😀", "𰻞"]  # beyond the plane, extension A, private use, emoji, extension G
    frame = pd.DataFrame({"DKMC": rare})
    with pytest.raises(UnicodeEncodeError):
        written(tmp_path, [shapely.box(0, 0, 1, 1)] * 5, frame=frame)
    written(tmp_path, [shapely.box(0, 0, 1, 1)] * 5, frame=frame, encoding="gb18030")
    assert (tmp_path / "DK4417812026.cpg").read_text() == "GB18030"
    assert pyogrio.read_dataframe(tmp_path / "DK4417812026.shp")["DKMC"].tolist() == rare
