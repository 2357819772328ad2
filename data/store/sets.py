"""Conditions over sets of any size: one parameter, however many values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Text, any_, literal
from sqlalchemy.dialects.postgresql import ARRAY


def among(column: Any, values: Iterable[str]) -> ColumnElement[bool]:
    """The condition that a text column holds one of these values."""
    return column == any_(literal(list(values), ARRAY(Text)))
