"""What holds a certificate back: a grave finding on whatever it rests on, and on nothing else."""

from datetime import date

import geopandas as gpd
import pandas as pd

from data.store import certificates
from data.store.versions import supersede
from tests.data.conftest import VILLAGE, box, delivery, parcels
from tests.data.test_findings import run

ONE, TWO, THREE = (f"{VILLAGE}01{serial}" for serial in ("0001", "0002", "0003"))
BEGIN, END = date(1999, 1, 1), date(2028, 12, 31)


def test_a_paper_in_error_holds_its_own_certificate_back_and_no_other(session):
    upload = delivery(session)
    supersede(session, "parcel", parcels(p00001=box(0, 0), p00002=box(20, 0), p00003=box(40, 0)), upload)
    tables = {
        "contractor": {"code": [ONE, TWO, THREE], "kind": "1", "name": "张虚构"},
        "contract": {
            "code": [f"{ONE}J", f"{TWO}J", f"{THREE}J"],
            "contractor_code": [ONE, TWO, THREE],
            "term_from": [END, BEGIN, BEGIN],
            "term_to": [BEGIN, END, END],
        },
        "member": {"contractor_code": [ONE, TWO, THREE], "name": "张虚构", "sex": ["1", "9", "2"]},
        "parcel_right": {
            "parcel_code": [f"{VILLAGE}0100001", f"{VILLAGE}0100002", f"{VILLAGE}0100003"],
            "contractor_code": [ONE, TWO, THREE],
            "certificate_code": [f"{ONE}J", f"{TWO}J", f"{THREE}J"],
        },
    }
    for layer, columns in tables.items():
        supersede(session, layer, pd.DataFrame(columns), upload)
    run(session, only=["QC-A02", "QC-A12"])
    held = {
        code: [one["rule"] for one in certificates.by_code(session, f"{code}J").blocking] for code in (ONE, TWO, THREE)
    }
    assert held == {ONE: ["QC-A12"], TWO: ["QC-A02"], THREE: []}


def test_what_a_holder_may_have_done_elsewhere_holds_no_certificate_back(session):
    upload = delivery(session)
    supersede(session, "parcel", parcels(p00001=box(0, 0)), upload)
    holder = {"code": [ONE], "kind": "1", "name": "张虚构"}
    right = {
        "parcel_code": [f"{VILLAGE}0100001"],
        "contractor_code": [ONE],
        "certificate_code": [f"{ONE}J"],
    }
    for layer, columns in (("contractor", holder), ("parcel_right", right)):
        supersede(session, layer, pd.DataFrame(columns), upload)
    taken = gpd.GeoDataFrame({"row": [0], "party_code": [ONE]}, geometry=[box(0, 0, 100, 100)], crs=4525)
    supersede(session, "recorded_act", taken, upload)
    supersede(session, "basic_farmland", taken[["row", "geometry"]], upload)
    assert run(session, only=["ZZ-15"]) == {"new": 1}
    assert certificates.by_code(session, f"{ONE}J").blocking == []
