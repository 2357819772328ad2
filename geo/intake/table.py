"""What every reader of a file hands over: rows of columns and shapes, as delivered, with what could not be read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS

from geo.intake.errors import Said

Flags = NDArray[np.bool_]
#: Rows by their numbers: one after the other, or some in ascending order.
Rows = range | NDArray[np.int64]


@dataclass(frozen=True)
class Column:
    """One column: its values, and the rows whose value could not be read or is cut in mid-character.

    What could not be read is empty here; of a text, it is what stands behind a NUL.
    """

    values: pd.Series
    unreadable: list[int] = field(default_factory=list)
    cut: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Form:
    """How a file declares a column: its type in the words of the format, width and decimals where it tells them."""

    type: str
    length: int | None = None
    decimals: int | None = None


@dataclass(frozen=True)
class Shapes:
    """The shapes of a layer, and what it says of itself; `read` gives some of them as WKB (None: no shape).

    What there is to note of shapes is complete when all of them were read.
    """

    rows: int
    read: Callable[[Rows], NDArray[np.object_]]
    crs: CRS | None
    notes: list[Said]
    #: Whether the layer says its system in words that cannot be read.
    crs_unreadable: bool = False

    @property
    def wkb(self) -> NDArray[np.object_]:
        """All shapes, one for each row."""
        return self.read(range(self.rows))


def in_memory(wkb: NDArray[np.object_]) -> Callable[[Rows], NDArray[np.object_]]:
    """Some of the shapes that have all been read."""
    return lambda rows: wkb[rows.start : rows.stop] if isinstance(rows, range) else wkb[rows]


class Table(Protocol):
    """The attribute rows of one layer or table of a file, in file order, deleted ones included."""

    encoding: str
    encoding_evidence: list[Said]
    #: Whether nobody needs to look at the text, and in which other encodings every byte would decode.
    sure_of_encoding: bool
    other_encodings: Sequence[str]

    @property
    def rows(self) -> int:
        """How many rows the file holds."""
        ...

    @property
    def names(self) -> Sequence[str]:
        """The names of its columns."""
        ...

    @property
    def deleted(self) -> Flags:
        """Which rows are marked as deleted."""
        ...

    def is_numeric(self, name: str) -> bool:
        """Whether a column holds numbers, in which codes lose their leading zeros."""
        ...

    def form(self, name: str) -> Form:
        """How a column is declared."""
        ...

    def column(self, name: str, kind: str) -> Column:
        """Read a column as `char`, `int`, `float` or `date`."""
        ...

    def texts(self, rows: Sequence[int], encoding: str | None = None) -> list[list[str | None]]:
        """What stands in some rows, column by column, as delivered; or as another encoding would read it."""
        ...


def listed(values: Any) -> list[Any]:
    """Any column of a reader as a list of Python values."""
    return list(values.tolist() if hasattr(values, "tolist") else values)
