"""A village's map in one file: nothing from outside, and no text of the data as markup."""

import json
import re
from datetime import date

import pytest

from tests.web.cards import field
from web import map as village_map

NASTY = "<img src=x onerror=alert(1)>{% endraw %}{{7*7}}{%-endraw-%}${alert(2)}</script><script>alert(3)</script>"


def feature(geometry, **properties):
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def drawn(village="平地村", sentence="00001 号与 00002 号地块重叠", **more):
    parcels = {"features": [feature(field(60 * n, 0, 60, 30), code=NASTY, name=NASTY) for n in range(3)]}
    told = {"key": "k1", "category": "overlap", "rule": "OV-01", "state": "open", "shared_m2": 1000.0}
    findings = {"features": [feature(field(50, 0, 16, 30), **told, sentence=sentence, **more)]}
    return village_map.offline_map(village, parcels, findings, date(2026, 11, 22))


def test_nothing_is_fetched_from_anywhere():
    html = drawn()
    assert re.findall(r"<(?:script|img|link|iframe)[^>]*\b(?:src|href)=", html) == []
    styles = "".join(re.findall(r"<style>(.*?)</style>", html, re.S))
    assert re.findall(r"url\((?!#hatch-)", styles) == []
    assert "@import" not in styles


def test_leaflet_is_inside_and_zoom_has_a_limit():
    html = drawn()
    assert 'version="1.9.3"' in html
    assert re.search(r'"?maxZoom"?: 22', html)


def test_text_of_the_data_is_data():
    html = drawn(village=NASTY, sentence=NASTY)
    assert "<img src=x" not in html
    assert "<script>alert(3)" not in html
    (block,) = re.findall(r'<script type="application/json" id="told-data">(.*?)</script>', html, re.S)
    assert json.loads(block)["k1"]["sentence"] == NASTY


def test_no_name_or_code_of_a_parcel_goes_along_with_its_shape():
    assert "alert(1)" not in drawn()


def test_a_finding_is_told_with_its_area_in_mu():
    assert '"mu": "1.50"' in drawn()


def test_a_village_without_findings_still_opens():
    parcels = {"features": [feature(field(0, 0, 60, 30))]}
    assert "平地村冲突地图" in village_map.offline_map("平地村", parcels, {"features": []}, date(2026, 11, 22))


def test_too_much_for_one_file_is_refused():
    many = {"features": [feature(None)] * (village_map.SEVERAL + 1)}
    with pytest.raises(village_map.TooMany):
        village_map.offline_map("平地村", many, {"features": []}, date(2026, 11, 22))
