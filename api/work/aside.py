"""Compare where a delivery puts its parcels and boundaries with where the books have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from data.store import known
from geo.crs import CrsRefused
from geo.intake.decided import doubted
from geo.intake.displaced import warning
from geo.intake.reading import LayerReading

COMPARED = ("parcel", "boundary")


def previews(session: Session, layers: Sequence[LayerReading]) -> list[Mapping[str, Any]]:
    """The previews of a delivery; one that stands aside as a whole from what the books know has a doubtful system."""
    return [_compared(session, layer) for layer in layers]


def _compared(session: Session, layer: LayerReading) -> Mapping[str, Any]:
    frame = layer.frame
    if layer.layer not in COMPARED or frame.empty or "code" not in frame.columns:
        return layer.preview
    some = frame.iloc[np.unique(np.linspace(0, len(frame) - 1, known.ENOUGH).astype(int))]
    try:
        said = warning(some, known.shapes(session, layer.layer, [code for code in some["code"] if code]))
    except CrsRefused:  # a system that cannot be compared with the books' is told of when the rows are stored
        return layer.preview
    return doubted(layer.preview, "crs", said) if said else layer.preview
