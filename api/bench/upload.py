"""Work `upload`: 40 villages of 1000 parcels, one after the other, each against all that is stored.

Here a village fits: its parcels fill gaps among the stored ones and touch them (`shifted` is the other case). Every
method gives a table i (uploaded), j (stored), m2 of all villages and the seconds of each. The village has been read
already: into memory for ours, into a table of its own for SQL.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from api.bench.contest import same_pairs

VILLAGES, IN_VILLAGE = 40, 1000
MORE_THAN_M2 = 0.05
SHIFT_M = 0.5

METHODS = {
    "dingxin": "api.bench.ours_stored:upload_touching",
    "PostGIS best": "api.bench.peers.postgis:touching_best",
    "PostGIS naive": "api.bench.peers.postgis:touching_naive",
}


def prepare(folder: Path, size: int, url: str) -> None:
    """Make the stored parcels and the uploads `touching` and `shifted`, each village numbered on from a thousand.

    Fewer than 100,000 parcels are divided into villages of a hundredth of them.
    """
    from api.bench.storage import hilbert, store
    from data.samples.fabric import fabric

    made = fabric(size)
    valid = np.setdiff1d(np.arange(size), made.invalid)
    valid = valid[hilbert(made.shapes[valid])]
    many = min(IN_VILLAGE, size // 100)
    # of every other parcel in a compact piece of ground
    touching = _pieces(valid, 2 * many)[:, ::2]
    stored = np.setdiff1d(valid, touching, assume_unique=True)
    shifted = _pieces(valid[np.isin(valid, stored)], many)
    store(folder, url, "parcels", stored, made.shapes[stored])
    moved = shapely.transform(made.shapes[shifted.ravel()], lambda vertices: vertices + np.array([SHIFT_M, 0.0]))
    for name, shapes in (("touching", made.shapes[touching.ravel()]), ("shifted", moved)):
        numbers = np.arange(VILLAGES)[:, None] * IN_VILLAGE + np.arange(many)
        store(folder, url, name, numbers.ravel(), shapes)
    (folder / "database.txt").write_text(url, encoding="utf-8")


def _pieces(rows: NDArray[np.integer], many: int) -> NDArray[np.integer]:
    """For each village, so many neighbouring rows; the villages lie evenly over all: (villages, many)."""
    starts = np.linspace(0, len(rows) - many, VILLAGES).astype(int)
    return rows[starts[:, None] + np.arange(many)]


def same(ours: pd.DataFrame, theirs: pd.DataFrame) -> bool:
    """Tell whether two results hold the same pairs with the same areas."""
    return same_pairs(ours, theirs, MORE_THAN_M2)
