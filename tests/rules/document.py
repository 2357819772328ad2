"""`docs/rules.md` and the pictures of `/rules`, written from the rule book: `python -m tests.rules.document`."""

from datetime import date
from pathlib import Path
from typing import Any

from geo.finding import CATEGORIES
from geo.rules import Rule, book
from tests.rules.picture import PICTURES, picture
from web import labels, rulebook

DOCUMENT = Path(__file__).parents[2] / "docs" / "rules.md"
#: Articles are those in force on this day; the office and its page name those of the day of judging.
DAY = date(2026, 1, 1)
_HEAD = """# Rules 规则

Written from the rule book by `python -m tests.rules.document`; a test holds it to what the rules declare. Each rule is
one file below `geo/rules`, and its cases stand under the same name below `tests/rules`. Every threshold can be set for
a county, and in `./dingxin check` by `--set RULE.threshold=VALUE`. Findings are suspicions (疑似线索) for people to
decide. A source named "recommendation" marks thresholds that stand in no standard.

本文由规则本生成。每条规则是 `geo/rules` 下的一个文件，例子在 `tests/rules` 的同名文件中。阈值可由县级调整。
"""


def document() -> str:
    """The rule book as Markdown, by category."""
    parts = [_HEAD]
    for category in CATEGORIES:
        rules = [rule for rule in book().values() if rule.category == category]
        if rules:
            title = " ".join(labels.text(lang, f"category.{category}") for lang in ("zh", "en"))
            parts += [f"## {title}\n", *map(_told, rules)]
    return "\n".join(parts)


def _told(rule: Rule) -> str:
    """One rule: titles, what it says and when, thresholds, source, data."""
    zh, en = (rulebook.told([rule], lang, DAY)[0] for lang in ("zh", "en"))
    rows = [
        ("severity", f"{labels.text('zh', f'severity.{rule.severity}')} {rule.severity}"),
        ("sentence", f"{zh['sentence']}<br>{en['sentence']}"),
        ("fires", rule.doc.replace("\n\n", "<br>").replace("\n", " ")),
        ("thresholds", "<br>".join(f"`{one['id']}` {one['value']} {one['name']}" for one in en["thresholds"]) or "–"),
        ("source", "<br>".join(map(_source, en["articles"], zh["articles"]))),
        ("data", ", ".join(en["needs"])),
    ]
    if rule.leaves_out:
        rows.append(("not looked at", "<br>".join(rule.leaves_out)))
    image = f"![{rule.id}](../web/static/rules/{rule.id}.svg)\n"
    lines = [f"| {name} | {text.replace('|', chr(92) + '|')} |" for name, text in rows]
    heading = f"### {rule.id} {rule.title[0]} {rule.title[1]}\n"
    return "\n".join([heading, image, "| | |", "| --- | --- |", *lines, ""])


def _source(en: dict[str, Any], zh: dict[str, Any]) -> str:
    return f"{zh['name']} {en['name']}: {en['gist']}"


def write() -> None:
    """Write the document, and a picture for each rule."""
    DOCUMENT.write_text(document(), encoding="utf-8")
    PICTURES.mkdir(exist_ok=True)
    for rule in book().values():
        (PICTURES / f"{rule.id}.svg").write_text(picture(rule), encoding="utf-8")


if __name__ == "__main__":
    write()
