"""A verb of the command line in this process, as a shell would see it; that the program starts is proved elsewhere."""

import contextlib
import io
import os
import subprocess
import sys
from unittest import mock

from api.command import main


def dingxin(*words: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a verb; a new interpreter would load for two seconds of work before it looks at the first word."""
    out, err, code = io.StringIO(), io.StringIO(), None
    with (
        mock.patch.object(sys, "argv", ["dingxin", *map(str, words)]),
        mock.patch.dict(os.environ, environment),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as left:
            code = left.code
    if isinstance(code, str):  # what is told at the end is a failure
        print(code, file=err)
        code = 1
    return subprocess.CompletedProcess(words, code or 0, out.getvalue(), err.getvalue())


def inside(house) -> dict[str, str]:
    """The environment in which a verb works on this house."""
    settings = house.office.settings
    return {"DINGXIN_HOME": str(settings.home), "DINGXIN_DATABASE_URL": settings.database_url}
