"""A contest: every method runs in a process of its own under limits, and is compared with ours before it is timed."""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd

#: Pairs nearer to the threshold than this may be found by one engine and not by another.
BORDER_M2 = 1e-3
RELATIVE = 1e-6


@dataclass(frozen=True)
class Limits:
    """What one method may use before it is stopped."""

    seconds: float
    gigabytes: float


@dataclass(frozen=True)
class Entry:
    """One line of the result, as others script against it; `ratio` is the method's time over ours."""

    work: str
    size: int
    method: str
    ours: bool
    median_s: float | None
    runs: int
    peak_gb: float | None
    equal: bool | None
    ratio: float | None
    why: str | None = None


def contest(
    work: str, size: int, methods: dict[str, str], folder: Path, threshold: float, runs: int, limits: Limits
) -> Iterator[Entry]:
    """Run every method on what lies in the folder and give a line each, ours (the first) first.

    `methods` maps a method's name to the `module:function` that the child calls with the folder; it returns a table of
    i, j, m2. Raises RuntimeError when ours does not come through.
    """
    ours: tuple[float, pd.DataFrame] | None = None
    for name, target in methods.items():
        seconds, peak, result, why = _run(target, folder, runs, limits)
        if ours is None:
            if result is None:
                raise RuntimeError(why)
            ours = statistics.median(seconds), result
        yield Entry(
            work=work,
            size=size,
            method=name,
            ours=name.startswith("dingxin"),
            median_s=round(statistics.median(seconds), 4) if seconds else None,
            runs=len(seconds),
            peak_gb=peak,
            equal=None if result is None else same_pairs(ours[1], result, threshold),
            ratio=round(statistics.median(seconds) / ours[0], 2) if seconds else None,
            why=why,
        )


def _run(
    target: str, folder: Path, runs: int, limits: Limits
) -> tuple[list[float], float | None, pd.DataFrame | None, str | None]:
    """Let a child do one method; give its times, peak memory and result, or why there are none."""
    out = folder / "result.parquet"
    out.unlink(missing_ok=True)
    command = [sys.executable, "-m", "api.bench.child", target, str(folder), str(out), str(runs), str(limits.gigabytes)]
    try:
        child = subprocess.run(command, capture_output=True, text=True, timeout=limits.seconds, check=False)
    except subprocess.TimeoutExpired:
        return [], None, None, f"stopped after {limits.seconds:g} s"
    if child.returncode != 0:
        return [], None, None, (child.stderr.strip().splitlines() or ["died"])[-1]
    told = json.loads(child.stdout.splitlines()[-1])
    return told["seconds"], told["peak_gb"], pd.read_parquet(out), None


def same_pairs(ours: pd.DataFrame, theirs: pd.DataFrame, threshold: float) -> bool:
    """Tell whether two results hold the same pairs with the same areas, borders of the threshold aside."""
    both = _ordered(ours).merge(_ordered(theirs), on=["i", "j"], how="outer", suffixes=("_a", "_b"))
    a, b = both["m2_a"].to_numpy(), both["m2_b"].to_numpy()
    alone = np.isnan(a) | np.isnan(b)
    border = np.abs(np.fmax(a, b) - threshold) <= BORDER_M2
    close = np.abs(a - b) <= np.maximum(BORDER_M2, RELATIVE * np.fmax(a, b))
    return bool(np.all(np.where(alone, border, close)))


def _ordered(pairs: pd.DataFrame) -> pd.DataFrame:
    """Each unordered pair with its lower number first."""
    low, high = np.minimum(pairs["i"], pairs["j"]), np.maximum(pairs["i"], pairs["j"])
    return pd.DataFrame({"i": low, "j": high, "m2": pairs["m2"].to_numpy(dtype=float)})


def write(entries: list[Entry], file: Path) -> None:
    """Write the result by the contract that stands: a list of entries."""
    file.write_text(json.dumps([asdict(entry) for entry in entries], ensure_ascii=False, indent=1), encoding="utf-8")
