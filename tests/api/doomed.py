"""A worker that dies of SIGKILL just before its n-th commit: `python -m tests.api.doomed N`."""

import itertools
import os
import signal
import sys

from sqlalchemy import event

from api import worker
from api.office import open_office
from api.settings import Settings


def main() -> None:
    """Work until the commit that is not to be."""
    office = open_office(Settings())
    left = itertools.count(int(sys.argv[1]) - 1, -1)

    @event.listens_for(office.engine, "commit")
    def _die(_connection) -> None:
        if next(left) == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    worker.run(office, until_empty=True, signals=False)


if __name__ == "__main__":
    main()
