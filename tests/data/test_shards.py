"""Counties in stores of their own, on two clusters, read as one."""

import secrets
import socket
import tempfile
from datetime import date
from pathlib import Path

import geopandas as gpd
import psycopg
import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from api.command import app
from data import migrations, shards
from data.cluster import FLEETING, ROLE, Cluster
from data.session import engine_for
from data.shards.county import CODED, READ
from data.store import ground, places, runs, versions
from data.tables import Base
from tests.data.conftest import EAST, NORTH, box, delivery, parcels

#: 江城, which needs no other name, and 阳东 with the code from before 2014.
JIANGCHENG, YANGDONG = ("441702",), ("441704", "441723")
WEST_VILLAGE, EAST_VILLAGE, OLD_VILLAGE, FAR_VILLAGE = "441702101001", "441704101001", "441723101002", "441704101009"
TODAY = date(2026, 5, 1)
HOUSE, WEST, OTHER, READER = (f"{name}_{secrets.token_hex(4)}" for name in ("house", "west", "other", "reader"))


@pytest.fixture(scope="module")
def second():
    """Another cluster, as on another machine."""
    with tempfile.TemporaryDirectory(prefix="dingxin ", dir="/var/tmp") as folder:
        Path(folder).chmod(0o711)
        cluster = Cluster(Path(folder, "cluster"), FLEETING)
        cluster.start()
        migrations.upgrade(cluster.url())
        with cluster.admin() as admin:
            admin.execute(f"CREATE ROLE {READER} LOGIN PASSWORD 'geheim'")
        yield cluster
        cluster.stop()


def owner(address):
    """A connection as the house has it."""
    return psycopg.connect(address, autocommit=True)


def deliver(address, *frames, building=None):
    """Put parcels, and what stands on them, into a store, as a delivery does."""
    with Session(engine_for(address)) as session:
        places.load(session)
        number = delivery(session)
        for frame in frames:
            versions.supersede(session, "parcel", frame, number, date(2020, 1, 1))
        if building is not None:
            versions.supersede(session, "building", building, number, date(2020, 1, 1))
        session.commit()


@pytest.fixture(scope="module")
def west(cluster, template):
    """The store of 江城: a parcel that reaches 2 m over the county border at x = 0, and one away from it."""
    with cluster.database(WEST, template) as name:
        address = cluster.url(name, "postgresql")
        deliver(address, parcels(village=WEST_VILLAGE, p00001=box(-10, 0, 12), p00002=box(-30, 0)))
        with owner(address) as store:
            shards.hold(store, JIANGCHENG)
        yield address


@pytest.fixture(scope="module")
def east(second):
    """The store of 阳东: a parcel at the border, one under an old code, and a village a kilometre away."""
    address = second.url(driver="postgresql")
    deliver(
        address,
        parcels(village=EAST_VILLAGE, p00001=box(0, 0)),
        parcels(village=OLD_VILLAGE, p00001=box(50, 0)),
        parcels(village=FAR_VILLAGE, p00001=box(1000, 0), p00002=box(1005, 0)),
    )
    with owner(address) as store:
        shards.hold(store, YANGDONG[:1], reader=READER)
    return address


@pytest.fixture(autouse=True)
def up_again(second):
    """What one test stopped runs for the next."""
    second.start()


@pytest.fixture
def password(second):
    """Let the reader in by its password, as a server on another machine would."""
    allow = Path(second.folder, "pg_hba.conf")
    allow.write_text(f"local all {READER} scram-sha-256\n{allow.read_text()}")
    asked = answer(second, "SELECT pg_conf_load_time() FROM pg_reload_conf()")
    while answer(second, "SELECT pg_conf_load_time()") == asked:
        pass
    return "geheim"


def answer(cluster, question):
    with cluster.admin() as admin:
        return admin.execute(question).fetchone()[0]


@pytest.fixture(scope="module")
def joined(cluster, template, west, east):
    """An engine of a house that reads both."""
    with cluster.database(HOUSE, template) as name:
        with cluster.admin(name) as admin:
            shards.add(admin, ROLE, JIANGCHENG, west)
            shards.add(admin, ROLE, ["441704"], east)
        engine = engine_for(cluster.url(name))
        with Session(engine) as session:
            places.load(session)
            session.commit()
        yield engine
        engine.dispose()


@pytest.fixture
def house(joined, cluster):
    """The owner's own connection to that house."""
    with owner(cluster.url(HOUSE, "postgresql")) as connection:
        yield connection


def plan(session, query):
    """How a query is worked out, with what each shard is asked."""
    return "\n".join(session.execute(text(f"EXPLAIN (VERBOSE, COSTS OFF) {query}")).scalars())


def remote(session, query):
    """The questions that go to shards, by the schema of the shard."""
    lines = [line.strip() for line in plan(session, query).splitlines()]
    tables = [line.split(" on ")[1].split(".")[0] for line in lines if "Foreign Scan on " in line]
    return dict(zip(tables, [line for line in lines if line.startswith("Remote SQL:")], strict=True))


def test_both_counties_are_read_as_one_store(joined):
    with shards.reading(joined) as read:
        codes = read.session.execute(text("SELECT shard, code FROM parcel ORDER BY code")).all()
    assert codes == [
        ("441702", f"{WEST_VILLAGE}0100001"),
        ("441702", f"{WEST_VILLAGE}0100002"),
        ("441704", f"{EAST_VILLAGE}0100001"),
        ("441704", f"{FAR_VILLAGE}0100001"),
        ("441704", f"{FAR_VILLAGE}0100002"),
        ("441704", f"{OLD_VILLAGE}0100001"),
    ]


def test_what_reads_one_store_reads_them_all_with_the_neighbours_over_the_border(joined):
    with shards.reading(joined) as read:
        found = ground.load(read.session, prefixes=["441702"])["parcel"]
    assert dict(zip(found["code"].str[:12], found["mine"], strict=True)) == {WEST_VILLAGE: True, EAST_VILLAGE: False}
    assert found.geometry.area.tolist() == pytest.approx([120, 100, 100])


@pytest.mark.parametrize(
    "query",
    [
        "SELECT code FROM parcel WHERE geom && {box}",
        "SELECT code FROM parcel WHERE ST_Intersects(geom, {box})",
    ],
)
def test_a_condition_on_the_ground_is_worked_out_by_the_shards(joined, query):
    here = f"ST_MakeEnvelope({EAST}, {NORTH}, {EAST + 1}, {NORTH + 1}, 4546)"
    with shards.reading(joined) as read:
        asked = remote(read.session, query.format(box=here))
    assert set(asked) == {"shard_441702", "shard_441704"}
    for question in asked.values():
        assert "OPERATOR(public.&&)" in question if "&&" in query else "public.st_intersects(geom," in question


def test_whatever_detection_asks_for_is_chosen_by_the_shards(joined):
    asked = []
    with shards.reading(joined) as read:
        listener = (read.session.connection(), "before_cursor_execute", lambda *said: asked.append(said[2:4]))
        event.listen(*listener)
        ground.load(read.session, prefixes=[FAR_VILLAGE], valid_on=TODAY)
        event.remove(*listener)
        driver = read.session.connection().connection.driver_connection
        plans = ["\n".join(r for (r,) in driver.execute(f"EXPLAIN (VERBOSE) {q}", values)) for q, values in asked]
    foreign = [plan for plan in plans if "Foreign Scan" in plan]
    assert len(foreign) > len(CODED)
    assert not [plan for plan in foreign if "Filter:" in plan]
    assert "shard_441702" not in next(plan for plan in foreign if "shard_441704.contract" in plan)


def test_shards_of_other_counties_are_not_asked(joined):
    with shards.reading(joined) as read:
        today = remote(read.session, "SELECT name FROM parcel WHERE code >= '441704' AND code < '441705'")
        old = remote(read.session, "SELECT name FROM parcel WHERE code = '4417231010020100001'")
        none = remote(read.session, "SELECT name FROM parcel WHERE code = '4501021010010100001'")
        named = remote(read.session, "SELECT name FROM parcel WHERE shard = '441702'")
    assert list(today) == list(old) == ["shard_441704"]
    assert "code >= '441704'" in today["shard_441704"]
    assert "code = '4417231010020100001'" in old["shard_441704"]
    assert none == {}
    assert list(named) == ["shard_441702"]


def test_a_reading_of_some_counties_knows_no_others(joined):
    with shards.reading(joined, ["441723"]) as read:
        asked = remote(read.session, "SELECT name FROM parcel WHERE code LIKE '4417%'")
        counted = read.session.execute(text("SELECT count(*) FROM parcel")).scalar_one()
    assert list(asked) == ["shard_441704"]
    assert "code ~~ '4417%'" in asked["shard_441704"]
    assert counted == 4
    with pytest.raises(shards.ShardRefusal) as refused, shards.reading(joined, ["450102"]):
        pass
    assert refused.value.code == "shard_none"


def test_boxes_of_villages_are_worked_out_by_the_shard(joined):
    query = "SELECT left(code, 12), ST_XMin(ST_Extent(geom)) FROM {}.parcel WHERE upper_inf(known) GROUP BY 1"
    with shards.reading(joined) as read:
        said = plan(read.session, query.format("shard_441704"))
    assert "st_extent(geom)" in said.split("Remote SQL:")[1]


def test_nothing_is_written_through_a_reading_and_it_stays_one_to_its_end(joined):
    with shards.reading(joined, ["441704"]) as read:
        read.session.commit()
        read.session.rollback()
        assert read.session.execute(text("SELECT count(*) FROM parcel")).scalar_one() == 4
        with pytest.raises(DBAPIError, match="read-only"):
            read.session.execute(text("INSERT INTO shard_441704.run (scope, day) VALUES ('[]', current_date)"))
    with joined.connect() as connection, pytest.raises(DBAPIError, match="does not allow"):
        connection.execute(text("DELETE FROM shard_441704.finding"))
    with joined.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM parcel")).scalar_one() == 0


def test_survey_features_of_two_shards_never_share_a_name(joined, west, east):
    house = gpd.GeoDataFrame({"row": [0], "name": ["屋"]}, geometry=[box(0, 0)], crs=4525)
    for address in (west, east):
        deliver(address, building=house)
    with shards.reading(joined) as read:
        codes = read.session.execute(text("SELECT code FROM survey_feature ORDER BY 1")).scalars().all()
    assert codes == ["441702/000001", "441704/000001"]


def test_numbers_of_two_shards_never_meet(joined):
    numbers = "SELECT shard, upload_id / 1000000000000, delivery / 1000000000000, id / 1000000000000 FROM parcel"
    with shards.reading(joined) as read:
        found = set(read.session.execute(text(numbers)).all())
    assert found == {("441702", 441702, 441702, 441702), ("441704", 441704, 441704, 441704)}


def test_every_table_is_read_or_is_the_own_of_each_house():
    people = {"account", "sign_in", "access_token", "certificate_token", "event"}
    papers = {"upload", "upload_layer", "rejected_row", "column_map", "sighting", "map_tile"}
    asked = {"vanished_row", "proposed_repair"}
    house = {"deployment", "admin_unit", "admin_unit_alias", "legal_move", "threshold_set", "image", "comparison"}
    assert set(Base.metadata.tables) == people | papers | asked | house | set(READ)


def test_a_shard_takes_no_other_county(west, east):
    with owner(west) as store:
        assert shards.held(store) == JIANGCHENG
    with owner(east) as store:
        assert shards.held(store) == YANGDONG
    with pytest.raises(DBAPIError, match="held_to_counties"):
        deliver(west, parcels(village=EAST_VILLAGE, p00009=box(500, 0)))


def test_each_shard_keeps_one_version_of_a_parcel_at_a_time(east):
    again = "INSERT INTO parcel (code, valid, known, upload_id, geom, delivered, delivered_crs, delivery) SELECT code, "
    again += (
        "valid, tstzrange(clock_timestamp(), NULL), upload_id, geom, delivered, delivered_crs, delivery FROM parcel"
    )
    with owner(east) as store, pytest.raises(psycopg.errors.ExclusionViolation):
        store.execute(again)


def test_a_store_with_other_counties_cannot_be_held_to_one(west):
    with owner(west) as store, pytest.raises(shards.ShardRefusal) as refused:
        shards.hold(store, ["441781"])
    assert refused.value.code == "shard_strangers"
    assert "441702 (2)" in refused.value.zh
    with owner(west) as store:
        assert shards.held(store) == JIANGCHENG


def test_a_house_with_no_superuser_reads_as_a_role_with_a_password(cluster, template, password, east):
    address = east.replace("dingxin@", f"{READER}:{password}@", 1)
    with psycopg.connect(address) as reader, pytest.raises(psycopg.errors.InsufficientPrivilege):
        reader.execute("SELECT * FROM account")
    with cluster.database(OTHER, template) as name, owner(cluster.url(name, "postgresql")) as house:
        with pytest.raises(shards.ShardRefusal, match="shard_extension"):
            shards.add(house, ROLE, ["441704"], address)
        with cluster.admin(name) as admin:
            admin.execute("CREATE EXTENSION postgres_fdw")
            admin.execute(f"GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO {ROLE}")
        with pytest.raises(shards.ShardRefusal, match="shard_setup"):
            shards.add(house, ROLE, ["441704"], east)
        shards.add(house, ROLE, ["441704"], address)
        with shards.reading(engine_for(cluster.url(name))) as read:
            assert read.session.execute(text("SELECT count(*) FROM parcel")).scalar_one() == 4


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        (["441702", "441704"], "shard_held_twice"),
        (["441721"], "shard_not_held"),
        (["4417"], "shard_code"),
    ],
)
def test_what_cannot_be_joined_is_refused_and_changes_nothing(joined, cluster, template, codes, code):
    with cluster.database(OTHER, template) as name:
        with owner(cluster.url(name, "postgresql")) as store:
            shards.hold(store, ["441702", "441704"])
        with cluster.admin(HOUSE) as admin:
            before = shards.known(admin)
            with pytest.raises(shards.ShardRefusal) as refused:
                shards.add(admin, ROLE, codes, cluster.url(name, "postgresql"))
            assert refused.value.code == code
            assert shards.known(admin) == before
    with shards.reading(joined) as read:
        assert read.session.execute(text("SELECT count(*) FROM parcel")).scalar_one() == 6


def test_a_store_in_another_system_is_refused(joined, cluster, second):
    with second.database("zone") as name:
        migrations.upgrade(second.url(name), srid=4525)
        with cluster.admin(HOUSE) as admin, pytest.raises(shards.ShardRefusal) as refused:
            shards.add(admin, ROLE, ["441721"], second.url(name, "postgresql"))
    assert refused.value.code == "shard_unlike"
    assert "4525" in refused.value.en


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("postgresql://reader:geheim@127.0.0.1:1/dingxin", "shard_unreachable"),
        ("postgresql+other://reader:geheim@127.0.0.1/dingxin", "shard_address"),
    ],
)
def test_no_password_is_ever_repeated(joined, cluster, address, code):
    with cluster.admin(HOUSE) as admin, pytest.raises(shards.ShardRefusal) as refused:
        shards.add(admin, ROLE, ["441721"], address)
    assert refused.value.code == code
    assert "geheim" not in str(refused.value)


def test_a_shard_that_is_down_is_named_and_the_others_are_read(joined, second):
    second.stop()
    with pytest.raises(shards.ShardsMissing) as refused, shards.reading(joined):
        pass
    assert refused.value.code == "shard_missing"
    assert all(county in said for county in YANGDONG for said in (refused.value.zh, refused.value.en))
    with shards.reading(joined, partial=True) as read:
        assert read.session.execute(text("SELECT DISTINCT shard FROM parcel")).scalars().all() == ["441702"]
        assert [(one.shard.counties, one.code) for one in read.missing] == [(YANGDONG, "shard_down")]
    with shards.reading(joined, ["441702"]) as read:
        assert read.missing == ()
    with pytest.raises(shards.ShardsMissing), shards.reading(joined, ["441704"], partial=True):
        pass
    # Whoever reads the standing views without asking first gets an error, not a part.
    with joined.connect() as connection, pytest.raises(DBAPIError, match="could not connect to server"):
        connection.execute(text("SELECT count(*) FROM shards.parcel"))
    second.start()
    with shards.reading(joined) as read:
        assert read.session.execute(text("SELECT count(*) FROM parcel")).scalar_one() == 6


def test_a_shard_that_is_lost_on_the_way_is_named(joined, second):
    count = text("SELECT count(*) FROM parcel")

    def lose() -> None:
        with shards.reading(joined) as read:
            assert read.session.execute(count).scalar_one() == 6
            second.stop()
            read.session.execute(count)

    with pytest.raises(shards.ShardsMissing) as lost:
        lose()
    assert [one.shard.name for one in lost.value.missing] == ["441704"]


def test_a_shard_that_accepts_and_says_nothing_is_given_up_until_it_is_added_elsewhere(joined, cluster, east):
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder, socket.socket(socket.AF_UNIX) as silent:
        Path(folder).chmod(0o711)
        address = Path(folder, ".s.PGSQL.54417")
        silent.bind(str(address))
        address.chmod(0o777)
        silent.listen()
        with cluster.admin(HOUSE) as admin:
            admin.execute(f"ALTER SERVER shard_441704 OPTIONS (SET host '{folder}')")
        with shards.reading(joined, partial=True) as read:
            assert [(one.shard.name, one.code) for one in read.missing] == [("441704", "shard_down")]
    with cluster.admin(HOUSE) as admin:
        shards.add(admin, ROLE, ["441704"], east)
    with shards.reading(joined) as read:
        assert read.missing == ()


def test_a_shard_of_another_release_is_not_read(joined, east):
    with owner(east) as store:
        release = store.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        store.execute("UPDATE alembic_version SET version_num = '0001'")
        try:
            with shards.reading(joined, partial=True) as read:
                assert [one.code for one in read.missing] == ["shard_unlike"]
        finally:
            store.execute("UPDATE alembic_version SET version_num = %s", [release])


def test_parcels_on_both_sides_of_a_county_border_are_found_as_one_pair(joined):
    with shards.reading(joined) as read:
        near = shards.villages(read, TODAY)
        found = shards.pairs(read, TODAY)
    assert near == [WEST_VILLAGE, EAST_VILLAGE]
    assert found[["rule", "a_code", "b_code"]].values.tolist() == [
        ["OV-02", f"{WEST_VILLAGE}0100001", f"{EAST_VILLAGE}0100001"]
    ]
    assert found["shared_m2"].tolist() == [pytest.approx(20)]


def test_states_tell_parcels_and_the_last_detection(joined, house, second, east):
    with Session(engine_for(east)) as session:
        number = runs.begin(session, ["441704"], TODAY, versions={})
        session.execute(text("UPDATE run SET ended_at = '2026-05-01 08:00+00' WHERE id = :id"), {"id": number})
        session.commit()
    every = shards.known(house)
    here, there = shards.states(joined, every, TODAY)
    assert (here.shard.name, here.missing, here.parcels, here.detected_at) == ("441702", None, 2, None)
    assert (there.parcels, there.detected_at.isoformat()) == (4, "2026-05-01T08:00:00+00:00")
    second.stop()
    assert [state.missing and state.missing.code for state in shards.states(joined, every, TODAY)] == [
        None,
        "shard_down",
    ]


def test_a_removed_shard_is_no_longer_read_and_its_store_is_left(joined, house, cluster, west):
    shards.remove(house, "441702")
    with pytest.raises(shards.ShardRefusal):
        shards.remove(house, "441702")
    with shards.reading(joined) as read:
        assert read.session.execute(text("SELECT DISTINCT shard FROM parcel")).scalars().all() == ["441704"]
    with cluster.admin(HOUSE) as admin:
        shards.add(admin, ROLE, JIANGCHENG, west)
    with shards.reading(joined) as read:
        assert read.session.execute(text("SELECT count(*) FROM parcel")).scalar_one() == 6


def test_views_are_laid_anew_after_a_release(joined, house):
    house.execute("DROP SCHEMA shard_441702 CASCADE")
    assert [shard.name for shard in shards.renew(house)] == ["441702", "441704"]
    with shards.reading(joined) as read:
        assert read.session.execute(text("SELECT count(*) FROM parcel")).scalar_one() == 6


@pytest.fixture
def say(monkeypatch):
    """Say `./dingxin shards …` at the store of an address."""

    def run(address, *words):
        monkeypatch.setenv("DINGXIN_DATABASE_URL", address)
        return CliRunner().invoke(app("shards"), ["shards", *words])

    return run


def test_the_verbs_at_the_machine(say, cluster, template, second, east, password, monkeypatch):
    with cluster.database(OTHER, template) as name, cluster.admin(name) as admin:
        admin.execute("CREATE EXTENSION postgres_fdw")
        admin.execute(f"GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO {ROLE}")
        mine = cluster.url(name)
        assert say(east, "hold", "441704").output.startswith("本库只存 441704、441723。")
        assert say(mine, "list").output == "没有分库。There are no shards.\n"
        monkeypatch.setenv("PGPASSWORD", password)
        added = say(mine, "add", "441704", east.replace("dingxin@", f"{READER}@", 1))
        assert added.output.startswith("已接入 441704")
        monkeypatch.delenv("PGPASSWORD")
        up = say(mine, "list")
        assert (up.exit_code, up.output.split()[:4]) == (0, ["441704", "441704、441723", "运行中", "up"])
        assert "parcels 4 " in up.output
        assert say(mine, "border").exit_code == 0
        second.stop()
        down = say(mine, "list")
        assert down.exit_code == 3
        assert "缺 missing [shard_down]" in down.output
        assert say(mine, "border", "--partial").exception.code == "shard_missing"
        assert say(mine, "remove", "441704").exit_code == 0
        assert say(mine, "list").exit_code == 0
