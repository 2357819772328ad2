"""Papers of many villages, each with one flaw or none: leases, assignments, bids, rents, votes, ledgers, terms.

Every village has one household whose papers are in order; a scene adds to them. What must be found, and what only
looks so, follows by hand from what was written: nothing here asks a rule. All people are invented; there are no names.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from data.samples.papers import collective, leases, rights, sales
from data.samples.papers import forms as filled
from data.samples.papers.village import JUDGED, Finding, Village

__all__ = ["CRS", "FORMS", "JUDGED", "SCENES", "Papers", "forms", "papers"]

CRS = "EPSG:4525"
SCENES = (*leases.SCENES, *collective.SCENES, *sales.SCENES, *rights.SCENES)
FORMS = filled.SCENES
#: So many villages have the same scene.
_EACH = 12


@dataclass(frozen=True)
class Papers:
    """Tables and layers under our names, what must be found in them, what must not though it looks so, and from which
    scene every reference is.
    """

    ground: dict[str, pd.DataFrame]
    expected: set[Finding]
    alike: set[Finding]
    scene_of: dict[str, str]


def papers(seed: int = 1) -> Papers:
    """Write every scene in a dozen villages, rows in any order; the same for the same seed."""
    return _written(SCENES, Village.settle, np.random.default_rng(seed))


def forms(seed: int = 1) -> Papers:
    """Fill in the forms of every scene of them in a dozen villages."""
    return _written(FORMS, filled.fill, np.random.default_rng(seed))


def _written(
    scenes: tuple[Callable[[Village], None], ...], settle: Callable[[Village], None], rng: np.random.Generator
) -> Papers:
    """Every scene in a dozen villages that begin alike."""
    villages: list[tuple[str, Village]] = []
    for turn in range(_EACH):
        for scene in scenes:
            village = Village(len(villages), turn, rng)
            settle(village)
            scene(village)
            villages.append((scene.__name__, village))
    tables = sorted({name for _, village in villages for name in village.rows})
    ground = {}
    for name in tables:
        rows = [row for _, village in villages for row in village.rows.get(name, ())]
        ground[name] = _frame([rows[at] for at in rng.permutation(len(rows))])
    named = {ref: scene for scene, village in villages for ref in village.references()}
    expected = {found for _, village in villages for found in village.expected}
    return Papers(ground, expected, {found for _, village in villages for found in village.alike}, named)


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows with days as frames of intake have them; those with ground as a layer."""
    frame = pd.DataFrame(rows)
    for name in frame.columns:
        if frame[name].map(lambda value: isinstance(value, date)).any():
            days = [value if isinstance(value, date) else "NaT" for value in frame[name]]
            frame[name] = np.array(days, dtype="datetime64[s]")
    frame = frame.assign(row=np.arange(len(frame)))
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=CRS) if "geometry" in frame.columns else frame
