"""The promise: a package in, out, and in by another house: the same rows, the same shapes, the same findings."""

from __future__ import annotations

import csv
import secrets
import zipfile
from datetime import date

import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely
from pyproj import CRS

from api.work import export
from data.store import places
from geo.delivery import dbf, shapefile
from geo.fields import dictionary
from tests.api.conftest import House
from tests.api.test_walk import standing
from tests.data.conftest import box

ROOT = "441781阳春市"
VILLAGE = "441781113201"
#: What two deliveries of one state share byte for byte; GeoPackages and XLSX bear the moment they were written.
BYTES = (".shp", ".shx", ".dbf", ".prj", ".cpg", ".csv", ".txt", ".xml")


@pytest.fixture
def another(cluster, template, tmp_path):
    """A second house, of which the first knows nothing."""
    with cluster.database(f"another_{secrets.token_hex(4)}", template) as name:
        house = House(tmp_path / "another", cluster.url(name))
        yield house
        house.close()


def exported(house, out):
    return export.package(house.office, out, "", "441781", "2026", lambda zh, en: None)


def received(house, path):
    with house.office.begin() as session:
        places.load(session)
    report = house.deliver(house.signed_in("surveyor"), path, accept="valid_rows")
    assert report["state"] == "done", report["error"]
    return report


def contents(path):
    """What a package says, by the names of its files."""
    said = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(BYTES):
                said[name] = archive.read(name)
            elif name.endswith(".xlsx"):
                with archive.open(name) as file:
                    said[name] = list(openpyxl.load_workbook(file).active.iter_rows(values_only=True))
    return said


def findings(house):
    return standing(house.signed_in("official"))


def test_a_township_comes_out_of_another_house_as_it_went_in(town, house, tmp_path):
    exported(town, tmp_path / "first.zip")
    report = received(house, tmp_path / "first.zip")
    assert sum(layer["rejected"] for layer in report["layers"]) == 0
    exported(house, tmp_path / "second.zip")
    first, second = contents(tmp_path / "first.zip"), contents(tmp_path / "second.zip")
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
    assert findings(house) == findings(town)


def genuine(folder):
    """A package as offices have them: points and lines, a split layer, rare characters; two parcels side by side."""
    east, rare = box(0, 0), "𠮷地"
    parcels = {
        "BSM": [11, 12],
        "DKBM": [f"{VILLAGE}0100001", f"{VILLAGE}0100002"],
        "DKMC": [rare, "垌口"],
        "DKLB": ["10", "10"],
        "DLDJ": ["05", "05"],
        "TDYT": ["1", "1"],
        "SFJBNT": ["2", "2"],
        "SCMJ": [100.0, 100.0],
        "DKDZ": ["=1+1", "道路"],
        "KJZB": ["J1/J2/J3/J4", "J2/J5/J6/J3"],
    }
    corners = shapely.points(shapely.get_coordinates(east)[:-1])
    line = shapely.LineString(shapely.get_coordinates(east)[:2])
    both = "/".join(parcels["DKBM"])
    layers = {
        "DK": (parcels, [east, box(10, 0)]),
        "JZD": (
            {"BSM": [1, 2, 3, 4], "JZDH": ["J1", "J2", "J3", "J4"], "JZDLX": ["1"] * 4, "DKBM": [both] * 4}
            | {"XZBZ": shapely.get_y(corners).round(3), "YZBZ": shapely.get_x(corners).round(3)},
            corners,
        ),
        "JZX": ({"BSM": [7], "JZXWZ": ["1"], "JZXSM": ["沿田埂"], "PLDWQLR": ["陈德福"], "DKBM": [both]}, [line]),
        "KZD": ({"BSM": [1], "KZDMC": ["三角点"], "KZDLX": ["110102"], "X2000": [2417000.123]}, [corners[0]]),
        "XJXZQ": ({"BSM": [1], "XZQDM": ["441781"], "XZQMC": ["阳春市"]}, [box(-500, -500, 1000, 1000)]),
        "QYJX": ({"BSM": [1], "JXLX": ["650200"], "JXXZ": ["600001"]}, [line]),
        "MZDW": ({"BSM": [1], "DWMC": ["水塘"], "MJ": [25.5]}, [box(30, 0, 5, 5)]),
        "XZDW": ({"BSM": [1], "DWMC": ["机耕路"], "KD": [3.0]}, [line]),
        "ZJ": ({"BSM": [1], "ZJNR": ["旗鼓村"], "ZT": ["宋体"], "ZJFX": [0.5]}, [line]),
        "DZDW": ({"BSM": [1], "DWMC": ["电杆"], "BZ": [rare]}, [corners[2]]),
        "JBNTBHQ": ({"BSM": [1], "BHQBH": ["4417810000001"], "JBNTMJ": [900.0]}, [box(0, 0, 30, 30)]),
    }  # fmt: skip
    vectors = folder / ROOT / "矢量数据"
    vectors.mkdir(parents=True)
    for table, (columns, shapes) in layers.items():
        fields = [one for one in dictionary() if one.table == table and not one.ours]
        element = {"DK": "211011", "JZD": "211021", "JZX": "211031", "JBNTBHQ": "251100"}.get(table)
        frame = pd.DataFrame(columns | ({"YSDM": element} if element else {}), dtype=object)
        writer = shapefile.Writer(
            vectors,
            f"{table}4417812026",
            {0: 1, 1: 3, 3: 5}[shapely.get_type_id(shapes[0]).item()],
            dbf.columns(fields),
            encoding="gb18030" if rare in frame.to_numpy() else "gbk",
            prj=CRS.from_epsg(4525).to_wkt("WKT1_ESRI"),
            day=date(2026, 5, 8),
            limit=2_500 if table == "DK" else shapefile.LIMIT,
        )
        writer.append(frame, np.array(shapes, dtype=object))
        writer.close()
        assert (writer.parts == ["DK4417812026-1", "DK4417812026-2"]) == (table == "DK")
    return folder


def tables(folder):
    """The attribute tables of that package, in one GeoPackage."""
    holder = {"CBFBM": [f"{VILLAGE}010001"], "CBFLX": ["1"], "CBFMC": ["𠮷林"], "CBFCYSL": [1]}
    paper = f"{VILLAGE}010001J"
    told = {
        "FBF": {"FBFBM": [f"{VILLAGE}01"], "FBFMC": ["旗鼓村一组"]},
        "CBF": holder | {"CBFDCRQ": ["2015-04-10"]},
        "CBF_JTCY": {"CBFBM": holder["CBFBM"], "CYXM": ["𠮷林"], "CYXB": ["1"], "YHZGX": ["02"]},
        "CBJYQZ": {"CBJYQZBM": [paper], "FZJG": ["阳春市人民政府"], "QZSFLQ": ["2"]},
        "CBJYQZ_QZBF": {"CBJYQZBM": [paper], "QZBFYY": ["遗失"], "BFRQ": ["2020-01-02"]},
        "QSLYZLFJ": {
            "CBJYQZBM": [paper],
            "ZLFJBH": ["A1"],
            "ZLFJMC": ["合同"],
            "FJ": ["其他资料\\权属来源附件\\A1.pdf"],
        },
    }
    target = folder / ROOT / "权属数据"
    target.mkdir(parents=True)
    for table, columns in told.items():
        pyogrio.write_dataframe(pd.DataFrame(columns), target / "4417812026.gpkg", layer=table, driver="GPKG")
    return told


def test_points_lines_objects_papers_and_split_layers_come_back(house, another, tmp_path):
    folder = genuine(tmp_path / "given")
    told = tables(folder)
    with zipfile.ZipFile(tmp_path / "given.zip", "w") as archive:
        for path in sorted(folder.rglob("*.*")):
            archive.write(path, path.relative_to(folder).as_posix())
    received(house, tmp_path / "given.zip")
    exported(house, tmp_path / "first.zip")
    received(another, tmp_path / "first.zip")
    exported(another, tmp_path / "second.zip")
    first, second = contents(tmp_path / "first.zip"), contents(tmp_path / "second.zip")
    assert [name for name in first.keys() | second.keys() if first.get(name) != second.get(name)] == []
    assert findings(another) == findings(house)
    for table in ("JZD", "JZX", "KZD", "XJXZQ", "QYJX", "MZDW", "XZDW", "DZDW", "JBNTBHQ", "ZJ"):
        name = f"矢量数据/{table}4417812026"
        given = {suffix: (folder / ROOT / f"{name}{suffix}") for suffix in (".shp", ".dbf", ".cpg")}
        assert first[f"{ROOT}/{name}.shp"] == given[".shp"].read_bytes(), table
        assert (f"{ROOT}/{name}.cpg" in first) == given[".cpg"].exists()
        assert _rows(tmp_path / "first.zip", name) == _rows(folder, name), table
    parcels = [row for part in (1, 2) for row in _rows(folder, f"矢量数据/DK4417812026-{part}")]
    assert _rows(tmp_path / "first.zip", "矢量数据/DK4417812026") == parcels
    for table, columns in told.items():
        text = first[f"{ROOT}/权属数据/{table}.csv"].decode("utf-8-sig")
        rows = list(csv.DictReader(text.splitlines()))
        assert {name: [row[name] for row in rows] for name in columns} == {
            name: [str(value) for value in values] for name, values in columns.items()
        }


def _rows(path, name):
    """The rows of a layer with their shapes, by GDAL; YSDM apart, which is filled in where it was left out."""
    inside = f"/vsizip/{path}" if path.suffix == ".zip" else path
    frame = pyogrio.read_dataframe(f"{inside}/{ROOT}/{name}.shp")
    frame["geometry"] = frame.geometry.to_wkb()
    return frame.drop(columns="YSDM").fillna("").to_numpy().tolist()
