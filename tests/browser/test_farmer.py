"""The farmer's path: number and proof in, plain words and a PDF out, nobody else's name anywhere."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import text


@pytest.fixture
def holder(house):
    """A certificate of the sample: its number, its holder, the last six of the holder's identity number."""
    with house.office.begin() as session:
        return session.execute(
            text(
                "SELECT certificate.code, contractor.name, right(contractor.id_number, 6) AS tail "
                "FROM certificate JOIN contract ON contract.code = certificate.code "
                "JOIN contractor ON contractor.code = contract.contractor_code "
                "WHERE contractor.kind = '1' ORDER BY certificate.code LIMIT 1"
            )
        ).one()


def look_up(visit, house, number, name, tail):
    visit.goto(f"{house.url}/certificate")
    visit.get_by_label("证书编号").fill(number)
    visit.get_by_label("承包方代表姓名").fill(name)
    visit.get_by_label("身份证号最后六位").fill(tail)
    visit.get_by_role("button", name="查看我的承包地").click()


def test_a_certificate_is_told_in_plain_words_with_its_pdf(house, visit, holder):
    look_up(visit, house, holder.code, holder.name, holder.tail)
    expect(visit.locator(".holds")).to_contain_text("亩")
    expect(visit.locator(".standing")).to_be_visible()
    expect(visit.locator(".parcel-card").first).to_contain_text("确权面积")
    expect(visit.locator(".parcel-card img").first).to_be_visible()
    shown = visit.locator("#answer").inner_text()
    assert holder.name not in shown
    assert holder.name[0] + "*" in shown
    with visit.expect_download() as taken:
        visit.get_by_role("link", name="下载 PDF").click()
    with open(taken.value.path(), "rb") as pdf:
        assert pdf.read(5) == b"%PDF-"


def test_a_wrong_proof_and_a_number_nobody_has_are_told_alike(house, visit, holder):
    said = []
    for number, name in ((holder.code, "王小明"), ("441781999999999999J", holder.name)):
        look_up(visit, house, number, name, holder.tail)
        expect(visit.locator("#ask-problem")).to_contain_text("没有查到")
        said.append(visit.locator("#ask-problem").inner_text())
    assert said[0] == said[1]


def test_the_page_works_in_english(house, visit):
    visit.goto(f"{house.url}/certificate")
    visit.get_by_role("link", name="English").click()
    expect(visit.get_by_role("heading", level=1)).to_have_text("My certificate")
    visit.goto(f"{house.url}/help")
    expect(visit.get_by_role("heading", level=1)).to_have_text("Help")
