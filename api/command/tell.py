"""How the command line speaks: each long step is announced and timed, each trouble says how to mend it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import typer


class Trouble(RuntimeError):
    """Something stands in the way: what, and how to mend it."""

    def __init__(self, zh: str, en: str):
        self.zh, self.en = zh, en
        super().__init__(f"{zh}\n{en}")


@contextmanager
def step(zh: str, en: str) -> Iterator[None]:
    """Say what is being done, and how long it took if that was felt."""
    typer.echo(f"{zh} {en}", err=True)
    begun = time.monotonic()
    yield
    if (took := time.monotonic() - begun) >= 1:
        typer.echo(f"    {took:.0f} s", err=True)
