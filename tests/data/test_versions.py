"""Facts in versions: what a delivery does to the books, and what can be asked of the past."""

from datetime import date

import pandas as pd
import pytest
import shapely
from pyproj import Transformer
from sqlalchemy import func, select

from data.store import ground
from data.store.books import Entered
from data.store.versions import as_of, retire, supersede
from data.tables import Contractor, HouseholdMember, Parcel, ParcelRight, ReservedLand
from tests.data.conftest import VILLAGE, box, delivery, parcels

CODE = f"{VILLAGE}0100001"
HOLDER = f"{VILLAGE}010001"


def now(session):
    return session.scalar(select(func.clock_timestamp()))


def names(session, **when):
    return [parcel.name for parcel in session.scalars(as_of(Parcel, **when).order_by(Parcel.code))]


def versions(session, table=Parcel):
    return session.scalar(select(func.count()).select_from(table))


def test_the_same_delivery_twice_makes_no_version(session):
    frame = parcels(p00001=box(0, 0), p00002=box(10, 0))
    assert supersede(session, "parcel", frame, delivery(session)) == Entered(2, 0, 0, 0)
    assert supersede(session, "parcel", frame, delivery(session)) == Entered(0, 0, 2, 0)
    assert versions(session) == 2


@pytest.mark.parametrize("day", [None, date(2016, 5, 1)])
def test_a_parcel_comes_into_a_new_village_as_into_one_we_know(session, upload, day):
    first = parcels(p00001=box(0, 0)).assign(surveyed_m2=-1.0, remark=None)
    assert supersede(session, "parcel", first, upload, day) == Entered(1, 0, 0, 0)
    second = first.assign(code=f"{VILLAGE}0100002")
    assert supersede(session, "parcel", second, upload, day) == Entered(1, 0, 0, 0)
    one, other = (vars(parcel) for parcel in session.scalars(select(Parcel).order_by(Parcel.code)))
    differ = {
        name for name in one if name not in ("_sa_instance_state", "geom", "geom_3857") and one[name] != other[name]
    }
    assert differ == {"id", "code", "known"}
    assert one["geom"].data == other["geom"].data
    assert (one["valid"].lower, one["valid"].upper, one["known"].upper) == (day, None, None)


def test_a_correction_keeps_the_day_it_was_valid_from_and_the_old_books(session, upload):
    supersede(session, "parcel", parcels(p00001=box(0, 0)), upload, date(2016, 5, 1))
    before = now(session)
    corrected = parcels(p00001=box(0, 0)).assign(name="石角")
    assert supersede(session, "parcel", corrected, delivery(session)) == Entered(0, 1, 0, 0)
    assert names(session) == ["石角"]
    assert names(session, known_at=before) == ["垌口"]
    (current,) = session.scalars(as_of(Parcel))
    assert current.valid.lower == date(2016, 5, 1)
    assert names(session, valid_on=date(2016, 4, 30)) == []


def test_a_change_from_a_day_on_keeps_what_was_true_before_it(session, upload):
    supersede(session, "parcel", parcels(p00001=box(0, 0)), upload)
    before = now(session)
    later = parcels(p00001=box(0, 0, 12)).assign(name="石角")
    assert supersede(session, "parcel", later, delivery(session), date(2020, 1, 1)) == Entered(0, 1, 0, 0)
    assert names(session, valid_on=date(2019, 12, 31)) == ["垌口"]
    assert names(session, valid_on=date(2020, 1, 1)) == ["石角"]
    assert names(session, known_at=before, valid_on=date(2020, 1, 1)) == ["垌口"]
    remained = session.scalars(as_of(Parcel, valid_on=date(2019, 12, 31))).one()
    assert remained.upload_id == upload


def test_a_change_dated_before_an_earlier_one_replaces_all_that_follows(session, upload):
    for name, day in (("one", None), ("two", date(2020, 1, 1)), ("three", date(2018, 1, 1))):
        supersede(session, "parcel", parcels(p00001=box(0, 0)).assign(name=name), upload, day)
    asked = [date(2017, 1, 1), date(2019, 1, 1), date(2021, 1, 1)]
    assert [names(session, valid_on=day) for day in asked] == [["one"], ["three"], ["three"]]


def test_sending_the_first_delivery_again_undoes_the_second(session, upload):
    first = parcels(p00001=box(0, 0))
    supersede(session, "parcel", first, upload)
    supersede(session, "parcel", first.assign(name="石角"), delivery(session))
    assert supersede(session, "parcel", first, delivery(session)).changed == 1
    assert names(session) == ["垌口"]
    assert versions(session) == 3


def test_shapes_are_kept_as_delivered_beside_the_metric_system(session, upload):
    frame = parcels(p00001=box(0, 0))
    supersede(session, "parcel", frame, upload)
    parcel = session.scalars(as_of(Parcel)).one()
    assert shapely.from_wkb(parcel.delivered).equals_exact(frame.geometry[0], 0)
    assert parcel.delivered_crs == "EPSG:4525"
    assert parcel.area_m2 == pytest.approx(100, abs=1e-6)
    west = session.scalar(select(func.ST_XMin(Parcel.geom)))
    assert west == pytest.approx(601_000, abs=1e-6)
    on_the_map, _ = Transformer.from_crs(4525, 3857, always_xy=True).transform(37_601_000.0, 2_417_000.0)
    assert session.scalar(select(func.ST_XMin(Parcel.geom_3857))) == pytest.approx(on_the_map, abs=0.01)


def test_an_invalid_shape_is_stored_as_delivered(session, upload):
    x, y = 37_601_000.0, 2_417_000.0
    bow_tie = shapely.Polygon([(x, y), (x + 2, y + 2), (x + 2, y), (x, y + 2)])
    supersede(session, "parcel", parcels(p00001=bow_tie).assign(surveyed_m2=2.0), upload)
    loaded = ground.load(session, prefixes=[VILLAGE])["parcel"]
    assert not loaded.geometry.is_valid[0]


def test_an_area_that_cannot_be_true_is_set_aside_and_judged_as_delivered(session, upload):
    frame = parcels(p00001=box(0, 0)).assign(surveyed_m2=-5.0)
    supersede(session, "parcel", frame, upload)
    parcel = session.scalars(as_of(Parcel)).one()
    assert (parcel.surveyed_m2, parcel.as_delivered) == (None, {"surveyed_m2": -5.0})
    assert ground.load(session, prefixes=[VILLAGE])["parcel"].surveyed_m2[0] == -5.0
    assert supersede(session, "parcel", frame, delivery(session)).unchanged == 1


def test_the_delivery_of_a_shape_survives_a_correction_of_its_name(session, upload):
    supersede(session, "parcel", parcels(p00001=box(0, 0)), upload)
    second, third = delivery(session), delivery(session)
    supersede(session, "parcel", parcels(p00001=box(0, 0)).assign(name="石角"), second)
    assert ground.load(session, prefixes=[VILLAGE])["parcel"].delivery[0] == upload
    supersede(session, "parcel", parcels(p00001=box(0, 0, 11)), third)
    assert ground.load(session, prefixes=[VILLAGE])["parcel"].delivery[0] == third


def rights(*pairs, **columns):
    codes = [f"{VILLAGE}01{parcel:05d}" for parcel, _ in pairs]
    holders = [f"{VILLAGE}01{holder:04d}" for _, holder in pairs]
    return pd.DataFrame({"parcel_code": codes, "contractor_code": holders, "confirmed_m2": 99.0, **columns})


def test_a_right_takes_its_surveyed_area_from_its_parcel_and_a_new_holder_replaces_the_old(session, upload):
    supersede(session, "parcel", parcels(p00001=box(0, 0)), upload)
    supersede(session, "parcel_right", rights((1, 1), contract_m2=98.0), upload)
    right = session.scalars(as_of(ParcelRight)).one()
    assert (right.contract_m2, right.surveyed_m2, right.confirmed_m2) == (98.0, 100.0, 99.0)
    entered = supersede(session, "parcel_right", rights((1, 2)), delivery(session))
    assert (entered.new, entered.left) == (1, 1)
    assert [right.contractor_code for right in session.scalars(as_of(ParcelRight))] == [f"{VILLAGE}010002"]


def test_a_household_is_replaced_as_a_whole_and_others_stay(session, upload):
    def members(holder, *who):
        return pd.DataFrame({"contractor_code": holder, "name": list(who), "relation": "02"})

    supersede(session, "member", members(HOLDER, "张甲", "张乙"), upload)
    supersede(session, "member", members(f"{VILLAGE}010002", "李甲"), upload)
    supersede(session, "member", members(HOLDER, "张甲", "张丙"), delivery(session))
    told = sorted(member.name for member in session.scalars(as_of(HouseholdMember)))
    assert told == ["张丙", "张甲", "李甲"]


def test_two_members_under_one_number_are_both_kept(session, upload):
    frame = pd.DataFrame({"contractor_code": HOLDER, "name": ["张甲", "张乙"], "id_number": "4" * 18})
    assert supersede(session, "member", frame, upload).new == 2


def test_named_predecessors_of_the_same_issuer_end_with_their_rights(session, upload):
    supersede(session, "parcel", parcels(p00001=box(0, 0), p00002=box(50, 0)), upload)
    supersede(session, "parcel_right", rights((1, 1)), upload)
    parts = parcels(p00003=box(0, 0, 5), p00004=box(5, 0, 5)).assign(predecessors=f"{CODE}/{'9' * 14}00001")
    assert supersede(session, "parcel", parts, delivery(session)) == Entered(2, 0, 0, 1)
    assert sorted(code[-1] for code in session.scalars(select(as_of(Parcel).subquery().c.code))) == ["2", "3", "4"]
    assert session.scalars(as_of(ParcelRight)).all() == []
    assert names(session, valid_on=date(2000, 1, 1)) == ["垌口"] * 4


def test_predecessors_that_come_back_end_their_successors(session, upload):
    whole, parts = parcels(p00001=box(0, 0)), parcels(p00003=box(0, 0, 5), p00004=box(5, 0, 5))
    supersede(session, "parcel", whole, upload)
    supersede(session, "parcel", parts.assign(predecessors=CODE), delivery(session))
    assert supersede(session, "parcel", whole, delivery(session)) == Entered(0, 1, 0, 2)
    assert session.scalars(select(as_of(Parcel).subquery().c.code)).all() == [CODE]


def test_what_was_retired_is_gone_from_its_day_and_back_when_delivered_again(session, upload):
    frame = pd.DataFrame({"code": [HOLDER], "name": ["张甲"]})
    supersede(session, "contractor", frame, upload)
    assert retire(session, "contractor", [HOLDER], upload, date(2020, 1, 1)) == 1
    assert session.scalars(as_of(Contractor)).all() == []
    assert len(session.scalars(as_of(Contractor, valid_on=date(2019, 12, 31))).all()) == 1
    assert supersede(session, "contractor", frame, delivery(session)).changed == 1
    assert len(session.scalars(as_of(Contractor)).all()) == 1


def test_dates_beyond_reason_are_kept(session, upload):
    frame = pd.DataFrame({"code": [f"{HOLDER}J"], "term_to": pd.Series(["9999-01-01"], dtype="datetime64[s]")})
    supersede(session, "contract", frame, upload)
    loaded = ground.load(session, prefixes=[VILLAGE])["contract"]
    assert str(loaded.term_to[0])[:10] == "9999-01-01"


def test_what_is_owed_of_reserved_land_is_reckoned_by_the_database(session, upload):
    frame = parcels(p00001=box(0, 0)).assign(code=f"{VILLAGE}01L0001", quota_m2=500.0, granted_m2=120.0)
    supersede(session, "reserved", frame, upload)
    assert session.scalars(as_of(ReservedLand)).one().outstanding_m2 == 380.0
