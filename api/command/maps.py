"""A column map on the command line: what the office saved about the files of one surveying company."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from geo.intake import maps

MapFile = Annotated[
    Path | None, typer.Option("--map-file", metavar="FILE", help="字段对照文件。A column map, as saved in the office.")
]


def by_map_file(path: Path | None, asked: dict[str, Any]) -> dict[str, Any]:
    """What is asked of a reader, filled up from a column map; what was said on the command line goes first."""
    if path is None:
        return asked
    try:
        made = maps.opened(path).asked()
    except maps.BadMap as bad:
        raise typer.BadParameter(f"--map-file {path}: {bad}") from None
    said = {name: value for name, value in asked.items() if value}
    return made | said | {"columns": made["columns"] | (asked["columns"] or {})}
