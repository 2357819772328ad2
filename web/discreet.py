"""Sentences that go on paper: an identity number that found its way into one is masked there."""

from __future__ import annotations

import re

from geo.masks import mask_id

#: Area, day of birth, order and check character; the codes of contractors and papers are as long, but bear no such day.
_ID = re.compile(
    r"(?<![0-9A-Za-z])\d{6}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"
)


def without_ids(text: str) -> str:
    """The same text with every identity number masked as the public may see it."""
    return _ID.sub(lambda found: mask_id(found[0]), text)
