"""The verb that starts the parts of a cluster: its keys once, a scheduler, and workers on any number of machines."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from api.errors import Refused
from api.settings import Settings

FAILED = 1


class Part(StrEnum):
    """What a machine does for a cluster."""

    KEYS = "keys"
    SCHEDULER = "scheduler"
    WORKER = "worker"


def cluster(
    part: Annotated[Part, typer.Argument(help="密钥、调度或工作进程 / keys, scheduler or worker")],
    address: Annotated[str, typer.Argument(help="调度的地址 / address of the scheduler")] = "tls://127.0.0.1:8786",
    keys: Annotated[Path | None, typer.Option(help="密钥目录 / folder of the keys")] = None,
    unencrypted: Annotated[bool, typer.Option(help="允许不加密 / personal data in the clear")] = False,
    workers: Annotated[
        int | None, typer.Option(min=1, help="工作进程数 / processes, one a processor by default")
    ] = None,
    memory: Annotated[str, typer.Option(help="每进程内存上限 / memory limit of each, e.g. 4GiB")] = "auto",
) -> None:
    """建立检测集群的一部分。 Start a part of a cluster for detection: keys, scheduler ADDRESS, worker ADDRESS."""
    from api import cluster as parts

    settings = Settings()
    folder = keys or parts.keys_of(settings)
    try:
        if part is Part.KEYS:
            parts.make_keys(folder)
            typer.echo(f"密钥已写入 {folder}，请用安全的方式复制到各台机器。 Copy this folder safely to every machine.")
            return
        secret = parts.security(address, folder, unencrypted)
        if part is Part.SCHEDULER:
            parts.scheduler(address, secret, _ready)
        else:
            parts.workers(address, secret, settings, workers or os.cpu_count() or 1, memory, _ready)
    except Refused as refusal:
        typer.echo(f"{refusal.zh}\n{refusal.en} [{refusal.code}]", err=True)
        raise typer.Exit(FAILED) from None


def _ready(words: str) -> None:
    """Say that it runs, to whoever watches or waits for the line."""
    typer.echo(f"就绪 ready: {words}")
