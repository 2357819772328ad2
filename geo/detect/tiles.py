"""Tiles of the ground with a halo: each pair belongs to the tile of its first side, and to no other."""

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.detect.plan import Plan

#: Features a tile: large enough that halos are thin, small enough that a tile fits a worker's memory.
FEATURES_A_TILE = 50_000


@dataclass(frozen=True)
class Tile:
    """Features of one layer (`here`) with everything that may touch them."""

    subject: str
    frames: dict[str, pd.DataFrame]


def cut_tiles(ground: dict[str, pd.DataFrame], plan: Plan) -> Iterator[Tile]:
    """Cut a ground into tiles by feature count along a Hilbert curve, one set for each layer that rules look from."""
    layers = {rule.subject for rule in plan.rules() if rule.against}
    for subject in sorted(layers):
        for here in _chunks(ground[subject]):
            yield Tile(subject, _with_halo(ground, subject, here))


def _chunks(frame: pd.DataFrame) -> list[NDArray[np.bool_]]:
    """Split a layer into runs of near neighbours, as masks over its rows."""
    count = -(-len(frame) // FEATURES_A_TILE)
    if count <= 1:
        return [np.ones(len(frame), dtype=bool)]
    # `references` order would scatter a tile over the county; the Hilbert order of the box centres keeps it compact
    rank = np.empty(len(frame), dtype=int)
    rank[np.argsort(_hilbert(frame), kind="stable")] = np.arange(len(frame))
    return [rank * count // len(frame) == at for at in range(count)]


def _hilbert(frame: pd.DataFrame) -> NDArray[np.int64]:
    """Distance of every feature's box centre along a Hilbert curve over the layer."""
    return np.asarray(gpd.GeoSeries(frame["judged"]).hilbert_distance(), dtype=np.int64)


def _with_halo(ground: dict[str, pd.DataFrame], subject: str, here: NDArray[np.bool_]) -> dict[str, pd.DataFrame]:
    """Take the features of a tile and, of every layer, those whose box meets one of theirs."""
    mine = ground[subject].assign(here=here)
    if here.all():
        return {**ground, subject: mine}
    boxes = shapely.box(*shapely.bounds(mine.loc[here, "judged"].to_numpy(dtype=object)).T)
    frames: dict[str, pd.DataFrame] = {}
    for layer, frame in {**ground, subject: mine}.items():
        if "judged" not in frame.columns:
            continue
        near = np.unique(shapely.STRtree(frame["judged"].to_numpy(dtype=object)).query(boxes)[1])
        keep = np.zeros(len(frame), dtype=bool)
        keep[near] = True
        if layer == subject:
            keep |= here
        frames[layer] = frame[keep]
    return frames
