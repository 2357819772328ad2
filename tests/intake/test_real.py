"""Real parcels that nobody here drew: `pairs` and `check` against PostGIS, which measures on its own."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import psycopg
import pytest
import shapely

from data.samples.effects import STORIES, alone, neighbours, together
from geo.crs import reprojected, working_crs
from tests.intake.test_check import check, run  # noqa: F401 (fixtures)

REAL = Path(__file__).parents[1] / "data" / "real"
PAIRS = """
SELECT a.row AS row_a, b.row AS row_b, ST_Area(ST_CollectionExtract(ST_Intersection(a.geom, b.geom), 3)) AS shared_m2
FROM areas a JOIN areas b ON a.row < b.row AND a.geom && b.geom AND ST_Relate(a.geom, b.geom, '2********')
"""


def by_postgis(cluster, frame: gpd.GeoDataFrame) -> pd.DataFrame:
    """Every pair that shares ground, found and measured by PostGIS alone, on shapes moved near their origin."""
    with (
        cluster.database("real_pairs") as name,
        psycopg.connect(cluster.url(name).replace("+psycopg", "")) as connection,
    ):
        connection.execute("CREATE EXTENSION IF NOT EXISTS postgis")
        connection.execute("CREATE TABLE areas (row int PRIMARY KEY, geom geometry)")
        with connection.cursor() as cursor, cursor.copy("COPY areas FROM STDIN") as copy:
            for row, shape in enumerate(frame.geometry):
                copy.write_row((row, shapely.to_wkb(shape, hex=True)))
        connection.execute("CREATE INDEX ON areas USING gist (geom)")
        found = connection.execute(PAIRS).fetchall()
    return pd.DataFrame(found, columns=["row_a", "row_b", "shared_m2"])


def by_geos(frame: gpd.GeoDataFrame) -> set[tuple[str, int, int | None]]:
    """What plain GEOS sees of crowded, near and missing corners, thin parcels and slight overlaps, pair by pair."""
    shapes = dict(enumerate(frame.geometry))
    found = {(rule, row, None) for row, shape in shapes.items() for rule in alone(shape)}
    pairs = neighbours(shapes, list(shapes))
    return found | {(rule, a, b) for a, b in pairs for rule in together(shapes[a], shapes[b])}


def said(report: dict) -> set[tuple[str, int, int | None]]:
    """What a report says of the same, by rows, the lower one first."""
    sides = [(f["rule"], f["a"]["row"], f["b"] and f["b"]["row"]) for f in report["findings"] if f["rule"] in STORIES]
    return {(rule, a, b) if b is None else (rule, min(a, b), max(a, b)) for rule, a, b in sides}


def compare(ours: pd.DataFrame, theirs: pd.DataFrame, above: float) -> None:
    """The same pairs, but for those within 1e-3 m² of the threshold, and areas equal to 1e-3 m² or 1e-6."""
    both = ours.merge(theirs, on=["row_a", "row_b"], how="outer", suffixes=("", "_postgis")).fillna(0.0)
    off = (both["shared_m2"] - both["shared_m2_postgis"]).abs()
    assert (off <= np.maximum(1e-3, 1e-6 * both["shared_m2"])).all(), both[off > 1e-3]
    clear = (both["shared_m2_postgis"] - above).abs() > 1e-3
    counted = (both["shared_m2"] > above)[clear], (both["shared_m2_postgis"] > above)[clear]
    assert counted[0].equals(counted[1])


def test_dutch_fields_share_no_ground_to_speak_of(cluster, run, check, tmp_path):  # noqa: F811
    file = REAL / "brp_fields.zip"
    assert run("pairs", file, "--out", tmp_path / "pairs.csv") == 0
    ours = pd.read_csv(tmp_path / "pairs.csv")
    frame = gpd.read_file(f"zip://{file}")
    compare(ours, by_postgis(cluster, frame), 0.01)
    assert (len(frame), len(ours)) == (4872, 344)
    assert [int((ours["shared_m2"] > above).sum()) for above in (0.01, 1.0)] == [25, 0]
    report, _ = check(file)
    assert report["features"] == {"read": 4872, "accepted": 4872, "rejected": 0, "invalid": 0}
    assert [found for found in report["findings"] if found["category"] != "quality"] == []
    assert by_geos(frame) ^ said(report) <= {("QC-G08", 4800, 4805)}  # a sliver of 1.9 to 2.1 mm: the gate is 2 mm
    assert {found["rule"] for found in report["findings"]} - STORIES.keys() <= {"QC-G05", "QC-G07", "QC-G11"}
    slight = [found for found in report["findings"] if found["rule"] == "QC-G08"]
    assert report["below_tolerance"]["pairs"] + len(slight) == 344
    assert all(found["shared_m2"] > 0.01 for found in slight)
    assert report["working_crs"] == "EPSG:28992"
    assert report["keys_stable"] is False


def test_adjustments_of_new_zealand_overlap_by_nature(cluster, run, check, tmp_path, capsys):  # noqa: F811
    file = REAL / "linz_adjustments.gpkg"
    assert run("pairs", f"{file}:nz_waca_adjustments", "--out", tmp_path / "pairs.csv") == 0
    assert "+proj=laea" in capsys.readouterr().err
    ours = pd.read_csv(tmp_path / "pairs.csv")
    degrees = gpd.read_file(file)
    metres = reprojected(degrees, working_crs(degrees.crs, tuple(degrees.total_bounds)))
    theirs = by_postgis(cluster, metres)
    compare(ours, theirs, 1.0)
    assert (len(degrees), int((ours["shared_m2"] > 1).sum())) == (228, 312)
    assert int((ours[["share_a", "share_b"]].min(axis=1) > 1 - 1e-9).sum()) == 4
    report, out = check(file)
    assert report["features"]["read"] == 228
    found = pd.DataFrame(
        [
            {"row_a": f["a"]["row"], "row_b": f["b"]["row"], **f}
            for f in report["findings"]
            if f["category"] == "overlap"
        ]
    )
    measured = found.merge(theirs.assign(row_a=theirs["row_b"], row_b=theirs["row_a"]), on=["row_a", "row_b"])
    measured = pd.concat([measured, found.merge(theirs, on=["row_a", "row_b"])])
    assert len(measured) == len(found)
    assert measured["shared_m2_x"].to_numpy() == pytest.approx(measured["shared_m2_y"].to_numpy(), rel=1e-6, abs=1e-3)
    assert found["rule"].value_counts()["OV-03"] == 4
    cuts = gpd.read_file(out, layer="findings")
    assert cuts.crs.to_epsg() == 4167
    assert json.dumps(report)


def test_the_equal_area_projection_keeps_areas(cluster):
    """PostGIS measures on the spheroid; the projection that we chose must agree with it for pieces of land."""
    degrees = gpd.read_file(REAL / "linz_adjustments.gpkg").iloc[:40]
    metres = reprojected(degrees, working_crs(degrees.crs, tuple(degrees.total_bounds)))
    with (
        cluster.database("real_areas") as name,
        psycopg.connect(cluster.url(name).replace("+psycopg", "")) as connection,
    ):
        connection.execute("CREATE EXTENSION IF NOT EXISTS postgis")
        geodesic = [
            connection.execute(
                "SELECT ST_Area(ST_GeomFromWKB(%s, 4167)::geography)", [shapely.to_wkb(shape)]
            ).fetchone()[0]
            for shape in degrees.geometry
        ]
    assert metres.area.to_numpy() == pytest.approx(geodesic, rel=2e-5)
