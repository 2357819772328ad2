"""Identity numbers in tables: where they stand, and what their digits say."""

import numpy as np
import pandas as pd

from geo.fields import Field, fields

#: The kind of document that bears a citizen's number.
IDENTITY_CARD = "1"
_EIGHTEEN = r"[0-9]{17}[0-9X]"


def number_fields(layer: str, frame: pd.DataFrame) -> list[tuple[Field, str | None]]:
    """The fields of a frame that hold ID numbers, each with the column that says what kind of document it is."""
    return [
        (field, kind if (kind := field.name.replace("id_number", "id_type")) in frame.columns else None)
        for field in fields(layer)
        if field.name.endswith("id_number") and field.name in frame.columns
    ]


def plain(numbers: pd.Series) -> pd.Series:
    """Numbers as they are compared: no blanks, capital letters; null where nothing is left."""
    text = numbers.astype("string").str.replace(r"\s", "", regex=True).str.upper()
    return text.replace("", pd.NA)


def has_form(numbers: pd.Series) -> pd.Series:
    """Which numbers are eighteen characters of the right kind."""
    return numbers.str.fullmatch(_EIGHTEEN).fillna(False).astype(bool)


def digits(numbers: pd.Series) -> "np.ndarray[tuple[int, int], np.dtype[np.int64]]":
    """The seventeen leading digits of numbers that have the form, one row each."""
    text = numbers.str[:17].to_numpy(dtype="U17")
    return np.ascontiguousarray(text).view(np.uint32).reshape(len(text), 17).astype(np.int64) - ord("0")
