"""Accounts, from the machine itself: `password` helps whoever forgot theirs."""

from __future__ import annotations

from typing import Annotated

import typer

from api import people
from api.office import open_office
from api.settings import Settings


def password(name: Annotated[str, typer.Argument(help="账户，如 surveyor。The account.")]) -> None:
    """给账户换一个新密码，只显示一次。Give an account a new password, shown once."""
    with open_office(Settings()).begin() as session:
        typer.echo(people.new_password(session, name))
