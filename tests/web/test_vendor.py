"""What was brought in from elsewhere is named, licensed, unchanged and small enough to keep."""

import hashlib
import json

from web.pages import STATIC

VENDOR = STATIC / "vendor"
LIST = json.loads((VENDOR / "VENDOR.json").read_text(encoding="utf-8"))
MEGABYTE = 1 << 20


def test_every_file_is_listed_and_every_listed_file_is_unchanged():
    listed = {path: digest for part in LIST for path, digest in part["files"].items()}
    there = {
        str(path.relative_to(VENDOR)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "VENDOR.json"
    }
    assert there == listed


def test_every_part_says_where_it_is_from_and_brings_its_licence():
    for part in LIST:
        assert part["name"]
        assert part["source"] == f"npm package {part['name']}@{part['version']}"
        assert part["licence"] in {"MIT", "BSD-2-Clause", "BSD-3-Clause"}
        assert any("LICENSE" in path for path in part["files"])


def test_no_file_is_too_big_to_keep():
    assert [path for path in STATIC.rglob("*") if path.is_file() and path.stat().st_size > 3 * MEGABYTE] == []


def test_leaflet_is_the_version_that_folium_expects():
    import folium.folium

    urls = dict(folium.folium._default_js)
    (leaflet,) = [part for part in LIST if part["name"] == "leaflet"]
    assert f"leaflet@{leaflet['version']}/" in urls["leaflet"]
