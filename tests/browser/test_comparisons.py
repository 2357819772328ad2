"""Two images compared on the page: chosen, started, followed, and looked at on the map and in a dossier."""

import re

import pytest
from playwright.sync_api import expect

from api.work import images
from data.samples.pictures import PICTURES


@pytest.fixture
def shown(house):
    """Both orthophotos of the township are in the house."""
    for name in ("before.tif", "after.tif"):
        entered = images.hand_in_file(house.office, "surveyor", house.folder / name, PICTURES[name])
        images.take_in(house.office, entered["id"])
    return house


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_an_official_compares_two_images_and_goes_to_what_was_built(shown, visit, sign_in):
    page = visit
    sign_in("official")
    page.goto(f"{shown.url}/images")
    form = page.locator("#compare")
    expect(form.get_by_label("前时相")).to_contain_text("2023-11-08")
    expect(form.get_by_label("后时相")).to_contain_text("2026-01-12")
    assert fits(page)
    form.get_by_text("参数").click()
    form.get_by_label("最小图斑面积").fill("60")
    form.get_by_role("button", name="开始比较").click()
    card = page.locator(".comparison").first
    expect(card).to_contain_text("已排队")
    expect(card.get_by_role("button", name="取消")).to_be_visible()
    shown.work()
    shown.work()
    expect(card.locator(".state")).to_have_text("已完成")
    expect(card).to_contain_text("疑似新增建（构）筑物")
    card.get_by_text("参数与配准").click()
    expect(card.locator(".settings")).to_contain_text("min_area_m2")
    card.get_by_text("变化图斑", exact=True).click()
    rows = card.locator("tbody tr")
    expect(rows.first).to_contain_text("建（构）筑物")
    assert fits(page)
    expect(rows.first.get_by_role("link", name="ZZ-04")).to_have_attribute("href", re.compile(r"/map\?finding=\w{64}"))
    rows.first.get_by_role("link", name="DX2026").click()
    expect(page.locator("#swipe-before")).to_have_text("2023-11-08")
    expect(page.locator("#swipe-after")).to_have_text("2026-01-12")
    expect(page.locator("#map")).to_have_attribute("aria-busy", "false")
    expect(page.locator("#map-before")).to_be_visible()
    assert "comparison=" in page.url
    assert fits(page)


def test_the_dossier_shows_the_ground_at_both_dates(shown, visit, sign_in):
    page = visit
    sign_in("official")
    page.goto(f"{shown.url}/images")
    page.get_by_role("button", name="开始比较").click()
    card = page.locator(".comparison").first
    expect(card).to_contain_text("已排队")
    shown.work()
    shown.work()
    card.get_by_text("变化图斑", exact=True).click()
    card.get_by_role("link", name="ZZ-04").first.click()
    seen = page.locator(".seen")
    expect(seen).to_contain_text("2023-11-08")
    expect(seen).to_contain_text("2026-01-12")
    pictures = seen.locator("img")
    expect(pictures).to_have_count(2)
    wide = pictures.evaluate_all("(all) => all.map((one) => one.naturalWidth)")
    assert all(side > 100 for side in wide)
    assert fits(page)


def test_a_surveyor_follows_and_does_not_start(shown, visit, sign_in):
    page = visit
    sign_in("surveyor")
    page.goto(f"{shown.url}/images")
    expect(page.locator("#compare-who")).to_be_visible()
    expect(page.locator("#compare")).to_be_hidden()
    expect(page.locator("#comparisons")).to_contain_text("还没有比较过影像")
