"""The command line: the verbs of `./dingxin`, each a function, or a group of them, in a module beside this one."""

from __future__ import annotations

import sys
from importlib import import_module

import typer

#: Which module holds which verb.
VERBS = {
    "opening": ("up",),
    "house": ("down", "status", "test"),
    "accounts": ("password",),
    "work": ("receive", "detect", "worker", "serve"),
    "export": ("export",),
    "dossier": ("dossier",),
    "files": ("check", "pairs", "outlines"),
    "imagery": ("image", "shares"),
    "change": ("change",),
    "bench": ("bench",),
    "cluster": ("cluster",),
    "shards": ("shards",),
    "thresholds": ("thresholds",),
}
WRONG_USAGE = 64


def app(asked: str | None = None) -> typer.Typer:
    """Make the command line with the module that holds the verb asked for, or with all of them."""
    whole = typer.Typer(
        help="定心：农村土地确权与冲突检查。Dingxin: rural land rights, and conflicts on the ground.",
        no_args_is_help=True,
        add_completion=False,
        # Tracebacks with the values of variables would print people's data.
        pretty_exceptions_enable=False,
    )
    # A check of one file should not wait for the web server to load, nor the other way round.
    modules = [name for name, verbs in VERBS.items() if asked in verbs] or list(VERBS)
    for module in modules:
        for verb in VERBS[module]:
            said = getattr(import_module(f"api.command.{module}"), verb)
            if isinstance(said, typer.Typer):
                whole.add_typer(said, name=verb)
            else:
                whole.command(verb, context_settings=_settings(verb))(said)
    whole.callback()(_nothing)
    return whole


def main() -> None:
    """Run the verb: 0 it ran, 1 failed, 2 unreadable input, 64 wrong usage; what we can explain is told in words."""
    try:
        code = app(*sys.argv[1:2])(prog_name="dingxin", standalone_mode=False)
    except typer.TyperException as wrong:
        wrong.show()
        sys.exit(WRONG_USAGE)
    except Exception as error:
        told = _words(error)
        if told is None:
            raise
        sys.exit(told)
    sys.exit(code)


def _words(error: Exception) -> str | None:
    """What stands in the way and how to mend it, where we know; None for a failure of our own."""
    if hasattr(error, "zh"):
        return f"{error.zh}\n{error.en}"
    if isinstance(error, PermissionError):
        return (
            f"没有权限：{error.filename}。请用有权限的账户（sudo）运行。\nNo permission; run as an account that has it."
        )
    from psycopg import OperationalError
    from psycopg.errors import UndefinedTable

    if isinstance(getattr(error, "orig", error), OperationalError | UndefinedTable):
        return "数据库没有运行或尚未建好，请先运行：./dingxin up\nThe database is not up; first run: ./dingxin up"
    return None


def _nothing() -> None:
    """Keep the verb a word of its own even when its module is the only one loaded and holds no other."""


def _settings(verb: str) -> dict[str, object]:
    """What follows `test` belongs to pytest."""
    return {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []} if verb == "test" else {}
