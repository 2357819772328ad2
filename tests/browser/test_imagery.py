"""Images beneath the map: chosen by day, parted at a line by keys, mouse and finger, measured under a parcel."""

import pytest
from playwright.sync_api import expect

from api.work import images
from data.samples.pictures import PICTURES


@pytest.fixture
def shown(house):
    """The pictures of the township are in the house."""
    for name, said in PICTURES.items():
        entered = images.hand_in_file(house.office, "surveyor", house.folder / name, said)
        images.take_in(house.office, entered["id"])
        assert images.told(house.office, None, entered["id"])["state"] == "ready"
    return house


@pytest.fixture
def on_the_map(shown, visit, sign_in, size):
    sign_in("official")
    visit.goto(f"{shown.url}/map")
    expect(visit.locator(".finding").first).to_be_visible()
    if size == "phone":
        visit.locator("[data-show=map]").click()
    visit.locator("#layers summary").click()
    expect(visit.locator("#image-under option")).to_have_count(len(PICTURES) + 1)
    return visit


def choose(page, select, words):
    option = page.locator(f"#{select} option", has_text=words)
    page.locator(f"#{select}").select_option(option.get_attribute("value"))


def settled(page):
    expect(page.locator("#map")).to_have_attribute("aria-busy", "false")


def green(page, container="#map"):
    """How much of a map is as green as fields are; without an image, parcels are pale."""
    return page.evaluate(
        """(container) => {
          const shot = document.querySelector(`${container} canvas`);
          const small = new OffscreenCanvas(80, 80).getContext("2d");
          small.drawImage(shot, 0, 0, 80, 80);
          const { data } = small.getImageData(0, 0, 80, 80);
          let n = 0;
          for (let at = 0; at < data.length; at += 4) n += data[at + 1] > data[at + 2] + 20 && data[at + 1] < 190;
          return n / 6400;
        }""",
        container,
    )


def test_an_image_lies_beneath_the_parcels(on_the_map):
    page = on_the_map
    settled(page)
    before = green(page)
    choose(page, "image-under", "2026-01-12")
    settled(page)
    expect(page.locator("#swipe")).to_be_hidden()
    assert green(page) > before + 0.1


def test_two_images_part_at_a_line(on_the_map, size):
    page = on_the_map
    choose(page, "image-under", "2026-01-12")
    choose(page, "image-beside", "2023-11-08")
    slider = page.locator("#swipe-at")
    expect(slider).to_be_visible()
    expect(page.locator("#swipe-before")).to_have_text("2023-11-08")
    expect(page.locator("#swipe-after")).to_have_text("2026-01-12")
    page.locator("#layers summary").click()
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    expect(slider).to_have_value("47")
    expect(slider).to_have_attribute("aria-valuetext", "左侧影像占 47%")
    assert "53%" in page.locator("#map-before").evaluate("(map) => map.style.clipPath")
    page.keyboard.press("Home")
    expect(slider).to_have_value("0")
    page.keyboard.press("End")
    expect(slider).to_have_value("100")
    line = page.locator("#swipe-line").bounding_box()
    frame = page.locator("#map").bounding_box()
    page.mouse.move(line["x"] + 4, frame["y"] + frame["height"] / 3)
    page.mouse.down()
    page.mouse.move(frame["x"] + frame["width"] / 4, frame["y"] + frame["height"] / 3, steps=4)
    page.mouse.up()
    expect(slider).to_have_value("25")
    settled(page)
    expect(page.locator("#map-before")).to_have_attribute("aria-busy", "false")
    assert green(page, "#map-before") > 0.1
    sides = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert sides


def test_the_line_follows_a_finger(shown, browser, sign_in, visit):
    sign_in("official")
    context = browser.new_context(
        viewport={"width": 360, "height": 740},
        has_touch=True,
        is_mobile=True,
        storage_state=visit.context.storage_state(),
    )
    page = context.new_page()
    page.goto(f"{shown.url}/map")
    page.locator("[data-show=map]").click()
    page.locator("#layers summary").click()
    expect(page.locator("#image-under option")).to_have_count(len(PICTURES) + 1)
    choose(page, "image-under", "2026-01-12")
    choose(page, "image-beside", "2023-11-08")
    page.locator("#layers summary").click()
    frame, line = page.locator("#map").bounding_box(), page.locator("#swipe-line").bounding_box()
    finger, height = context.new_cdp_session(page), frame["y"] + frame["height"] / 2
    where = [line["x"] + line["width"] / 2, frame["x"] + frame["width"] * 0.6, frame["x"] + frame["width"] * 0.75]
    for kind, x in zip(("touchStart", "touchMove", "touchMove"), where, strict=True):
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": height}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.locator("#swipe-at")).to_have_value("75")
    context.close()


def test_a_parcel_tells_its_classes(on_the_map):
    page = on_the_map
    page.locator("#layers summary").click()
    settled(page)
    frame, card = page.locator("#map").bounding_box(), page.locator("#ground-card")
    for _ in range(4):  # from near, parcels are shapes and marks stand apart
        page.get_by_role("button", name="放大").click()
        settled(page)
    for at in range(3, 9):
        page.mouse.click(frame["x"] + frame["width"] * at / 12, frame["y"] + frame["height"] * 0.33)
        if card.is_visible():
            break
    expect(card.locator("caption").first).to_contain_text("2025-12-31")
    expect(card.locator("tbody tr").first).to_contain_text("类别")
    expect(card.locator("tbody tr").first).to_contain_text("%")
    card.get_by_role("button", name="关闭").click()
    expect(card).to_be_hidden()


def test_an_image_is_handed_in_on_its_page(house, visit, sign_in):
    sign_in("surveyor")
    visit.goto(f"{house.url}/images")
    expect(visit.locator("#images")).to_contain_text("还没有影像")
    visit.locator("#file").set_input_files(house.folder / "cover.tif")
    visit.get_by_label("类型").select_option("classes")
    visit.get_by_label("拍摄日期").fill("2025-12-31")
    visit.get_by_role("button", name="上传").click()
    row = visit.locator("[data-image]")
    expect(row).to_contain_text("处理中")
    house.work()
    expect(row).to_contain_text("可查看")
    expect(row).to_contain_text("1 米")
    row.get_by_role("button", name="撤回").click()
    expect(row).to_contain_text("已撤回")
    assert visit.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
