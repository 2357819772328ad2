"""What was brought in from elsewhere says where it is from, and is small enough to keep."""

import json

from web.pages import STATIC

VENDOR = STATIC / "vendor"
LIST = json.loads((VENDOR / "VENDOR.json").read_text(encoding="utf-8"))
MEGABYTE = 1 << 20


def test_every_part_says_where_it_is_from():
    for part in LIST:
        assert part["source"] == f"npm package {part['name']}@{part['version']}"
        assert part["licence"] in {"MIT", "BSD-2-Clause", "BSD-3-Clause"}


def test_no_file_is_too_big_to_keep():
    assert [path for path in STATIC.rglob("*") if path.is_file() and path.stat().st_size > 3 * MEGABYTE] == []


def test_leaflet_is_the_version_that_folium_expects():
    import folium.folium

    urls = dict(folium.folium._default_js)
    (leaflet,) = [part for part in LIST if part["name"] == "leaflet"]
    assert f"leaflet@{leaflet['version']}/" in urls["leaflet"]
