"""Everything that pages load lies here, unchanged, with its version and licence."""

import hashlib
import json
import re
from pathlib import Path

WEB = Path(__file__).resolve().parents[2] / "web"
VENDOR = WEB / "static" / "vendor"
LISTED = json.loads((VENDOR / "VENDOR.json").read_text(encoding="utf-8"))


def test_every_file_is_listed_and_unchanged():
    listed = {name: digest for entry in LISTED for name, digest in entry["files"].items()}
    found = {
        file.relative_to(VENDOR).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in VENDOR.rglob("*")
        if file.is_file() and file.name != "VENDOR.json"
    }
    assert found == listed


def test_every_library_says_its_version_and_licence():
    for entry in LISTED:
        assert entry["version"], entry["name"]
        assert entry["licence"], entry["name"]
        assert any("LICENSE" in name for name in entry["files"]), entry["name"]


def test_no_page_points_outside():
    """No template, style or script of ours names a foreign host; names of XML dialects are no addresses."""
    outside = re.compile(r"""(?:src|href|url|import|fetch)\W{0,3}(?:https?:)?//(?!www\.w3\.org)[\w.]+""", re.IGNORECASE)
    for file in [*WEB.rglob("*.html"), *WEB.rglob("*.j2"), *WEB.glob("static/*.css"), *WEB.glob("static/js/*.js")]:
        assert not outside.findall(file.read_text(encoding="utf-8")), file
