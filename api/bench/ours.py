"""Our side of the works on shared ground, from files: into the waist, and nothing else."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow
import pyarrow.parquet
from numpy.typing import NDArray

from api.bench.pairs import THRESHOLD_M2
from api.bench.survey import MORE_THAN_M2
from geo.boxes import Meeting
from geo.engines.local import cores
from geo.intake.flat import kept
from geo.outlines import Outlines, outlines_of_wkb
from geo.pairs import FEATURES_A_TILE, shared_ground


def pairs_from_kept(folder: Path) -> pd.DataFrame:
    """All pairs of parcels whose outlines were kept."""
    parcels = kept(folder / "parcels.arrow")
    return _pairs(parcels.rank, parcels.outlines)


def pairs_from_parquet(folder: Path) -> pd.DataFrame:
    """All pairs of parcels, which lie in a file."""
    numbers, parcels = read(folder / "parcels.parquet")
    return _pairs(numbers, parcels)


def floor_from_kept(folder: Path) -> pd.DataFrame:
    """The least that anyone must do with kept outlines: touch them and join their boxes."""
    return boxes_met(kept(folder / "parcels.arrow").outlines)


def floor_from_parquet(folder: Path) -> pd.DataFrame:
    """The least that anyone must do with a file."""
    return boxes_met(read(folder / "parcels.parquet")[1])


def boxes_met(parcels: Outlines) -> pd.DataFrame:
    """How many boxes meet with more than the threshold in common."""
    meeting = Meeting.of(parcels, None, THRESHOLD_M2)
    with ThreadPoolExecutor(cores()) as pool:
        counts = list(pool.map(lambda tile: len(meeting.pairs(tile)[0]), meeting.tiles(FEATURES_A_TILE)))
    return pd.DataFrame({"pairs": [sum(counts)]})


def survey_from_kept(folder: Path) -> pd.DataFrame:
    """All parcels and survey polygons that share ground, whose outlines were kept."""
    parcels, grounds = kept(folder / "parcels.arrow"), kept(folder / "survey.arrow")
    return _survey(parcels.rank, parcels.outlines, grounds.rank, grounds.outlines)


def survey_from_parquet(folder: Path) -> pd.DataFrame:
    """All parcels and survey polygons that share ground, which lie in two files."""
    return _survey(*read(folder / "parcels.parquet"), *read(folder / "survey.parquet"))


def _survey(
    parcels: NDArray[np.integer], outlines: Outlines, polygons: NDArray[np.integer], grounds: Outlines
) -> pd.DataFrame:
    pairs = shared_ground(outlines, parcels, grounds, polygons, more_than_m2=MORE_THAN_M2)
    return table_of(parcels, polygons, pairs)


def _pairs(numbers: NDArray[np.integer], parcels: Outlines) -> pd.DataFrame:
    return table_of(numbers, numbers, shared_ground(parcels, numbers, more_than_m2=THRESHOLD_M2))


def table_of(numbers_a: NDArray[np.integer], numbers_b: NDArray[np.integer], pairs: pd.DataFrame) -> pd.DataFrame:
    """Pairs as every method gives them, by the numbers of their sides."""
    i, j = numbers_a[pairs["row_a"].to_numpy()], numbers_b[pairs["row_b"].to_numpy()]
    return pd.DataFrame({"i": i, "j": j, "m2": pairs["shared_m2"].to_numpy()})


def read(file: Path) -> tuple[NDArray[np.integer], Outlines]:
    """Numbers and outlines of a Parquet file."""
    return flat(pyarrow.parquet.read_table(file))


def flat(table: pyarrow.Table) -> tuple[NDArray[np.integer], Outlines]:
    """Numbers and outlines of a table, from Arrow's own buffers."""
    return table["number"].to_numpy(), outlines_of_wkb(map(_piece, table["geometry"].chunks))


def _piece(chunk: pyarrow.Array) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The bytes of a chunk of well-known binary, and where each shape begins in them."""
    _, offsets, data = chunk.buffers()
    begins = np.frombuffer(offsets, dtype=np.int32)[chunk.offset : chunk.offset + len(chunk)]
    return np.frombuffer(data, dtype=np.uint8), begins.astype(np.int64)
