"""The bridge to the real-estate register: each right with its unit code and the register's fields."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

from data.delivery.kept import Area
from data.sql import read_sql
from geo.fields import Field, dictionary

TABLE = "BDCDYH"


def fields() -> list[Field]:
    """The fields of the bridge, in the order of the dictionary."""
    return [one for one in dictionary() if one.table == TABLE]


def registry(session: Session, where: Area) -> pd.DataFrame:
    """Every right of an area under the border's names; the unit is empty where none was delivered."""
    rows = session.execute(text(read_sql("delivery/registry.sql")), {"prefixes": list(where.prefixes)}).mappings()
    names = {one.name: one.standard for one in fields()}
    return pd.DataFrame([dict(row) for row in rows], columns=list(names), dtype=object).rename(columns=names)
