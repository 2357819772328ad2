"""Two at once: deliveries of one village wait for each other, and the books stay in order."""

import threading

from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from data.session import engine_for
from data.store.versions import supersede
from data.tables import Parcel
from tests.data.conftest import VILLAGE, box, delivery, parcels


def test_two_deliveries_of_one_village_follow_each_other(database):
    engine = engine_for(database)
    with Session(engine) as session, session.begin():
        ids = [delivery(session) for _ in range(4)]
    begun = threading.Barrier(len(ids))

    def store(upload, width):
        with Session(engine) as session, session.begin():
            session.execute(text("SELECT 1"))  # the transaction, and its now(), begins before the lock
            begun.wait()
            supersede(session, "parcel", parcels(p00001=box(0, 0, width)), upload)

    workers = [threading.Thread(target=store, args=(upload, 10 + n)) for n, upload in enumerate(ids)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with Session(engine) as session:
        query = select(Parcel.known).where(Parcel.code == f"{VILLAGE}0100001").order_by(func.lower(Parcel.known))
        times = session.scalars(query).all()
    engine.dispose()
    assert len(times) == len(ids)
    assert [known.upper for known in times[:-1]] == [known.lower for known in times[1:]]
    assert times[-1].upper is None


def test_without_the_lock_the_database_still_refuses_a_second_current_version(database, monkeypatch):
    """The negative control: it is the lock that makes them wait, and the constraint that catches what it misses."""
    monkeypatch.setattr("data.store.locks.scope", lambda *_: None)
    engine = engine_for(database)
    refused = []

    def late(upload):
        with Session(engine) as session:
            try:
                supersede(session, "parcel", parcels(p00001=box(0, 0)), upload)
            except IntegrityError as error:
                refused.append(error)

    with Session(engine) as session, session.begin():
        ids = [delivery(session) for _ in range(2)]
    with Session(engine) as early, Session(engine) as onlooker:
        supersede(early, "parcel", parcels(p00001=box(0, 0)), ids[0])
        worker = threading.Thread(target=late, args=(ids[1],))
        worker.start()
        while worker.is_alive() and not onlooker.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
            onlooker.rollback()
        early.commit()
        worker.join()
        current = select(func.count()).select_from(Parcel).where(func.upper_inf(Parcel.known))
        assert onlooker.scalar(current) == 1
    engine.dispose()
    assert len(refused) == 1
