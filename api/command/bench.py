"""`./dingxin bench`: how fast ours is, as a ratio to named peers on the same data in the same run."""

import re
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from importlib import import_module
from json import dumps
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from api.bench.contest import Entry, Limits, MethodFailed, Work, contest, write
from api.command.tell import Trouble, step
from data.cluster import benchmark_database

#: Which module of `api.bench` holds which work.
WORKS = {
    "pairs": "pairs",
    "survey": "survey",
    "upload": "upload",
    "shifted": "shifted",
    "validity": "validity",
    "zonal": "zonal",
    "import": "imports",
    "tiles": "tiles",
    "start": "start",
    "change": "change",
}
#: What is no race: how much of what was planted each method finds, and how much more.
ACCURACY = "accuracy"


def count(text: str) -> int:
    """Read a number of parcels, 10000, 100k or 3M; anything else, and less than 100, is a usage error."""
    known = re.fullmatch(r"(\d+)([kM]?)", text, re.ASCII)
    number = int(known[1]) * {"": 1, "k": 1_000, "M": 1_000_000}[known[2]] if known else 0
    if number < 100:
        raise typer.BadParameter(f"{text}: 100, 10k, 1M …")
    return number


def bench(
    work: Annotated[str, typer.Argument(help="比什么。What to compare: " + ", ".join((*WORKS, ACCURACY)))] = "pairs",
    size: Annotated[
        list[int] | None, typer.Option(parser=count, metavar="N", help="地块数，如 1M，可重复。Parcels; repeats.")
    ] = None,
    json: Annotated[Path | None, typer.Option(help="结果写到文件。Write the result there.")] = None,
    method: Annotated[list[str] | None, typer.Option(help="只比这些。Only this beside ours; repeats.")] = None,
    runs: Annotated[int, typer.Option(min=1, help="每法次数，取中位数。Runs a method; the median counts.")] = 3,
    seed: Annotated[int, typer.Option(min=0, help="accuracy 的种子。The seed of what is planted.")] = 1,
    max_seconds: Annotated[float, typer.Option(help="每法时限。Limit a method, in seconds.")] = 900,
    max_gb: Annotated[float, typer.Option(help="每法内存。Limit a method, in gigabytes.")] = 16,
) -> None:
    """与同类软件在同一数据上比较，先比结果后比时间。Compare with peers on the same data: results first, then times."""
    if work == ACCURACY:
        return _accuracy((size or [5_000])[0], seed, json)
    if work not in WORKS:
        raise typer.BadParameter(f"{work}: {', '.join((*WORKS, ACCURACY))}")
    module = import_module(f"api.bench.{WORKS[work]}")
    if hasattr(module, "measured"):
        _measure(module, method, json)
        return
    sizes = size or [getattr(module, "SIZE", 10_000)]
    chosen = Work(work, _chosen(module, method), module.same, {} if method else getattr(module, "BEYOND", {}))
    entries: list[Entry] = []
    for parcels in sizes:
        entries += (here := _contest(module, chosen, parcels, runs, Limits(max_seconds, max_gb)))
        Console().print(_table(here))
    if grown := growth(entries):
        typer.echo(f"内存峰值之比 Peak memory, {max(sizes)} / {min(sizes)}: {grown:.3f}")
    if json:
        write(entries, json)


def _accuracy(parcels: int, seed: int, json: Path | None) -> None:
    """Measure precision and recall on a planted county and sample townships, by rule and method; say where they err."""
    from api.bench import accuracy

    with benchmark_database() as url, step(f"约 {parcels} 个地块的预设县…", f"A planted county of {parcels} parcels…"):
        result = accuracy.measure(parcels, seed, url)
    lines = Table(title=f"accuracy, {parcels} parcels, seed {seed}")
    for name in ("rule", "method", "planted", "found", "missed", "invented", "precision", "recall"):
        lines.add_column(name, justify="left" if name in ("rule", "method") else "right")
    for one in result.scores:
        numbers = (one.planted, one.found, one.missed, one.invented, one.precision, one.recall)
        lines.add_row(one.rule, one.method, *("–" if value is None else f"{value:g}" for value in numbers))
    Console().print(lines)
    stories = accuracy.stories()
    for error in result.errors:
        typer.echo(f"{error.method}, {error.rule}: {error.count} {error.what}: {stories.get(error.scene, error.scene)}")
    if json:
        accuracy.write(result, json)


def _measure(module: ModuleType, method: list[str] | None, out: Path | None) -> None:
    """Let the methods of a work that is judged by what it finds go through its scenes, and tell how right they were."""
    methods = tuple(_chosen(module, method))
    rows = [asdict(row) for row in module.measured(methods=methods, tell=lambda line: typer.echo(line, err=True))]
    table = Table(title=module.TITLE)
    for name in rows[0]:
        table.add_column(name, justify="left" if name in ("scene", "method", "by") else "right")
    for row in rows:
        table.add_row(*(f"{value:.3f}" if isinstance(value, float) else str(value) for value in row.values()))
    Console(width=140).print(table)
    if out:
        out.write_text(dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _contest(module: ModuleType, work: Work, size: int, runs: int, limits: Limits) -> list[Entry]:
    """Prepare the data of one size, and let the methods run on it."""
    with tempfile.TemporaryDirectory() as folder, benchmark_database() as url:
        with step(f"准备 {size} 个地块…", f"Preparing {size} parcels…"):
            _prepare(module, Path(folder), size, url)
        try:
            return contest(work, size, Path(folder), runs, limits, lambda line: typer.echo(line, err=True))
        except MethodFailed as failed:
            raise Trouble(f"我们自己的方法没有得出结果：{failed}", f"Ours gave no result: {failed}") from None


def growth(entries: list[Entry]) -> float | None:
    """How many times the memory of the smallest size ours takes at the largest; None where there is only one size."""
    peaks = {entry.size: entry.peak_gb for entry in entries if entry.ours and entry.peak_gb}
    return peaks[max(peaks)] / peaks[min(peaks)] if len(peaks) > 1 else None


def _chosen(module: ModuleType, asked: list[str] | None) -> dict[str, str]:
    """The first of ours, and of the others those asked for or all; a usage error names those there are."""
    first = next(iter(module.METHODS))
    if unknown := set(asked or ()) - set(module.METHODS):
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}: {' | '.join(module.METHODS)}")
    return {name: target for name, target in module.METHODS.items() if not asked or name in {first, *asked}}


def _prepare(module: ModuleType, folder: Path, size: int, url: str) -> None:
    """Make the data in a process of its own, so that no memory of it is held while the methods run."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        pool.submit(module.prepare, folder, size, url).result()


def _table(entries: list[Entry]) -> Table:
    """The result as people read it; times in seconds."""
    table = Table(title=f"{entries[0].work}, {entries[0].size} parcels")
    for name in ("method", "median s", "p95 s", "ratio", "equal", "peak GB", "runs", "why"):
        table.add_column(name, justify="left" if name in ("method", "why") else "right")
    for entry in entries:
        numbers = ("–" if value is None else f"{value:.4g}" for value in (entry.median_s, entry.p95_s, entry.ratio))
        equal = {True: "yes", False: "[bold red]NO[/]", None: "–"}[entry.equal]
        peak = "–" if entry.peak_gb is None else f"{entry.peak_gb:.2f}"
        table.add_row(entry.method, *numbers, equal, peak, str(entry.runs), entry.why)
    return table
