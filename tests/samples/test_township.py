import hashlib
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import shapely
from stdnum.cn import ric

from data.samples import Truth, read_truth, write_township
from data.samples.township import COUNTY, TOWN, VILLAGES
from tests.samples import read
from tests.samples.conftest import SMALL

#: Every rule that the first depth of the rule book promises, and one more that the sample can show.
PROMISED = {
    *("OV-01", "OV-02", "OV-03", "OV-04", "OV-05", "OV-08", "OV-09", "OV-10", "ZZ-01", "ZZ-05"),
    *("ZL-02", "ZL-04", "ZL-05", "ZL-07", "ZL-12"),
    *("ZM-01", "ZM-10", "ZL-01", "ZL-06", "ZL-09", "QC-G01", "QC-G02", "QC-G03", "QC-G04", "QC-M01", "QC-U01"),
    *("QC-A04", "QC-R01", "QY-06", "QY-07", "QY-08"),
    *("OV-14", "ZZ-07", "ZZ-08"),
}
ROOT = Path(__file__).parents[2]


def test_no_two_runs_differ(folder: Path, truth: Truth, tmp_path: Path):
    program = f"from pathlib import Path; from data.samples import write_township; write_township(Path('.'), {SMALL})"
    environment = {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "7", "TZ": "Asia/Shanghai"}
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=environment, check=True)
    for name in ("township.zip", "correction.zip", "truth.json"):
        first, second = (hashlib.sha256((at / name).read_bytes()).hexdigest() for at in (folder, tmp_path))
        assert first == second, name


def test_a_seed_makes_another_township(folder: Path, truth: Truth, tmp_path: Path):
    write_township(tmp_path, SMALL, seed=2)
    assert (tmp_path / "township.zip").read_bytes() != (folder / "township.zip").read_bytes()


def test_about_as_many_parcels_as_asked_for(folder: Path, truth: Truth):
    parcels = read.layer(folder / "township.zip", "DK")
    assert len(parcels) == truth.deliveries[0]["rows"]["DK"] == pytest.approx(SMALL, rel=0.1)
    assert read.layer(folder / "correction.zip", "DK").shape[0] == truth.deliveries[1]["rows"]["DK"]


def test_the_truth_speaks_of_every_rule(truth: Truth):
    assert truth.rules() >= PROMISED
    assert len(truth.distractors) >= 20


def test_the_truth_is_read_back_as_written(folder: Path, truth: Truth):
    assert read_truth(folder / "truth.json") == truth


@pytest.mark.parametrize("after", [1, 2])
def test_no_parcels_overlap_but_those_of_the_truth(folder: Path, truth: Truth, after: int):
    planted = {
        frozenset(ref.removeprefix("parcel:") for ref in (subject, against))
        for rule, subject, against in truth.findings(after)
        if rule.startswith("OV") and against and (subject + against).count("parcel:") == 2
    }
    assert read.overlaps(read.stored_parcels(folder, after), 1.0, 0.05) == planted
    assert len(planted) >= 13


def test_neighbours_bear_the_noise_of_drawing(folder: Path, truth: Truth):
    parcels = read.stored_parcels(folder, 1)
    noisy = read.overlaps(parcels, 1e-6, 2e-4)
    assert len(noisy) > 40


@pytest.mark.parametrize("other", ["LYD", "JZW"])
def test_no_survey_layer_meets_a_parcel_but_as_planted(folder: Path, truth: Truth, other: str):
    rule, layer, field, gate = {
        "LYD": ("OV-09", "reserved", "LYDBH", 1.0),
        "JZW": ("ZZ-05", "building", "JZWBH", 10.0),
    }[other]
    parcels, things = read.stored_parcels(folder, 1), read.layer(folder / "township.zip", other)
    shapes = shapely.make_valid(parcels.geometry.to_numpy())
    thing, parcel = shapely.STRtree(shapes).query(things.geometry.to_numpy(), predicate="intersects")
    shared = shapely.area(shapely.intersection(things.geometry.to_numpy()[thing], shapes[parcel]))
    met = {
        (f"parcel:{parcels['DKBM'].iloc[p]}", f"{layer}:{things[field][t]}")
        for t, p in zip(thing[shared >= gate], parcel[shared >= gate], strict=True)
    }
    fired = {(subject, against) for name, subject, against in truth.findings(1) if name == rule}
    approved = {planted.refs for planted in truth.distractors if planted.name.startswith("building-")}
    assert met - {refs for refs in approved if refs in met} == fired


def test_rejected_rows_are_where_the_truth_says(folder: Path, truth: Truth):
    parcels = read.layer(folder / "township.zip", "DK")
    codes = parcels["DKBM"]
    bad = ~codes.str.fullmatch(r"[0-9]{19}") | codes.duplicated(keep=False) | parcels.geometry.isna()
    rows = np.flatnonzero(bad)
    assert truth.rejected(1) == {("parcel", int(row), codes[row]) for row in rows}
    assert len(rows) == 5
    assert truth.rejected(2) == set()
    assert read.layer(folder / "correction.zip", "DK").geometry.notna().all()


def test_the_correction_repeats_what_it_does_not_mend(folder: Path, truth: Truth):
    """Rows that say what is known make no version, so that only what changed is of the second delivery."""
    before = read.layer(folder / "township.zip", "DK").drop_duplicates("DKBM").set_index("DKBM").drop(columns="BSM")
    after = read.layer(folder / "correction.zip", "DK").set_index("DKBM")[before.columns]
    again = after[after.index.isin(before.index)]
    same = again.eq(before.loc[again.index]) | (again.isna() & before.loc[again.index].isna())
    changed = set(again.index[~same.all(axis=1)])
    mended = {one.subject for planted in truth.planted for one in planted.expected if one.until == 2}
    assert len(again) > 150
    assert len(changed) == 4  # three mended ones, and the row that had no shape
    assert mended & {f"parcel:{code}" for code in changed}


def test_invented_people_hold_numbers_of_nobody_living(folder: Path, truth: Truth):
    numbers = [
        *read.layer(folder / "township.zip", "CBF_JTCY")["CYZJHM"],
        *read.layer(folder / "township.zip", "FBF")["FZRZJHM"],
    ]
    assert len(set(numbers)) == len(numbers) > 400
    for number in numbers:
        assert ric.is_valid(number), number
        assert 1850 <= ric.get_birth_date(number).year <= 1889
    phones = read.layer(folder / "township.zip", "CBF")["LXDH"]
    assert phones.str.fullmatch(r"100\d{8}").all()


def test_sex_follows_the_number_and_each_household_has_its_head(folder: Path, truth: Truth):
    members = read.layer(folder / "township.zip", "CBF_JTCY")
    assert (members["CYZJHM"].str[16].astype(int) % 2 == members["CYXB"].eq("1")).all()
    heads = members[members["YHZGX"] == "02"].set_index("CBFBM")
    contractors = read.layer(folder / "township.zip", "CBF").set_index("CBFBM")
    households = contractors[contractors["CBFLX"] == "1"]
    assert (households["CBFZJHM"] == heads["CYZJHM"].reindex(households.index)).all()
    assert (households["CBFCYSL"] == members.groupby("CBFBM").size().reindex(households.index)).all()


def test_papers_agree_with_each_other(folder: Path, truth: Truth):
    path = folder / "township.zip"
    rights, contracts = read.layer(path, "CBDKXX"), read.layer(path, "CBHT").set_index("CBHTBM")
    sums = rights.groupby("CBHTBM")["HTMJ"].agg(["sum", "size"])
    assert np.allclose(sums["sum"], contracts["HTZMJ"].reindex(sums.index), atol=0.005)
    assert (sums["size"] == contracts["CBDKZS"].reindex(sums.index)).all()
    assert set(contracts.index) == set(read.layer(path, "CBJYQZDJB")["CBJYQZBM"])
    assert set(contracts.index) == set(read.layer(path, "CBJYQZ.")["CBJYQZBM"])
    assert set(rights["DKBM"]) <= set(read.stored_parcels(folder, 1)["DKBM"])
    assert contracts.index.str.fullmatch(r"\d{18}J").all()
    issuers = set(read.layer(path, "FBF")["FBFBM"])
    assert set(rights["FBFBM"]) <= issuers
    transfers = read.layer(path, "LZHT")
    assert set(transfers["SRFBM"]) <= set(read.layer(path, "CBF.")["CBFBM"])
    assert set(read.layer(path, "LZDK")["LZHTBM"]) < set(transfers["LZHTBM"])


def test_places_are_real(folder: Path, truth: Truth):
    places = (ROOT / "data/places/villages.csv").read_text("utf-8")
    for code, name in VILLAGES:
        assert f"{code},{name}委会" in places
    assert f"{TOWN[0]},{TOWN[1]}" in (ROOT / "data/places/towns.csv").read_text("utf-8")
    assert TOWN[0].startswith(COUNTY[0])


def test_the_archives_hold_plain_names_and_one_date(folder: Path, truth: Truth):
    for name in ("township.zip", "correction.zip"):
        with zipfile.ZipFile(folder / name) as archive:
            assert archive.testzip() is None
            for member in archive.infolist():
                assert re.fullmatch(r"[A-Z_]+(4417812026)?\.[a-z]{3}", member.filename)
                assert member.date_time == (2026, 5, 8, 9, 0, 0)
