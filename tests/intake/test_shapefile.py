"""Shapefiles whose parts contradict each other: GDAL reads most of these without a word, and loses rows."""

import struct

import numpy as np
import pytest

from geo.intake import IntakeError, read
from tests.intake.build import CODE, DK, ORIGIN, PRJ, dbf, delivery, layer, parcels, shp, square


def refusal(path, **asked) -> str:
    with pytest.raises(IntakeError) as refused:
        read(path, **asked)
    assert refused.value.zh
    assert refused.value.en
    return refused.value.code


def put(content: bytes, at: int, kind: str, value: int) -> bytes:
    changed = bytearray(content)
    struct.pack_into(kind, changed, at, value)
    return bytes(changed)


GOOD = layer(4)


def test_a_good_layer(tmp_path):
    reading = read(delivery(tmp_path / "a.zip", DK4417812026=GOOD))
    (found,) = reading.layers
    assert found.layer == "parcel"
    assert (found.read, len(found.frame), found.rejected) == (4, 4, [])
    assert found.frame["code"].tolist() == [CODE.format(number) for number in range(4)]
    assert found.frame["surveyed_m2"].tolist() == [100.0] * 4
    assert found.frame.area.round(6).tolist() == [100.0] * 4
    assert len(reading.sha256) == 64


@pytest.mark.parametrize("part", ["shp", "shx", "dbf"])
@pytest.mark.parametrize("content", [None, b""])
def test_a_part_is_missing_or_empty(tmp_path, part, content):
    path = delivery(tmp_path / "a.zip", DK=layer(4, **{part: content}))
    assert refusal(path) == "missing_part"


@pytest.mark.parametrize("prj", [None, b"", b"  "])
def test_no_prj(tmp_path, prj):
    path = delivery(tmp_path / "a.zip", DK=layer(4, prj=prj))
    assert refusal(path) == "no_crs"
    assert read(path, crs=4525).layers[0].crs == "EPSG:4525"


@pytest.mark.parametrize("prj", [b"garbage", b"http://127.0.0.1/x", b"+init=/etc/passwd", b"EPSG:4525"])
def test_a_prj_that_is_none(tmp_path, prj):
    assert refusal(delivery(tmp_path / "a.zip", DK=layer(4, prj=prj))) == "bad_prj"


VRT = b'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>'


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"shp": VRT + bytes(100)}, "magic"),
        ({"shp": b'{"type": "FeatureCollection", "features": []}' + bytes(100)}, "magic"),
        ({"dbf": VRT}, "magic"),
        ({"shx": VRT + bytes(100)}, "magic"),
        ({"shp": GOOD[".shp"] + bytes(8)}, "shp_length"),
        ({"shp": GOOD[".shp"][:-8]}, "shp_length"),
        ({"shx": GOOD[".shx"][:-8]}, "shp_length"),
        ({"shx": put(GOOD[".shx"][:-8], 24, ">i", 66 - 4)}, "count_mismatch"),
        ({"dbf": dbf(DK, parcels(3))}, "count_mismatch"),
        ({"dbf": dbf(DK, parcels(5))}, "count_mismatch"),
        ({"dbf": put(GOOD[".dbf"], 4, "<I", 3)}, "count_mismatch"),
        ({"dbf": put(GOOD[".dbf"], 4, "<I", 5)}, "dbf_broken"),
        ({"dbf": put(GOOD[".dbf"], 4, "<I", 2**31 - 1)}, "dbf_broken"),
        ({"dbf": GOOD[".dbf"][:-40]}, "dbf_broken"),
        ({"dbf": put(GOOD[".dbf"], 10, "<H", 5)}, "dbf_broken"),
        ({"shx": put(GOOD[".shx"], 100, ">i", 2**30)}, "shx_broken"),
        ({"shx": put(GOOD[".shx"], 100, ">i", 2)}, "shx_broken"),
        ({"shx": GOOD[".shx"][:108] + GOOD[".shx"][100:108] + GOOD[".shx"][116:]}, "shx_broken"),
        ({"shp": put(GOOD[".shp"], 104, ">i", 60)}, "record_broken"),
        ({"shp": put(GOOD[".shp"], 108, "<i", 3)}, "record_broken"),
        ({"shp": put(GOOD[".shp"], 108 + 40, "<i", 2**31 - 1)}, "record_broken"),
        ({"shp": put(GOOD[".shp"], 108 + 36, "<i", 10**6)}, "record_broken"),
    ],
)
def test_parts_that_contradict(tmp_path, parts, code):
    assert refusal(delivery(tmp_path / "a.zip", DK=layer(4, **parts))) == code


@pytest.mark.parametrize("kind", [0, 1, 3, 8, 11, 13, 18, 23, 28, 31])
def test_layers_that_are_no_polygons(tmp_path, kind):
    parts = {part: put(GOOD[f".{part}"], 32, "<i", kind) for part in ("shp", "shx")}
    assert refusal(delivery(tmp_path / "a.zip", DK=layer(4, **parts))) == "geom_type"


def test_rows_that_the_index_forgot(tmp_path):
    """The .shp holds four shapes, .shx and .dbf say three: a reader would lose the fourth without a word."""
    shx = put(GOOD[".shx"][:-8], 24, ">i", (len(GOOD[".shx"]) - 8) // 2)
    assert refusal(delivery(tmp_path / "a.zip", DK=layer(4, shx=shx, dbf=dbf(DK, parcels(3))))) == "count_mismatch"


@pytest.mark.parametrize(("kind", "note"), [(15, "z_dropped"), (25, "m_dropped")])
def test_heights_and_measures_are_dropped_and_told(tmp_path, kind, note):
    parts = layer(2) | shp([square(0), square(1)], kind)
    (found,) = read(delivery(tmp_path / "a.zip", DK=parts)).layers
    assert [said["code"] for said in found.notes if said["code"].endswith("dropped")] == [note]
    assert not found.frame.has_z.any()
    assert found.frame.area.round(6).tolist() == [100.0, 100.0]


def test_rings_are_kept_as_delivered(tmp_path):
    shell = square(0)[0]
    (found,) = read(delivery(tmp_path / "a.zip", DK=layer(2) | shp([[shell], [shell[::-1]]]))).layers
    rings = [list(shape.exterior.coords) for shape in found.frame.geometry]
    assert rings == [shell, shell[::-1]]


def test_a_hole_stays_a_hole(tmp_path):
    x, y = ORIGIN
    hole = [(x + 2, y + 2), (x + 4, y + 2), (x + 4, y + 4), (x + 2, y + 4), (x + 2, y + 2)]
    (found,) = read(delivery(tmp_path / "a.zip", DK=layer(1) | shp([[square(0)[0], hole]]))).layers
    assert found.frame.area.round(6).tolist() == [96.0]


def test_an_empty_layer(tmp_path):
    path = delivery(tmp_path / "a.zip", DK=layer(0))
    assert refusal(path) == "empty_layer"


def test_too_many_fields(tmp_path):
    fields = DK | {f"F{number}": ("C", 1) for number in range(100)}
    path = delivery(tmp_path / "a.zip", DK=layer(4, dbf=dbf(fields, parcels(4))))
    assert refusal(path) == "too_many_fields"


def test_a_wide_text_field_is_read_whole(tmp_path):
    """Some writers keep the high byte of a text's width where numbers keep their decimals."""
    fields = DK | {"DKBZXX": ("C", 300 & 255)}
    content = bytearray(dbf(fields, parcels(1)))
    content[32 + 4 * 32 + 17] = 1
    body_at = struct.unpack_from("<H", content, 8)[0]
    row = content[body_at:-1] + b"x" * (300 - (300 & 255) - 0)
    struct.pack_into("<H", content, 10, len(row))
    (found,) = read(
        delivery(tmp_path / "a.zip", DK=layer(1, dbf=bytes(content[:body_at]) + bytes(row) + b"\x1a"))
    ).layers
    assert found.frame["remark"][0].endswith("x" * 256)


def test_plain_paths_find_their_parts_in_any_case(tmp_path):
    for suffix, content in GOOD.items():
        (tmp_path / f"DK{suffix.upper()}").write_bytes(content)
    assert read(tmp_path / "DK.SHP").layers[0].read == 4


def test_any_byte_may_be_wrong(tmp_path):
    """A changed byte refuses the file, rejects rows, or leaves counts as they were; nothing else ever happens."""
    random = np.random.default_rng(1)
    for part in ("shp", "shx", "dbf"):
        for at in random.integers(0, len(GOOD[f".{part}"]), 40):
            spoilt = put(GOOD[f".{part}"], int(at), "<B", int(random.integers(256)))
            try:
                (found,) = read(delivery(tmp_path / "a.zip", DK=layer(4, **{part: spoilt}))).layers
            except IntakeError:
                continue
            assert found.read == 4 == len(found.frame) + len(found.rejected)


def test_the_prj_is_written_as_esri_does():
    assert PRJ.startswith(b'PROJCS["')
