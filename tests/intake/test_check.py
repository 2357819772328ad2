"""`check` and `pairs` as scripts call them: options, exit codes, report.json, findings.gpkg, pairs.csv."""

import json
import sys
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely

from api.command import main
from data.samples import write_township
from geo import finding
from tests.intake.build import CODE, DK, ORIGIN, dbf, delivery, layer, parcels, shp, square
from tests.web.test_certificate import words

TRAPS = Path(__file__).parents[1] / "data" / "crs_traps"
#: definitions.md of the contract with scripts: the members of a report.
REPORT = {
    "dingxin", "schema", "file", "working_crs", "features", "rejected", "rules", "findings", "below_tolerance",
    "not_compared", "keys_stable", "versions",
}  # fmt: skip
FINDING = {
    "key", "rule", "category", "severity", "a", "b", "shared_m2", "firm_m2", "width_m", "share_a", "share_b", "point",
    "sentence", "article",
}  # fmt: skip


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Run a verb and give its exit code."""

    def call(*words: object) -> int:
        monkeypatch.setattr(sys, "argv", ["dingxin", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            main()
        return left.value.code or 0

    return call


@pytest.fixture
def check(run, tmp_path):
    """Run a check that must succeed; its report and the path of its findings."""

    def call(file: object, *options: object) -> tuple[dict, Path]:
        out, report = tmp_path / "findings.gpkg", tmp_path / "report.json"
        assert run("check", file, *options, "--out", out, "--report", report) == 0
        return json.loads(report.read_text(encoding="utf-8")), out

    return call


@pytest.fixture(scope="module")
def township(tmp_path_factory):
    folder = tmp_path_factory.mktemp("township")
    return folder, write_township(folder, parcels=800, seed=5)


def references(out: Path) -> set[tuple[str, str, str | None]]:
    table = pyogrio.read_dataframe(out, layer="findings", read_geometry=False)
    against = table["against"].astype(object).where(table["against"].notna(), None)
    return set(zip(table["rule"], table["subject"], against, strict=True))


def test_all_that_was_planted_and_nothing_else(check, township):
    folder, truth = township
    report, out = check(folder / "township.zip")
    assert references(out) == truth.findings(1)
    rejected = {(row["layer"], row["row"], row["parcel_code"]) for row in report["rejected"]}
    assert rejected == {(layer, row, code or None) for layer, row, code in truth.rejected(1)}
    counts = report["features"]
    assert counts["read"] == truth.deliveries[0]["rows"]["DK"] == counts["accepted"] + counts["rejected"]
    assert {layer["read"] for layer in report["file"]["layers"]} <= set(truth.deliveries[0]["rows"].values())
    assert report["keys_stable"]


def test_the_report_on_paper_counts_as_the_report_does(check, township, tmp_path):
    folder, _ = township
    report, _ = check(folder / "township.zip", "--pdf", tmp_path / "report.pdf")
    told = words((tmp_path / "report.pdf").read_bytes())
    assert report["file"]["sha256"] in told
    assert f"缺陷共 {len(report['findings']) + len(report['rejected'])} 条" in told
    assert f"不能入库 {len(report['rejected'])}" in told
    assert all(finding["rule"] in told for finding in report["findings"])


def test_a_correction_beside_the_register(check, township):
    folder, truth = township
    report, out = check(folder / "correction.zip", "--against", f"register={folder / 'township.zip'}")
    new = {found for found in truth.findings(2) if found[0].startswith("OV-05")}
    assert new
    assert {found for found in references(out) if found[0] == "OV-05"} == new
    pairs = [found for found in report["findings"] if found["rule"] == "OV-05"]
    delivered = gpd.read_file(f"zip://{folder / 'correction.zip'}!DK4417812026.shp", columns=["DKBM"])["DKBM"].tolist()
    for found in pairs:
        assert found["b"]["layer"] == "register"
        assert delivered[found["a"]["row"]] == found["a"]["code"]
    assert references(out) <= truth.findings(2)


def test_the_report_is_what_scripts_expect(check, township):
    folder, _ = township
    report, out = check(folder / "township.zip", "--rule", "OV-01", "--rule", "OV-05", "--rule", "ZZ-01")
    assert set(report) == REPORT
    assert report["schema"] == 1
    assert set(report["file"]) >= {"path", "sha256", "layer", "encoding", "encoding_evidence", "crs", "crs_evidence"}
    assert report["file"]["layer"] == "parcel"
    assert report["file"]["crs"] == report["working_crs"] == "EPSG:4525"
    assert set(report["features"]) == {"read", "accepted", "rejected", "invalid"}
    assert set(report["rules"]) == {"OV-01", "OV-05", "ZZ-01"}
    assert report["rules"]["OV-05"]["status"] == "skipped"
    assert set(report["rules"]["OV-05"]["reason"]) == {"zh", "en"}
    assert report["rules"]["OV-01"]["thresholds"] == {"min_area_m2": 1.0, "min_width_m": 0.05}
    for entry in report["rules"].values():
        assert set(entry) - {"leaves_out"} == {"status", "reason", "findings", "thresholds"}
    assert set(report["rules"]["ZZ-01"]["leaves_out"]) == {"zh", "en"}
    for found in report["findings"]:
        assert set(found) == FINDING
        assert set(found["a"]) == {"row", "code"}
        assert found["b"] is None or set(found["b"]) == {"layer", "row", "code"}
    for row in report["rejected"]:
        assert set(row) >= {"row", "code", "reason", "place"}
    assert {name: report["rules"][name]["findings"] for name in report["rules"]} == {
        name: sum(found["rule"] == name for found in report["findings"]) for name in report["rules"]
    }
    layers = {name: pyogrio.read_dataframe(out, layer=name) for name, _ in pyogrio.list_layers(out)}
    assert list(layers) == ["findings", "points", "rejected"]
    columns = [name for name in finding.COLUMNS if name not in ("point", "geometry")] + ["geometry"]
    for table in layers.values():
        assert list(table.columns) == columns
        assert table.crs.to_epsg() == 4525
    assert len(layers["findings"]) == len(layers["points"]) == len(report["findings"])
    assert len(layers["rejected"]) == len(report["rejected"])
    assert layers["points"].geometry.within(layers["findings"].geometry.buffer(0.001)).all()


def overlapping(tmp_path, **columns) -> Path:
    """Two squares of 10 m that share a strip of 2 m."""
    x, y = ORIGIN
    shapes = [[[(x + d, y), (x + d, y + 10), (x + d + 10, y + 10), (x + d + 10, y), (x + d, y)]] for d in (0, 8)]
    return delivery(tmp_path / "two.zip", DK=layer(2) | shp(shapes) | {".dbf": dbf(DK, parcels(2, **columns))})


def test_a_threshold_may_be_set(check, tmp_path):
    file = overlapping(tmp_path)
    report, _ = check(file, "--rule", "OV-01")
    (found,) = report["findings"]
    assert found["shared_m2"] == pytest.approx(20.0, abs=1e-6)
    assert found["width_m"] == pytest.approx(2.0, abs=2e-3)
    assert (found["a"], found["b"]) == (
        {"row": 0, "code": CODE.format(0)},
        {"layer": "parcel", "row": 1, "code": CODE.format(1)},
    )
    report, _ = check(file, "--rule", "OV-01", "--set", "OV-01.min_area_m2=20.5")
    assert report["findings"] == []
    assert report["rules"]["OV-01"]["thresholds"]["min_area_m2"] == 20.5
    assert report["below_tolerance"]["pairs"] == 1


def test_a_file_without_codes(check, tmp_path):
    fields = {"ident": ("C", 19)}
    x, y = ORIGIN
    shapes = [[[(x + d, y), (x + d, y + 10), (x + d + 10, y + 10), (x + d + 10, y), (x + d, y)]] for d in (0, 8)]
    rows = [{"ident": "A"}, {"ident": "B"}]
    file = delivery(tmp_path / "two.zip", fields=layer(2) | shp(shapes) | {".dbf": dbf(fields, rows)})
    report, out = check(file, "--rule", "OV-01")
    assert report["keys_stable"] is False
    assert references(out) == {("OV-01", "row:0", "row:1")}
    report, out = check(file, "--rule", "OV-01", "--map", "DKBM=ident")
    assert report["keys_stable"] is True
    assert references(out) == {("OV-01", "parcel:A", "parcel:B")}
    assert report["findings"][0]["key"] == finding.key("OV-01", "parcel:A", "parcel:B")


def test_degrees_are_measured_in_metres_and_answered_in_degrees(check, tmp_path):
    shapes = [shapely.box(111.98, 21.85, 111.981, 21.851), shapely.box(111.9805, 21.85, 111.9815, 21.851)]
    path = tmp_path / "DK.gpkg"
    gpd.GeoDataFrame({"DKBM": [CODE.format(1), CODE.format(2)]}, geometry=shapes, crs=4490).to_file(path, layer="DK")
    report, out = check(path, "--rule", "OV-01")
    (found,) = report["findings"]
    # 0.0005 degrees of longitude by 0.001 of latitude at 21.85 N on GRS 80
    assert found["shared_m2"] == pytest.approx(51.68 * 110.74, rel=1e-3)
    assert found["point"] == pytest.approx([111.98075, 21.8505], abs=5e-4)
    cuts = pyogrio.read_dataframe(out, layer="findings")
    assert cuts.crs.to_epsg() == 4490
    assert cuts.total_bounds == pytest.approx([111.9805, 21.85, 111.981, 21.851], abs=1e-9)
    assert "+proj=laea" in report["working_crs"]


def test_a_further_layer_in_another_system_is_brought_over(check, tmp_path):
    file = overlapping(tmp_path)
    frame = gpd.GeoDataFrame(
        {"JZWBH": ["B1"]}, geometry=[shapely.box(*ORIGIN, ORIGIN[0] + 5, ORIGIN[1] + 5)], crs=4525
    ).to_crs(4546)
    frame.to_file(tmp_path / "house.gpkg", layer="whatever")
    report, _ = check(file, "--against", f"building={tmp_path / 'house.gpkg'}", "--rule", "ZZ-05")
    (found,) = report["findings"]
    assert found["shared_m2"] == pytest.approx(25.0, abs=1e-3)
    assert found["b"] == {"layer": "building", "row": 0, "code": "B1"}


def test_a_table_alone(check, tmp_path):
    path = tmp_path / "FBF.dbf"
    path.write_bytes(dbf({"FBFBM": ("C", 14)}, [{"FBFBM": "44178111320101"}]))
    report, _ = check(path)
    assert report["file"]["layer"] == "issuer"
    assert report["file"]["crs"] is None
    assert report["working_crs"] is None
    assert report["features"]["read"] == 1


@pytest.mark.parametrize("name", ["axis_swapped_xy", "cm111_no_prefix_no_prj", "lonlat_labelled_as_metres_zone37"])
def test_unreadable_input_is_2(run, tmp_path, capsys, name):
    out = ("--out", tmp_path / "f.gpkg", "--report", tmp_path / "r.json")
    assert run("check", TRAPS / f"{name}.shp", *out) == 2
    assert run("pairs", TRAPS / f"{name}.shp", "--out", tmp_path / "p.csv") == 2
    said = capsys.readouterr().err
    assert "crs" in said
    assert list(tmp_path.iterdir()) == []


def test_a_system_that_contradicts_the_file_is_2(run, tmp_path):
    file = TRAPS / "zone37_prefixed_ok.shp"
    out = ("--out", tmp_path / "f.gpkg", "--report", tmp_path / "r.json")
    assert run("check", file, "--crs", 4526, *out) == 2
    assert run("check", file, "--crs", 4525, *out) == 0
    assert run("check", TRAPS / "cm111_no_prefix_no_prj.shp", "--crs", 4546, *out) == 0


@pytest.mark.parametrize(
    "words",
    [
        ["check"],
        ["check", "a.zip"],
        ["check", "a.zip", "--layer", "house"],
        ["check", "a.zip", "--against", "house=a.zip"],
        ["check", "a.zip", "--against", "a.zip"],
        ["check", "a.zip", "--rule", "XX-99"],
        ["check", "a.zip", "--set", "OV-01.no_such_m2=1"],
        ["check", "a.zip", "--set", "OV-01.min_area_m2=much"],
        ["check", "a.zip", "--set", "OV-01=1"],
        ["check", "a.zip", "--map", "DKBM"],
        ["check", "a.zip", "--crs", "EPSG"],
        ["check", "a.zip", "--no-such-option"],
        ["pairs"],
        ["pairs", "a.zip", "--min-area", "-1"],
        ["pairs", "a.zip", "b.zip", "c.zip"],
    ],
)
def test_wrong_usage_is_64(run, tmp_path, words):
    options = ["--out", tmp_path / "o"] + (["--report", tmp_path / "r"] if words[0] == "check" else [])
    assert run(*words, *(options if len(words) > 2 or words[0] == "pairs" else [])) == 64


def test_outputs_need_a_folder(run, tmp_path):
    file = TRAPS / "zone37_prefixed_ok.shp"
    assert run("pairs", file, "--out", tmp_path / "nowhere" / "p.csv") == 64


def test_pairs_of_one_file_and_of_two(run, tmp_path):
    file = overlapping(tmp_path)
    out = tmp_path / "pairs.csv"
    assert run("pairs", file, "--out", out) == 0
    table = pd.read_csv(out, dtype={"code_a": str, "code_b": str})
    assert list(table.columns) == [
        "row_a", "row_b", "code_a", "code_b", "shared_m2", "share_a", "share_b", "width_m"
    ]  # fmt: skip
    (pair,) = table.to_dict("records")
    assert (pair["row_a"], pair["row_b"], pair["code_a"], pair["code_b"]) == (0, 1, CODE.format(0), CODE.format(1))
    assert pair["shared_m2"] == pytest.approx(20, abs=1e-6)
    assert (pair["share_a"], pair["share_b"]) == pytest.approx((0.2, 0.2))
    assert run("pairs", file, file, "--out", out) == 0
    assert pd.read_csv(out)[["row_a", "row_b"]].to_numpy().tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert run("pairs", file, "--min-area", 25, "--out", out) == 0
    assert len(pd.read_csv(out)) == 0


def test_pairs_of_outlines_that_were_kept_are_those_of_the_file(run, tmp_path):
    file, kept, out = overlapping(tmp_path), tmp_path / "kept.arrow", tmp_path / "pairs.csv"
    assert run("pairs", file, "--out", out) == 0
    wanted = out.read_bytes()
    assert run("outlines", file, "--out", kept) == 0
    assert run("pairs", kept, "--out", out) == 0
    assert out.read_bytes() == wanted
    assert run("pairs", file, kept, "--out", out) == 0
    assert len(pd.read_csv(out)) == 4


def test_an_arrow_file_that_is_none_of_ours_is_2(run, tmp_path, capsys):
    (tmp_path / "odd.arrow").write_bytes(b"ARROW1\0\0 and no more")
    assert run("pairs", tmp_path / "odd.arrow", "--out", tmp_path / "pairs.csv") == 2
    assert "not_outlines" in capsys.readouterr().err


def test_pairs_keep_rows_whose_code_is_there_twice(run, tmp_path):
    file = overlapping(tmp_path, DKBM=[CODE.format(0)] * 2)
    out = tmp_path / "pairs.csv"
    assert run("pairs", file, "--out", out) == 0
    assert len(pd.read_csv(out)) == 1


def test_pairs_repair_invalid_shapes_and_count_them(run, tmp_path, capsys):
    x, y = ORIGIN
    bow_tie = [[(x, y), (x + 10, y + 10), (x + 10, y), (x, y + 10), (x, y)]]
    file = delivery(tmp_path / "a.zip", DK=layer(3) | shp([bow_tie, square(0), None]))
    out = tmp_path / "pairs.csv"
    assert run("pairs", file, "--out", out) == 0
    (pair,) = pd.read_csv(out).to_dict("records")
    assert (pair["row_a"], pair["row_b"]) == (0, 1)
    assert pair["shared_m2"] == pytest.approx(50, abs=1e-6)
    said = capsys.readouterr().err
    assert "1 invalid shapes" in said
    assert "1 rows have no usable shape" in said
