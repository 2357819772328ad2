"""What stands in a row and should not: which fields, and what they say, as evidence that can be counted by field."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geo.fields import Field, fields

#: Written where there is nothing to write; genuine tables are full of it.
_SIGNS = ("J", "0", "/", "\\", "-", "--", "—", "——", "*", "**", "***")
_WORDS = ("无", "空", "暂无", "不详", "未知", "未填", "NULL", "null", "None", "none", "N/A", "NaN", "nan")
PLACEHOLDERS = frozenset((*_SIGNS, *_WORDS))
_LARGEST = 1e15
#: Fields that say who somebody is, where they live, or whose land lies beside: what stands there is told to nobody.
_PERSONAL = (
    *("name", "id_number", "phone", "address", "witness", "holder", "surveyor", "recorder", "reviewer"),
    *("registrar", "bound_", "note", "remark"),
)


def is_personal(field: Field) -> bool:
    """Whether a field may name a person."""
    return any(word in field.name for word in _PERSONAL)


def columns_of(layer: str, frame: pd.DataFrame) -> list[Field]:
    """The fields of a layer that stand in a frame and hold anything at all: a column without a value is QC-F05's."""
    return [field for field in fields(layer) if field.name in frame.columns and frame[field.name].notna().any()]


def words(values: pd.Series) -> pd.Series:
    """A column as texts without the blanks around them; null where nothing is left, whatever was delivered."""
    raw, gone = values.to_numpy(dtype=object), values.isna().to_numpy(dtype=bool)
    told = [None if missing else str(value).strip() or None for value, missing in zip(raw, gone, strict=True)]
    return pd.Series(told, index=values.index, dtype="string")


def numbers(values: pd.Series) -> pd.Series:
    """A column as finite numbers; null where there is none, whatever was delivered.

    What no area or count can be is brought down to a size that can be summed and rounded.
    """
    read = pd.to_numeric(values, errors="coerce").astype(float)
    return read.where(np.isfinite(read)).clip(-_LARGEST, _LARGEST)


def days(values: pd.Series) -> pd.Series:
    """A column as days to the second; null where there is none, whatever was delivered."""
    if not pd.api.types.is_datetime64_any_dtype(values):
        values = pd.Series(np.array([_day(value) for value in values], dtype="datetime64[s]"), index=values.index)
    return values.astype("datetime64[s]")


def _day(value: object) -> np.datetime64:
    try:
        return np.datetime64(value, "s")  # type: ignore[call-overload,no-any-return]
    except (ValueError, TypeError):
        return np.datetime64("NaT", "s")


def empty(values: pd.Series) -> pd.Series:
    """Where nothing stands: no value, or blanks alone."""
    return values.isna() if pd.api.types.is_numeric_dtype(values) else words(values).isna()


def placeholder(values: pd.Series) -> pd.Series:
    """Which texts stand for nothing."""
    return words(values).isin(PLACEHOLDERS)


def stated(layer: str, frame: pd.DataFrame, wrong: Mapping[Field, pd.Series], say: bool = True) -> pd.DataFrame:
    """One row for each row with anything wrong: `table`, `fields` by the standard's names, `values` as they stand.

    Values of personal fields are never given, and with `say` False none at all.
    """
    rows = np.zeros(len(frame), dtype=bool)
    masks = {field: mask.fillna(False).to_numpy(dtype=bool) for field, mask in wrong.items()}
    for mask in masks.values():
        rows |= mask
    place = np.cumsum(rows) - 1
    named: list[list[str]] = [[] for _ in range(int(rows.sum()))]
    values: list[dict[str, str | None]] = [{} for _ in named]
    for field, mask in masks.items():
        shown = say and not is_personal(field)
        stands = frame[field.name].to_numpy(dtype=object)[mask]
        for at, value in zip(place[mask], stands, strict=True):
            named[at].append(field.standard)
            if shown:
                values[at][field.standard] = None if pd.isna(value) else str(value)
    told = pd.DataFrame({"table": _table(layer, masks), "fields": named}, index=frame.index[rows])
    return told.assign(values=values) if say else told


def _table(layer: str, masks: Mapping[Field, object]) -> str:
    """The table's name at the border."""
    return next(iter(masks)).table if masks else layer
