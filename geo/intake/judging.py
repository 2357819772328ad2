"""Judging a layer a stretch at a time: what its cells hold, what its shapes are, and which rows can be stored.

What holds for the layer as a whole (its system, its units, whether its codes are held to the standard) is decided
before, on rows that are spread over the file; all of them where they are few.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS

from geo.crs import Box
from geo.fields import Field, Matching, fields, shape_of
from geo.intake import rows as checks
from geo.intake.dbf import DbfTable
from geo.intake.errors import Said, note, refusal, shown_rows
from geo.intake.mapped import deciding, stretches
from geo.intake.reading import Rejected
from geo.intake.table import Column, Rows, Shapes, Table
from geo.intake.values import longest, odd
from geo.model import LAYERS
from geo.model import Shapes as Drawn

#: Names of ours that dates of another kind fill: the last day of the year of a survey.
_YEAR, _DAY = "year", "surveyed_on"
#: The longest texts of the standard are remarks of 254 bytes; boundaries written as text are longer in some packages.
MOST_CHARACTERS: Final = 10_000
#: Puts a stretch right, and tells what was put right.
Settling = Callable[[pd.DataFrame], tuple[pd.DataFrame, list[Said]]]


@dataclass
class Stretch:
    """Some rows: their cells by our names, and their shapes as delivered and as they are drawn."""

    frame: pd.DataFrame
    deleted: NDArray[np.bool_]
    wkb: NDArray[np.object_] | None
    drawn: Drawn | None

    @property
    def places(self) -> NDArray[np.float64]:
        """The middle of each shape; NaN for rows that are deleted."""
        places = checks.centres(self.drawn if self.drawn is not None else np.empty(0, dtype=object))
        places[self.deleted] = np.nan
        return places


@dataclass
class _Unread:
    """Rows of a column whose value could not be read, has characters that nobody sees, or is cut in mid-character."""

    column: str
    known: Field
    bad: list[int] = field(default_factory=list)
    unseen: list[int] = field(default_factory=list)
    cut: list[int] = field(default_factory=list)

    def notes(self) -> list[Said]:
        """What there is to tell about the cells of a column."""
        code = {"date": "date_unreadable", "char": "text_nul"}.get(self.known.type, "number_unreadable")
        told = [note(code, **self._facts(self.bad))] * bool(self.bad)
        told += [note("text_unseen", **self._facts(self.unseen))] * bool(self.unseen)
        return told + [note("text_cut", **self._facts(self.cut))] * bool(self.cut)

    def _facts(self, rows: Sequence[int]) -> dict[str, Any]:
        return {"column": self.column, "count": len(rows), "rows": shown_rows(rows)}


class Judging:
    """One layer or table on its way from its file; `settle` puts right what packages are known for, as a whole.

    `some` are the rows on which the layer as a whole is decided; `strict` is whether codes are held to the standard.
    Once all stretches were accepted, `rejected` holds all other rows, and `filled` how many rows hold each field.
    """

    def __init__(
        self,
        layer: str,
        source: str,
        table: Table,
        shapes: Shapes | None,
        matching: Matching,
        settle: Settling | None,
    ):
        self._layer, self._source, self._table, self._shapes = layer, source, table, shapes
        self._matching, self._settle = matching, settle
        self._in_parts = settle is None and isinstance(table, DbfTable)
        self._unread: dict[str, _Unread] = {}
        self._settled: list[Said] = []
        self.strict = False
        self.rejected: list[Rejected] = []
        self.filled: Counter[str] = Counter()
        self.some = self._taken(deciding(table.rows) if self._in_parts else range(table.rows))
        self._is_whole = len(self.some.frame) == table.rows

    def notes(self) -> list[Said]:
        """What was told of cells, once all rows were judged."""
        return [said for unread in self._unread.values() for said in unread.notes()] + self._settled

    @cached_property
    def _repeated(self) -> dict[str, int]:
        """The codes that stand in more than one row, and in how many."""
        return checks.repeated(self._codes) if "code" in self._matching.columns else {}

    def _codes(self) -> Iterator[pd.Series]:
        for rows in self._rows():
            part, frame = self._part(rows), self.some.frame
            values = frame["code"] if self._is_whole else part.column(self._matching.columns["code"], "char").values
            yield values[(values.notna() & ~part.deleted).to_numpy(dtype=bool)]

    def judged(self, taken: Stretch, crs: CRS | None, box: Box | None) -> tuple[pd.DataFrame, checks.Defects]:
        """Some rows with their geometry, and every reason against each of them."""
        defects = checks.Defects(len(taken.frame))
        checks.judge_deleted(defects, taken.deleted)
        if self.strict:
            columns = self._matching.columns
            checks.judge_codes(defects, self._layer, taken.frame, columns, taken.deleted, self._repeated)
        if taken.wkb is None or taken.drawn is None or crs is None:
            return taken.frame, defects
        kind = shape_of(self._layer) or "Polygon"
        checks.judge_shapes(defects, taken.wkb, taken.drawn, taken.deleted, kind)
        checks.judge_places(defects, taken.places, crs, box, taken.deleted)
        return gpd.GeoDataFrame(taken.frame, geometry=taken.drawn, crs=crs), defects

    def accepted(
        self, crs: CRS | None, box: Box | None, finish: Callable[[pd.DataFrame], pd.DataFrame]
    ) -> Iterator[pd.DataFrame]:
        """The rows that can be stored, a stretch at a time; `finish` has the last word on each."""
        if not self._is_whole:
            self._unread.clear()
        for rows in self._rows():
            taken = self.some if self._is_whole else self._taken(rows)
            frame, defects = self.judged(taken, crs, box)
            if len(frame):
                self.filled.update({name: int(values.notna().sum()) for name, values in taken.frame.items()})
            frame = finish(frame)
            self.rejected += checks.rejected(defects, frame, taken.wkb)
            yield frame[~defects.flags()].reset_index(drop=True)

    def _rows(self) -> Iterator[range]:
        """The stretches of the table."""
        return iter([range(self._table.rows)]) if self._is_whole else stretches(self._table.rows)

    def _part(self, rows: Rows) -> Table:
        """The table with some of its rows."""
        if not self._in_parts or not isinstance(self._table, DbfTable) or len(rows) == self._table.rows:
            return self._table
        return self._table.part(rows)

    def _taken(self, rows: Rows) -> Stretch:
        """Take some rows from the file."""
        part = self._part(rows)
        frame = self._typed(part, rows)
        if self._settle is not None:
            frame, self._settled = self._settle(frame)
        if self._shapes is None:
            return Stretch(frame, part.deleted, None, None)
        wkb = self._shapes.read(rows)
        return Stretch(frame, part.deleted, wkb, checks.drawn(wkb))

    def _typed(self, part: Table, rows: Rows) -> pd.DataFrame:
        """Every matched column under our name, as texts, numbers and days."""
        numbers = np.arange(rows.start, rows.stop, dtype=np.int64) if isinstance(rows, range) else rows
        frame: dict[str, pd.Series] = {"row": pd.Series(numbers)}
        for known in fields(self._layer):
            if known.name not in self._matching.columns:
                continue
            theirs = self._matching.columns[known.name]
            column = part.column(theirs, known.type)
            frame[known.name] = column.values
            unread = self._unread.setdefault(theirs, _Unread(theirs, known))
            unread.bad += numbers[column.unreadable].tolist()
            unread.cut += numbers[column.cut].tolist()
            if known.type == "char":
                self._expect_short(column, theirs)
                unread.unseen += numbers[odd(column.values)].tolist()
        if _YEAR in frame and self._layer in LAYERS:
            days = frame.get(_DAY, pd.Series([None] * len(numbers), dtype="datetime64[s]"))
            frame[_DAY] = days.fillna(_last_days(frame[_YEAR]))
        return pd.DataFrame(frame)

    def _expect_short(self, column: Column, theirs: str) -> None:
        """Refuse a text that no field of the standard could hold, whatever the format allows."""
        if (length := longest(column.values)) > MOST_CHARACTERS:
            raise refusal("text_too_long", name=self._source, column=theirs, length=length, most=MOST_CHARACTERS)


def _last_days(years: pd.Series) -> pd.Series:
    """The last day of each year; a survey layer that only tells its year was right at its end."""
    days = [f"{year:04d}-12-31" if 1 <= year <= 9998 else "NaT" for year in years.fillna(0).astype(int)]
    return pd.Series(np.array(days, dtype="datetime64[s]"))
