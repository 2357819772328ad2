"""The words of the trade as lists: fields, code lists, articles of law."""

import csv
from pathlib import Path


def rows(name: str) -> list[dict[str, str]]:
    """Read one list of the vocabulary (`codes.csv`), a dict for each line."""
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
