"""Code lists and code shapes; expected values from NY/T 2539, GB/T 35958 and TD/T 1057."""

import pandas as pd
import pytest

from geo import codes


def test_parcel_categories_are_the_five_of_the_standard():
    assert list(codes.code_list("DKLB")) == ["10", "21", "22", "23", "99"]
    assert codes.label("DKLB", "22") == "机动地"
    assert codes.label("DKLB", "22", "en") == "flexible land"


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("SYQXZ", 6),
        ("DLDJ", 10),
        ("TDYT", 5),
        ("CBFS", 10),
        ("JZDLX", 3),
        ("JBLX", 9),
        ("JZXLB", 9),
        ("JZXWZ", 3),
        ("ZJLX", 6),
        ("CBFLX", 3),
        ("CYXB", 2),
        ("CYBZ", 8),
        ("SF", 2),
        ("LZLX", 7),
        ("LSFS", 3),
        ("ZT", 5),
        ("JXXZ", 5),
        ("BSLX", 4),
        ("BZLX", 4),
        ("TBLX", 33),
    ],
)
def test_lists_are_complete(name, count):
    assert len(codes.code_list(name)) == count


def test_yes_is_one_and_no_is_two():
    assert {code: entry.zh for code, entry in codes.code_list("SF").items()} == {"1": "是", "2": "否"}


def test_what_comes_from_memory_is_marked():
    relations = codes.code_list("YHZGX")
    assert relations["02"].zh == "户主"
    for code, entry in relations.items():
        known = code in ("01", "02") or 10 <= int(code) <= 52 or 60 <= int(code) <= 64
        assert entry.confidence == ("high" if known else "MEM"), code
    assert relations["99"].confidence == "MEM"


def test_an_unknown_code_is_its_own_label_and_an_unknown_list_is_an_error():
    assert codes.label("DKLB", "77") == "77"
    assert codes.label("DKLB", None) == ""
    with pytest.raises(codes.UnknownCodeList):
        codes.code_list("NOSUCH")


def test_construction_land_is_what_the_survey_says():
    built = [
        "05H1",
        "0508",
        "0601",
        "0602",
        "0603",
        "0701",
        "0702",
        "08H1",
        "08H2",
        "0809",
        "0810",
        "09",
        "1001",
        "1005",
        "1007",
        "1009",
        "1109",
        "1201",
    ]
    other = ["0101", "0103", "0201", "0301K", "0404", "1006", "1101", "1104A", "1107", "1110", "1202", "1203", "1208"]
    assert codes.is_construction(pd.Series(built)).all()
    assert not codes.is_construction(pd.Series([*other, None, "", "x"])).any()


def test_every_class_is_construction_exactly_where_its_group_says_so():
    listed = codes.code_list("DLBM")
    told = dict(zip(listed, codes.is_construction(pd.Series(list(listed))), strict=True))
    assert {code for code, built in told.items() if built} == {
        c for c, e in listed.items() if e.group == "construction"
    }


def test_cultivated_land_is_paddy_irrigated_and_dry():
    assert list(codes.is_cultivated(pd.Series(["0101", "0102", "0103", "0201", None]))) == [
        True,
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("shape", "good", "bad"),
    [
        (codes.PARCEL, "4417811012010100001", "441781101201010000"),
        (codes.ISSUER, "44178110120100", "4417811012010"),
        (codes.CONTRACTOR, "441781101201010001", "4417811012010100x1"),
        (codes.CONTRACT, "441781101201010001J", "441781101201010001K"),
        (codes.CONTRACT, "441781101201010001Q", "441781101201010001"),
        (codes.TRANSFER, "441781101201010001", "4417811012010100012"),
        (codes.RESERVED, "44178110120100L0001", "44178110120100X0001"),
    ],
)
def test_shapes_of_codes(shape, good, bad):
    assert shape.fullmatch(good)
    assert not shape.fullmatch(bad)


def test_full_width_digits_are_no_code():
    assert not codes.PARCEL.fullmatch("４４１７８１１０１２０１０１００００１")
    assert codes.issuer_of("４４１７８１１０１２０１０１００００１") is None


def test_the_issuer_is_the_first_fourteen_digits():
    assert codes.issuer_of("4417811012010100001") == "44178110120101"
    assert codes.issuer_of("441781101201010001J") == "44178110120101"
    assert codes.issuer_of("44178110") is None
    assert codes.issuer_of(None) is None


def test_an_old_county_resolves_for_comparing():
    assert codes.resolve_prefix("4417231012010100001") == "4417041012010100001"
    assert codes.resolve_prefix("441723") == "441704"
    assert codes.resolve_prefix("4417811012") == "4417811012"
    found = codes.issuers_of(pd.Series(["4417231012010100001", "4417811012010100001", None, "A"]))
    assert found.fillna("-").tolist() == ["44170410120101", "44178110120101", "-", "-"]


def test_the_box_holds_yangjiang_and_not_the_next_zone():
    west, south, east, north = codes.YANGJIANG_BOX
    assert west < 111.98 < east
    assert south < 21.85 < north
    assert not west < 114.98 < east


def test_an_identity_number_is_known_by_its_day_and_its_check_character_whatever_its_county_was_called():
    # checked by hand with the weights of GB 11643: 441781 became a county code in 1994 only
    assert codes.valid_id("441781188001011235")
    assert codes.valid_id("44170218800101123x")
    assert not codes.valid_id("441781188001011236")
    assert not codes.valid_id("441781188002301235")
    assert not codes.valid_id("441781101201010001")


def test_a_contractors_code_is_told_from_the_numbers_of_people_and_companies():
    assert codes.is_contractor("441781101201010001")
    assert not codes.is_contractor("441781188001011235")
    assert not codes.is_contractor("914417041010010001")
    assert not codes.is_contractor("91441781MA4W000000")
