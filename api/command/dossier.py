"""The verb that explains one finding: `dossier`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from api.errors import Refused
from api.office import open_office
from api.settings import Settings
from web.labels import DEFAULT, LANGUAGES

UNREADABLE, WRONG_USAGE = 2, 64


def dossier(
    key: Annotated[str, typer.Argument(help="线索编号，或其开头若干位 / key of a finding, or how it begins")],
    pdf: Annotated[Path | None, typer.Option(metavar="FILE", help="写成 PDF / print it")] = None,
    lang: Annotated[str, typer.Option(help="zh | en")] = DEFAULT,
    account: Annotated[str, typer.Option("--as", help="以谁的名义 / whose area it lies in")] = "official",
) -> None:
    """说明一条线索：双方凭据、此地历来情况、可信程度、可供协商的方案。 Explain one finding, as JSON or as a PDF."""
    from api.work import dossier as use_case

    if lang not in LANGUAGES:
        raise typer.BadParameter("--lang zh|en")
    office = open_office(Settings())
    try:
        person, whole = use_case.asked(office, account, key)
        if pdf is None:
            told = use_case.explained(office, person, whole, lang)
            typer.echo(json.dumps(told, ensure_ascii=False, indent=1, default=str))
            return
        pdf.write_bytes(use_case.printed(office, person, whole, lang))
    except Refused as refusal:
        typer.echo(f"{refusal.zh}\n{refusal.en} [{refusal.code}]", err=True)
        raise typer.Exit(WRONG_USAGE) from None
    typer.echo(json.dumps({"key": whole, "path": str(pdf)}, ensure_ascii=False))
