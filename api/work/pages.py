"""Where a page of a list ended, as a text that nobody needs to read."""

from __future__ import annotations

import base64

from data.store.errors import BadCursor


def cursor(ord_: str) -> str:
    """Write down the last place of a page."""
    return base64.urlsafe_b64encode(ord_.encode()).decode()


def place(cursor: str | None) -> str:
    """Read it again, before everything where there is none; BadCursor for what was never handed out."""
    if cursor is None:
        return ""
    try:
        found = base64.b64decode(cursor, altchars=b"-_", validate=True).decode()
    except ValueError:
        raise BadCursor from None
    if "\0" in found:
        raise BadCursor
    return found
