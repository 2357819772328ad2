"""Columns of papers as rules read them: blanks are nothing, and a column that was never filled was not supplied."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geo.rules.quality._stated import days, numbers

#: The same in Chinese and in English.
Words = tuple[str, str]


def texts(frame: pd.DataFrame, name: str) -> pd.Series:
    """A column of texts without the blanks around them; null where nothing stands, or where there is no such column."""
    if name not in frame.columns:
        return pd.Series(pd.NA, index=frame.index, dtype="string")
    return frame[name].astype("string").str.strip().replace("", pd.NA)


def numbers_of(frame: pd.DataFrame, name: str) -> pd.Series:
    """A column of numbers of papers as they are compared: brackets, blanks and full-width signs do not count."""
    narrow = texts(frame, name).str.normalize("NFKC").str.upper()
    return narrow.str.replace(r"[\s\[\]()〔〕【】〈〉]", "", regex=True).replace("", pd.NA)


def dates(frame: pd.DataFrame, name: str) -> pd.Series:
    """A column of days; null where there is no such column."""
    if name not in frame.columns:
        return no_days(frame.index)
    return days(frame[name])


def no_days(index: pd.Index | None = None) -> pd.Series:
    """A column in which no day is known."""
    return pd.Series(np.full(0 if index is None else len(index), np.datetime64("NaT", "s")), index=index)


def day_of(codes: pd.Series, days_of: pd.Series) -> pd.Series:
    """The day that is known of each code; null where there is none."""
    if days_of.empty:
        return no_days(codes.index)
    return codes.map(days_of).astype("datetime64[s]")


def amounts(frame: pd.DataFrame, name: str) -> pd.Series:
    """A column of finite numbers; null where there is no such column."""
    if name not in frame.columns:
        return pd.Series(np.nan, index=frame.index)
    return numbers(frame[name])


def supplied(frame: pd.DataFrame, *names: str) -> bool:
    """Whether any of these columns holds anything at all."""
    return any(name in frame.columns and bool(frame[name].notna().any()) for name in names)


def iso(values: pd.Series) -> pd.Series:
    """Days as evidence tells them, `2026-01-31`; None where there is none."""
    told = values.astype("string").str[:10].astype(object)
    return told.where(values.notna(), None)


def years_after(values: pd.Series, years: float) -> pd.Series:
    """The same day of the calendar so many years later; 29 February becomes 1 March where there is none."""
    day = values.to_numpy(dtype="datetime64[D]")
    month = day.astype("datetime64[M]")
    later = (month + round(12 * years)).astype("datetime64[D]") + (day - month.astype("datetime64[D]"))
    return pd.Series(later.astype("datetime64[s]"), index=values.index)


def either(found: Mapping[Words, pd.Series]) -> pd.DataFrame:
    """The rows of which any of these is true, with all that are, in both languages: `reasons_zh`, `reasons_en`."""
    table = pd.DataFrame({number: mask.fillna(False).astype(bool) for number, mask in enumerate(found.values())})
    rows = table[table.any(axis=1)]
    said = [listed([words for words, so in zip(found, row, strict=True) if so]) for row in rows.to_numpy(dtype=bool)]
    return pd.DataFrame(said, index=rows.index, columns=["reasons_zh", "reasons_en"], dtype=object)


def listed(words: list[Words]) -> Words:
    """Several things said after one another in both languages."""
    return "、".join(zh for zh, _ in words), ", ".join(en for _, en in words)


def unjudged(words: list[Words]) -> dict[str, str]:
    """What a sentence adds about things that were delivered for none; nothing if there are none of them."""
    zh, en = listed(words)
    return {
        "unjudged_zh": f"（没有提供、不作判断的：{zh}）" if words else "",
        "unjudged_en": f" (not delivered, so not judged: {en})" if words else "",
    }
