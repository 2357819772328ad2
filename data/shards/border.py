"""Pairs across the border of two shards: the villages there are read from both sides and judged as one ground."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import geopandas as gpd
import pandas as pd
import shapely
from psycopg import sql

from data.shards.house import Shard, holding
from data.shards.reading import Reading, driver
from data.sql import read_sql
from data.store import places
from data.store.ground import HALO_M, load
from data.tables import FACTS
from data.tables.base import Placed
from geo.detect import detect

#: All overlaps but OV-05, which asks which of two deliveries came first: two stores do not number theirs together.
RULES = ("OV-01", "OV-02", "OV-03", "OV-04", "OV-08", "OV-09", "OV-10")
_PLACED = tuple(table.__tablename__ for table in FACTS.values() if issubclass(table, Placed))


def villages(reading: Reading, day: date, halo_m: float = HALO_M) -> list[str]:
    """Find the villages, as 12 digits, that lie within `halo_m` of a village of another shard.

    Each shard works out the boxes of its villages itself; only those travel. The ground of the villages that are found
    holds every pair that crosses a border between shards.
    """
    found = [
        (shard.name, *row)
        for shard in reading.shards
        for table in _PLACED
        for row in driver(reading.session.connection()).execute(
            sql.SQL(read_sql("shards/villages.sql")).format(sql.Identifier(shard.schema, table)), {"day": day}
        )
    ]
    known = pd.DataFrame(found, columns=["shard", "village", "west", "south", "east", "north"])
    boxes = shapely.box(known["west"], known["south"], known["east"], known["north"])
    one, other = shapely.STRtree(boxes).query(boxes, predicate="dwithin", distance=halo_m)
    foreign = known["shard"].to_numpy()[one] != known["shard"].to_numpy()[other]
    return sorted(set(known["village"].to_numpy()[one[foreign]]))


def pairs(reading: Reading, day: date) -> gpd.GeoDataFrame:
    """Find whatever claims the same ground from both sides of a border between shards, with columns of a finding."""
    ground = load(reading.session, prefixes=villages(reading, day), valid_on=day)
    findings = detect(ground, day=day, only=RULES, names=places.names(reading.session)).findings
    sides = findings[["a_code", "b_code"]].map(lambda code: _shard_of(code, reading.shards))
    return findings[sides.notna().all(axis=1) & (sides["a_code"] != sides["b_code"])]


def _shard_of(code: object, shards: Sequence[Shard]) -> str | None:
    return holding(shards, [code[:6]])[0].name if isinstance(code, str) else None
