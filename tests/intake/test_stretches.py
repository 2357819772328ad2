"""A layer read a few rows at a time says of each row what it is: nothing depends on where a stretch ends."""

import pandas as pd
import pytest

from geo.intake import IntakeError, mapped, read
from tests.intake.build import CODE, DK, dbf, delivery, layer, parcels, shp, square
from tests.intake.test_rows import FAR, with_nan

COUNT = 20
#: What is wrong with rows, each in another stretch than its like.
WRONG = {
    1: "null_geometry",
    3: "code_duplicate",
    6: "deleted_row",
    9: "out_of_use",
    13: "non_finite",
    17: "code_duplicate",
}


@pytest.fixture
def few(monkeypatch):
    """Stretches of four rows, and decisions on five."""
    monkeypatch.setattr(mapped, "STRETCH", 4)
    monkeypatch.setattr(mapped, "DECIDED_ON", 5)


def spoilt(tmp_path, **columns):
    shapes = [square(at) for at in range(COUNT)]
    shapes[1], shapes[9], shapes[13] = None, FAR, with_nan()
    numbers = [CODE.format(at) for at in range(COUNT)]
    numbers[17] = numbers[3]
    areas = ["100.00"] * COUNT
    areas[11], areas[18] = "****", "****"
    rows = parcels(COUNT, DKBM=numbers, SCMJ=areas, **columns)
    parts = layer(1) | shp(shapes) | {".dbf": dbf(DK, rows, deleted=[6])}
    return delivery(tmp_path / "a.zip", DK=parts)


def test_every_row_is_itself_wherever_a_stretch_ends(tmp_path, few):
    (found,) = read(spoilt(tmp_path)).layers
    assert {row.row: row.code for row in found.rejected} == WRONG
    sound = [row for row in range(COUNT) if row not in WRONG]
    assert found.frame["row"].tolist() == sound
    assert found.frame["code"].tolist() == [CODE.format(row) for row in sound]
    west = [square(row)[0][0][0] for row in sound]
    assert found.frame.geometry.bounds["minx"].tolist() == west
    assert found.frame["surveyed_m2"].isna().tolist() == [row in (11, 18) for row in sound]
    assert next(note["zh"] for note in found.notes if note["code"] == "number_unreadable").count("11, 18") == 1
    assert sum(map(len, found.accepted.frames())) == len(found.accepted) == len(sound)
    assert [len(codes) for codes in found.accepted.column("code")] == [2, 3, 3, 3, 3]


def test_stretches_say_what_the_whole_says(tmp_path, monkeypatch):
    path = spoilt(tmp_path, DKMC=["水库边", "石角", "大田", "垌口"] * 5)
    (whole,) = read(path).layers
    monkeypatch.setattr(mapped, "STRETCH", 3)
    monkeypatch.setattr(mapped, "DECIDED_ON", 3)
    (parts,) = read(path).layers
    pd.testing.assert_frame_equal(pd.DataFrame(parts.frame), pd.DataFrame(whole.frame))
    for said in ("rejected", "notes", "crs", "encoding", "encoding_evidence", "columns", "read", "strict", "forms"):
        assert getattr(parts, said) == getattr(whole, said)


def test_bytes_that_do_not_decode_are_named_by_their_row_in_the_file(tmp_path, few):
    names = ["水库边".encode("gbk")] * COUNT
    names[14] = b"\xff\xff\xff"
    with pytest.raises(IntakeError) as refused:
        read(spoilt(tmp_path, DKMC=names))
    assert refused.value.code == "encoding"
    assert "14" in refused.value.zh


def test_rows_left_out_are_in_no_stretch(tmp_path, few):
    (found,) = read(spoilt(tmp_path)).layers
    fewer = found.accepted.without([0, 5])
    assert len(fewer) == len(found.accepted) - 2
    assert not {0, 5} & set(fewer.frame()["row"])
    assert sum(map(len, fewer.frames(["code"]))) == sum(map(len, fewer.column("code"))) == len(fewer)
