"""Decisions by SQL alone: the database holds the order of moves, the four eyes, and that nothing is taken back."""

import threading

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from data.session import engine_for
from data.store import events, findings
from data.store.errors import Stale
from data.store.findings import Filters
from data.tables import Event, Finding
from tests.data.conftest import account, box, delivery
from tests.data.test_findings import run, store

INSERT = text(
    "INSERT INTO event (key, seq, from_state, action, to_state, reason, actor_id)"
    " VALUES (:key, :seq, :before, :action, :after, :reason, :actor)"
)


def write(session, key, seq, before, action, after, actor, reason="理由"):
    with session.begin_nested():
        values = {"key": key, "seq": seq, "before": before, "action": action, "after": after, "actor": actor}
        session.execute(INSERT, values | {"reason": reason})


@pytest.fixture
def surveyor(session):
    return account(session)


@pytest.fixture
def official(session):
    return account(session, "official")


@pytest.fixture
def key(session, surveyor):
    store(session, upload=delivery(session, surveyor), p00001=box(0, 0))
    store(session, p00002=box(8, 0))
    run(session)
    return session.scalar(select(Finding.key))


@pytest.mark.parametrize("action", ["confirm", "dismiss", "approve_use"])
def test_whoever_brought_a_party_in_cannot_judge_it(session, key, surveyor, official, action):
    after = {"confirm": "confirmed", "dismiss": "dismissed", "approve_use": "approved_use"}[action]
    write(session, key, 1, "open", "take_up", "in_check", surveyor)
    with pytest.raises(DBAPIError, match="does not judge"):
        write(session, key, 2, "in_check", action, after, surveyor)
    write(session, key, 2, "in_check", action, after, official)
    assert session.scalar(select(Finding.state)) == after


def test_nor_can_they_close_it(session, key, surveyor, official):
    write(session, key, 1, "open", "take_up", "in_check", official)
    write(session, key, 2, "in_check", "confirm", "confirmed", official)
    with pytest.raises(DBAPIError, match="does not judge"):
        write(session, key, 3, "confirmed", "close", "closed", surveyor)


@pytest.mark.parametrize(
    ("seq", "before", "action", "after"),
    [
        (2, "open", "take_up", "in_check"),
        (0, "open", "take_up", "in_check"),
        (1, "in_check", "confirm", "confirmed"),
        (1, "open", "confirm", "confirmed"),
        (1, "open", "take_up", "confirmed"),
        (1, "open", "reopen", "open"),
        (1, "open", "frobnicate", "open"),
    ],
)
def test_moves_that_do_not_exist_or_come_too_late_are_refused(session, key, official, seq, before, action, after):
    with pytest.raises(DBAPIError):
        write(session, key, seq, before, action, after, official)


def test_a_decision_has_a_reason_and_a_person(session, key, official):
    for reason, actor in ((" ", official), ("", official), ("理由", None), ("理由", 10**9)):
        with pytest.raises(IntegrityError):
            write(session, key, 1, "open", "take_up", "in_check", actor, reason)


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE event SET reason = 'x'",
        "DELETE FROM event",
        "TRUNCATE event",
        "UPDATE finding SET state = 'closed'",
        "UPDATE finding SET seq = 0",
        "DELETE FROM finding",
        "TRUNCATE finding CASCADE",
        "DELETE FROM finding_version",
        "UPDATE finding_version SET firm_m2 = 0",
        "UPDATE finding_version SET presence = 'gone', known = tstzrange(lower(known), clock_timestamp())",
        "UPDATE sighting SET outcome = 'gone'",
        "INSERT INTO legal_move VALUES ('open', 'close', 'closed', false); DELETE FROM legal_move",
        "DELETE FROM run",
    ],
)
def test_what_was_found_and_decided_is_never_taken_back(session, key, official, deed):
    write(session, key, 1, "open", "take_up", "in_check", official)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.connection().exec_driver_sql(deed, execution_options={"no_parameters": True})


def test_of_officials_who_decide_at_once_one_succeeds_and_the_others_are_told(database):
    engine = engine_for(database)
    with Session(engine) as session, session.begin():
        store(session, p00001=box(0, 0), p00002=box(8, 0))
        run(session)
        key = findings.listing(session, Filters()).items[0]["key"]
        officials = [account(session, "official") for _ in range(5)]
    ready = threading.Barrier(len(officials))
    told = []

    def decide(official):
        with Session(engine) as session:
            ready.wait()
            try:
                told.append(events.append(session, key, "take_up", "核查", official, 0))
                session.commit()
            except Stale:
                told.append("stale")

    workers = [threading.Thread(target=decide, args=(official,)) for official in officials]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with Session(engine) as session:
        assert len(session.scalars(select(Event)).all()) == 1
    engine.dispose()
    assert sorted(told) == ["in_check", *["stale"] * 4]
