"""A county's delivery out of the books: its tree, its files read by others, and its sums."""

from __future__ import annotations

import csv
import json
import sqlite3
import zipfile
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from xml.etree import ElementTree

import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely
from sqlalchemy import text

from api.errors import Refused
from api.work import export
from data.store import versions
from tests.command import dingxin, inside
from tests.data.conftest import box, delivery, parcels
from tests.delivery.test_shapefile import WIDTHS, fields

ROOT = "441781阳春市"
FOLDERS = {"矢量数据", "权属数据", "汇总表格", "文字报告", "图件", "栅格数据", "其他资料", "元数据", "导出问题.csv"}
#: Tables the standard wants in every package, whether or not they hold anything.
MANDATORY = ("KZD", "XJXZQ", "QYJX", "DK", "JZD", "JZX", "JBNTBHQ")
TABLES = (
    *("FBF", "CBF", "CBF_JTCY", "CBDKXX", "CBHT", "LZHT", "QSLYZLFJ", "CBJYQZDJB", "CBJYQZ", "LZDK"),
    *("SFK", "ZDTZ", "LYDLS"),
)


def exported(house, out, scope="", county="", year="2026"):
    return export.package(house.office, out, scope, county, year, lambda zh, en: None)


def delivered(sample, tmp_path, table):
    """A layer of the sample as it was handed in, read by GDAL: shapes by code."""
    with zipfile.ZipFile(sample[0] / "township.zip") as archive:
        archive.extractall(tmp_path / "in")
    frame = pyogrio.read_dataframe(tmp_path / "in" / f"{table}4417812026.shp", encoding="gbk")
    return frame.drop_duplicates("DKBM", keep=False).set_index("DKBM")


def test_the_tree_is_the_standards_and_every_file_is_what_was_delivered(town, sample, tmp_path):
    told = exported(town, tmp_path / "out")
    root = tmp_path / "out" / ROOT
    assert {path.name for path in root.iterdir()} == FOLDERS
    for table in MANDATORY:
        parts = [root / "矢量数据" / f"{table}4417812026{suffix}" for suffix in (".shp", ".shx", ".dbf", ".prj")]
        assert all(part.is_file() for part in parts)
        assert not (root / "矢量数据" / f"{table}4417812026.cpg").exists()
        info = pyogrio.read_info(parts[0], force_feature_count=True)
        assert info["features"] == told.rows[table]
        content = parts[2].read_bytes()
        assert content[29] == 0x4D
        if table in WIDTHS:
            assert " ".join(fields(content)).startswith(WIDTHS[table])
    _same_parcels(root, sample, tmp_path)
    _same_tables(town, root)
    _sums_add_up(root)
    assert [one.kind for one in told.defects] == []
    assert (root / "导出问题.csv").read_text("utf-8-sig").splitlines() == ["kind,table,row,code,column,value,zh,en"]
    said = ElementTree.parse(root / "元数据" / "SL4417812026.xml")
    assert [said.findtext(f".//{name}") for name in ("coorRSID", "coorFDKD", "EPSG")] == ["001", "002", "4525"]
    note = (root / "权属数据" / "说明.txt").read_text("utf-8")
    assert ".mdb" in note
    assert "GeoPackage" in note


def _same_parcels(root, sample, tmp_path):
    """Every stored parcel is in the file as it was handed in: all columns, all bits of its shape."""
    out = pyogrio.read_dataframe(root / "矢量数据" / "DK4417812026.shp", encoding="gbk").set_index("DKBM")
    given = delivered(sample, tmp_path, "DK").loc[out.index]
    assert len(out) > 800
    assert out["BSM"].is_unique
    for column in given.columns.drop(["geometry", "BSM"]):
        assert out[column].fillna("").tolist() == given[column].fillna("").tolist(), column
    ours, theirs = (shapely.get_coordinates(frame.geometry.to_numpy()) for frame in (out, given))
    assert np.array_equal(ours.view(np.int64), theirs.view(np.int64))
    assert shapely.to_wkb(out.geometry.to_numpy()).tolist() == shapely.to_wkb(given.geometry.to_numpy()).tolist()


def _same_tables(town, root):
    """The attribute tables hold what the books hold, in the GeoPackage and in the CSV beside it."""
    kept = {
        "FBF": "issuer",
        "CBF": "contractor",
        "CBF_JTCY": "household_member",
        "CBHT": "contract",
        "LZHT": "transfer",
    }
    with sqlite3.connect(root / "权属数据" / "4417812026.gpkg") as book, town.office.begin() as session:
        names = {name for (name,) in book.execute("SELECT table_name FROM gpkg_contents")}
        assert names == set(TABLES)
        for table, ours in kept.items():
            (rows,) = book.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
            assert rows == session.scalar(text(f"SELECT count(*) FROM {ours}"))  # noqa: S608
        query = "SELECT CBFBM, CBFMC, CBFZJHM, CBFDCRQ FROM CBF ORDER BY 1"
        theirs = [tuple(map(str, row)) for row in book.execute(query)]
        query = "SELECT code, name, id_number, surveyed_on FROM contractor ORDER BY 1"
        assert theirs == [tuple(map(str, row)) for row in session.execute(text(query))]
    with (root / "权属数据" / "CBF.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [tuple(row[name] for name in ("CBFBM", "CBFMC", "CBFZJHM", "CBFDCRQ")) for row in csv.DictReader(file)]
    assert sorted(rows) == theirs
    units = openpyxl.load_workbook(root / "权属数据" / "4417812026权属单位代码表.xlsx").active
    assert ("441781113201", "旗鼓村委会") in {row[:2] for row in units.iter_rows(values_only=True)}


def _sums_add_up(root):
    """Sums by another engine, from the layer that went out: every village, every town, and all."""
    out = pyogrio.read_dataframe(root / "矢量数据" / "DK4417812026.shp", encoding="gbk", read_geometry=False)
    cents = [Decimal(str(area)).quantize(Decimal("0.01"), ROUND_HALF_UP) if area == area else 0 for area in out["SCMJ"]]
    out = out.assign(village=out["DKBM"].str[:12], m2=cents)
    here = out[out["DKLB"] == "10"]
    for name, column, rows, codes in (
        ("按地块汇总表", "DKLB", out, ("10",)),
        ("按承包地土地用途汇总表", "TDYT", here, ("1", "2", "3", "4", "5")),
        ("按非承包地地块类别汇总表", "DKLB", out[out["DKLB"] != "10"], ("21", "22", "23", "99")),
        ("按承包地所有权性质汇总表", "SYQXZ", here, ("10", "30", "31", "32", "33", "34")),
        ("按承包地是否基本农田汇总表", "SFJBNT", here, ("1", "2")),
    ):
        page = openpyxl.load_workbook(root / "汇总表格" / f"4417812026{name}.xlsx").active
        title, head, *lines = page.iter_rows(values_only=True)
        assert title[0] == name
        *places, total = lines
        assert total[0] == "合计 total"
        for line in lines:
            mine = rows if line is total else rows[rows["village"].str.startswith(line[0])]
            for at, code in enumerate(codes):
                of = mine[mine[column] == code]
                count, m2, mu = line[2 + 3 * at : 5 + 3 * at]
                assert (count, Decimal(str(m2))) == (len(of), Decimal(sum(of["m2"]))), (name, line[0], head[2 + 3 * at])
                assert mu == pytest.approx(float(sum(of["m2"])) * 0.0015, abs=1e-9)
        villages = [line for line in places if len(line[0]) == 12]
        towns = [line for line in places if len(line[0]) == 9]
        for at in range(2, len(head)):
            sums = [sum(Decimal(str(line[at])) for line in some) for some in (villages, towns)]
            assert sums == [Decimal(str(total[at]))] * 2
    certificates = openpyxl.load_workbook(root / "汇总表格" / "4417812026按权证信息汇总表.xlsx").active
    contractors = openpyxl.load_workbook(root / "汇总表格" / "4417812026按承包方汇总表.xlsx").active
    with sqlite3.connect(root / "权属数据" / "4417812026.gpkg") as book:
        for page, column, query in (
            (certificates, "合计 登记簿数 / all, register entries", "SELECT count(*) FROM CBJYQZDJB"),
            (certificates, "合计 权证数 / all, certificates", "SELECT count(*) FROM CBJYQZ"),
            (certificates, "合计 已领取 / all, collected", "SELECT count(*) FROM CBJYQZ WHERE QZSFLQ = '1'"),
            (contractors, "农户 承包方数 / household, contractors", "SELECT count(*) FROM CBF WHERE CBFLX = '1'"),
            (contractors, "合计 家庭成员数 / all, members", "SELECT count(*) FROM CBF_JTCY"),
        ):
            _, head, *lines = page.iter_rows(values_only=True)
            assert lines[-1][head.index(column)] == book.execute(query).fetchone()[0]


def test_a_town_goes_out_as_a_zip_and_defects_are_told(town, tmp_path):
    with town.office.begin() as session:
        _odd_rows(session)
    told = exported(town, tmp_path / "out.zip", "441781113201")
    kinds = ["gb18030", "too_wide", "reprojected"]
    assert [one.kind for one in told.defects] == kinds
    assert [one.kind for one in exported(town, tmp_path / "other.zip", "441781113202").defects] == []
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.read(f"{ROOT}/矢量数据/DK4417812026.cpg") == b"GB18030"
        listed = list(csv.DictReader(archive.read(f"{ROOT}/导出问题.csv").decode("utf-8-sig").splitlines()))
        tables = archive.read(f"{ROOT}/权属数据/CBF.csv").decode("utf-8-sig")
    assert [(row["kind"], row["column"], row["value"]) for row in listed] == [
        ("gb18030", "", ""), ("too_wide", "DKBZXX", "长" * 200), ("reprojected", "", "EPSG:4546"),
    ]  # fmt: skip
    assert "'=1+1" in tables
    out = _parcels(tmp_path / "out.zip")
    assert {code[:12] for code in out.index} == {"441781113201"}
    assert out.loc["4417811132010190001"].geometry.bounds == box(0, 0).bounds
    assert out.loc["4417811132010190001"]["DKMC"] == "𠮷垌"
    with pytest.raises(Refused, match="is there already"):
        exported(town, tmp_path / "out.zip")
    with pytest.raises(Refused, match="does not lie in county"):
        exported(town, tmp_path / "other", "441702", "441781")
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


def _odd_rows(session):
    """A rare name, a text too long, a shape in another system, and a name that a spreadsheet would run."""
    upload = delivery(session)
    odd = parcels(4546, "441781113201", p90001=box(0, 0), p90002=box(100, 0))
    odd.geometry = odd.geometry.translate(-37_000_000)
    versions.supersede(session, "parcel", odd.assign(name=["𠮷垌", "垌口"], remark=[None, "长" * 200]), upload)
    holder = {"code": ["441781113201019999"], "name": ["=1+1"], "kind": ["1"]}
    versions.supersede(session, "contractor", pd.DataFrame(holder), upload)


def _parcels(path):
    return pyogrio.read_dataframe(f"/vsizip/{path}/{ROOT}/矢量数据/DK4417812026.shp").set_index("DKBM")


def test_books_of_no_county_are_no_delivery(house, tmp_path):
    with pytest.raises(Refused) as refusal:
        exported(house, tmp_path / "out")
    assert refusal.value.code == "which_county"
    assert not (tmp_path / "out").exists()


def test_the_verb_at_the_machine(town, tmp_path):
    export = partial(dingxin, "export", **inside(town))
    package = export("--package", "--year", "2026", "--scope", "441781113204", "--out", tmp_path / "out")
    assert package.returncode == 0, package.stderr
    layer = tmp_path / "out" / ROOT / "矢量数据" / "DK4417812026.shp"
    assert json.loads(package.stdout)["rows"]["DK"] == pyogrio.read_info(layer)["features"] > 100
    listed = export("--layer", "parcel", "--format", "csv", "--out", tmp_path / "dk.csv")
    assert json.loads(listed.stdout)["rows"] == len((tmp_path / "dk.csv").read_text("utf-8-sig").splitlines()) - 1
    assert (tmp_path / "dk.csv").stat().st_mode & 0o077 == 0
    assert export("--package", "--out", tmp_path / "out").returncode == 64
    assert export("--layer", "parcel", "--format", "doc", "--out", tmp_path / "x").returncode == 64
