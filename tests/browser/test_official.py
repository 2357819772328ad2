"""The official's path: find a conflict on list and map, see both sides, decide with a reason."""

import re

import pytest
from playwright.sync_api import expect


@pytest.fixture(autouse=True)
def on_the_map(house, visit, sign_in):
    sign_in("official")
    visit.goto(f"{house.url}/map")
    expect(visit.locator(".finding").first).to_be_visible()


def show(visit, pane, size):
    if size == "phone":
        visit.locator(f"[data-show={pane}]").click()


def painted(visit):
    """How many colours the map shows; an empty grey map has one, give or take."""
    return visit.evaluate(
        """async () => {
          const shot = document.querySelector("#map canvas");
          const small = new OffscreenCanvas(60, 60).getContext("2d");
          small.drawImage(shot, 0, 0, 60, 60);
          const seen = new Set();
          const { data } = small.getImageData(0, 0, 60, 60);
          for (let n = 0; n < data.length; n += 4) seen.add([0, 1, 2].map((part) => data[n + part] >> 4).join());
          return seen.size;
        }"""
    )


def test_the_list_is_the_truth_and_the_legend_filters_it(house, visit, truth, size):
    total = len(truth.findings(1))
    expect(visit.locator("#total")).to_contain_text(str(total))
    chip = visit.locator('[data-filter=category][data-value="overlap"]')
    wanted = sum(1 for rule, *_ in truth.findings(1) if rule.startswith("OV"))
    expect(chip.locator(".count")).to_have_text(str(wanted))
    chip.click()
    expect(visit.locator("#total")).to_contain_text(str(wanted))
    assert "category=overlap" in visit.url
    visit.reload()
    expect(chip).to_have_attribute("aria-pressed", "true")
    visit.get_by_role("button", name="清除筛选").click()
    expect(visit.locator("#total")).to_contain_text(str(total))


def test_choosing_one_shows_the_cut_both_sides_and_the_law(visit, size):
    visit.locator('[data-filter=category][data-value="overlap"]').click()
    expect(visit.locator(".finding:not(.edge-overlap)")).to_have_count(0)
    visit.locator(".finding").first.click()
    dossier = visit.locator("#dossier")
    expect(dossier.locator(".told-large")).to_contain_text("重叠")
    expect(dossier.locator(".sides")).to_contain_text("乙方")
    expect(dossier.locator(".article-told").first).to_contain_text("第")
    expect(dossier.locator(".measures")).to_contain_text("亩")
    show(visit, "map", size)
    expect(visit.locator("#map")).to_have_attribute("aria-busy", "false")
    assert painted(visit) > 4


def test_a_decision_needs_a_reason_and_is_kept(visit, size):
    visit.locator(".finding").first.click()
    dossier = visit.locator("#dossier")
    dossier.get_by_role("button", name="开始核查").click()
    expect(dossier.locator(".problem")).to_contain_text("请先写明理由")
    dossier.get_by_label("理由").fill("已安排 11 月 25 日现场核查")
    dossier.get_by_role("button", name="开始核查").click()
    expect(dossier.locator(".history")).to_contain_text("已安排 11 月 25 日现场核查")
    expect(dossier.locator(".dossier-head")).to_contain_text("核查中")
    visit.reload()
    expect(visit.locator("#dossier .history")).to_contain_text("开始核查")


def test_the_keyboard_walks_and_decides(visit, size):
    first, second = (visit.locator(".finding").nth(n).get_attribute("data-key") for n in (0, 1))
    visit.keyboard.press("j")
    expect(visit.locator("#dossier .told-large")).to_be_attached()
    assert first in visit.url
    visit.keyboard.press("j")
    visit.wait_for_url(re.compile(second))
    visit.keyboard.press("k")
    visit.wait_for_url(re.compile(first))
    visit.keyboard.press("?")
    expect(visit.get_by_role("dialog")).to_contain_text("判定属实")
    visit.keyboard.press("Escape")
    expect(visit.get_by_role("dialog")).to_have_count(0)


def test_the_keyboard_confirms_with_a_reason(visit, size):
    visit.locator(".finding").first.click()
    dossier = visit.locator("#dossier")
    dossier.get_by_label("理由").fill("受理")
    dossier.get_by_role("button", name="开始核查").click()
    expect(dossier.get_by_role("button", name="不属实")).to_be_visible()
    visit.locator("#dossier .told-large").click()
    visit.keyboard.press("c")
    expect(dossier.get_by_label("理由")).to_be_focused()
    dossier.get_by_label("理由").fill("现场丈量属实")
    visit.locator("#dossier .told-large").click()
    visit.keyboard.press("c")
    expect(dossier.locator(".dossier-head")).to_contain_text("属实")


def test_the_list_and_a_village_can_be_taken_away(house, visit, size):
    for name, start in (("CSV", b"\xef\xbb\xbf"), ("GeoPackage", b"SQLite format 3")):
        with visit.expect_download() as taken:
            visit.get_by_role("link", name=name).click()
        with open(taken.value.path(), "rb") as file:
            assert file.read(len(start)) == start
    visit.locator("#village").select_option(index=1)
    link = visit.get_by_role("link", name="离线地图")
    expect(link).to_be_visible()
    body = visit.request.get(house.url + link.get_attribute("href"))
    assert body.ok
    assert "冲突地图" in body.text()


def test_the_dossier_explains_itself_and_its_group_is_listed(visit, size):
    """Confidence, documents, timeline, proposals; then the list shows the findings of that ground alone."""
    visit.locator("#rule").select_option("OV-01")
    expect(visit.locator("#total")).to_contain_text("7")
    visit.locator(".finding").first.click()
    explained = visit.locator("#explained")
    expect(explained.locator(".sure")).to_contain_text("超出绘图误差")
    expect(explained.locator(".speaks")).to_have_count(2)
    expect(explained.locator(".papers").first).to_contain_text("承包合同")
    expect(explained.locator(".ever li").first).to_be_visible()
    offers = explained.locator(".offer")
    expect(offers.first).to_contain_text("取中线")
    expect(offers.first).to_contain_text("亩")
    drawn = offers.first.locator("img")
    drawn.scroll_into_view_if_needed()
    assert drawn.evaluate("picture => picture.decode().then(() => picture.naturalWidth > 0)")
    assert visit.evaluate(
        "document.getElementById('dossier').scrollWidth <= document.getElementById('dossier').clientWidth"
    )
    explained.get_by_role("button", name="在地图上看新界线").first.click()
    expect(visit.locator("#panes")).to_have_attribute("data-pane", "map")
    show(visit, "dossier", size)
    sentence = (
        explained.locator("h2", has_text="此地的疑似线索").locator("xpath=following-sibling::p").first.inner_text()
    )
    explained.get_by_role("button", name="在列表中只看这一组").click()
    expect(visit.locator("#group-only")).to_be_visible()
    (count,) = re.findall(r"共有 (\d+) 条", sentence)
    expect(visit.locator("#total")).to_have_text(f"共 {count} 条")
    assert "group=" in visit.url


def test_keys_lead_on_while_the_dossier_is_put_together(visit, size):
    """j goes on at once; what comes late for the finding before is not shown with the next."""
    if size == "phone":
        pytest.skip("a phone has no keys")
    visit.locator(".finding").first.click()
    visit.keyboard.press("j")
    visit.keyboard.press("j")
    chosen = visit.locator('.finding[aria-current="true"]')
    expect(visit.locator("#dossier .told-large")).to_have_text(chosen.locator(".told").inner_text())
    expect(visit.locator("#explained h2").first).to_be_visible()
    key = chosen.get_attribute("data-key")
    expect(visit.locator('#dossier a[href*="dossier.pdf"]')).to_have_attribute("href", re.compile(key))
