"""Tiles: what a map shows, read back by GDAL, which did not write them; never older than the books."""

import math
from datetime import date, timedelta

import geopandas as gpd
import pandas as pd
import pytest
from pyproj import Transformer
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from data import migrations
from data.session import engine_for
from data.store import tiles
from data.store.errors import NoSuchTile
from data.store.versions import retire, supersede
from data.tables import MAP_SQUARE, MAP_TILE, Finding
from tests.data.conftest import EAST, NORTH, VILLAGE, box, delivery, parcels
from tests.data.test_findings import decide, only_one, run, store

CANARY = "张甲乙丙"
HALF_WORLD = 20037508.342789244
TO_MAP = Transformer.from_crs(4525, 3857, always_xy=True)
NEIGHBOUR = "441704101002"
FAR_KM = 30


def address(z, x=5.0, y=5.0):
    """The tile of a zoom in which a place lies."""
    east, north = TO_MAP.transform(EAST + x, NORTH + y)
    side = 2 * HALF_WORLD / 2**z
    return z, int((east + HALF_WORLD) // side), int((HALF_WORLD - north) // side)


def shown(tmp_path, session, layer, z, **scope):
    body = tiles.tile(session, layer, *address(z), **scope).body
    if not body:
        return pd.DataFrame()
    _, x, y = address(z)
    path = tmp_path / f"{y}.pbf"
    path.write_bytes(body)
    return gpd.read_file(path, engine="pyogrio", layer=layer, X=str(x), Y=str(y), Z=str(z))


def etag(session, layer="parcel", z=14, **asked):
    return tiles.tile(session, layer, *address(z), **asked).etag


def squares(session):
    """Everything that was counted, without the numbers that only tell that something changed."""
    c = MAP_SQUARE.c
    columns = (c.layer, c.level, c.x, c.y, c.area, func.to_char(c.day, "YYYY-MM-DD"))
    counted = select(*columns, func.sum(c.n), func.sum(c.m2)).group_by(*columns)
    return {tuple(row) for row in session.execute(counted.having(func.sum(c.n) != 0))}


@pytest.fixture
def ground(session):
    frame = parcels(p00001=box(0, 0), p00002=box(8, 0), p00003=box(8, 0, 10, 9.9)).assign(
        boundary_witness=CANARY, remark=CANARY, bound_east=CANARY
    )
    supersede(session, "parcel", frame, delivery(session))
    buildings = gpd.GeoDataFrame({"row": [0], "name": [CANARY]}, geometry=[box(0, 0)], crs=4525)
    supersede(session, "building", buildings, delivery(session))
    run(session)


def test_parcels_are_shown_by_code_at_their_place(session, ground, tmp_path):
    found = shown(tmp_path, session, "parcel", 18)
    assert sorted(code[-1] for code in found.code) == ["1", "2", "3"]
    assert set(found.category) == {"10"}
    metric = found.set_crs(3857, allow_override=True).to_crs(4525)
    assert metric.total_bounds == pytest.approx([EAST, NORTH, EAST + 18, NORTH + 10], abs=0.1)


def test_no_name_is_in_any_tile(session, ground):
    for layer in tiles.LAYERS:
        for z in range(tiles.DEEPEST + 1):
            assert CANARY.encode() not in tiles.tile(session, layer, *address(z)).body


def test_findings_are_seen_at_every_zoom(session, ground, tmp_path):
    total = session.scalar(select(func.count()).select_from(Finding))
    assert total == 3
    for z in range(tiles.DEEPEST + 1):
        found = shown(tmp_path, session, "finding", z)
        count = len(found) if z >= tiles.FINDINGS_APART_FROM else found.n.sum()
        # at the deepest zooms a tile is smaller than a parcel
        assert count == total if z < 19 else count >= 1, z


def test_from_far_out_squares_tell_where_parcels_lie(session, ground, tmp_path):
    for z in range(tiles.SHAPES_FROM["parcel"]):
        found = shown(tmp_path, session, "parcel", z)
        assert found.n.sum() == 3, z
        assert all(found.contains(found.union_all().centroid)), z
        # a sixty-fourth of the tile
        _, west, side, north = found.total_bounds[0], *found.total_bounds[[0, 2, 3]]
        assert side - west == pytest.approx(2 * HALF_WORLD / 2**z / 64, rel=1e-3), z
        x, y = TO_MAP.transform(EAST + 5, NORTH + 5)
        assert west <= x <= side, z
        assert found.total_bounds[1] <= y <= north, z


def test_a_square_tells_what_share_of_the_ground_is_taken(session, tmp_path):
    store(session, p00001=box(0, 0, 80, 80))
    (square,) = shown(tmp_path, session, "parcel", 11).itertuples()
    latitude = math.radians(21.845)
    side = 2 * HALF_WORLD / 2**17 * math.cos(latitude)
    assert square.share == round(100 * 80 * 80 / side**2)


def test_where_shapes_are_too_many_there_are_squares(session, ground, tmp_path, monkeypatch):
    monkeypatch.setattr(tiles, "MOST_SHAPES", 2)
    for z in range(tiles.SHAPES_FROM["parcel"], 19):
        assert shown(tmp_path, session, "parcel", z).n.sum() == 3, z


def test_a_crowd_of_findings_is_counted_once_for_whoever_sees_both_villages(session, ground, tmp_path, monkeypatch):
    store(session, NEIGHBOUR, p00001=box(0, 0))
    run(session)
    apart = shown(tmp_path, session, "finding", 16)
    monkeypatch.setattr(tiles, "MOST_FINDINGS", 0)
    for scope in ("", VILLAGE, "441704"):
        for z in (3, 11, 13, 18):
            found = shown(tmp_path, session, "finding", z, scope=scope)
            assert (found.n.sum(), set(found.category), set(found.severity)) == (len(apart), {"overlap"}, {"high"})
    crossing = apart.rule.isin(["OV-02", "OV-03"]).sum()
    assert 0 < shown(tmp_path, session, "finding", 13, scope=NEIGHBOUR).n.sum() <= crossing < len(apart)


def test_a_tile_shows_ones_own_area_only(session, ground):
    store(session, "441781101001", p00001=box(0, 0))
    run(session)
    for layer, z in (("parcel", 16), ("finding", 16), ("parcel", 9), ("finding", 9)):
        whole = tiles.tile(session, layer, *address(z)).body
        own = tiles.tile(session, layer, *address(z), scope=VILLAGE).body
        assert b"441781" in whole or layer == "finding" or z < 12
        assert whole != own or layer == "finding"
        assert b"441781" not in own
        assert tiles.tile(session, layer, *address(z), scope="441702").body == b""


def test_a_tile_is_not_sent_again_until_the_ground_changes(session, ground):
    for layer in ("parcel", "building", "finding"):
        for z in (0, 9, 13, 16):
            first = tiles.tile(session, layer, *address(z))
            assert tiles.tile(session, layer, *address(z), seen=[first.etag]) == tiles.Tile(first.etag, None)


def test_a_corrected_parcel_is_seen_at_once_at_every_zoom(session, ground, tmp_path):
    zooms = range(19)
    before = [etag(session, z=z) for z in zooms]
    store(session, p00002=box(8, 0, 10, 12))
    for z, old in zip(zooms, before, strict=True):
        again = tiles.tile(session, "parcel", *address(z), seen=[old])
        assert again.etag != old
        assert again.body is not None
    top = shown(tmp_path, session, "parcel", 14).set_crs(3857, allow_override=True).to_crs(4525).total_bounds[3]
    assert top == pytest.approx(NORTH + 12, abs=1)
    assert shown(tmp_path, session, "parcel", 9).n.sum() == 3


def test_a_decision_is_seen_at_once(session, ground, tmp_path):
    key = sorted(session.scalars(select(Finding.key)))[0]
    for z in (13, 16):
        assert set(shown(tmp_path, session, "finding", z).state) == {"open"}
    before, parcel = etag(session, "finding"), etag(session)
    decide(session, key, "assign")
    assert etag(session, "finding") != before
    assert etag(session) == parcel
    for z in (13, 16):
        found = shown(tmp_path, session, "finding", z).set_index("key")
        assert found.state[key] == "assigned"


def test_what_a_run_finds_is_seen_at_once(session, tmp_path):
    store(session, p00001=box(0, 0), p00002=box(8, 0))
    before = [etag(session, "finding", z=z) for z in (3, 14)]
    assert shown(tmp_path, session, "finding", 3).empty
    run(session)
    assert shown(tmp_path, session, "finding", 3).n.sum() == 1
    assert shown(tmp_path, session, "finding", 14).key.tolist() == [only_one(session)["key"]]
    found = [etag(session, "finding", z=z) for z in (3, 14)]
    assert all(now != then for now, then in zip(found, before, strict=True))
    store(session, p00002=box(10, 0))
    run(session)
    assert shown(tmp_path, session, "finding", 3).empty
    assert shown(tmp_path, session, "finding", 14).presence.tolist() == ["gone"]


def test_what_happens_elsewhere_changes_no_etag(session, ground):
    own = {"scope": VILLAGE}
    here, mine, whole = etag(session), etag(session, **own), etag(session, z=5)
    store(session, NEIGHBOUR, p00001=box(FAR_KM * 1000, 0))
    assert etag(session) == here
    assert etag(session, z=5) != whole
    store(session, NEIGHBOUR, p00002=box(30, 0))
    assert etag(session) != here
    assert etag(session, **own) == mine


def test_what_is_true_from_a_day_on_is_counted_from_that_day(session, ground):
    tomorrow = session.scalar(select(func.current_date())) + timedelta(days=1)
    store_from = parcels(p00001=box(0, 0, 20, 20), p00009=box(40, 0))
    supersede(session, "parcel", store_from, delivery(session), valid_from=tomorrow)
    counted = {}
    for day in (tomorrow - timedelta(days=1), tomorrow):
        c = MAP_SQUARE.c
        then = (c.layer == "parcel", c.level == 18, c.day <= day)
        counted[day] = session.execute(select(func.sum(c.n), func.sum(c.m2)).where(*then)).one()
    assert [tuple(map(int, found)) for found in counted.values()] == [(3, 299), (4, 299 - 100 + 400 + 100)]
    # on that day the tile gets another etag, though nobody writes anything
    marks = select(func.count()).where(MAP_SQUARE.c.day == tomorrow, MAP_SQUARE.c.stamp != 0)
    assert session.scalar(marks) == 1


def test_one_kept_tile_serves_all_who_may_see_the_same(session, ground):
    kept = select(func.count()).select_from(MAP_TILE)
    whole = tiles.tile(session, "parcel", *address(14))
    assert session.scalar(kept) == 1
    session.execute(update(MAP_TILE).values(body=b"kept"))
    assert tiles.tile(session, "parcel", *address(14), scope="4417").body == b"kept"
    assert tiles.tile(session, "parcel", *address(14), scope=VILLAGE).body == b"kept"
    store(session, NEIGHBOUR, p00001=box(30, 0))
    assert tiles.tile(session, "parcel", *address(14)).body not in (b"kept", whole.body)
    assert NEIGHBOUR.encode() in tiles.tile(session, "parcel", *address(14)).body
    assert tiles.tile(session, "parcel", *address(14), scope=VILLAGE).body == b"kept"
    assert session.scalar(kept) == 2


def test_a_shape_as_wide_as_a_province_is_seen_wherever_it_lies(session):
    store(session, p00001=box(0, 0), p00002=box(0, 0, 200_000, 10))
    far = tiles.tile(session, "parcel", *address(14, 190_000))
    assert b"00002" in far.body
    store(session, p00002=box(0, 0, 100_000, 10))
    assert tiles.tile(session, "parcel", *address(14, 190_000), seen=[far.etag]).body == b""


def test_two_who_write_at_once_do_not_wait_and_both_are_counted(database):
    engine = engine_for(database, connect_args={"options": "-c lock_timeout=2000"})
    with Session(engine) as session, session.begin():
        upload = delivery(session)
        store(session, upload=upload, p00001=box(0, 0))
    with Session(engine) as one, Session(engine) as other, Session(engine) as reader:
        before = tiles.tile(reader, "parcel", *address(14))
        reader.commit()
        store(one, upload=upload, p00002=box(20, 0))
        store(other, NEIGHBOUR, upload, p00001=box(40, 0))
        # what is not committed is neither shown nor does it leave anything behind
        assert tiles.tile(reader, "parcel", *address(14)) == before
        reader.commit()
        other.commit()
        second = tiles.tile(reader, "parcel", *address(14), seen=[before.etag])
        assert NEIGHBOUR.encode() in second.body
        assert b"00002" not in second.body
        reader.commit()
        one.commit()
        third = tiles.tile(reader, "parcel", *address(14), seen=[second.etag])
        assert b"00002" in third.body
        reader.commit()
        store(one, upload=upload, p00003=box(60, 0))
        one.rollback()
        assert tiles.tile(reader, "parcel", *address(14), seen=[third.etag]).body is None
        assert sum(row[-2] for row in squares(reader) if row[1] == 18) == 3
    engine.dispose()


@pytest.mark.parametrize("late", [False, True])
def test_a_tile_being_made_while_another_writes_is_not_kept_for_what_comes_after(database, monkeypatch, late):
    """Another commits between the reading of the state and that of the shapes, or after both."""
    engine, draw = engine_for(database), tiles._draw
    with Session(engine) as session, session.begin():
        upload = delivery(session)
        store(session, upload=upload, p00001=box(0, 0))

    def interrupted(session, *asked):
        body = draw(session, *asked) if late else b""
        with Session(engine) as writer, writer.begin():
            store(writer, upload=upload, p00002=box(20, 0))
        return body or draw(session, *asked)

    monkeypatch.setattr(tiles, "_draw", interrupted)
    with Session(engine) as session, session.begin():
        made = tiles.tile(session, "parcel", *address(14))
    assert (b"00002" in made.body) is not late
    monkeypatch.undo()
    with Session(engine) as session, session.begin():
        again = tiles.tile(session, "parcel", *address(14), seen=[made.etag])
        assert b"00002" in again.body
    engine.dispose()


def test_a_house_that_worked_before_is_counted_as_one_that_counted_all_along(database):
    engine = engine_for(database)
    with Session(engine) as session, session.begin():
        upload = delivery(session)
        store(session, upload=upload, p00001=box(0, 0), p00002=box(8, 0), p00003=box(500, 900))
        run(session)
        decide(session, only_one(session)["key"], "assign")
        store(session, upload=upload, p00002=box(8, 0, 30, 30))
        supersede(session, "parcel", parcels(p00001=box(0, 0, 9, 9)), upload, valid_from=date(2020, 1, 1))
        retire(session, "parcel", [f"{VILLAGE}0100003"], upload, ended_on=date(2025, 5, 1))
        run(session)
    with Session(engine) as session:
        before = squares(session)
        old = etag(session)
        assert {row[0] for row in before} == {"parcel", "finding"}
    migrations.downgrade(database, "0002")
    migrations.upgrade(database)
    with Session(engine) as session:
        assert squares(session) == before
        # the numbers start anew, and no browser takes a new state for an old one
        assert etag(session) != old
    engine.dispose()


def test_the_curve_visits_a_quarter_wholly_before_the_next(session):
    visited = text("SELECT x, y FROM generate_series(0, 3) AS x, generate_series(0, 3) AS y ORDER BY along_curve(x, y)")
    order = [tuple(row) for row in session.execute(visited)]
    assert order[:8] == [(0, 0), (1, 0), (0, 1), (1, 1), (2, 0), (3, 0), (2, 1), (3, 1)]
    assert session.scalar(select(func.along_curve((1 << 18) - 1, (1 << 18) - 1))) == (1 << 36) - 1


@pytest.mark.parametrize(
    ("layer", "z", "x", "y"),
    [
        ("parcel", -1, 0, 0),
        ("parcel", 23, 0, 0),
        ("parcel", 3, 8, 0),
        ("parcel", 3, 0, -1),
        ("parcel", 3, 1 << 63, 0),
        ("contractor", 3, 0, 0),
        ("account", 3, 0, 0),
    ],
)
def test_outside_of_the_grid_there_is_no_tile(session, layer, z, x, y):
    with pytest.raises(NoSuchTile):
        tiles.tile(session, layer, z, x, y)
