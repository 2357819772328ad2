"""Figures, codes and masks read as people in a land office expect them."""

from datetime import date

import pytest

from geo import masks
from web import format as figures


@pytest.mark.parametrize(
    ("square_metres", "told"),
    [(0, "0.00"), (10, "0.02"), (190, "0.29"), (666.6666667, "1.00"), (12.4, "0.02"), (1000, "1.50"), (None, "—")],
)
def test_square_metres_become_mu_half_up(square_metres, told):
    assert figures.mu(square_metres) == told


@pytest.mark.parametrize(("value", "told"), [(1.005, "1.01"), (2.675, "2.68"), (12, "12.00"), (None, "—")])
def test_rounding_goes_by_the_digits_people_see(value, told):
    assert figures.m2(value) == told


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("441704", "441704"),
        ("441704001003", "441704-001-003"),
        ("44170400100302", "441704-001-003-02"),
        ("441704001003020012", "441704-001-003-02-0012"),
        ("4417040010030200123", "441704-001-003-02-00123"),
        ("441704001003020012J", "441704-001-003-02-0012J"),
        ("row:17", "row:17"),
        (None, "—"),
    ],
)
def test_codes_are_grouped_as_people_read_them(code, told):
    assert figures.code(code) == told


@pytest.mark.parametrize(
    ("name", "masked"),
    [("张三", "张*"), ("张小三", "张*三"), ("欧阳小三", "欧**三"), ("张", "*"), ("", "—"), (None, "—")],
)
def test_names_keep_their_first_and_last_character(name, masked):
    assert masks.mask_name(name) == masked


def test_identity_numbers_keep_their_first_and_last_character():
    masked = masks.mask_id("440000187001010017")
    assert masked == "4" + "*" * 16 + "7"


@pytest.mark.parametrize("number", ["", "1", "12", None])
def test_a_number_too_short_shows_nothing(number):
    assert not set(masks.mask_id(number)) & set("12")


def test_days_and_terms_without_end():
    assert figures.day(date(2026, 11, 22)) == figures.day("2026-11-22T03:04:05Z") == "2026-11-22"
    assert figures.is_long_term("9999-12-31")
    assert not figures.is_long_term("2047-12-31")
    assert not figures.is_long_term(None)
