"""The report of a check on paper, from files alone: the same layout as the office prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import geopandas as gpd
import shapely
from pyproj import CRS

from api.work.defects import articles, title
from api.work.shown import degrees
from geo import defects
from geo.intake.reading import LayerReading, Reading, Rejected
from geo.report import dingxin_version
from web import delivery_paper, labels

#: Points of the ground that was delivered, for the sketch.
GROUND = 1000


def printed(
    reading: Reading,
    main: LayerReading,
    findings: gpd.GeoDataFrame,
    rejected: Sequence[tuple[str, Rejected]],
    delivered: CRS | None,
    day: date,
    lang: str = labels.DEFAULT,
) -> bytes:
    """Print what a check found; `findings` and places are in the system as delivered. FontMissing without a font."""
    system = None if delivered is None else delivered.to_wkt()
    table = defects.defects(findings, rejected)
    read, refused = sum(layer.read for layer in reading.layers), sum(len(layer.rejected) for layer in reading.layers)
    facts = [
        ("sha256", reading.sha256),
        ("counts", labels.text(lang, "paper.balance_waiting", read=read, stored=read - refused, rejected=refused)),
        ("checked", day.isoformat()),
        ("program", f"dingxin {dingxin_version()}"),
    ]
    account = delivery_paper.Account(
        filename=reading.path.rpartition("/")[2],
        facts=facts,
        layers=[
            vars(layer) | {"stored": layer.read - len(layer.rejected), "rejected": len(layer.rejected)}
            for layer in reading.layers
        ],
        groups=[_group(group, system) for group in defects.groups(table, delivery_paper.FIRST)],
        squares=[_placed(square, system) for square in defects.squares(table)],
        ground=_ground(main, system),
        as_of=day,
    )
    return delivery_paper.pdf(account, lang)


def _group(group: Mapping[str, Any], system: str | None) -> dict[str, Any]:
    rows = [_row(row, system) for row in group["rows"]]
    return dict(group) | {
        "title": title(group["kind"], group["rule"], rows[0]["sentence"]),
        "articles": articles(group["rows"][0]["article"]),
        "rows": rows,
    }


def _row(row: Mapping[str, Any], system: str | None) -> dict[str, Any]:
    return _placed(row, system) | {"sentence": {"zh": row["zh"], "en": row["en"]}}


def _placed(thing: Mapping[str, Any], system: str | None) -> dict[str, Any]:
    return dict(thing) | {"place": degrees(thing["x"], thing["y"], system)}


def _ground(main: LayerReading, system: str | None) -> list[list[float]]:
    """Middles of some of the shapes that were read."""
    if not isinstance(main.frame, gpd.GeoDataFrame):
        return []
    some = main.frame.geometry.to_numpy()[:: max(1, len(main.frame) // GROUND)]
    middles = shapely.get_coordinates(shapely.centroid(shapely.envelope(some)))
    return [place for x, y in middles if (place := degrees(x, y, system))]
