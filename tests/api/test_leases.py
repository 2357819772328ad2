"""What a collective lets, what was paid and who farms, as an office delivers it: tables in GBK, judged in the books."""

from __future__ import annotations

import zipfile

import pytest

from tests.intake.build import dbf
from tests.samples import read

ISSUER = "44178111320101"
#: The standard's names and widths of what the office keeps beside the standard.
ZYHT = {
    "ZYHTBM": ("C", 30), "FBFBM": ("C", 14), "ZYLX": ("C", 1), "ZYJYLX": ("C", 1), "DKBM": ("C", 19), "DFLX": ("C", 1),
    "SFBJT": ("C", 1), "QDRQ": ("D", 8), "BJFS": ("C", 1), "YHRS": ("N", 5), "TYRS": ("N", 5), "PZWH": ("C", 100),
}  # fmt: skip
SFK = {
    "SFKBH": ("C", 30), "HTBM": ("C", 30), "KXLX": ("C", 1), "YSRQ": ("D", 8), "YSJE": ("N", 15), "SSRQ": ("D", 8),
    "SSJE": ("N", 15), "SKRBM": ("C", 18), "SKRLX": ("C", 1), "KLJE": ("N", 15), "KLYDWH": ("C", 100),
}  # fmt: skip
JYQK = {"JYQKBH": ("C", 30), "DKBM": ("C", 19), "JYZBM": ("C", 18), "KSRQ": ("D", 8), "DCRQ": ("D", 8)}
GOOD = {
    "FBFBM": ISSUER, "ZYLX": "1", "ZYJYLX": "2", "SFBJT": "2", "QDRQ": "20240501", "BJFS": "1", "YHRS": "30",
    "TYRS": "20", "PZWH": "潭府〔2024〕3号",
}  # fmt: skip


@pytest.fixture
def papers(sample, tmp_path):
    """Tables that fit the sample: of each rule one row that is in order, and one that is not."""
    folder = sample[0]
    transfers = read.layer(folder / "township.zip", "LZHT")
    leased = transfers[transfers["LZLX"] == "1"].iloc[0]
    rights = read.layer(folder / "township.zip", "CBDKXX")
    free = rights[rights["LZHTBM"].isna() & rights["FBFBM"].eq(ISSUER)].iloc[0]
    stranger = f"{ISSUER}0009"
    assert stranger != free["CBFBM"]
    contracts = [
        GOOD | {"ZYHTBM": "集资2024-1", "DKBM": free["DKBM"]},
        GOOD | {"ZYHTBM": "集资2024-2", "DKBM": free["DKBM"], "TYRS": "19", "PZWH": ""},
    ]
    paid = {"HTBM": leased["LZHTBM"], "KXLX": "1", "SSRQ": "20240110", "SSJE": "600.00"}
    due = {"HTBM": "集资2024-2", "KXLX": "1", "YSRQ": "20240101", "YSJE": "900.00"}
    payments = [
        paid | {"SFKBH": "收1", "SKRBM": leased["CBFBM"], "SKRLX": "1", "KLJE": "0.00"},
        paid | {"SFKBH": "收2", "SKRBM": ISSUER, "SKRLX": "2", "KLJE": "50.00"},
        due | {"SFKBH": "收3", "SSJE": "400.00", "SSRQ": "20240101"},
    ]
    seen = {"DKBM": free["DKBM"], "KSRQ": "20220101", "DCRQ": "20260501"}
    occupancies = [
        seen | {"JYQKBH": "况1", "JYZBM": free["CBFBM"]},
        seen | {"JYQKBH": "况2", "JYZBM": stranger},
    ]
    path = tmp_path / "papers.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, fields, rows in (("ZYHT", ZYHT, contracts), ("SFK", SFK, payments), ("JYQK", JYQK, occupancies)):
            archive.writestr(f"{name}.dbf", dbf(fields, rows, language=0x4D))
    return path, free["DKBM"]


def test_papers_of_a_village_are_stored_and_judged(town, papers):
    path, parcel = papers
    surveyor = town.signed_in("surveyor", scope="441781113")
    report = town.deliver(surveyor, path, accept="valid_rows")
    assert report["state"] == "done", report["error"]
    assert {layer["layer"]: (layer["stored"], layer["rejected"]) for layer in report["layers"]} == {
        "collective_contract": (2, 0),
        "payment": (3, 0),
        "occupancy": (2, 0),
    }
    official = town.signed_in("official", scope="441781113")
    items = {}
    for rule in ("ZL-10", "ZL-13", "ZL-03", "ZL-17"):
        found = official.get("/api/v1/findings", params={"rule": rule}).json()["items"]
        assert len(found) == 1, (rule, found)
        items[rule] = official.get(f"/api/v1/findings/{found[0]['key']}").json()
    sides = {rule: (item["a"]["layer"], item["a"]["code"]) for rule, item in items.items()}
    assert sides == {
        "ZL-10": ("collective_contract", "集资2024-2"),
        "ZL-13": ("payment", "收2"),
        "ZL-03": ("occupancy", "况2"),
        "ZL-17": ("payment", "收3"),
    }
    assert items["ZL-10"]["evidence"]["agreed_count"] == 19
    assert {item["village"]["code"] for item in items.values()} == {ISSUER[:12]}
    assert items["ZL-13"]["evidence"]["retained_yuan"] == 50.0
    assert items["ZL-03"]["evidence"]["parcel"] == parcel
    assert items["ZL-17"]["evidence"]["short_yuan"] == 500.0
    for item in items.values():
        assert item["point"], item["rule"]


def test_a_payment_alone_is_judged_with_the_contract_that_is_known(town, papers, tmp_path):
    surveyor = town.signed_in("surveyor", scope="441781113")
    town.deliver(surveyor, papers[0], accept="valid_rows")
    late = {"SFKBH": "收4", "HTBM": "集资2024-1", "KXLX": "1", "YSRQ": "20250101", "YSJE": "900.00", "SSJE": "0.00"}
    path = tmp_path / "later.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("SFK.dbf", dbf(SFK, [late], language=0x4D))
    report = town.deliver(surveyor, path, accept="valid_rows")
    assert report["state"] == "done", report["error"]
    found = town.signed_in("official").get("/api/v1/findings", params={"rule": "ZL-17"}).json()["items"]
    assert {item["a"]["code"] for item in found} == {"收3", "收4"}
