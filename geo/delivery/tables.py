"""Attribute tables in a GeoPackage, every value in full; what the standard's widths would not hold is told."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyogrio

from geo.delivery.defects import Defect
from geo.fields import Field

_TYPES = {"char": pa.string(), "int": pa.int32(), "bigint": pa.int64(), "float": pa.float64(), "date": pa.date32()}


def arrow(frame: pd.DataFrame, fields: Sequence[Field]) -> pa.Table:
    """A frame under the standard's names as typed columns, one for each field, empty where it has none."""
    nothing = [None] * len(frame)
    given = ((one, frame.get(one.standard, nothing)) for one in fields)
    return pa.table({one.standard: pa.array(values, _TYPES[one.kept_as], from_pandas=True) for one, values in given})


def append(path: Path, table: str, rows: pa.Table, begun: bool) -> None:
    """Write rows of a table into a GeoPackage, as a new table or (`begun`) behind those that are there."""
    pyogrio.write_arrow(rows, path, layer=table, driver="GPKG", geometry_type=None, append=begun)


def longer(frame: pd.DataFrame, fields: Sequence[Field], first: int) -> list[Defect]:
    """The texts that take more bytes (in GBK, else GB18030) than the standard gives them, by row from `first` on."""
    found = []
    for one in fields:
        if one.type == "char" and one.length and one.standard in frame:
            texts = frame[one.standard].to_numpy(dtype=object)
            # a character takes two bytes, outside of GBK four: shorter ones need no counting
            for at, text in enumerate(texts):
                if isinstance(text, str) and 4 * len(text) > one.length and _bytes(text) > one.length:
                    kind, size = "longer_than_standard", _bytes(text)
                    found.append(Defect(kind, one.table, one.standard, first + at, None, text, size, one.length))
    return found


def _bytes(text: str) -> int:
    try:
        return len(text.encode("gbk"))
    except UnicodeEncodeError:
        return len(text.encode("gb18030"))
