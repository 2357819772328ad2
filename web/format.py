"""Figures, codes, dates and names the way people in a land office read and may see them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from geo import units
from geo.masks import mask_id as mask_id
from geo.masks import mask_name as mask_name

LONG_TERM_YEAR = 9999  # the standard writes a term without end as the year 9999

COUNTY_TOWN_VILLAGE_GROUP = (6, 3, 3, 2)
CODE_LENGTHS = {6, 9, 12, 14, 18, 19}


def rounded(value: float | Decimal | str, places: str = "0.01") -> str:
    """Round half up on the decimal digits people see, not on the binary ones underneath."""
    return str(Decimal(str(value)).quantize(Decimal(places), ROUND_HALF_UP))


def mu(square_metres: float | Decimal | str | None) -> str:
    """Square metres told in 亩, two decimals."""
    return "—" if square_metres is None else str(units.mu(float(square_metres)))


def m2(square_metres: float | Decimal | str | None) -> str:
    """Square metres, two decimals."""
    return "—" if square_metres is None else rounded(square_metres)


def code_groups(code: str) -> list[str]:
    """Cut a code where people pause when reading it: county, town, village, group, serial."""
    if len(code) not in CODE_LENGTHS or not code[:-1].isdigit():
        return [code]
    groups, start = [], 0
    for width in COUNTY_TOWN_VILLAGE_GROUP:
        if start < len(code):
            groups.append(code[start : start + width])
            start += width
    return groups + ([code[start:]] if start < len(code) else [])


def code(value: str | None) -> str:
    """A code with its groups set apart by hyphens."""
    return "—" if not value else "-".join(code_groups(value))


def day(value: date | datetime | str | None) -> str:
    """A date as 2026-11-22, whatever it arrived as."""
    if not value:
        return "—"
    return value[:10] if isinstance(value, str) else value.strftime("%Y-%m-%d")


def is_long_term(value: date | str | None) -> bool:
    """Whether a term's end is the standard's way of writing 'without end' (长久)."""
    return bool(value) and int(day(value)[:4]) >= LONG_TERM_YEAR
