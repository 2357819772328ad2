"""Every page renders in both languages, escapes what it is given, and asks for nothing from outside."""

import json
import re
from datetime import date
from html.parser import HTMLParser

import pytest

from geo.model import LAYERS
from geo.rules import book
from web import labels, palette, rulebook
from web.pages import STATIC, TEMPLATES, render

DAY = date(2026, 11, 22)


def context(name, lang):
    return {
        "uploads": {"layers": LAYERS},
        "images": {
            "kinds": ("orthophoto", "classes"),
            "ours": {"min_area_m2": 50.0, "min_width_m": 2.0, "max_shift_m": 3.0},
            "reach": {name: (0.1, 99.0) for name in ("min_area_m2", "min_width_m", "max_shift_m")},
        },
        "upload": {"data": {"upload": "7"}},
        "connect": {"url": "http://127.0.0.1:8000/ogc"},
        "rules": {"rules": rulebook.told(book().values(), lang, DAY)},
        "about": {"version": "1", "rule_count": 3, "vendored": [{"name": "part", "version": "1", "licence": "MIT"}]},
    }.get(name, {})


PAGES = [path.stem for path in sorted(TEMPLATES.glob("*.html")) if "{% extends" in path.read_text(encoding="utf-8")]


class Tags(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.tags = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize("lang", labels.LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole(name, lang):
    html = render(name, context(name, lang), lang)
    tags = Tags(html).tags
    linked = [value for _, attrs in tags for key, value in attrs.items() if key in ("src", "href", "action") and value]
    ids = [attrs["id"] for _, attrs in tags if "id" in attrs]
    labelled = {attrs["for"] for tag, attrs in tags if tag == "label" and "for" in attrs}
    controls = {attrs.get("id") for tag, attrs in tags if tag in ("input", "select", "textarea")}

    assert [link for link in linked if not link.startswith(("/", "#", "?"))] == []
    assert not [link for link in linked if link.startswith("/static/") and not (STATIC / link[8:]).is_file()]
    assert len(ids) == len(set(ids))
    assert controls - {"file"} <= labelled
    assert sum(tag == "h1" for tag, _ in tags) == 1
    assert f'lang="{"zh-CN" if lang == "zh" else "en"}"' in html


@pytest.mark.parametrize("name", PAGES)
def test_a_page_runs_no_inline_script_and_no_inline_handler(name):
    tags = Tags(render(name, context(name, "zh"))).tags
    assert all("src" in attrs or attrs.get("type") == "application/json" for tag, attrs in tags if tag == "script")
    assert not [key for _, attrs in tags for key in attrs if key.startswith("on") or key == "style"]


@pytest.mark.parametrize("name", [name for name in PAGES if (STATIC / "js" / f"{name}.js").exists()])
def test_a_script_is_given_every_label_it_speaks(name):
    """Follow a page's script and its imports; every label asked for by its whole name is in the page."""
    html = render(name, context(name, "zh"))
    (block,) = re.findall(r'<script type="application/json" id="page-data">(.*?)</script>', html, re.S)
    given = json.loads(block)["labels"]
    waiting, text, seen = [f"{name}.js"], "", set()
    while waiting:
        path = STATIC / "js" / waiting.pop()
        if path.name in seen or not path.is_file():
            continue
        seen.add(path.name)
        text += path.read_text(encoding="utf-8")
        waiting += re.findall(r'from "\./(\w+\.js)"', path.read_text(encoding="utf-8"))
    asked = set(re.findall(r"""\bt\(\s*"([\w.]+)"\s*[,)]""", text))
    assert asked - set(given) == set()


def test_what_the_page_is_given_never_becomes_markup():
    nasty = "</script><img src=x onerror=alert(1)>{{7*7}}${8*8}"
    html = render("upload", {"data": {"upload": nasty}})
    assert "<img src=x" not in html
    (block,) = re.findall(r'<script type="application/json" id="page-data">(.*?)</script>', html, re.S)
    assert json.loads(block)["upload"] == nasty


def test_the_stylesheet_and_the_palette_agree():
    css = (STATIC / "app.css").read_text(encoding="utf-8")
    for name, look in palette.CATEGORIES.items():
        assert re.search(rf"--{name}: {look['colour']};", css)
        assert f".cat-{name} " in css


def _luminance(colour):
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colour", [look["colour"] for look in palette.CATEGORIES.values()])
def test_category_colours_stand_out_from_the_map_and_the_page(colour):
    """WCAG AA for graphics (3:1) on the map's ground, for text (4.5:1) on white."""
    for ground, least in (("#eef0e8", 3), ("#ffffff", 4.5)):
        assert (_luminance(ground) + 0.05) / (_luminance(colour) + 0.05) >= least


def test_no_script_builds_markup_from_text():
    for path in (STATIC / "js").glob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|setHTML|eval\(", text), path.name


@pytest.mark.parametrize("lang", labels.LANGUAGES)
def test_every_rule_is_told_with_its_law(lang):
    told = rulebook.told(book().values(), lang, DAY)
    assert len(told) == len(book())
    assert all(rule["articles"] and rule["title"] and "{" not in rule["sentence"] for rule in told)
