"""A ground made ready for judging: every row named, every shape laid out flat with a valid copy to judge."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.layer import Ground, Layer
from geo.model import DETAIL_LAYERS, NAMED_BY, Shapes, references
from geo.outlines import Outlines, outlines_of
from geo.repair import repaired
from geo.validity import invalid


@dataclass(frozen=True)
class Ready:
    """The ground as rules ask for it: layers to find pairs on, and frames of rows.

    Rows have `ref`, `mine` and `here`, and in layers also `judged`, `area_m2`, `invalid` and `on_repaired_copy`.
    """

    layers: Mapping[str, Layer]
    #: Outlines of the layers as delivered, invalid ones too.
    drawn: Mapping[str, Outlines]
    frames: dict[str, pd.DataFrame]
    not_compared: list[str]
    invalid: int

    def frame(self, name: str) -> pd.DataFrame | None:
        """All rows of a layer or table, fetched once; None where it was not given."""
        if name not in self.frames and name in self.layers:
            self.frames[name] = self.layers[name].frame()
        return self.frames.get(name)


def ready(ground: Ground) -> Ready:
    """Name the rows and prepare the shapes of a ground; what is given is left as it is."""
    layers: dict[str, Layer] = {}
    drawn: dict[str, Outlines] = {}
    frames: dict[str, pd.DataFrame] = {}
    not_compared: list[str] = []
    copies = 0
    for name, given in ground.items():
        if not isinstance(given, Layer):
            frames[name] = _named(name, given)
            if "geometry" not in given.columns or name in DETAIL_LAYERS:
                continue
            given = _layer_of(frames[name])
        layer, bad, shapes = _judgeable(name, given)
        lost = bad[shapely.is_missing(shapes)]
        layers[name] = layer
        drawn[name] = given.outlines
        not_compared += list(layer.rows(lost)["ref"])
        copies += int(np.count_nonzero((layer.mine & layer.here)[bad]))
        if name in frames:
            frames[name] = layer.frame()
            layers[name] = replace(layer, rows=frames[name].iloc.__getitem__)
    return Ready(layers, drawn, frames, not_compared, copies)


def _named(layer: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Give a frame its references, positions and owner columns."""
    named = pd.DataFrame(frame).reset_index(drop=True)
    if "row" not in named.columns:
        named["row"] = np.arange(len(named))
    if "code" not in named.columns:
        named["code"] = pd.Series([None] * len(named), dtype=object)
    named["ref"] = references(layer, named)
    if layer in NAMED_BY and named["code"].isna().all():
        minted = named["ref"].str.partition(":")[2]
        named["code"] = minted.mask(minted.str.startswith("row:"), None)
    for owner in ("mine", "here"):
        if owner not in named.columns:
            named[owner] = True
    return named


def _layer_of(frame: pd.DataFrame) -> Layer:
    """A layer of a frame that is in memory anyway."""
    return Layer(
        outlines=outlines_of(frame["geometry"].to_numpy(dtype=object)),
        order=frame["ref"].to_numpy(dtype=object),
        mine=frame["mine"].to_numpy(dtype=bool),
        here=frame["here"].to_numpy(dtype=bool),
        rows=frame.iloc.__getitem__,
    )


def _judgeable(name: str, layer: Layer) -> tuple[Layer, NDArray[np.intp], Shapes]:
    """Put repaired copies in the place of invalid shapes, within limits; returns which rows, and their copies."""
    bad = np.flatnonzero(invalid(layer.outlines))
    shapes = repaired(layer.rows(bad)["geometry"].to_numpy(dtype=object)) if len(bad) else np.empty(0, dtype=object)
    outlines = layer.outlines.with_copies(bad, outlines_of(shapes)) if len(bad) else layer.outlines
    rows = partial(_rows, name, layer, outlines, dict(zip(bad.tolist(), shapes, strict=True)))
    return replace(layer, outlines=outlines, rows=rows), bad, shapes


def _rows(
    name: str, layer: Layer, outlines: Outlines, copies: dict[int, object], at: NDArray[np.integer]
) -> pd.DataFrame:
    """Rows of a layer with what judging needs: name, owner, the shape that is judged and its area."""
    # a row that is asked for twice, as a side of two pairs, is one row and has one name
    at, back = np.unique(at, return_inverse=True)
    frame = layer.rows(at)
    judged = frame["geometry"].to_numpy(dtype=object).copy()
    bad = np.isin(at, list(copies))
    for place in np.flatnonzero(bad):
        judged[place] = copies[int(at[place])]
    if "ref" not in frame.columns:
        frame = frame.assign(ref=references(name, frame), mine=layer.mine[at], here=layer.here[at])
    return frame.assign(
        judged=judged, area_m2=outlines.areas_of(at), invalid=bad, on_repaired_copy=bad & ~shapely.is_missing(judged)
    ).iloc[back]
