"""`./dingxin bench`: how fast ours is, as a ratio to named peers on the same data in the same run."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from api.bench import pairs
from api.bench.contest import Entry, Limits, contest, write
from data.cluster import benchmark_database

WORKS = {"pairs": pairs}


def bench(
    work: Annotated[str, typer.Argument(help="比什么。What to compare: " + ", ".join(WORKS))] = "pairs",
    size: Annotated[int, typer.Option(min=100, help="地块数。Parcels.")] = 10_000,
    json: Annotated[Path | None, typer.Option(help="结果写到文件。Write the result there.")] = None,
    runs: Annotated[int, typer.Option(min=1, help="每法次数，取中位数。Runs a method; the median counts.")] = 3,
    max_seconds: Annotated[float, typer.Option(help="每法时限。Limit a method, in seconds.")] = 900,
    max_gb: Annotated[float, typer.Option(help="每法内存。Limit a method, in gigabytes.")] = 16,
) -> None:
    """与同类软件在同一数据上比较，先比结果后比时间。Compare with peers on the same data: results first, then times."""
    if work not in WORKS:
        raise typer.BadParameter(f"{work}: {', '.join(WORKS)}")
    chosen, errors = WORKS[work], Console(stderr=True)
    with tempfile.TemporaryDirectory() as folder, benchmark_database() as url:
        errors.print(f"准备 {size} 个地块… preparing {size} parcels…")
        chosen.prepare(Path(folder), size, url)
        entries = []
        limits = Limits(max_seconds, max_gb)
        for entry in contest(work, size, chosen.METHODS, Path(folder), chosen.THRESHOLD_M2, runs, limits):
            errors.print(f"{entry.method}: {entry.median_s} s {entry.why or ''}")
            entries.append(entry)
    Console().print(_table(entries))
    if json:
        write(entries, json)


def _table(entries: list[Entry]) -> Table:
    """The result as people read it."""
    table = Table(title=f"{entries[0].work}, {entries[0].size} parcels")
    for name in ("method", "median s", "ratio", "equal", "peak GB", "runs"):
        table.add_column(name, justify="left" if name == "method" else "right")
    for entry in entries:
        shown = (entry.median_s, entry.ratio, entry.equal, entry.peak_gb, entry.runs)
        table.add_row(entry.method, *("–" if value is None else str(value) for value in shown))
    return table
