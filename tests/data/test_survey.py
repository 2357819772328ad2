"""Survey layers: features without codes keep the names they were given, and a new survey replaces the old."""

from datetime import date

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy import select

from data.store import documents, ground
from data.store.versions import as_of, supersede
from data.tables import SurveyFeature
from tests.data.conftest import box, delivery, parcels


def buildings(*shapes, **columns):
    return gpd.GeoDataFrame({"row": range(len(shapes)), **columns}, geometry=list(shapes), crs=4525)


def codes(session, layer="building"):
    query = as_of(SurveyFeature).where(SurveyFeature.layer == layer).order_by(SurveyFeature.id)
    return [feature.code for feature in session.scalars(query)]


def test_a_building_without_a_code_keeps_its_name_when_it_is_measured_again(session, upload):
    supersede(session, "building", buildings(box(0, 0), box(30, 0)), upload)
    first, second = codes(session)
    assert len(first) == 6
    assert int(second) == int(first) + 1
    # given in another order, one moved by 40 cm, one new beside them
    entered = supersede(session, "building", buildings(box(60, 0), box(30.4, 0), box(0, 0)), delivery(session))
    assert (entered.new, entered.changed, entered.unchanged) == (1, 1, 1)
    assert set(codes(session)) >= {first, second}


def test_a_name_goes_to_the_greatest_shared_area_and_only_above_one_half(session, upload):
    supersede(session, "building", buildings(box(0, 0, 10, 10)), upload)
    (name,) = codes(session)
    # two parts of it: neither 6/10 nor 4/10 is half of both but the larger one is
    supersede(session, "building", buildings(box(0, 0, 4, 10), box(4, 0, 6, 10)), delivery(session))
    kept = select(SurveyFeature).where(SurveyFeature.code == name).order_by(SurveyFeature.id.desc()).limit(1)
    shape = shapely.from_wkb(session.scalars(kept).one().delivered)
    assert shape.area == 60
    supersede(session, "building", buildings(box(0, 0, 4, 10), box(7.5, 0, 2.5, 10)), delivery(session))
    assert name not in codes(session)


def test_what_the_new_survey_lacks_is_gone_on_its_own_ground_only(session, upload):
    supersede(session, "building", buildings(box(0, 0), box(40, 0), box(5000, 0)), upload)
    supersede(session, "building", buildings(box(0, 0), box(80, 0)), delivery(session))
    places = sorted(
        round(shapely.from_wkb(f.delivered).bounds[0]) - 37_601_000 for f in session.scalars(as_of(SurveyFeature))
    )
    assert places == [0, 80, 5000]


def test_a_dated_survey_leaves_the_past_as_it_was(session, upload):
    supersede(session, "building", buildings(box(0, 0), box(40, 0)), upload)
    supersede(session, "building", buildings(box(0, 0)), delivery(session), date(2024, 1, 1))
    assert len(codes(session)) == 1 + 1  # the second lies outside of what was covered
    supersede(session, "building", buildings(box(0, 0), box(80, 0)), delivery(session), date(2024, 6, 1))
    assert len(session.scalars(as_of(SurveyFeature, valid_on=date(2024, 5, 1))).all()) == 2
    assert len(codes(session)) == 2


def test_delivered_codes_are_kept_and_attributes_come_back_typed(session, upload):
    frame = buildings(
        box(0, 0),
        box(0, 0, 5, 5),
        code=["阳府批1号"] * 2,
        valid_from=pd.Series(["2020-01-01"] * 2, dtype="datetime64[s]"),
        declared_m2=[100.0, 25.0],
    )
    supersede(session, "approval", frame, upload)
    supersede(session, "parcel", parcels(p00001=box(0, 0)), upload)
    loaded = ground.load(session, prefixes=["4417"])["approval"]
    assert sorted(loaded.ref) == ["approval:阳府批1号#1", "approval:阳府批1号#2"]
    assert loaded.valid_from.astype(str).tolist() == ["2020-01-01"] * 2
    assert sorted(loaded.declared_m2) == [25.0, 100.0]
    assert not loaded.mine.any()
    lawful = session.scalars(as_of(SurveyFeature)).first().lawful
    assert (lawful.lower, lawful.upper) == (date(2020, 1, 1), None)


def test_one_number_of_two_kinds_is_two_approvals(session, upload):
    """A conversion, then the expropriation on the same paper from another layer: neither takes the other's place."""
    conversion = buildings(box(0, 0), code=["阳府批1号"], kind=["1"])
    expropriation = buildings(box(0, 0, 5, 5), code=["阳府批1号"], kind=["2"])
    supersede(session, "parcel", parcels(p00001=box(0, 0)), upload)
    for frame in (conversion, expropriation, conversion):
        supersede(session, "approval", frame, delivery(session))
    loaded = ground.load(session, prefixes=["4417"])["approval"].set_index("kind")
    assert loaded["ref"].to_dict() == {"1": "approval:阳府批1号#PZLX1", "2": "approval:阳府批1号#PZLX2"}
    assert loaded.area.to_dict() == {"1": 100.0, "2": 25.0}
    drawn = documents.drawn(session, "approval", "阳府批1号#PZLX2")
    assert drawn is not None
    assert drawn.area_m2 == 25.0
