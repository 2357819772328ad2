"""Pages rendered on the server: Jinja2 with autoescape, one language at a time, no inline script."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from geo import fields
from geo.model import SHAPED, TABLES
from web import format as figures
from web import labels, palette

HERE = Path(__file__).parent
STATIC = HERE / "static"
TEMPLATES = HERE / "templates"

# What each page's script may say, by the first word of the label's key.
SPOKEN: dict[str, tuple[str, ...]] = {
    "sign_in": ("sign_in",),
    "uploads": ("uploads", "upload", "upload_state", "layer"),
    "upload": (
        *("uploads", "upload", "upload_state", "layer", "column", "detective"),
        *("defects", "reject", "severity", "compare", "vanished", "repairs"),
    ),
    "compare": ("compare", "severity", "map"),
    "map": ("map", "dossier", "image_kind", "category", "state", "severity", "presence", "action", "layer", "column"),
    "images": ("images", "image_kind", "image_state", "comparison_state", "patch_kind", "patch_class"),
    "certificate": ("certificate", "bound"),
    "connect": ("connect",),
    "reserved": ("reserved",),
    "rules": ("rules", "layer"),
}
ALWAYS_SPOKEN = ("common", "error", "role")


@cache
def environment() -> Environment:
    """The template environment; undefined names are errors, everything is escaped."""
    made = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    made.filters.update(code=figures.code, mu=figures.mu, m2=figures.m2, day=figures.day)
    return made


@cache
def standard_names(lang: str) -> dict[str, dict[str, tuple[str, str, bool, int]]]:
    """How surveyors call each column of each layer: the standard's field, its meaning, if it is required, its place."""
    return {
        layer: {
            field.name: (field.standard, field.zh if lang == "zh" else field.en, field.mandatory, at)
            for at, field in enumerate(fields.fields(layer))
            if field.name
        }
        for layer in (*SHAPED, *TABLES)
    }


def render(name: str, context: dict[str, Any] | None = None, lang: str = labels.DEFAULT) -> str:
    """One page as HTML, with its texts and the data its script starts from."""
    lang = labels.language(lang)
    given = context or {}
    data = {
        "lang": lang,
        "labels": labels.under(lang, *ALWAYS_SPOKEN, *SPOKEN.get(name, ())),
        **given.get("data", {}),
    }
    if name == "upload":
        data["fields"] = standard_names(lang)
    if name in ("map", "upload"):
        data["palette"] = {"categories": palette.CATEGORIES, "marks": palette.MARKS}
    values = {
        "signed_in": False,
        "path": "/",
        **given,
        "page": name,
        "lang": lang,
        "other": "en" if lang == "zh" else "zh",
        "categories": palette.CATEGORIES,
        "marks": palette.MARKS,
        "data": data,
        "has_script": (STATIC / "js" / f"{name}.js").exists(),
        "t": lambda key, **fill: labels.text(lang, key, **fill),
    }
    return environment().get_template(f"{name}.html").render(values)
