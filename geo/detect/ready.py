"""A ground made ready for judging: every row named, every shape with a valid copy to judge."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from geo.model import Ground, references
from geo.repair import repaired
from geo.shapes import areas


@dataclass(frozen=True)
class Ready:
    """The ground with columns `ref`, `mine` and, for layers, `judged`, `area_m2` and `on_repaired_copy`."""

    ground: dict[str, pd.DataFrame]
    not_compared: list[str]
    invalid: int


def ready(ground: Ground) -> Ready:
    """Name the rows and prepare the shapes of a ground; the frames given are left as they are."""
    frames = {layer: _named(layer, frame) for layer, frame in ground.items()}
    not_compared: list[str] = []
    invalid = 0
    for layer, frame in frames.items():
        if "geometry" in frame.columns:
            frames[layer] = _judgeable(frame)
            not_compared += list(frames[layer].loc[frames[layer]["judged"].isna(), "ref"])
            invalid += int((frames[layer]["on_repaired_copy"] | frames[layer]["judged"].isna()).sum())
    return Ready(frames, not_compared, invalid)


def _named(layer: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Give a frame its references, positions and owner column."""
    named = pd.DataFrame(frame).reset_index(drop=True)
    if "row" not in named.columns:
        named["row"] = np.arange(len(named))
    if "code" not in named.columns:
        named["code"] = pd.Series([None] * len(named), dtype=object)
    named["ref"] = references(layer, named)
    if "mine" not in named.columns:
        named["mine"] = True
    return named


def _judgeable(frame: pd.DataFrame) -> pd.DataFrame:
    """Add the copies that are judged: the shape itself where it is valid, else one repaired within limits."""
    shapes = frame["geometry"].to_numpy(dtype=object)
    judged = shapes.copy()
    bad = ~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)
    if bad.any():
        judged[bad] = repaired(shapes[bad])
    return frame.assign(judged=judged, area_m2=areas(judged), on_repaired_copy=bad & ~shapely.is_missing(judged))
