"""Twelve zips of the kinds that other systems' users wrote in about: each is read right, or refused with what to do."""

import zipfile

import pytest
from pyproj import CRS

from geo.intake import IntakeError, read
from tests.intake.build import DK, PRJ, dbf, layer, parcels

#: As ESRI's programs write it: a name of the projection that other libraries did not know.
ESRI = CRS.from_epsg(4525).to_wkt("WKT1_ESRI")
CHINESE = {"地块代码": ("C", 19), "地块名称": ("C", 50)}
CHINESE_ROWS = [{"地块代码": row["DKBM"], "地块名称": "水库边"} for row in parcels(2)]
MARK = b"\xef\xbb\xbf"


def members(change=None, **parts):
    files = {f"DK4417812026{suffix}": content for suffix, content in layer(2, **parts).items()}
    return list((change(files) if change else files).items())


def text(encoding, name="水库边", fields=DK):
    return dbf(fields, parcels(2, DKMC=[name.encode(encoding)] * 2), encoding)


def renamed(old, new):
    return lambda files: {name.replace(old, new): content for name, content in files.items()}


def shouted(files):
    return {f"成果/{name.upper()}": content for name, content in files.items()}


TWELVE = {
    "GBK text and nothing that says so": (members(dbf=text("gbk")), ("GB18030", "EPSG:4525")),
    "UTF-8 text under a .cpg that says GBK": (members(dbf=text("utf-8"), cpg=b"GBK"), ("UTF-8", "EPSG:4525")),
    "a .cpg that names no encoding": (members(dbf=text("gbk"), cpg=MARK + b"OEM 936\r\n"), ("GB18030", "EPSG:4525")),
    "a .cpg that is empty": (members(dbf=text("gbk"), cpg=b""), ("GB18030", "EPSG:4525")),
    "columns named in Chinese": (members(dbf=dbf(CHINESE, CHINESE_ROWS)), "column_missing"),
    "a Gauss_Kruger projection as ESRI names it": (members(prj=ESRI.encode()), ("GB18030", "EPSG:4525")),
    "a .prj behind a byte order mark": (members(prj=MARK + PRJ), ("GB18030", "EPSG:4525")),
    "no .prj": (members(prj=None), "no_crs"),
    "no .dbf": (members(dbf=None), "missing_part"),
    "no .shx": (members(shx=None), "missing_part"),
    "two layers that differ in case only": (members() + members(renamed("DK", "dk")), "ambiguous_layer"),
    "a folder, upper case and what a Mac leaves": (
        [("__MACOSX/._DK4417812026.shp", b"x"), *members(shouted)],
        ("GB18030", "EPSG:4525"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", TWELVE)
def test_it_is_read_or_refused_with_a_reason_and_a_way_on(tmp_path, kind):
    content, outcome = TWELVE[kind]
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in content:
            archive.writestr(name, data)
    if isinstance(outcome, tuple):
        (found,) = read(path).layers
        assert (found.encoding, found.crs) == outcome
        assert found.frame["name"].tolist() == ["水库边", "水库边"]
        return
    with pytest.raises(IntakeError) as refused:
        read(path)
    assert refused.value.code == outcome
    assert refused.value.zh
    assert refused.value.en
    if outcome in ("no_crs", "column_missing"):
        (preview,) = refused.value.previews
        made = {one["name"]: one for one in preview["decisions"]}["crs" if outcome == "no_crs" else "columns"]
        assert [other["value"] for other in made["alternatives"]] == (
            ["EPSG:4525"] if outcome == "no_crs" else [{"DKBM": "地块代码"}, {"DKMC": "地块名称"}]
        )
