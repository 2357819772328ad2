"""Deliveries: what counts as the same one, and the states they pass."""

import threading

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.session import engine_for
from data.store import uploads
from data.store.errors import Stale, Unknown
from data.tables import RejectedRow, Upload
from tests.data.conftest import account

A, B = "a" * 64, "b" * 64


def start(session, by, sha256=A, scope="4417", **decisions):
    upload, new = uploads.start(
        session,
        sha256=sha256,
        filename="DK.zip",
        size_bytes=1,
        scope=scope,
        decisions={"scope": scope, **decisions},
        uploader_id=by,
    )
    return upload, new


def finish(session, upload, *states):
    for state in states or ("reading", "awaiting_acceptance", "storing", "detecting", "done"):
        uploads.move(session, upload.id, state)


def test_the_same_bytes_with_the_same_decisions_are_one_import(session):
    by = account(session)
    first, new = start(session, by, layer="parcel", crs=None)
    assert new
    assert start(session, by, crs=None, layer="parcel") == (first, False)
    finish(session, first)
    assert start(session, by, layer="parcel", crs=None) == (first, False)


@pytest.mark.parametrize(
    "other", [{"layer": "building"}, {"crs": 4526}, {"columns": {"DKBM": "NR"}}, {"scope": "441704"}]
)
def test_other_decisions_are_another_import(session, other):
    by = account(session)
    first, _ = start(session, by)
    assert start(session, by, **other)[0] is not first


@pytest.mark.parametrize("scope", ["4417", "441704101", ""])
def test_after_another_delivery_for_its_scope_it_is_a_new_one(session, scope):
    by = account(session)
    first, _ = start(session, by, scope="441704")
    finish(session, first)
    second, _ = start(session, by, B, scope=scope)
    assert start(session, by, scope="441704") == (first, False)
    finish(session, second)
    assert start(session, by, scope="441704")[1]


def test_a_delivery_for_another_place_does_not_matter(session):
    by = account(session)
    first, _ = start(session, by, scope="441704")
    finish(session, first)
    finish(session, start(session, by, B, scope="441781")[0])
    assert start(session, by, scope="441704") == (first, False)


@pytest.mark.parametrize("end", [("refused",), ("failed",), ("reading", "awaiting_acceptance", "withdrawn")])
def test_what_came_to_nothing_never_blocks(session, end):
    by = account(session)
    first, _ = start(session, by)
    finish(session, first, *end)
    assert start(session, by)[1]


def test_states_follow_each_other_and_latecomers_are_told(session):
    upload, _ = start(session, account(session))
    with pytest.raises(Stale):
        uploads.move(session, upload.id, "storing")
    finish(session, upload)
    assert upload.accepted_at <= upload.ended_at
    with pytest.raises(Stale):
        uploads.move(session, upload.id, "failed")
    with pytest.raises(Unknown):
        uploads.move(session, 10**9, "reading")


def test_a_report_keeps_every_rejected_row(session):
    upload, _ = start(session, account(session))
    uploads.move(session, upload.id, "reading")
    row = {"row": 3, "code": "null_geometry", "parcel_code": None, "reason_zh": "无图形", "reason_en": "no shape"}
    told = uploads.LayerReport("parcel", "DK.shp", read=5, stored=4, rejected=[row], columns={"code": "DKBM"})
    uploads.report(session, upload.id, [told], {"layers": 1})
    assert upload.state == "awaiting_acceptance"
    (layer,) = uploads.layers(session, upload.id)
    assert (layer.read, layer.stored, layer.rejected, layer.columns) == (5, 4, 1, {"code": "DKBM"})
    assert [row.reason_zh for row in uploads.rejected(session, upload.id)] == ["无图形"]
    assert session.scalar(select(func.count()).select_from(RejectedRow)) == 1


def test_the_list_is_of_ones_own_area_newest_first(session):
    by = account(session)
    ids = [start(session, by, f"{n:064x}", scope="441704101")[0].id for n in range(3)]
    start(session, by, scope="441781")
    assert [upload.id for upload in uploads.listing(session, "441704")] == ids[::-1]
    assert [upload.id for upload in uploads.listing(session, "441704", before=ids[1])] == [ids[0]]


def test_two_at_once_are_one_import(database):
    engine = engine_for(database)
    with Session(engine) as session, session.begin():
        by = account(session)
    ready = threading.Barrier(4)
    ids = []

    def send():
        with Session(engine) as session, session.begin():
            ready.wait()
            ids.append(start(session, by)[0].id)

    senders = [threading.Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Upload)) == 1
    assert len(ids) == 4
    assert len(set(ids)) == 1
    engine.dispose()
