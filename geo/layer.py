"""A layer that brings its outlines at once and its rows when they are asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.outlines import Outlines, outlines_of


@dataclass(frozen=True)
class Layer:
    """Features to find pairs on: of a million parcels the rows are read only for those that share ground.

    `order` holds what puts the two sides of a pair in order (references, or codes where all rows have one), `mine` the
    rows that findings are wanted for, `here` those that this run answers for: a pair belongs to its first side.
    `rows` gives the rows at some positions as a frame with their attributes and `geometry`.
    """

    outlines: Outlines
    order: NDArray[np.generic]
    mine: NDArray[np.bool_]
    here: NDArray[np.bool_]
    rows: Callable[[NDArray[np.integer]], pd.DataFrame]
    crs: Any = None

    def __len__(self) -> int:
        return len(self.order)

    def frame(self) -> pd.DataFrame:
        """All rows."""
        return self.rows(np.arange(len(self)))


def of_frame(frame: Any) -> Layer:
    """Give rows that are in memory as a layer of the books, which has every column whether or not it is filled here."""

    def rows(at: NDArray[np.integer]) -> pd.DataFrame:
        found: pd.DataFrame = frame.iloc[at].assign(row=at).reset_index(drop=True)
        return found

    here = np.ones(len(frame), dtype=bool)
    codes, mine = frame["code"].to_numpy(dtype=object), frame["mine"].to_numpy(dtype=bool)
    return Layer(outlines_of(frame.geometry.to_numpy()), codes, mine, here, rows, frame.crs)


#: Everything a rule may look at: a frame or a layer for each name of `geo.model`, in one metric CRS, columns by
#: `geo.fields`.
Ground = Mapping[str, pd.DataFrame | Layer]
