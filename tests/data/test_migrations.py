"""Migrations: up, down and up again with data in place; the tables in Python and in the database are the same."""

import pytest
from sqlalchemy import func, inspect, select, text
from sqlalchemy.orm import Session

from data import migrations
from data.session import WrongDeployment, check_deployment, engine_for
from data.store.versions import supersede
from data.tables import LegalMove, Parcel
from geo.finding import JUDGEMENTS, MOVES
from tests.data.conftest import box, delivery, parcels


def fill(engine):
    with Session(engine) as session, session.begin():
        supersede(session, "parcel", parcels(p00001=box(0, 0)), delivery(session))


def tables(engine):
    return {name for name in inspect(engine).get_table_names() if name != "spatial_ref_sys"}


def test_up_down_and_up_again_with_data_in_place(database):
    engine = engine_for(database)
    fill(engine)
    before = tables(engine)
    migrations.downgrade(database)
    assert tables(engine) == {"alembic_version"}
    with engine.connect() as connection:
        extensions = "SELECT objid FROM pg_depend WHERE deptype = 'e'"
        ours = f"SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND oid NOT IN ({extensions})"  # noqa: S608
        assert connection.scalars(text(ours)).all() == []
    migrations.upgrade(database)
    assert tables(engine) == before
    fill(engine)
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Parcel)) == 1
    engine.dispose()


def test_one_step_back_and_forth_keeps_every_row(database):
    engine = engine_for(database)
    fill(engine)
    rows = text("SELECT md5(string_agg(parcel::text, '')) FROM parcel")
    with engine.connect() as connection:
        before = connection.scalar(rows)
    migrations.downgrade(database, "0001")
    assert not any(name.startswith("procrastinate_") for name in tables(engine))
    migrations.upgrade(database)
    with engine.connect() as connection:
        assert connection.scalar(rows) == before
    engine.dispose()


def test_upgrading_again_changes_nothing(database):
    migrations.upgrade(database)
    migrations.upgrade(database, srid=4547)
    engine = engine_for(database)
    with Session(engine) as session:
        check_deployment(session, 4546)
    engine.dispose()


def test_tables_in_python_and_in_the_database_are_the_same(database):
    migrations.check(database)


def test_a_house_set_to_another_system_is_refused(session):
    with pytest.raises(WrongDeployment):
        check_deployment(session, 4547)


@pytest.mark.parametrize("srid", [4490, 4326])
def test_a_deployment_measures_in_metres(srid):
    with pytest.raises(migrations.NotMetric):
        migrations.metric(srid)


def test_the_moves_in_the_database_are_those_of_the_office(session):
    kept = {(move.from_state, move.action): (move.to_state, move.judges) for move in session.scalars(select(LegalMove))}
    assert kept == {before: (after, before[1] in JUDGEMENTS) for before, after in MOVES.items()}
