"""Texts, numbers and dates of a column: read where they can be, empty and counted where they cannot."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.intake.table import Column

#: 20160131, 2016-01-31, 2016/1/31, 2016.1.31, 2016年1月31日, each with or without a time of day behind it.
_DATE = re.compile(r"^(\d{4})(?:(\d\d)(\d\d)|[-/.年](\d{1,2})[-/.月](\d{1,2})日?)(?:[T ].*)?$", re.ASCII)

_ODD = r"[\x{1}-\x{8}\x{b}\x{c}\x{e}-\x{1f}\x{7f}-\x{9f}\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{2069}\x{feff}]"


def texts(values: Sequence[Any]) -> pd.Series:
    """Texts without the blanks that pad them; empty ones and whole numbers' `.0` gone."""
    return pd.Series([_text(value) for value in values], dtype=object)


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, float):
        if np.isnan(value):
            return None
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value).split("\0", 1)[0].rstrip(" ") or None


def _ended(values: Sequence[Any]) -> list[int]:
    """Rows whose text goes on behind a NUL, which ends it for us as for the programs that write such padding."""
    return [row for row, value in enumerate(values) if isinstance(value, str) and "\0" in value.rstrip("\0 ")]


def odd(values: pd.Series) -> list[int]:
    """Rows whose text has characters that nobody sees: controls, blanks of no width, marks that turn the direction."""
    found = pc.match_substring_regex(pa.array(values, pa.string(), from_pandas=True), _ODD)
    return [int(row) for row in np.flatnonzero(found.to_numpy(zero_copy_only=False) == True)]  # noqa: E712 (nulls)


def longest(values: pd.Series) -> int:
    """The length of the longest text in characters, 0 where there is none."""
    return pc.max(pc.utf8_length(pa.array(values, pa.string(), from_pandas=True))).as_py() or 0


def numbers(values: Sequence[Any], whole: bool) -> Column:
    """Numbers; what is no finite number (`****`, for example) is empty and counted."""
    read, bad = _numbers(values)
    if not whole:
        return Column(pd.Series(read), bad)
    fractions = np.flatnonzero(np.isfinite(read) & ((read != np.floor(read)) | (np.abs(read) > 2**53)))
    read[fractions] = np.nan
    return Column(pd.Series(read).astype("Int64"), sorted({*bad, *fractions.tolist()}))


def _numbers(values: Sequence[Any]) -> tuple[NDArray[np.float64], list[int]]:
    """Read numbers all at once where each is one, else one by one; NaN where there is none, and where it is none."""
    try:
        read = pa.array(values, pa.string()).cast(pa.float64()).to_numpy(zero_copy_only=False)
        if np.isfinite(read).sum() == len(values) - sum(value is None for value in values):
            return read.copy(), []
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        pass
    read, bad = np.full(len(values), np.nan), []
    for row, value in enumerate(values):
        if value is None or value == "":
            continue
        try:
            read[row] = float(value)
        except (TypeError, ValueError):
            bad.append(row)
            continue
        if not np.isfinite(read[row]):
            if not isinstance(value, float):
                bad.append(row)
            read[row] = np.nan
    return read, bad


def dates(values: Sequence[Any]) -> Column:
    """Days to the second, which bear the year 9999 (长久); `00000000` and 30 February are empty and counted."""
    read = np.full(len(values), np.datetime64("NaT"), dtype="datetime64[s]")
    bad: list[int] = []
    for row, value in enumerate(values):
        text = "" if value is None else str(value).strip()
        if text in ("", "NaT"):
            continue
        found = _DATE.match(text)
        try:
            if not found:
                raise ValueError
            year, month, day = (int(part) for part in found.groups() if part)
            read[row] = np.datetime64(f"{year:04d}-{month:02d}-{day:02d}", "s")
        except ValueError:
            bad.append(row)
    return Column(pd.Series(read), bad)


def typed(values: Sequence[Any], kind: str) -> Column:
    """Read a column of Python values as `char`, `int`, `float` or `date`."""
    if kind == "char":
        return Column(texts(values), _ended(values))
    if kind == "date":
        return dates(values)
    return numbers(values, whole=kind == "int")
