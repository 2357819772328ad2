"""What a person set of a comparison: known numbers within reach of ours, and nothing else."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from geo.imagery.settings import ChangeSettings

#: How far a number may be from ours, down and up: beyond it no image is looked at any more in its sense.
REACH: Final = 10.0


class WrongSetting(ValueError):
    """There is no such setting, or not with such a value; its name is the message."""


def reach(name: str) -> tuple[float, float]:
    """The least and the greatest value of a setting: a tenth of ours, and ten times as much."""
    ours = getattr(ChangeSettings(), name)
    low, high = sorted((ours / REACH, ours * REACH))
    return (math.ceil(low), high) if isinstance(ours, int) else (low, high)


def settled(given: Mapping[str, Any]) -> ChangeSettings:
    """Our settings with those that were given; WrongSetting for any other, or one beyond reach."""
    known = {name: type(ours) for name, ours in ChangeSettings().told().items()}
    values = {}
    for name, value in given.items():
        try:
            number = known[name](value)
            low, high = reach(name)
        except (KeyError, TypeError, ValueError, OverflowError):
            raise WrongSetting(name) from None
        if not low <= number <= high:
            raise WrongSetting(name)
        values[name] = number
    return replace(ChangeSettings(), **values)
