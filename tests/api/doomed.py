"""A worker that dies of SIGKILL just before its n-th commit: `python -m tests.api.doomed N`.

With `TABLE CLUSTER` the server in that folder dies before it, in the middle of a COPY into that table.
"""

import itertools
import os
import signal
import sys
from pathlib import Path

import psycopg
from psycopg.copy import LibpqWriter
from sqlalchemy import event

from api import worker
from api.office import Office, open_office
from api.settings import Settings


def die_before_commit(office: Office, number: int) -> None:
    """Let this process die before a commit."""
    left = itertools.count(number - 1, -1)

    @event.listens_for(office.engine, "commit")
    def _die(_connection) -> None:
        if next(left) == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def fell_server_in_copy(table: str, cluster: Path) -> None:
    """Let a server and then this process die when rows of a COPY into a table were sent, and its end was not."""
    server = int((cluster / "postmaster.pid").read_text().split()[0])
    begin, finish, begun = psycopg.Cursor.copy, LibpqWriter.finish, []

    def copy(cursor, statement, *arguments, **options):
        begun.append(statement.as_string(cursor))
        return begin(cursor, statement, *arguments, **options)

    def fall(writer, exc=None):
        if begun[-1].startswith(f'COPY "{table}"'):
            backends = Path(f"/proc/{server}/task/{server}/children").read_text().split()
            for one in (server, *map(int, backends), os.getpid()):
                os.kill(one, signal.SIGKILL)
        finish(writer, exc)

    psycopg.Cursor.copy, LibpqWriter.finish = copy, fall


def main() -> None:
    """Work until the commit that is not to be."""
    office = open_office(Settings())
    when, *cluster = sys.argv[1:]
    if cluster:
        fell_server_in_copy(when, Path(*cluster))
    else:
        die_before_commit(office, int(when))
    worker.run(office, until_empty=True, signals=False)


if __name__ == "__main__":
    main()
