"""The surveyor's path: hand a delivery in, see what was understood, mend or accept, see what changed."""

import re
import zipfile

import geopandas
import pandas as pd
import pytest
from playwright.sync_api import expect


def hand_in(visit, house, path):
    visit.goto(f"{house.url}/uploads")
    visit.set_input_files("#file", path)
    visit.get_by_role("button", name="提交", exact=True).click()
    visit.wait_for_url(re.compile(r"/uploads/\d+$"))
    house.work()


@pytest.fixture(autouse=True)
def signed_in(sign_in):
    sign_in("surveyor")


@pytest.fixture
def with_a_defect(house, tmp_path):
    """The correction with one of its parcels in it twice, which cannot be stored."""
    with zipfile.ZipFile(house.folder / "correction.zip") as archive:
        archive.extractall(tmp_path)
    parcels = geopandas.read_file(next(tmp_path.rglob("DK*.shp")), encoding="GB18030")
    pd.concat([parcels, parcels.iloc[[0]]]).to_file(tmp_path / "更正.gpkg", layer="DK")
    return tmp_path / "更正.gpkg"


def test_a_clean_correction_is_stored_compared_and_leads_to_the_map(house, visit):
    hand_in(visit, house, house.folder / "correction.zip")
    expect(visit.locator("#outcome h2")).to_have_text("等您确认")
    visit.get_by_role("button", name="合格行入库并检测").click()
    expect(visit.get_by_role("button", name="合格行入库并检测")).to_have_count(0)
    house.work()
    expect(visit.locator("#outcome h2")).to_have_text("已完成")
    expect(visit.locator("#evidence")).to_contain_text("GB")
    expect(visit.locator("#layers")).not_to_contain_text("≠")
    assert int(visit.locator("#counts div").first.locator("b").inner_text()) > 0

    visit.get_by_role("link", name="在地图上查看").click()
    visit.wait_for_url(re.compile(r"/map\?upload=\d+"))
    expect(visit.locator(".finding").first).to_be_visible()


def test_a_delivery_with_a_defect_waits_until_its_surveyor_decides(house, visit, with_a_defect):
    hand_in(visit, house, with_a_defect)
    expect(visit.locator("#outcome h2")).to_have_text("等您确认")
    expect(visit.locator("#report-total")).to_have_text("2")
    visit.get_by_role("button", name="合格行入库并检测").click()
    expect(visit.get_by_role("button", name="合格行入库并检测")).to_have_count(0)
    house.work()
    expect(visit.locator("#outcome h2")).to_have_text("已完成")


def test_a_delivery_with_a_defect_can_be_taken_back(house, visit, with_a_defect):
    hand_in(visit, house, with_a_defect)
    visit.get_by_role("button", name="不入库，撤回").click()
    expect(visit.locator("#outcome")).to_contain_text("没有写入任何数据")


def test_every_defect_is_grouped_filtered_mapped_and_downloadable(house, visit, truth):
    visit.goto(f"{house.url}/uploads")
    visit.get_by_role("link", name="township.zip").click()
    expect(visit.locator("#report-total")).to_have_text(re.compile(r"\d+"))
    whole = int(visit.locator("#report-total").inner_text())
    assert whole >= len(truth.rejected(1)) + len(truth.findings(1))
    expect(visit.locator("#report-map canvas")).to_be_visible()
    doubled = visit.locator(".defect-group", has_text="代码重复")
    doubled.locator("summary").click()
    rows = doubled.locator(".defect-rows li")
    codes = [code for _, _, code in truth.rejected(1)]
    wanted = sum(codes.count(code) > 1 for code in codes)
    expect(rows).to_have_count(wanted)
    rows.first.get_by_role("button").click()
    expect(rows.first.get_by_role("button")).to_have_attribute("aria-current", "true")
    visit.locator("#report-severity").select_option("medium")
    expect(visit.locator(".severity-edge-high")).to_have_count(0)
    medium = visit.locator("#report-severity option:checked").inner_text()
    shown = sum(map(int, visit.locator(".defect-group .count").all_inner_texts()))
    assert medium.endswith(f"({shown})")
    visit.reload()
    expect(visit.locator("#report-severity")).to_have_value("medium")
    expect(visit.locator("#report-total")).to_contain_text(f"共 {whole} 条")
    with visit.expect_download() as taken:
        visit.get_by_role("link", name="下载缺陷图层").click()
    with open(taken.value.path(), "rb") as layer:
        assert layer.read(15) == b"SQLite format 3"


def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(house, visit, tmp_path):
    (tmp_path / "照片.zip").write_bytes(b"not a zip at all")
    hand_in(visit, house, tmp_path / "照片.zip")
    expect(visit.locator("#outcome h2")).to_have_text("未接收")
    expect(visit.locator("#outcome .problem small")).not_to_be_empty()


def test_a_column_map_that_is_none_is_said_before_sending(house, visit):
    visit.goto(f"{house.url}/uploads")
    visit.set_input_files("#file", house.folder / "correction.zip")
    visit.get_by_text("文件有特殊情况时填写").click()
    visit.get_by_label("字段对应").fill("DKBM parcel_no")
    visit.get_by_role("button", name="提交", exact=True).click()
    expect(visit.locator("#send-problem")).to_contain_text("DKBM parcel_no")
    assert visit.url.endswith("/uploads")


def test_a_folder_is_sent_as_one_archive_and_a_copy_of_it_is_the_same_delivery(house, visit, tmp_path):
    sent = []
    for copy in ("first", "second"):
        folder = tmp_path / copy / "更正成果"
        with zipfile.ZipFile(house.folder / "correction.zip") as archive:
            archive.extractall(folder / "矢量数据")
        (folder / "Thumbs.db").write_text(copy)
        visit.goto(f"{house.url}/uploads")
        visit.set_input_files("#folder", folder)
        expect(visit.locator("#chosen")).to_contain_text("更正成果")
        visit.get_by_role("button", name="提交", exact=True).click()
        visit.wait_for_url(re.compile(r"/uploads/\d+$"))
        house.work()
        sent.append(visit.url)
    assert sent[0] == sent[1]
    expect(visit.locator("#filename")).to_have_text("更正成果.zip")
    expect(visit.locator("#outcome h2")).to_have_text("等您确认")
