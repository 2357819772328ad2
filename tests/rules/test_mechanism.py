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
        "reason": {"zh": "没有提供地块（DK）", "en": "Parcels not given"},
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


def boxes(*sizes: tuple[float, float, float, float], **columns: object) -> gpd.GeoDataFrame:
    """Rectangles near the drawn ones, each with a letter for a code."""
    x, y = ORIGIN
    shapes = [shapely.box(x + west, y + south, x + east, y + north) for west, south, east, north in sizes]
    codes = list("ABCDEFGH"[: len(sizes)])
    return gpd.GeoDataFrame({"code": codes, "row": range(len(sizes)), **columns}, geometry=shapes, crs=CRS)


def test_where_one_of_several_layers_is_enough_the_others_are_told_as_missing():
    ground = {"parcel": boxes((0, 0, 20, 20)), "change_patch": boxes((0, 0, 20, 20), class_code=["DT"])}
    bare = detect(ground, day=DAY, only=["ZZ-09"]).rules["ZZ-09"]
    said = "Basic farmland protection areas or Land cover, earlier or Land cover not given"
    assert (bare["status"], bare["reason"]["en"]) == ("skipped", said)
    some = detect(ground | {"basic_farmland": boxes((0, 0, 20, 10))}, day=DAY, only=["ZZ-09"])
    assert some.rules["ZZ-09"]["without"] == ["approval", "landcover_before", "landcover"]
    assert some.findings["shared_m2"].tolist() == [200.0]


def test_patches_of_a_further_layer_are_joined_under_one_name():
    ground = {
        "parcel": boxes((0, 0, 40, 40)),
        "landcover": boxes((0, 0, 20, 20), class_code=["1104"]),
        "change_patch": boxes((10, 0, 30, 20), class_code=["KT"]),
        "landcover_before": boxes((0, 0, 40, 40), class_code=["0101"]),
        "basic_farmland": boxes((0, 0, 40, 40)),
    }
    (both,) = detect(ground, day=DAY, only=["ZZ-11"]).findings.to_dict("records")
    assert (both["subject"], both["against"], both["shared_m2"]) == ("parcel:A", "landcover", 600.0)
    assert both["evidence"]["patches"] == [
        {"ref": "landcover:A", "class": "1104", "m2": 400.0},
        {"ref": "change_patch:A", "class": "KT", "m2": 400.0},
    ]
    seen = ground | {"landcover": boxes((200, 0, 220, 20), class_code=["1104"])}
    del ground["landcover"]
    for fewer in (seen, ground):
        run = detect(fewer, day=DAY, only=["ZZ-11"])
        assert run.findings["key"].tolist() == [both["key"]], "the name does not depend on which layer told it"
        assert run.findings["shared_m2"].tolist() == [400.0]
    assert run.rules["ZZ-11"]["without"] == ["approval", "landcover"]


def test_what_lies_under_many_shapes_is_what_an_independent_overlay_finds():
    rng = np.random.default_rng(7)
    corners = rng.uniform(0, 300, (160, 2))
    sizes = rng.uniform(5, 60, (160, 2))
    made = [(*corner, *(corner + size)) for corner, size in zip(corners, sizes, strict=True)]
    parcel, patch, fields, basic = (
        gpd.GeoDataFrame(
            {"code": [f"{name}{n:03d}" for n in range(40)], "row": range(40), "class_code": code},
            geometry=[shapely.box(*np.add(box, ORIGIN * 2)) for box in made[at : at + 40]],
            crs=CRS,
        )
        for at, name, code in ((0, "P", ""), (40, "Q", "0601"), (80, "R", "0101"), (120, "S", ""))
    )
    ground = {"parcel": parcel, "landcover": patch, "landcover_before": fields, "basic_farmland": basic}
    found = detect(ground, day=DAY, only=["ZZ-03"]).findings.set_index("subject")["shared_m2"]
    whole = gpd.overlay(patch.dissolve(), fields.dissolve(), how="intersection").union_all()
    expected = shapely.area(shapely.intersection(parcel.geometry.to_numpy(), whole))
    for code, area in zip(parcel["code"], expected, strict=True):
        assert found.get(f"parcel:{code}", 0.0) == pytest.approx(area if area >= 50 else 0.0, abs=1e-5)
    assert len(found) > 10


def test_a_rule_that_cannot_be_asked_about_one_table_is_asked_about_the_other_and_says_which():
    changes = {"code": ["B1"], "kind": ["1021"], "parcel_code": ["A"], "to_code": ["441781101201019001"]}
    ground = {
        "transfer": pd.DataFrame({"code": ["T1"], "method": ["200"], "transferee_code": ["441781101201010002"]}),
        "right_change": pd.DataFrame(changes),
        "contractor": pd.DataFrame({"code": ["441781101201019001"], "kind": ["3"]}),
    }
    run = detect(ground, day=DAY, only=["ZM-02", "ZM-04"])
    assert list(run.findings["subject"]) == ["right_change:B1"]
    assert (run.rules["ZM-02"]["status"], run.rules["ZM-02"]["judged"]) == ("run", ["right_change"])
    assert run.rules["ZM-04"]["without"] == ["transfer_parcel", "transfer.filed_on", "right_change.filed_on"]
