"""A planted county: hundreds of small scenes, each a conflict or what only looks like one, with every finding known.

A scene is drawn by hand in metres, turned at random and put anywhere in the county; what must be found in it follows
from how it was drawn. Nothing here asks a rule or the kernel.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from data.samples.county import held, neighbours, occupied, overlapping, recorded, regions, registered, seen
from data.samples.county.scene import LAYERS, TABLES, Finding, Scene

__all__ = ["CRS", "SCENES", "County", "Finding", "county"]

#: EPSG:4525, the easting with its zone prefix; a scene has a square of its own.
CRS = "EPSG:4525"
_ORIGIN, _SPACING_M = np.array([37_480_000.0, 2_420_000.0]), 440.0
SCENES = (
    *overlapping.SCENES, *occupied.SCENES, *registered.SCENES, *neighbours.SCENES, *regions.SCENES, *seen.SCENES,
    *held.SCENES, *recorded.SCENES,
)  # fmt: skip


@dataclass(frozen=True)
class County:
    """Layers and tables under our names as rules take them, all that must be found, and what only looks like it."""

    ground: dict[str, pd.DataFrame]
    expected: set[Finding]
    #: Which scene every reference is from.
    scene_of: dict[str, str]
    #: What must not be found, though it looks like a finding.
    cleared: set[Finding]


def county(parcels: int = 5_000, seed: int = 1) -> County:
    """Make a county of about so many parcels, each scene as often as any; the same for the same arguments."""
    rng = np.random.default_rng(seed)
    made: list[Scene] = []
    count = 0
    while count < parcels or len(made) % len(SCENES):
        scene = Scene(len(made), rng)
        draw = SCENES[len(made) % len(SCENES)]
        draw(scene)
        scene.name = draw.__name__
        made.append(scene)
        count += len(scene.rows["parcel"])
    across = int(np.ceil(np.sqrt(len(made))))
    for at, seat in enumerate(rng.permutation(len(made))):
        middle = _ORIGIN + np.array([seat % across, seat // across]) * _SPACING_M
        made[at].put(middle, rng.uniform(0, 2 * np.pi))
    ground: dict[str, pd.DataFrame] = {}
    for layer in (*LAYERS, *TABLES):
        rows = pd.DataFrame([row for scene in made for row in scene.rows[layer]])
        rows = rows.sample(frac=1.0, random_state=rng).reset_index(drop=True)
        rows = rows.assign(row=np.arange(len(rows)))
        ground[layer] = gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS) if layer in LAYERS else rows
    names = {ref: scene.name for scene in made for ref in scene.references()}
    expected, cleared = ({one for scene in made for one in getattr(scene, said)} for said in ("expected", "cleared"))
    assert not expected & cleared
    return County(ground, expected, names, cleared)
