"""The defects of a delivery: everything the truth knows of, once, in groups that open to all their rows."""

from __future__ import annotations

import secrets
from collections import Counter

import pyogrio
import pytest

from api.routes import answers
from data.tables import Upload
from tests.api.conftest import House
from tests.api.test_answers import held
from tests.web.test_certificate import words


def defects(client, upload, group="", **asked):
    path = f"/api/v1/uploads/{upload}/defects" + (f"/{group}" if group else "")
    return client.get(path, params=asked)


def opened(client, upload, group, limit=2):
    """Every row of a group, read page by page."""
    found, cursor = [], None
    while True:
        asked = {"limit": limit} | ({"cursor": cursor} if cursor else {})
        page = held(answers.DefectRows, defects(client, upload, group, **asked))
        found += page.items
        cursor = page.next
        if cursor is None:
            return found


@pytest.fixture(scope="module")
def books(cluster, delivered):
    """A house with the sample in it, which the tests of this module only read."""
    name, home, report = delivered
    with cluster.database(f"books_{secrets.token_hex(4)}", name) as copied:
        house = House(home, cluster.url(copied))
        house.report = report
        yield house
        house.close()


@pytest.fixture(scope="module")
def surveyor(books):
    return books.signed_in("surveyor")


def test_every_defect_is_in_one_group(books, sample, surveyor):
    truth, upload = sample[1], books.report["id"]
    told = held(answers.DefectGroups, defects(surveyor, upload))
    counted = Counter()
    for group in told.groups:
        counted[group.kind, group.rule] += group.count
    planted = Counter(("finding", rule) for rule, *_ in truth.findings(1))
    assert Counter({key: count for key, count in counted.items() if key[0] == "finding"}) == planted
    assert sum(n for (kind, _), n in counted.items() if kind == "finding") == books.report["findings"]
    assert sum(n for (kind, _), n in counted.items() if kind == "rejected") == len(truth.rejected(1))
    package = sum(n for (kind, _), n in counted.items() if kind == "package")
    assert told.total == told.all == books.report["findings"] + len(truth.rejected(1)) + package
    assert sum(square.count for square in told.squares) == sum(group.placed for group in told.groups)


def test_a_group_opens_to_all_its_rows_page_by_page(books, sample, surveyor):
    told = held(answers.DefectGroups, defects(surveyor, books.report["id"]))
    group = next(group for group in told.groups if group.rule == "OV-01")
    rows = opened(surveyor, books.report["id"], group.id)
    assert len(rows) == group.count > 3
    assert rows[: len(group.rows)] == group.rows
    assert opened(surveyor, books.report["id"], group.id, limit=500) == rows
    codes = {(row.code, row.other and row.other.code) for row in rows}
    planted = {(a, b) for rule, a, b in sample[1].findings(1) if rule == group.rule}
    assert codes == {(a.split(":")[1], b and b.split(":")[1]) for a, b in planted}
    assert all(111 < row.place[0] < 113 and 21 < row.place[1] < 23 for row in rows)


def test_filters_leave_what_they_promise(books, surveyor):
    upload = books.report["id"]
    whole = held(answers.DefectGroups, defects(surveyor, upload))
    for name, counts in whole.facets.items():
        for value, count in counts.items():
            assert held(answers.DefectGroups, defects(surveyor, upload, **{name: value})).total == count, (name, value)
    assert sum(whole.facets["severity"].values()) == whole.total


@pytest.mark.parametrize(
    ("path", "asked", "status"),
    [
        ("", {"severity": "grave"}, 422),
        ("", {"rule": "'; DROP"}, 422),
        ("0123456789abcdef", {}, 404),
        ("0123456789abcdef", {"cursor": "AA=="}, 422),
        ("nothing", {}, 422),
    ],
)
def test_what_cannot_be_asked_is_refused(books, surveyor, path, asked, status):
    assert defects(surveyor, books.report["id"], path, **asked).status_code == status


def test_the_layer_and_the_paper_hold_what_the_page_counts(books, surveyor, tmp_path):
    upload = books.report["id"]
    told = held(answers.DefectGroups, defects(surveyor, upload))
    (tmp_path / "defects.gpkg").write_bytes(surveyor.get(f"/api/v1/uploads/{upload}/defects.gpkg").content)
    names = {name for name, _ in pyogrio.list_layers(tmp_path / "defects.gpkg")} - {"points"}
    layers = [pyogrio.read_dataframe(tmp_path / "defects.gpkg", layer=name) for name in names]
    assert sum(len(layer) for layer in layers) == told.total
    paper = words(surveyor.get(f"/api/v1/uploads/{upload}/report.pdf").content)
    assert f"缺陷共 {told.total} 条，{len(told.groups)} 类" in paper
    assert books.report["sha256"] in paper
    english = words(surveyor.get(f"/api/v1/uploads/{upload}/report.pdf", params={"lang": "en"}).content)
    assert f"{told.total} defects of {len(told.groups)} kinds" in english


def test_the_report_stays_as_the_delivery_left_it(town, sample):
    surveyor = town.signed_in("surveyor")
    before = defects(surveyor, town.report["id"]).json()
    town.deliver(surveyor, sample[0] / "correction.zip", accept="valid_rows")
    assert defects(surveyor, town.report["id"]).json() == before


def test_what_a_package_lacks_is_a_group_and_a_table(town, tmp_path):
    """Filled here by hand; reading a package fills it."""
    lacking = {
        "rule": "QC-F04", "severity": "high", "layer": "boundary_point", "reason": "JZD", "code": None,
        "zh": "缺少界址点层（JZD）", "en": "the layer of boundary points is missing", "article": ["STD-2539"],
    }  # fmt: skip
    surveyor, upload = town.signed_in("surveyor"), town.report["id"]
    with town.office.begin() as session:
        kept = session.get(Upload, upload)
        kept.report = kept.report | {"package": {"defects": [lacking]}}
    told = held(answers.DefectGroups, defects(surveyor, upload, rule="QC-F04"))
    (group,) = told.groups
    assert (group.kind, group.count, group.placed, group.reason) == ("package", 1, 0, "JZD")
    assert group.rows[0].sentence.zh == lacking["zh"]
    assert opened(surveyor, upload, group.id) == group.rows
    (tmp_path / "defects.gpkg").write_bytes(surveyor.get(f"/api/v1/uploads/{upload}/defects.gpkg").content)
    table = pyogrio.read_dataframe(tmp_path / "defects.gpkg", layer="package")
    assert table["rule"].tolist() == ["QC-F04"]


def test_a_waiting_delivery_tells_its_rejected_rows(house, sample):
    surveyor = house.signed_in("surveyor")
    report = house.deliver(surveyor, sample[0] / "township.zip")
    told = held(answers.DefectGroups, defects(surveyor, report["id"]))
    assert {group.kind for group in told.groups} <= {"rejected", "package"}
    assert sum(group.count for group in told.groups if group.kind == "rejected") == len(sample[1].rejected(1))
    assert all(group.title.zh and group.title.en for group in told.groups)
