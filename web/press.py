"""The press: sets a template with typst as PDF/A-2b, in our one Chinese font, the same bytes for the same words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import typst

from web import labels
from web.pages import TEMPLATES

FONT_FOLDERS = ("/usr/share/fonts/opentype/noto", "/usr/share/fonts/noto-cjk", "/usr/share/fonts/google-noto-cjk")
FONT_FILE = "NotoSansCJK-Regular.ttc"
STAND_IN = "〓"  # the printer's mark for a character he has no type for


class FontMissing(Exception):
    """No Chinese font on this machine: a certificate without it would be a page of boxes."""

    code = "font_missing"
    zh = "本机没有中文字体，不能生成 PDF。请管理员安装 fonts-noto-cjk 后重试。"
    en = "This machine has no Chinese font, so the PDF cannot be made. Install fonts-noto-cjk and try again."

    def __init__(self) -> None:
        super().__init__(self.en)


def font_folder(folders: tuple[str, ...] = FONT_FOLDERS) -> str:
    """Where the Chinese font lies; FontMissing says what to install."""
    for folder in folders:
        if Path(folder, FONT_FILE).is_file():
            return folder
    raise FontMissing


def printed(
    template: str, told: dict[str, Any], as_of: date, lang: str, inputs: Mapping[str, str] | None = None
) -> bytes:
    """Print what is told, as of a day; `inputs` are pictures. FontMissing where this machine has no Chinese font.

    Characters that the font lacks are printed as the printer's mark, and `told.note` names them.
    """
    folder = font_folder()
    missing: set[str] = set()
    while True:
        try:
            return _set(template, _without({**told, "note": ""}, missing, lang), inputs or {}, as_of, folder)
        except typst.TypstError as problem:
            refused = _refused_characters(problem) - missing
            if not refused:
                raise
            missing |= refused


def _set(template: str, told: dict[str, Any], inputs: Mapping[str, str], as_of: date, folder: str) -> bytes:
    moment = datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC)
    return typst.compile(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=[folder],
        ignore_system_fonts=True,
        sys_inputs={**inputs, "told": json.dumps(told, ensure_ascii=False)},
        pdf_standards=["a-2b"],
        timestamp=int(moment.timestamp()),
    )


def _refused_characters(problem: Exception) -> set[str]:
    """The characters that PDF/A refuses because the font would show an empty box, as the printer names them."""
    return set("".join(re.findall(r'the text `"(.+?)"` could not be displayed', str(problem))))


def _without(told: dict[str, Any], missing: set[str], lang: str) -> dict[str, Any]:
    """The same page with the printer's mark for each missing character, and a note that says so."""
    if not missing:
        return told
    text = json.dumps(told, ensure_ascii=False)
    for character in missing:
        text = text.replace(character, STAND_IN)
    points = " ".join(f"U+{ord(character):04X}" for character in sorted(missing))
    return {**json.loads(text), "note": labels.text(lang, "certificate.unprintable", characters=points)}
