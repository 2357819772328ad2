"""Every text people read, in Chinese and in English, from two files that hold the same keys."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

LANGUAGES = ("zh", "en")
DEFAULT = "zh"


@cache
def texts(lang: str) -> dict[str, str]:
    """All texts of one language, by dotted key."""
    tree = yaml.safe_load(files(__package__).joinpath(f"{lang}.yaml").read_text(encoding="utf-8"))
    return dict(_flat(tree))


def _flat(tree: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, value in tree.items():
        name = f"{prefix}{key}"
        pairs += _flat(value, f"{name}.") if isinstance(value, dict) else [(name, str(value))]
    return pairs


def text(lang: str, key: str, **values: object) -> str:
    """One text with its values filled in; a key nobody wrote is a mistake and says so."""
    return texts(lang)[key].format(**values) if values else texts(lang)[key]


def under(lang: str, *prefixes: str) -> dict[str, str]:
    """The texts a page's script needs: those under the given first words."""
    return {key: value for key, value in texts(lang).items() if key.split(".", 1)[0] in prefixes}


def language(*wishes: str | None) -> str:
    """The first wish that is a language we speak, else Chinese."""
    return next((wish for wish in wishes if wish in LANGUAGES), DEFAULT)
