"""A finding is told in one sentence, as people of the place would say it."""

import pytest

from geo.detect.describe import _sentences, spoken, spoken_parties

NAMES = {"44178110200103": "平地村三组", "441781102002": "上洋村"}
A, B = "parcel:4417811020010300123", "parcel:4417811020010300124"


@pytest.mark.parametrize(
    ("ref", "zh", "en"),
    [
        (A, "平地村三组 00123 号地块", "parcel 00123 of 平地村三组"),
        ("parcel:4417811020020100007", "上洋村 00007 号地块", "parcel 00007 of 上洋村"),
        ("parcel:4417811020030100007", "441781-102-003-01 00007 号地块", "parcel 00007 of 441781-102-003-01"),
        ("building:000012", "建筑物 000012", "building 000012"),
        ("landcover", "地类图斑", "land-cover patch"),
        ("row:7", "第 7 行", "row 7"),
    ],
)
def test_one_party(ref, zh, en):
    assert spoken(ref, NAMES) == (zh, en)


def test_neighbours_name_their_place_once():
    (zh_a, en_a), (zh_b, en_b) = spoken_parties(A, B, NAMES)
    assert f"{zh_a}与{zh_b}重叠" == "平地村三组 00123 号与00124 号地块重叠"
    assert f"{en_a} and {en_b} overlap" == "parcel 00123 and parcel 00124 of 平地村三组 overlap"


def test_parties_of_two_places_name_both():
    other = "parcel:4417811020020100007"
    assert spoken_parties(A, other, NAMES) == (spoken(A, NAMES), spoken(other, NAMES))


def row(rule, subject, against=None, **evidence):
    return {
        "rule": rule,
        "subject": subject,
        "against": against,
        "shared_m2": 96.0,
        "width_m": 3.0,
        "evidence": evidence,
    }


def test_figures_stand_apart_from_words():
    """Neither `A有` after a number of letters nor `与0` before a serial."""
    zh, _ = _sentences(row("ZZ-05", A, "building:JZW7"), NAMES)
    assert zh.startswith("建筑物 JZW7 有 96.00 平方米")
    zh, _ = _sentences(row("OV-01", A, B), NAMES)
    assert zh.startswith("平地村三组 00123 号与 00124 号地块重叠")


def test_a_sentence_names_the_issuers_that_its_evidence_has_by_code():
    told = row("ZM-01", A, home_issuer="44178110200103", transferee_issuer="44178110200299")
    zh, en = _sentences(told, NAMES)
    assert "平地村三组" in zh.partition("而土地属于")[2]
    assert "44178110200299" in zh
    assert "44178110200103" not in en
