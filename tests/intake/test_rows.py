"""Rows: what cannot be stored is rejected with every reason at once, and rows never shift."""

import numpy as np
import pytest
import shapely

from geo.intake import read
from tests.intake.build import CODE, DK, ORIGIN, dbf, delivery, layer, parcels, shp, square

FAR = [
    [(37_601_300.0, 5_000_000.0), (37_601_300.0, 5_000_010.0), (37_601_310.0, 5_000_010.0), (37_601_300.0, 5_000_000.0)]
]


def reading(tmp_path, shapes, rows, fields=DK, deleted=(), **asked):
    parts = layer(1) | shp(shapes) | {".dbf": dbf(fields, rows, deleted=deleted)}
    (found,) = read(delivery(tmp_path / "a.zip", DK=parts), **asked).layers
    assert found.read == len(shapes) == len(found.frame) + len(found.rejected)
    return found


def reasons(found) -> dict[int, str]:
    return {row.row: row.code for row in found.rejected}


def with_nan():
    shape = [list(square(0)[0])]
    shape[0][1] = (float("nan"), shape[0][1][1])
    return shape


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        (None, "null_geometry"),
        ([square(0)[0][:-1]], "unreadable_geometry"),
        ([square(0)[0][:2]], "unreadable_geometry"),
        (with_nan(), "non_finite"),
        ([[(float("inf"), y) for _, y in square(0)[0]]], "non_finite"),
        ([[(x, 1e300) for x, _ in square(0)[0]]], "out_of_use"),
        (FAR, "out_of_use"),
    ],
)
def test_shapes_that_cannot_be_stored(tmp_path, shape, code):
    found = reading(tmp_path, [square(0), shape, square(2), square(3)], parcels(4))
    assert reasons(found) == {1: code}
    assert found.frame["row"].tolist() == [0, 2, 3]
    assert found.frame["code"].tolist() == [CODE.format(0), CODE.format(2), CODE.format(3)]
    (row,) = found.rejected
    assert row.parcel_code == CODE.format(1)
    assert row.zh
    assert row.en
    assert (row.wkb is None) == (shape is None)


def test_invalid_shapes_are_stored_as_delivered(tmp_path):
    x, y = ORIGIN
    bow_tie = [[(x, y), (x + 10, y + 10), (x + 10, y), (x, y + 10), (x, y)]]
    flat = [[(x, y), (x + 10, y), (x, y)]]
    found = reading(tmp_path, [bow_tie, flat, square(0)], parcels(3))
    assert found.rejected == []
    assert found.frame.geometry.is_valid.tolist() == [False, False, True]
    assert list(found.frame.geometry[0].exterior.coords) == bow_tie[0]


def test_codes_missing_malformed_and_twice(tmp_path):
    codes = [
        CODE.format(1),
        "",
        CODE.format(2)[:-1],
        CODE.format(3)[:-1] + "O",
        CODE.format(1),
        CODE.format(4),
        CODE.format(5).replace("4", "４", 1).encode("gbk")[:19],
        CODE.format(1),
    ]
    found = reading(tmp_path, [square(at) for at in range(8)], parcels(8, DKBM=codes))
    assert reasons(found) == {
        0: "code_duplicate",
        1: "code_missing",
        2: "code_malformed",
        3: "code_malformed",
        4: "code_duplicate",
        6: "code_malformed",
        7: "code_duplicate",
    }
    assert found.frame["row"].tolist() == [5]
    assert all("3" in row.en for row in found.rejected if row.code == "code_duplicate")


def test_every_reason_against_a_row_is_told_at_once(tmp_path):
    found = reading(tmp_path, [None, square(1)], parcels(2, DKBM=["44", CODE.format(1)]))
    (row,) = found.rejected
    assert row.code == "code_malformed"
    assert "malformed" in row.en
    assert "no shape" in row.en


def test_deleted_rows_are_rejected_and_shift_nothing(tmp_path):
    names = [f"地块{number}" for number in range(5)]
    found = reading(
        tmp_path,
        [square(at) for at in range(5)],
        parcels(5, DKMC=names, DKBM=[CODE.format(0)] * 2 + [CODE.format(n) for n in (2, 3, 4)]),
        deleted=[1, 3],
    )
    assert reasons(found) == {1: "deleted_row", 3: "deleted_row"}
    assert found.frame["row"].tolist() == [0, 2, 4]
    assert found.frame["name"].tolist() == ["地块0", "地块2", "地块4"]
    west = found.frame.geometry.bounds["minx"].to_numpy() - ORIGIN[0]
    assert west.tolist() == [0.0, 40.0, 80.0]


def test_values_that_cannot_be_read_are_empty_and_counted(tmp_path):
    found = reading(
        tmp_path,
        [square(at) for at in range(4)],
        parcels(4, SCMJ=["1.5", "*" * 16, "", "1e2"]),
    )
    area = found.frame["surveyed_m2"]
    assert area.fillna(-1).tolist() == [1.5, -1, -1, 100.0]
    (said,) = [said for said in found.notes if said["code"] == "number_unreadable"]
    assert "SCMJ" in said["en"]
    assert "rows 1" in said["en"]


def test_dates_of_a_table(tmp_path):
    days = ["20160131", "00000000", "", "99990101", "20160230", "        "]
    fields = {"FBFBM": ("C", 14), "FBFMC": ("C", 50), "FBFDCRQ": ("D", 8)}
    rows = [{"FBFBM": f"441781113201{n:02d}", "FBFMC": "村", "FBFDCRQ": day} for n, day in enumerate(days)]
    path = tmp_path / "FBF.dbf"
    path.write_bytes(dbf(fields, rows))
    (found,) = read(path).layers
    assert found.layer == "issuer"
    assert found.crs is None
    assert found.frame["surveyed_on"].dtype == np.dtype("datetime64[s]")
    assert found.frame["surveyed_on"].astype("string").fillna("-").tolist() == [
        "2016-01-31", "-", "-", "9999-01-01", "-", "-"
    ]  # fmt: skip
    (said,) = [said for said in found.notes if said["code"] == "date_unreadable"]
    assert "2 dates" in said["en"]
    assert "rows 1, 4" in said["en"]


def test_dates_written_as_text_are_read_too(tmp_path):
    days = ["2016-01-31", "2016/1/31", "2016年1月31日", "2016.01.31", "20160131", "2016-01-31 08:00:00", "31.1.2016"]
    fields = {"FBFBM": ("C", 14), "FBFDCRQ": ("C", 20)}
    rows = [{"FBFBM": f"441781113201{n:02d}", "FBFDCRQ": day} for n, day in enumerate(days)]
    path = tmp_path / "FBF.dbf"
    path.write_bytes(dbf(fields, rows))
    (found,) = read(path).layers
    assert found.frame["surveyed_on"].astype("string").fillna("-").tolist() == ["2016-01-31"] * 6 + ["-"]


def test_numeric_codes_refuse_a_delivery(tmp_path):
    from geo.intake import IntakeError

    fields = DK | {"DKBM": ("N", 19)}
    parts = layer(2) | {".dbf": dbf(fields, parcels(2))}
    with pytest.raises(IntakeError) as refused:
        read(delivery(tmp_path / "a.zip", DK=parts))
    assert refused.value.code == "column_type"


def test_a_delivery_without_its_code_column_is_refused(tmp_path):
    from geo.intake import IntakeError

    fields = {name: kind for name, kind in DK.items() if name != "DKBM"}
    path = delivery(tmp_path / "a.zip", DK=layer(2) | {".dbf": dbf(fields, parcels(2))})
    with pytest.raises(IntakeError) as refused:
        read(path)
    assert refused.value.code == "column_missing"
    assert "DKBM" in refused.value.en
    assert len(read(path, office=False).layers[0].frame) == 2


def test_foreign_codes_are_taken_as_they_are(tmp_path):
    fields = {"ident": ("C", 19), "SCMJ": ("N", 16)}
    rows = [{"ident": name, "SCMJ": "1"} for name in ("A1", "A1", "", "B")]
    path = delivery(tmp_path / "a.zip", fields=layer(4) | {".dbf": dbf(fields, rows)})
    (found,) = read(path, office=False, layer="parcel", columns={"DKBM": "ident"}).layers
    assert found.frame["code"].tolist() == ["A1", "A1", None, "B"]
    assert "foreign_codes" in [said["code"] for said in found.notes]


def test_codes_of_the_standard_are_judged_under_a_foreign_name_too(tmp_path):
    fields = {"ident": ("C", 19)}
    rows = [{"ident": CODE.format(number)} for number in (1, 1, 2)]
    path = delivery(tmp_path / "a.zip", fields=layer(3) | {".dbf": dbf(fields, rows)})
    (found,) = read(path, office=False, layer="parcel", columns={"DKBM": "ident"}).layers
    assert reasons(found) == {0: "code_duplicate", 1: "code_duplicate"}


def test_links_between_tables_must_name_both_ends(tmp_path):
    fields = {"DKBM": ("C", 19), "CBFBM": ("C", 18), "HTMJ": ("N", 16)}
    rows = [{"DKBM": CODE.format(1)}, {"DKBM": CODE.format(1)}, {"DKBM": ""}, {"DKBM": "x"}]
    path = tmp_path / "CBDKXX.dbf"
    path.write_bytes(dbf(fields, rows))
    (found,) = read(path).layers
    assert {row.row: row.code for row in found.rejected} == {2: "code_missing", 3: "code_malformed"}
    assert found.frame["parcel_code"].tolist() == [CODE.format(1)] * 2


def test_a_year_is_the_last_day_of_it(tmp_path):
    fields = {"DLBM": ("C", 5), "SJNF": ("N", 4)}
    rows = [{"DLBM": "0601", "SJNF": year} for year in ("2023", "", "0")]
    path = delivery(tmp_path / "a.zip", DLTB=layer(3) | {".dbf": dbf(fields, rows)})
    (found,) = read(path).layers
    assert found.frame["surveyed_on"].astype("string").fillna("-").tolist() == ["2023-12-31", "-", "-"]


def test_the_place_of_a_rejected_row_is_where_it_lies(tmp_path):
    found = reading(tmp_path, [square(0), square(5)], parcels(2, DKBM=[CODE.format(0), "x"]))
    (row,) = found.rejected
    assert row.place == (ORIGIN[0] + 105, ORIGIN[1] + 5)
    assert shapely.from_wkb(row.wkb).area == pytest.approx(100)
