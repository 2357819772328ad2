"""What must never be false is refused by the database itself, by whatever way it comes."""

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from data.store.versions import supersede
from data.tables import Issuer, Parcel
from tests.data.conftest import VILLAGE, box, parcels

CODE = f"{VILLAGE}0100001"
SQUARE = "POLYGON((601000 2417000, 601010 2417000, 601010 2417010, 601000 2417010, 601000 2417000))"


def enter(session, upload, **other):
    """Write one parcel by SQL, with something else than is right."""
    values = {
        "code": CODE,
        "valid": "(,)",
        "known": text("tstzrange(clock_timestamp(), NULL)"),
        "upload_id": upload,
        "delivered": b"\0",
        "delivered_crs": "EPSG:4525",
        "delivery": upload,
        "geom": f"SRID=4546;{SQUARE}",
    }
    with session.begin_nested():
        session.execute(insert(Parcel.__table__).values(values | other))


def test_the_parcel_itself_is_right(session, upload):
    enter(session, upload)


@pytest.mark.parametrize(
    "other",
    [
        {"code": CODE[:-1]},
        {"code": CODE[:-1] + "１"},
        {"code": CODE[:-1] + "x"},
        {"surveyed_m2": -1.0},
        {"surveyed_m2": 0.0},
        {"surveyed_m2": float("nan")},
        {"surveyed_m2": float("inf")},
        {"geom": f"SRID=4547;{SQUARE}"},
        {"geom": SQUARE},
        {"geom": "SRID=4546;POLYGON EMPTY"},
        {"geom": "SRID=4546;POINT(601000 2417000)"},
        {"geom": "SRID=4546;LINESTRING(601000 2417000, 601010 2417000)"},
        {"geom": f"SRID=4546;{SQUARE}".replace("601010", "601010000")},
        {"geom": f"SRID=4546;{SQUARE}".replace("601010 2417010", "NaN NaN")},
        {"valid": "empty"},
        {"known": "empty"},
        {"upload_id": 0},
        {"upload_id": None},
    ],
)
def test_a_parcel_that_cannot_be_is_refused(session, upload, other):
    with pytest.raises(DBAPIError):
        enter(session, upload, **other)


def test_two_current_versions_of_one_code_are_refused(session, upload):
    enter(session, upload)
    with pytest.raises(IntegrityError):
        enter(session, upload)


def test_two_versions_side_by_side_on_the_ground_are_fine(session, upload):
    enter(session, upload, valid="(,2020-01-01)")
    enter(session, upload, valid="[2020-01-01,)")
    with pytest.raises(IntegrityError):
        enter(session, upload, valid="[2019-12-31,2020-01-02)")


def test_two_versions_in_one_statement_are_refused(session, upload):
    enter(session, upload)
    again = "INSERT INTO parcel (code, valid, known, upload_id, geom, delivered, delivered_crs, delivery) "
    again += (
        "SELECT left(code, 18) || '9', valid, known, upload_id, geom, delivered, delivered_crs, delivery FROM parcel, "
    )
    with session.begin_nested():
        session.execute(text(again + "generate_series(1, 1)"))
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text(again.replace("'9'", "'8'") + "generate_series(1, 2)"))


def test_features_of_two_layers_may_bear_one_code(session, upload):
    entered = "INSERT INTO survey_feature (layer, code, attributes, valid, known, upload_id, geom, delivered, "
    entered += "delivered_crs, delivery) VALUES (:layer, '1', '{}', '(,)', tstzrange(clock_timestamp(), NULL), "
    entered += f"{upload}, ST_GeomFromText('{SQUARE}', 4546), '', '', {upload})"
    for layer in ("building", "approval"):
        session.execute(text(entered), {"layer": layer})
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text(entered), {"layer": "approval"})


@pytest.mark.parametrize("known", ["[2020-01-01,)", "(,)", "[2020-01-01,2021-01-01)"])
def test_nobody_writes_into_the_books_of_the_past(session, upload, known):
    with pytest.raises(IntegrityError):
        enter(session, upload, known=known)


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE parcel SET name = 'x'",
        "UPDATE parcel SET surveyed_m2 = 1, known = tstzrange(lower(known), clock_timestamp())",
        "UPDATE parcel SET known = tstzrange(lower(known) - interval '1 day', clock_timestamp())",
        "UPDATE parcel SET known = tstzrange(lower(known), NULL)",
        "UPDATE parcel SET geom = ST_Translate(geom, 1, 0)",
        "DELETE FROM parcel",
        "TRUNCATE parcel",
        "UPDATE deployment SET srid = 4547",
        "DELETE FROM deployment",
        "DELETE FROM upload",
        "DELETE FROM account",
    ],
)
def test_nothing_is_overwritten_or_taken_out(session, upload, deed):
    enter(session, upload)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text(deed))


def test_closing_is_the_one_change_and_happens_once(session, upload):
    enter(session, upload)
    close = text("UPDATE parcel SET known = tstzrange(lower(known), clock_timestamp())")
    session.execute(close)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(close)


def test_the_guards_hold_for_every_table_of_versions(session):
    guarded = set(session.scalars(text("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'only_closed'")))
    columns = (
        "SELECT table_name FROM information_schema.columns WHERE column_name = 'known' AND table_schema = 'public'"
    )
    assert guarded == set(session.scalars(text(columns)))


def test_codes_of_other_tables_have_their_shape(session, upload):
    good = {"valid": "(,)", "known": text("tstzrange(clock_timestamp(), NULL)"), "upload_id": upload}
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(insert(Issuer.__table__).values(code="4417041", **good))
    session.execute(insert(Issuer.__table__).values(code=f"{VILLAGE}00", **good))


def test_delivered_values_outside_of_their_lists_are_stored(session, upload):
    supersede(session, "parcel", parcels(p00001=box(0, 0)).assign(category="77", purpose="?"), upload)


def test_errors_do_not_tell_values(database):
    from data.session import engine_for

    engine = engine_for(database)
    with engine.connect() as connection, pytest.raises(DBAPIError) as told:
        connection.execute(text("SELECT CAST(:secret AS integer) / 0"), {"secret": 110105194})
    assert "110105194" not in str(told.value)
    engine.dispose()
