"""Layers of the land office on their way: delivered, stored under lasting names, loaded, told of a finding."""

import json
from datetime import date

import pandas as pd
import pytest

from api.work import sides
from data.store import ground
from geo.detect import detect
from tests.intake.build import CODE, PRJ, dbf, delivery, layer, shp, square
from tests.intake.test_surveys import ACTS, PLOTS, RIGHTS, UNIT, approvals

#: The expropriation that `approvals` delivers.
TAKEN = "approval:粤府土审〔2020〕0号#PZLX2"


def hand_in(house, client, path, **fields):
    report = house.deliver(client, path, **fields)
    if report["state"] == "awaiting_acceptance":
        client.post(f"/api/v1/uploads/{report['id']}/accept", json={"accept": "valid_rows"})
        house.work()
        report = client.get(f"/api/v1/uploads/{report['id']}").json()
    assert report["state"] in ("stored", "done", "detected", "finished"), report["state"]
    return report


def one(columns, row):
    return shp([square(0)]) | {".dbf": dbf(columns, [row]), ".prj": PRJ}


@pytest.fixture
def stored(house, tmp_path):
    client = house.signed_in("surveyor")
    hand_in(house, client, delivery(tmp_path / "a.zip", DK=layer(2)))
    plot = {"BDCDYH": UNIT, "ZDLX": "1", "ZL": "大岭村", "DJRQ": "20200101"}
    surveys = {
        "ZD441781": one(PLOTS, plot),
        "LQ441781": one(RIGHTS, {"LQZH": "阳林证字〔2009〕1号", "ZL": "大岭", "DJRQ": "20090101"}),
        "WFDK441781": one(ACTS, {"WFDKBH": "阳违〔2023〕7号", "CFRQ": "20230801", "PHZZTJ": "2"}),
        "ZZ_TDZSFW441781": approvals(1),
    }
    for number, (name, parts) in enumerate(surveys.items()):
        hand_in(house, client, delivery(tmp_path / f"{number}.zip", **{name: parts}))
    return client


def test_plots_rights_acts_and_approvals_are_stored_loaded_and_told(house, stored, tmp_path):
    with house.office.begin() as session:
        known = ground.load(session, prefixes=["4417"])
        told = {ref: sides.told(session, ref).detail for ref in (f"title_plot:{UNIT}", TAKEN)}
    assert list(known["title_plot"]["ref"]) == [f"title_plot:{UNIT}"]
    assert list(known["forest_right"]["code"]) == ["阳林证字〔2009〕1号"]
    assert known["recorded_act"]["punished_on"][0] == pd.Timestamp(2023, 8, 1)
    assert list(known["approval"]["kind"]) == ["2"]
    found = detect(known, day=date(2026, 1, 1), only=["OV-11", "OV-12", "OV-13"])
    parcel = f"parcel:{CODE.format(0)}"
    assert set(zip(found.findings["rule"], found.findings["subject"], strict=True)) == {
        (rule, parcel) for rule in ("OV-11", "OV-12", "OV-13")
    }
    facts = {fact["name"]["en"]: fact["value"]["zh"] for fact in told[TAKEN]["facts"]}
    assert facts == {"kind of approval": "土地征收", "approved on": "2020-06-01"}
    facts = {fact["name"]["en"]: fact["value"]["en"] for fact in told[f"title_plot:{UNIT}"]["facts"]}
    assert facts == {"kind of plot": "house-site", "registered on": "2020-01-01"}


@pytest.mark.parametrize("number", ["粤府土审〔2019〕7号", "粤府土审〔2020〕0号"])
def test_a_conversion_does_not_take_the_place_of_an_expropriation(house, stored, tmp_path, number):
    """Nor when one paper approves both."""
    numbered = dbf({"PZWH": ("C", 100), "PZRQ": ("D", 8)}, [{"PZWH": number, "PZRQ": "20190601"}])
    hand_in(house, stored, delivery(tmp_path / "z.zip", ZZ_NYDZYFW441781=layer(1, dbf=numbered)))
    with house.office.begin() as session:
        known = ground.load(session, prefixes=["4417"], only=["parcel", "approval"])["approval"]
    assert sorted(known["kind"]) == ["1", "2"]


def test_sites_under_review_are_refused_with_the_reason(house, tmp_path):
    client = house.signed_in("surveyor")
    report = house.deliver(client, delivery(tmp_path / "x.zip", XS_XMKJFW=approvals(1)))
    assert report["state"] == "refused"
    assert "预审" in json.dumps(report, ensure_ascii=False)
