"""What people ask of papers today: a filter on one table, or SQL that joins them, on the same tables in PostgreSQL."""

from datetime import date

import pandas as pd
import psycopg
from psycopg import sql

from data.samples.papers import Papers
from data.samples.papers.village import Finding
from data.sql import read_sql

_SCHEMA = sql.Identifier("papers")
_NO_COLUMNS = ("geometry", "row")


def loaded(papers: Papers, url: str) -> None:
    """Store the tables as they are, without shapes, in a schema of their own."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(_SCHEMA))
        for name, frame in papers.ground.items():
            table = pd.DataFrame(frame).drop(columns=[one for one in _NO_COLUMNS if one in frame.columns])
            columns = [sql.SQL("{} {}").format(sql.Identifier(one), _kind(table[one])) for one in table.columns]
            where = sql.SQL("{}.{}").format(_SCHEMA, sql.Identifier(name))
            connection.execute(sql.SQL("CREATE TABLE {} ({})").format(where, sql.SQL(", ").join(columns)))
            rows = table.astype(object).where(table.notna(), None)
            with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(where)) as copy:
                for row in rows.itertuples(index=False):
                    copy.write_row(row)
            connection.execute(sql.SQL("ANALYZE {}").format(where))


def _kind(column: pd.Series) -> sql.SQL:
    if pd.api.types.is_datetime64_any_dtype(column):
        return sql.SQL("date")
    return sql.SQL("double precision" if pd.api.types.is_numeric_dtype(column) else "text")


def filtered(url: str, day: date) -> set[Finding]:
    """One table at a time."""
    return _asked(url, "papers_filters", day)


def joined(url: str, day: date) -> set[Finding]:
    """All tables together."""
    return _asked(url, "papers_joined", day)


def _asked(url: str, name: str, day: date) -> set[Finding]:
    query = read_sql(f"bench/{name}.sql").replace(":day", f"date '{day}'")
    with psycopg.connect(url) as connection:
        connection.execute(sql.SQL("SET search_path TO {}").format(_SCHEMA))
        return {(rule, subject, None) for rule, subject in connection.execute(query).fetchall()}
