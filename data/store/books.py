"""Writing versions, set by set: what changed is closed and opened anew, what did not change is left alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
import pyarrow as pa
from psycopg import sql
from sqlalchemy.orm import Session

from data.sql import read_sql
from data.store.binary import Column, since
from data.store.driver import connection_of, copy_columns, told_plainly

#: Columns of every version that a delivery does not bring.
_BOOKKEEPING = ("id", "valid", "known", "upload_id")
#: Columns in which two versions may differ and yet say the same.
_SILENT = ("geom", "delivered_m2", "delivery")


@dataclass(frozen=True)
class Entered:
    """What a delivery did to the books, in rows."""

    new: int
    changed: int
    unchanged: int
    left: int


class Page:
    """One table of versions, open for one delivery: staged first, then compared, then written."""

    def __init__(self, session: Session, table: Any, upload_id: int, valid_from: date | None):
        self._cursor = psycopg.ClientCursor(connection_of(session))
        columns = [c.name for c in table.__table__.columns if c.name not in _BOOKKEEPING and c.computed is None]
        said = [name for name in columns if name not in (*_SILENT, *table.keys)]
        name = sql.Identifier(table.__tablename__)
        self._words = {
            "table": name,
            "columns": _list(columns),
            "keys": _list(table.keys),
            "latest_keys": _list(table.keys, table.__tablename__),
            "said": _list(said, "incoming"),
            "said_before": _list(said, "latest"),
        }
        self._values = {"upload_id": upload_id, "valid_from": valid_from}
        self.columns = columns
        self._table = table.__tablename__
        self._staged = 0

    def is_blank(self, villages: Sequence[str]) -> bool:
        """Whether our books hold nothing that stands, of any day, in these villages."""
        self._values["villages"] = list(villages)
        self.run(read_sql("versions/standing.sql"))
        return self._cursor.fetchone() == (False,)

    def begin(self, rows: Iterator[Mapping[str, Column]], count: int) -> Entered:
        """Open a version of every row on a page that is blank, straight from the delivery; one moment for all."""
        self.run("SELECT clock_timestamp()")
        (moment,) = self._cursor.fetchone() or (None,)
        told = {
            "upload_id": pa.scalar(self._values["upload_id"], pa.int64()),
            "valid": since(self._values["valid_from"]),
            "known": since(moment),
        }
        self._copy(self._table, rows, told)
        return Entered(count, 0, 0, 0)

    def stage(self, rows: Iterator[Mapping[str, Column]], count: int) -> None:
        """Copy the delivered rows beside the table; columns that were not delivered are null."""
        self.run("DROP TABLE IF EXISTS pg_temp.incoming, pg_temp.change, pg_temp.leaving")
        self.run("CREATE TEMP TABLE incoming ON COMMIT DROP AS SELECT {columns} FROM {table} WITH NO DATA")
        self._copy("incoming", rows, {})
        self._staged = count
        self.run("ANALYZE incoming ({keys})")

    def missing(self, group: str) -> list[int]:
        """List the versions of delivered groups that were not delivered again."""
        self.run(read_sql("versions/missing.sql"), group=sql.Identifier(group))
        return [row[0] for row in self._cursor.fetchall()]

    def forsaken(self) -> list[int]:
        """List the details whose parcels were all delivered again without them."""
        self.run(read_sql("versions/forsaken.sql"))
        return [row[0] for row in self._cursor.fetchall()]

    def write(self, gone: Sequence[int] = ()) -> Entered:
        """Close what changed and what is gone, open what is new; one moment for all."""
        self.run(read_sql("versions/change.sql"))
        if "delivery" in self.columns:
            self.run(read_sql("versions/carry.sql"))
        self._values["gone"] = list(gone)
        self.run(read_sql("versions/leaving.sql"))
        self.run(read_sql("versions/moment.sql"))
        (self._values["moment"],) = self._cursor.fetchone() or (None,)
        self.run(read_sql("versions/close.sql"))
        if self._values["valid_from"]:
            self.run(read_sql("versions/remain.sql"))
        self.run(read_sql("versions/open.sql"))
        self.run("SELECT count(*) FILTER (WHERE old_id IS NULL), count(old_id) FROM change")
        new, changed = self._cursor.fetchone() or (0, 0)
        return Entered(new, changed, self._staged - new - changed, len(gone))

    def revived(self) -> list[str]:
        """List what this delivery brought back after it had ended."""
        self.run("SELECT code FROM change WHERE NOT upper_inf(old_valid)")
        return [row[0] for row in self._cursor.fetchall()]

    def _copy(self, table: str, rows: Iterator[Mapping[str, Column]], told: Mapping[str, Column]) -> None:
        """Copy the columns that this table has, and what is told of every row."""
        batches = ({name: some[name] for name in self.columns if name in some} | told for some in rows)
        with told_plainly():
            copy_columns(self._cursor, table, batches)

    def run(self, text: str, **words: sql.Composable) -> None:
        """Run one statement about this page, with its names and values filled in."""
        with told_plainly():
            self._cursor.execute(sql.SQL(text).format(**self._words, **words), self._values)


def _list(names: Sequence[str], table: str | None = None) -> sql.Composed:
    """Names as SQL wants them, with commas."""
    parts = [sql.Identifier(table, name) if table else sql.Identifier(name) for name in names]
    return sql.SQL(", ").join(parts)
