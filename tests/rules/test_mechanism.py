"""What holds for all rules: garbage stops none of them, and of what was given they say what they judged."""

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.detect import detect
from geo.fields import fields
from geo.model import DETAIL_LAYERS, LAYERS, TABLES
from geo.rules import book
from tests.rules.drawn import CRS, ORIGIN

DAY = date(2026, 1, 1)
#: What stands in genuine tables where something else should.
RUBBISH = [
    None,
    np.nan,
    "",
    "   ",
    "J",
    "无",
    "\u3000",
    "x" * 99,
    "０１２",
    "-1",
    "1e308",
    "*****",
    "0000-00-00",
    "'; --",
]
FIGURES = [None, np.nan, np.inf, -np.inf, 0.0, -1.0, 1e308, -1e308, 5e-324, 2.0**53, 0.005, 1e12, 7.0, 3.0]
DAYS = [None, "9999-01-01", "0001-01-01", "1850-01-01", "2016-02-29"] + [None] * 9


def rubbish(layer: str, typed: bool) -> pd.DataFrame:
    """Rows of rubbish in every column that the dictionary knows, in the types of the reader or all as texts."""
    count = len(RUBBISH)
    columns: dict[str, object] = {"row": np.arange(count), "code": [f"44178110120101{n:05d}" for n in range(count)]}
    for field in fields(layer):
        turned = RUBBISH[len(columns) % count :] + RUBBISH[: len(columns) % count]
        columns[field.name] = pd.Series(turned, dtype=object)
        if typed and field.type in ("int", "float"):
            columns[field.name] = pd.Series(FIGURES, dtype=float)
        if typed and field.type == "date":
            columns[field.name] = np.array([day or "NaT" for day in DAYS], dtype="datetime64[s]")
    frame = pd.DataFrame(columns)
    if layer in TABLES:
        return frame
    x, y = ORIGIN
    shapes = [shapely.box(x + 20 * n, y, x + 20 * n + 10, y + 10) for n in range(count)]
    if layer in DETAIL_LAYERS:
        shapes = [shape.centroid for shape in shapes]
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=CRS)


@pytest.mark.parametrize("typed", [True, False], ids=["typed", "texts"])
def test_no_rule_is_stopped_by_garbage(typed):
    ground = {layer: rubbish(layer, typed) for layer in (*LAYERS, *DETAIL_LAYERS, *TABLES) if layer != "register"}
    ours = [rule for rule in book() if rule.startswith(("QC-A", "QC-U", "QC-R", "QC-M"))]
    ground["parcel_right"]["surveyed_m2"] = ground["parcel_right"]["confirmed_m2"]
    # dates as texts come from no reader; rules on transfers rely on that
    run = detect(ground, day=DAY, only=None if typed else ours)
    assert set(ours) <= {rule for rule, told in run.rules.items() if told["status"] == "run"}
    assert run.findings["key"].is_unique
    assert {"QC-A01", "QC-A02", "QC-A04"} <= set(run.findings["rule"])


def test_of_many_tables_those_that_were_given_are_judged_and_named():
    ground = {
        "contractor": pd.DataFrame({"code": ["441781101201010001"], "kind": ["7"]}),
        "issuer": pd.DataFrame({"code": ["44178110120101"], "head_id_type": ["7"]}),
    }
    run = detect(ground, day=DAY, only=["QC-A02", "QC-A04", "QC-M01"])
    assert run.rules["QC-A02"]["judged"] == ["issuer", "contractor"]
    assert set(run.findings["subject"]) == {"contractor:441781101201010001", "issuer:44178110120101"}
    assert run.rules["QC-M01"] == {
        "status": "skipped",
        "reason": {"zh": "没有提供 parcel", "en": "parcel was not given"},
        "findings": 0,
        "thresholds": {"tolerance_m2": 0.05, "tolerance_mu": 0.011, "high_share": 0.01},
    }


def test_a_table_that_a_rule_could_have_used_is_told():
    ground = {"contractor": pd.DataFrame({"code": ["441781101201010001"], "surveyed_on": [pd.Timestamp("2015-04-10")]})}
    run = detect(ground, day=DAY, only=["QC-A11"])
    assert run.rules["QC-A11"]["without"] == ["contract", "register_entry"]


def test_nothing_that_is_stored_of_a_finding_names_anybody():
    name, number, odd = "张虚构人", "442922185001010119", "李　构"
    ground = {
        "contractor": pd.DataFrame(
            {"code": ["441781101201010001"], "name": [odd], "id_type": ["1"], "id_number": [number], "kind": ["1"]}
            | {"member_count": [1], "phone": ["我的电话"], "postcode": ["1"]}
        ),
        "member": pd.DataFrame(
            {"contractor_code": ["441781101201010001"] * 2}
            | {"name": [name, name], "id_type": ["1", "1"], "id_number": [number, number], "sex": ["2", "9"]}
            | {"relation": ["02", "02"]}
        ),
    }
    findings = detect(ground, day=DAY).findings
    assert {"QC-A01", "QC-A02", "QC-A08", "QC-A09", "QC-A10", "QC-R03", "QC-U03"} <= set(findings["rule"])
    stored = findings.drop(columns=["geometry", "point"]).to_json()
    told = stored + "".join(map(str, findings["evidence"])) + "".join(findings["subject"])
    for word in (name, number, odd, "我的电话"):
        assert word not in told
