"""The loop finds the same whole, tiled, shuffled and in a pool, and an independent brute force agrees."""

from datetime import date
from importlib import import_module

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo import pairs, repair
from geo.detect import detect
from geo.shapes import firm_area

DAY = date(2026, 1, 1)
MEASURES = ["key", "shared_m2", "firm_m2", "width_m", "share_a", "share_b"]


@pytest.fixture(scope="module")
def crowded():
    """Three hundred parcels thrown at random (seeded), so that many overlap, some are contained, some cross."""
    random = np.random.default_rng(4417)
    corner = random.uniform((37_601_000, 2_417_000), (37_601_300, 2_417_300), (300, 2))
    size = random.uniform(3, 40, (300, 2))
    turn = random.uniform(0, 90, 300)
    shapes = [
        shapely.affinity.rotate(shapely.box(x, y, x + w, y + h), angle)
        for (x, y), (w, h), angle in zip(corner, size, turn, strict=True)
    ]
    codes = [f"4417811020010{group}{serial:05d}" for serial, group in enumerate(random.integers(1, 9, 300))]
    return gpd.GeoDataFrame({"code": codes, "row": range(300)}, geometry=shapes, crs="EPSG:4525")


def found(frame, **options):
    findings = detect({"parcel": frame}, day=DAY, **options).findings
    return findings[MEASURES].sort_values("key", ignore_index=True)


def test_every_pair_of_a_square_metre_is_found_and_nothing_else(crowded):
    detection = detect({"parcel": crowded}, day=DAY, only=["OV-01", "OV-02", "OV-03", "OV-04"])
    ours = {frozenset((row["a_code"], row["b_code"])) for row in detection.findings.to_dict("records")}
    shapes = shapely.transform(crowded.geometry.to_numpy(), lambda xy: xy - (37_601_000, 2_417_000))
    theirs = {
        frozenset((crowded.code[i], crowded.code[j]))
        for i in range(300)
        for j in range(i)
        if shapely.buffer(cut := shapely.intersection(shapes[i], shapes[j]), -0.025).area > 0 and cut.area >= 1
    }
    assert len(theirs) > 300
    assert ours == theirs


def test_shuffled_rows_give_the_same_names_and_the_same_bits(crowded):
    shuffled = crowded.sample(frac=1, random_state=1, ignore_index=True)
    assert found(crowded).equals(found(shuffled))


def test_tiles_give_the_same_names_and_the_same_bits(crowded, monkeypatch):
    whole = found(crowded)
    monkeypatch.setattr(pairs, "FEATURES_A_TILE", 37)
    assert found(crowded).equals(whole)


def test_neighbours_are_looked_at_but_not_reported_on(crowded):
    mine = crowded["row"] < 100
    detection = detect({"parcel": crowded.assign(mine=mine)}, day=DAY, only=["OV-01", "OV-02", "OV-03", "OV-04"])
    known = set(crowded.loc[mine, "code"])
    sides = [{row["a_code"], row["b_code"]} for row in detection.findings.to_dict("records")]
    assert sides
    assert all(side & known for side in sides)
    assert any(side - known for side in sides)


def test_what_falls_below_tolerance_is_counted():
    pair = gpd.GeoDataFrame(
        {"code": ["A", "B"], "row": [0, 1]},
        geometry=[shapely.box(0, 0, 10, 10), shapely.box(9.99, 0, 20, 10)],
        crs="EPSG:4546",
    )
    assert detect({"parcel": pair}, day=DAY, only=["OV-01"]).below_tolerance == {"pairs": 1, "m2": pytest.approx(0.1)}


def bowtie_among_squares():
    return gpd.GeoDataFrame(
        {"code": ["A", "B", "C"], "row": [0, 1, 2]},
        geometry=[
            shapely.Polygon([(0, 0), (50, 50), (50, 0), (0, 50)]),
            shapely.box(0, 0, 50, 50),
            shapely.box(25, 0, 60, 50),
        ],
        crs="EPSG:4546",
    )


def test_an_invalid_shape_is_judged_on_a_repaired_copy_that_says_so():
    detection = detect({"parcel": bowtie_among_squares()}, day=DAY, only=["OV-04"])
    assert detection.not_compared == []
    assert detection.invalid == 1
    (finding,) = detection.findings.to_dict("records")
    assert finding["evidence"]["a_on_repaired_copy"]
    assert finding["shared_m2"] == pytest.approx(1250)  # two triangles of 25 m by 50 m


def scribble_among_squares():
    random = np.random.default_rng(1)
    scribble = shapely.Polygon(random.uniform(0, 60, (2000, 2)))  # some half a million crossings
    return bowtie_among_squares().assign(geometry=[scribble, shapely.box(0, 0, 50, 50), shapely.box(25, 0, 60, 50)])


@pytest.mark.parametrize(
    ("limit", "value"), [("MOST_VERTICES", 1999), ("SECONDS_A_SHAPE", 0.001), ("MEMORY_BYTES", 1 << 20)]
)
def test_a_shape_beyond_the_limits_is_listed_and_the_others_go_on(monkeypatch, limit, value):
    monkeypatch.setattr(repair, limit, value)
    detection = detect({"parcel": scribble_among_squares()}, day=DAY, only=["OV-01"])
    assert detection.not_compared == ["parcel:A"]
    assert list(detection.findings["subject"]) == ["parcel:B"]


def test_rules_of_one_question_measure_a_cut_once(monkeypatch, crowded):
    measured = []

    def counted(cuts, width_m):
        measured.append(len(cuts))
        return firm_area(cuts, width_m)

    monkeypatch.setattr(import_module("geo.detect.judge"), "firm_area", counted)
    run = detect({"parcel": crowded}, day=DAY, only=["OV-01", "OV-02", "OV-03", "OV-04", "OV-08"])
    assert sum(measured) == len(run.findings)


def test_a_parcel_that_came_thirty_times_is_found_with_each_of_the_others(crowded):
    shape = crowded.geometry[0]
    shapes = [shape, shapely.reverse(shapely.force_3d(shape, 7.5))] * 15
    again = gpd.GeoDataFrame({"code": [f"44178110200101{n:05d}" for n in range(30)]}, geometry=shapes, crs="EPSG:4525")
    findings = detect({"parcel": again}, day=DAY, only=["OV-01", "OV-03"]).findings
    assert list(findings["rule"]) == ["OV-03"] * (30 * 29 // 2)
    assert findings["shared_m2"].to_numpy() == pytest.approx(shape.area, abs=1e-6)


@pytest.mark.parametrize(("into_m", "fired"), [(0.2, ["OV-01"]), (0.02, ["QC-G08"]), (0.0005, [])])
def test_one_defect_is_a_finding_of_one_rule(into_m, fired):
    pair = gpd.GeoDataFrame(
        {"code": ["A", "B"], "row": [0, 1]},
        geometry=[shapely.box(0, 0, 10, 10), shapely.box(10 - into_m, 0, 20, 10)],
        crs="EPSG:4546",
    )
    found = detect({"parcel": pair}, day=DAY, only=["OV-01", "OV-02", "OV-03", "OV-04", "QC-G08"])
    assert list(found.findings["rule"]) == fired
    assert found.below_tolerance["pairs"] == 1 - len(fired)
