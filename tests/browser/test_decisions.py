"""The detective's page: what was understood and why, and every decision made anew before anything is stored."""

import re
import zipfile
from pathlib import Path

import geopandas
import pytest
import yaml
from playwright.sync_api import expect

from tests.browser.test_surveyor import hand_in

TRAPS = Path(__file__).parents[1] / "data" / "crs_traps"


@pytest.fixture(autouse=True)
def signed_in(sign_in):
    sign_in("surveyor")


@pytest.fixture
def without_prj(tmp_path):
    path = tmp_path / "没有坐标系.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in TRAPS.glob("cm111_no_prefix_no_prj.*"):
            archive.write(part, f"DK4417212026{part.suffix}")
    return path


@pytest.fixture
def foreign(tmp_path):
    """Parcels under somebody's own column names, their areas in hectares."""
    frame = geopandas.read_file(TRAPS / "zone37_prefixed_ok.shp", encoding="GBK")
    own = frame[["DKBM", "DKMC", "geometry"]].rename(columns={"DKBM": "parcel_id", "DKMC": "小地名"})
    own.assign(acreage=frame.area / 10_000).to_file(tmp_path / "外来.gpkg", layer="DK")
    return tmp_path / "外来.gpkg"


def go_on(visit, house, press):
    before = visit.url
    press()
    visit.wait_for_function("before => location.href !== before", arg=before)
    house.work()


def test_a_file_without_a_system_is_mended_by_one_click(house, visit, without_prj):
    hand_in(visit, house, without_prj)
    expect(visit.locator("#outcome h2")).to_have_text("未接收")
    expect(visit.locator(".sample")).to_contain_text("水库边")
    expect(visit.locator(".sample-map canvas")).to_be_visible()
    go_on(visit, house, visit.get_by_role("button", name=re.compile("按 .*4546.* 重新读取")).click)
    expect(visit.locator("#outcome h2")).to_have_text("等您确认")
    expect(visit.locator(".decided")).to_contain_text("指定坐标系")
    expect(visit.locator("#layers tbody td.figure").first).to_have_text("12")


def test_foreign_columns_are_guessed_confirmed_by_keyboard_and_saved_as_a_map(house, visit, foreign):
    hand_in(visit, house, foreign)
    expect(visit.locator("#outcome .problem")).to_contain_text("DKBM")
    expect(visit.get_by_label("与 DKBM 地块代码 对应的字段")).to_have_value("parcel_id")
    expect(visit.locator(".columns-table .guess")).to_have_count(3)
    visit.get_by_role("button", name="按以上选择重新读取").focus()
    go_on(visit, house, lambda: visit.keyboard.press("Enter"))
    expect(visit.locator("#outcome h2")).to_have_text("等您确认")
    expect(visit.locator(".decided")).to_contain_text("12 行中 12 行符合公顷")
    visit.get_by_text("把字段对应保存给这家测绘单位").click()
    visit.get_by_label("测绘单位").fill("某测绘公司")
    visit.get_by_role("button", name="保存", exact=True).click()
    with visit.expect_download() as taken:
        visit.get_by_role("link", name="下载", exact=True).click()
    kept = yaml.safe_load(Path(taken.value.path()).read_text(encoding="utf-8"))
    assert kept["columns"] == {"DKBM": "parcel_id", "DKMC": "小地名", "SCMJ": "acreage"}
    assert kept["units"] == {"SCMJ": "ha"}
    visit.get_by_role("button", name="合格行入库并检测").click()
    expect(visit.get_by_role("button", name="合格行入库并检测")).to_have_count(0)
    house.work()
    expect(visit.locator("#outcome h2")).to_have_text("已完成")
