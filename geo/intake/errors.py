"""Everything that can be wrong with a file: stable codes, each with a sentence in Chinese and English."""

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

Said = dict[str, str]


@cache
def table() -> dict[str, dict[str, str]]:
    """Every code with its level (file: refuses the file, row: rejects a row, note: is told) and sentences."""
    with (Path(__file__).parent / "errors.csv").open(encoding="utf-8", newline="") as lines:
        return {row["code"]: row for row in csv.DictReader(lines)}


def sentence(code: str, **facts: Any) -> Said:
    """Say a code in Chinese and English with the facts of the case."""
    row = table()[code]
    return {"zh": row["zh"].format(**facts), "en": row["en"].format(**facts)}


def note(code: str, **facts: Any) -> Said:
    """Something to tell about a file that hinders nothing."""
    return {"code": code, **sentence(code, **facts)}


def shown_rows(rows: Iterable[int]) -> str:
    """The first few row numbers of a list, for a sentence."""
    listed = list(rows)
    return ", ".join(str(row) for row in listed[:5]) + (" …" if len(listed) > 5 else "")


class IntakeError(Exception):
    """The file is refused as a whole; `code` is stable, `zh` and `en` say why, `previews` show what was seen so far."""

    def __init__(self, code: str, zh: str, en: str, previews: list[dict[str, Any]] | None = None):
        super().__init__(f"{code}: {en}")
        self.code, self.zh, self.en = code, zh, en
        self.previews = previews or []

    def told(self) -> dict[str, Any]:
        """The refusal as plain data, from which it can be made again."""
        return {"code": self.code, "zh": self.zh, "en": self.en, "previews": self.previews}

    def __reduce__(self) -> tuple[type["IntakeError"], tuple[str, str, str, list[dict[str, Any]]]]:
        return IntakeError, (self.code, self.zh, self.en, self.previews)


def geom_type(source: str, found: object, wanted: str) -> IntakeError:
    """The error that refuses a layer whose shapes are of another kind than `Polygon`, `Line` or `Point`."""
    if wanted == "Polygon":
        return refusal("geom_type", name=source, type=found)
    return refusal("geom_kind", name=source, type=found, wanted=wanted)


def refusal(code: str, **facts: Any) -> IntakeError:
    """The error that refuses a file for a reason of the table."""
    said = sentence(code, **facts)
    return IntakeError(code, said["zh"], said["en"])
