"""SQL that is longer than three lines, one file a statement or a script; each opens with its name and purpose."""

from functools import cache
from importlib.resources import files


@cache
def read_sql(name: str) -> str:
    """Read one file of this folder, `versions/close.sql` for example."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
