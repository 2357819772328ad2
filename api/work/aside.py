"""Compare where a delivery puts its parcels and boundaries with where the books have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from pyproj import CRS
from sqlalchemy.orm import Session

from data.store import known
from geo.crs import CrsRefused
from geo.intake.decided import doubted
from geo.intake.displaced import Marks, warning, warning_by_bounds
from geo.intake.reading import LayerReading


def previews(session: Session, layers: Sequence[LayerReading]) -> list[Mapping[str, Any]]:
    """The previews of a delivery; one that stands aside as a whole from what the books know has a doubtful system."""
    return [_compared(session, layer) for layer in layers]


def _compared(session: Session, layer: LayerReading) -> Mapping[str, Any]:
    kept = layer.preview.get("marks")
    if layer.layer not in known.TABLES or not kept or layer.crs is None:
        return layer.preview
    codes, places = [code for code, *_ in kept], np.array([place for _, *place in kept], dtype=float)
    try:
        delivered = Marks(codes, places, CRS.from_user_input(layer.crs))
        said = warning(delivered, known.marks(session, layer.layer, codes))
        if said is None and layer.layer == "parcel":
            said = warning_by_bounds(delivered, *known.villages(session, codes))
    except CrsRefused:  # a system that cannot be compared with the books' is told of when the rows are stored
        return layer.preview
    return doubted(layer.preview, "crs", said) if said else layer.preview
