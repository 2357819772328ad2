"""Which townships an area's land lies in: the parts into which a run of detection is cut."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.store import places
from data.store.versions import then
from data.tables import FACTS

#: The first digits of a code that name its township.
TOWNSHIP = 9


def townships(session: Session, areas: Sequence[str], day: date) -> list[str]:
    """The townships of the parcels and reserved land under these prefixes on a day, those with most of them first.

    They are told by the codes as they are written: land under an old county code is a township of its own.
    """
    counted: Counter[str] = Counter()
    for layer in ("parcel", "reserved"):
        table = FACTS[layer]
        town = func.left(table.code, TOWNSHIP)
        here = [places.under(table.code, areas), *then(table, valid_on=day)]
        counted.update(dict(session.execute(select(town, func.count()).where(*here).group_by(town)).all()))
    return sorted(counted, key=lambda town: (-counted[town], town))
