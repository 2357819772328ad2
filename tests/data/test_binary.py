"""Whole columns in binary COPY: the server holds afterwards what the columns said, nulls and batches included."""

from datetime import UTC, date, datetime

import psycopg
import pyarrow as pa
import pytest
from psycopg.types.range import DateRange, TimestamptzRange

from data.store.binary import days_between, documents, since
from data.store.driver import connection_of, copy_columns

TYPES = "a text, b bytea, c integer, d bigint, e double precision, f date, g jsonb"


def copied(session, types, *batches):
    cursor = connection_of(session).cursor()
    cursor.execute(f"CREATE TEMP TABLE taken ({types}) ON COMMIT DROP")
    copy_columns(cursor, "taken", iter(batches))
    return cursor.execute("SELECT * FROM taken").fetchall()


def test_every_type_arrives_with_and_without_nulls(session):
    days = [date(1850, 2, 28), date(9999, 12, 31), date(2000, 1, 1)]
    full = {
        "a": pa.array(["水库边", "", "a\tb\\N"]),
        "b": pa.array([b"\0\xff", b"", b"x"], pa.binary()),
        "c": pa.array([-1, 2**31 - 1, 0], pa.int32()),
        "d": pa.array([-(2**63), 2**63 - 1, 0], pa.int64()),
        "e": pa.array([0.1, -1e300, 5e-324]),
        "f": pa.array(days, pa.date32()),
        "g": documents([{"面积": -5.0}, {}, {"a": [1, None]}]),
    }
    holes = {name: pa.array([None, column[1].as_py(), None], column.type) for name, column in full.items()}
    rows = copied(session, TYPES, full, holes)
    assert rows[:3] == [
        ("水库边", b"\0\xff", -1, -(2**63), 0.1, days[0], {"面积": -5.0}),
        ("", b"", 2**31 - 1, 2**63 - 1, -1e300, days[1], {}),
        ("a\tb\\N", b"x", 0, 0, 5e-324, days[2], {"a": [1, None]}),
    ]
    assert rows[3:] == [(None,) * 7, rows[1], (None,) * 7]


def test_one_value_stands_in_every_row(session):
    same = {"n": pa.scalar(7, pa.int32()), "e": pa.scalar(None, pa.string())}
    rows = copied(session, "a text, n integer, e text", {"a": pa.array(["x", "y"])} | same)
    assert rows == [("x", 7, None), ("y", 7, None)]


def test_slices_of_columns_arrive_as_slices(session):
    column = pa.array(["a", "b", None, "d"])
    assert copied(session, "a text", {"a": column[1:3]}, {"a": column[3:]}) == [("b",), (None,), ("d",)]


def test_ranges_that_begin_and_do_not_end(session):
    moment = datetime(2026, 11, 23, 21, 5, 1, 627871, tzinfo=UTC)
    early = datetime(1999, 12, 31, 23, 59, 59, 1, tzinfo=UTC)
    columns = {"d": since(date(1999, 5, 1)), "n": since(None), "k": since(moment), "o": since(early)}
    types = "a text, d daterange, n daterange, k tstzrange, o tstzrange"
    ((_, day, none, known, old),) = copied(session, types, {"a": pa.array(["x"])} | columns)
    assert (day, none) == (DateRange(date(1999, 5, 1)), DateRange())
    assert (known, old) == (TimestamptzRange(moment), TimestamptzRange(early))


@pytest.mark.parametrize("begins", [None, date(2020, 1, 1)])
@pytest.mark.parametrize("ends", [None, date(2024, 2, 29)])
def test_ranges_of_days(session, begins, ends):
    lawful = {"a": pa.array([days_between(begins, ends), None], pa.binary())}
    assert copied(session, "a daterange", lawful) == [(DateRange(begins, ends),), (None,)]


def test_what_fails_on_the_way_leaves_nothing(session):
    def batches():
        yield {"a": pa.array(["x"])}
        raise ZeroDivisionError

    cursor = connection_of(session).cursor()
    cursor.execute("CREATE TEMP TABLE taken (a text) ON COMMIT DROP")
    with pytest.raises(ZeroDivisionError), connection_of(session).transaction():
        copy_columns(cursor, "taken", batches())
    assert cursor.execute("SELECT count(*) FROM taken").fetchone() == (0,)


def test_a_value_that_the_server_refuses_is_its_error(session):
    cursor = connection_of(session).cursor()
    cursor.execute("CREATE TEMP TABLE taken (a text CHECK (a <> 'x')) ON COMMIT DROP")
    with pytest.raises(psycopg.errors.CheckViolation), connection_of(session).transaction():
        copy_columns(cursor, "taken", iter([{"a": pa.array(["x"])}] * 3))
