"""A contest: every method runs in a process of its own under limits, and is compared with ours before it is timed."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd

#: Pairs nearer to the threshold than this may be found by one engine and not by another.
BORDER_M2 = 1e-3
RELATIVE = 1e-6
#: A first run as short as this is not counted: it loads what libraries leave for their first call.
WARM_UP_S = 5.0
#: A method that has run for so long is not asked again.
LONG_RUN_S = 60.0
#: What reads the data, touches each coordinate and judges nothing: nobody can be faster, and it has no result.
FLOOR = "floor"
OURS = "dingxin"


@dataclass(frozen=True)
class Limits:
    """What one method may use before it is stopped: seconds a run, and gigabytes."""

    seconds: float
    gigabytes: float


@dataclass(frozen=True)
class Work:
    """What is compared: the methods by name, ours first, and what makes two results the same.

    A method is `module:function` and takes the folder of the contest. It gives a table, and is timed as a whole; or a
    table and a list of seconds, where it times its own requests. `beyond` names the methods that would certainly break
    the limits: the largest size they are run at, and the reason.
    """

    name: str
    methods: Mapping[str, str]
    same: Callable[[pd.DataFrame, pd.DataFrame], bool]
    beyond: Mapping[str, tuple[int, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """One line of the result, as others script against it; `ratio` is the method's median over ours."""

    work: str
    size: int
    method: str
    ours: bool
    median_s: float | None
    p95_s: float | None
    runs: int
    peak_gb: float | None
    equal: bool | None
    ratio: float | None
    why: str | None = None


class MethodFailed(RuntimeError):
    """A method gave no result: why."""


@dataclass
class Contender:
    """One method in a process of its own, asked for one run at a time."""

    process: subprocess.Popen[bytes]
    errors: IO[bytes]
    out: Path
    limit_s: float
    spent_s: float = 0.0
    seconds: list[float] = field(default_factory=list)
    times_requests: bool = False
    peak_gb: float | None = None

    @property
    def tired(self) -> bool:
        """Whether it has run for so long that one more run tells little."""
        return self.spent_s >= LONG_RUN_S

    def run(self) -> None:
        """Let the method run once and keep its time; raises MethodFailed when it breaks a limit or dies."""
        told = self._asked()
        if not self.seconds and told["whole_s"] < WARM_UP_S:
            told = self._asked()
        self.seconds += told["seconds"]
        self.spent_s += told["whole_s"]
        self.times_requests, self.peak_gb = told["times_requests"], told["peak_gb"]

    def _asked(self) -> dict[str, Any]:
        """What the process answers after one run."""
        try:
            self.process.stdin.write(b"run\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise MethodFailed(self._last_words()) from None
        if not select.select([self.process.stdout], [], [], self.limit_s)[0]:
            raise MethodFailed(f"stopped after {self.limit_s:g} s")
        answer = self.process.stdout.readline()
        if not answer:
            raise MethodFailed(self._last_words())
        return json.loads(answer)

    def result(self) -> pd.DataFrame:
        """What the last run found."""
        return pd.read_parquet(self.out)

    def _last_words(self) -> str:
        self.process.wait()
        self.errors.seek(0)
        lines = self.errors.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"died ({self.process.returncode})"


@contextmanager
def contender(name: str, target: str, folder: Path, limits: Limits) -> Iterator[Contender]:
    """Start the process of a method (`module:function`); afterwards it and all that it started end."""
    out = folder / f"{name}.parquet"
    command = [sys.executable, "-m", "api.bench.child", target, str(folder), str(out), str(limits.gigabytes)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "start_new_session": True}
    with tempfile.TemporaryFile() as errors, subprocess.Popen(command, stderr=errors, **pipes) as process:
        try:
            yield Contender(process, errors, out, limits.seconds)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


@dataclass(frozen=True)
class Tried:
    """What became of one method."""

    name: str
    seconds: Sequence[float] = ()
    times_requests: bool = False
    peak_gb: float | None = None
    equal: bool | None = None
    why: str | None = None

    def at(self, quantile: float) -> float | None:
        """A quantile of its seconds; None for a method without a result."""
        return float(np.quantile(self.seconds, quantile)) if self.seconds else None


def contest(
    work: Work, size: int, folder: Path, runs: int, limits: Limits, tell: Callable[[str], None] = print
) -> list[Entry]:
    """Run every method on what lies in the folder and give a line each, ours first.

    The speed of a machine drifts, so ours stays and runs once more before each other method; its median is over all of
    its runs. Raises MethodFailed when ours, the first, does not come through.
    """
    (first, target), *others = work.methods.items()
    with contender(first, target, folder, limits) as ours:
        ours.run()
        wanted, tried = ours.result(), []
        for name, target in others:
            most, reason = work.beyond.get(name, (size, ""))
            if size <= most:
                if not ours.tired:
                    ours.run()
                tried.append(_try(name, target, folder, runs, limits, work.same, wanted))
            else:
                tried.append(Tried(name, why=reason))
            tell(f"{name}: {tried[-1].why or tried[-1].at(0.5)} ({first}: {np.median(ours.seconds)})")
        while len(ours.seconds) < runs and not ours.tired:
            ours.run()
        tried.insert(0, Tried(first, ours.seconds, ours.times_requests, ours.peak_gb, equal=True))
    return [_entry(work.name, size, one, tried[0]) for one in tried]


def _try(
    name: str,
    target: str,
    folder: Path,
    runs: int,
    limits: Limits,
    same: Callable[[pd.DataFrame, pd.DataFrame], bool],
    wanted: pd.DataFrame,
) -> Tried:
    """Let one method run up to so many times, and compare what it found with what ours did."""
    with contender(name, target, folder, limits) as method:
        try:
            for _ in range(runs):
                if not method.tired:
                    method.run()
        except MethodFailed as failed:
            return Tried(name, why=str(failed))
        equal = None if name.startswith(FLOOR) else same(wanted, method.result())
        return Tried(name, method.seconds, method.times_requests, method.peak_gb, equal)


def _entry(work: str, size: int, tried: Tried, ours: Tried) -> Entry:
    median, p95 = tried.at(0.5), tried.at(0.95) if tried.times_requests else None
    return Entry(
        work=work,
        size=size,
        method=tried.name,
        ours=tried.name.startswith(OURS),
        median_s=None if median is None else round(median, 6),
        p95_s=None if p95 is None else round(p95, 6),
        runs=len(tried.seconds),
        peak_gb=tried.peak_gb,
        equal=tried.equal,
        ratio=None if median is None else round(median / ours.at(0.5), 3),
        why=tried.why,
    )


def same_pairs(ours: pd.DataFrame, theirs: pd.DataFrame, threshold: float) -> bool:
    """Tell whether two results hold the same pairs (i, j) with the same areas (m2), borders of the threshold aside."""
    if theirs.duplicated(["i", "j"]).any():
        return False
    both = ours.merge(theirs, on=["i", "j"], how="outer", suffixes=("_a", "_b"))
    a, b = both["m2_a"].to_numpy(dtype=float), both["m2_b"].to_numpy(dtype=float)
    alone = np.isnan(a) | np.isnan(b)
    border = np.abs(np.fmax(a, b) - threshold) <= BORDER_M2
    close = np.abs(a - b) <= np.maximum(BORDER_M2, RELATIVE * np.fmax(a, b))
    return bool(np.all(np.where(alone, border, close)))


def ordered(pairs: pd.DataFrame) -> pd.DataFrame:
    """Each unordered pair (i, j) with its lower number first."""
    low, high = np.minimum(pairs["i"], pairs["j"]), np.maximum(pairs["i"], pairs["j"])
    return pd.DataFrame({"i": low, "j": high, "m2": pairs["m2"].to_numpy(dtype=float)})


def write(entries: list[Entry], file: Path) -> None:
    """Write the result by the contract that stands: a list of entries."""
    file.write_text(json.dumps([asdict(entry) for entry in entries], ensure_ascii=False, indent=1), encoding="utf-8")
