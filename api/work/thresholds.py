"""The thresholds of the counties: set as a file, in versions, and shown to anyone."""

from __future__ import annotations

from typing import Any

from api.office import Office
from data.store import places, thresholds
from geo.thresholds import CountyThresholds


def enter(office: Office, told: CountyThresholds, account: str) -> int:
    """Put a version in force for every run that begins from now on, and give its number."""
    with office.begin() as session:
        return thresholds.enter(session, told, account)


def in_force(office: Office) -> CountyThresholds:
    """The version in force."""
    with office.begin() as session:
        return thresholds.in_force(session)


def shown(office: Office) -> dict[str, Any]:
    """Every version that was ever set, the newest first and in force, with the names of its counties."""
    with office.begin() as session:
        names = places.names(session)
        return {
            "items": [
                {
                    "id": kept.id,
                    "version": kept.version,
                    "set_at": kept.set_at,
                    "counties": kept.counties,
                    "names": {code: names[code] for code in kept.counties if code in names},
                }
                for kept in thresholds.history(session)
            ]
        }
