"""What an expert would try beside the planted scenes: other things that two flights differ by, and a track.

Each is laid over a scene that would else be one of buildings and bulldozed ground. All numbers come from a generator of
their own, so that the scenes they are laid over stay as they are.
"""

from collections.abc import Iterable

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.io import MemoryFile

Grid = NDArray[np.float32]
Images = NDArray[np.uint8] | NDArray[np.uint16]

#: Bearing and height of the sun in the morning and in the afternoon, low both times.
MORNING, AFTERNOON = (108.0, 30.0), (252.0, 30.0)
#: Metres that a track is wide, and the least that one is long.
TRACK_M, TRACK_LONG_M = 3.0, 80.0
#: The quality that both images are compressed with.
JPEG_QUALITY = 75
#: What a camera of 16 bits makes of a count of one of 8.
DEEP_GAIN, DEEP_OFFSET = 37.0, 190.0
#: The part of a field that stands under water at most, and the light that film lets through.
_WATER, _FILM_THROUGH = 0.85, 0.35
_POND = (0.055, 0.072, 0.060, 0.032)
_FILM = (0.62, 0.62, 0.61, 0.58)


def track(rng: np.random.Generator, side_m: float, others: Iterable[shapely.Geometry]) -> list[shapely.Polygon]:
    """Two tracks of bare earth across the fields, bent once, clear of houses, ponds and moved earth."""
    taken = shapely.union_all(list(others))
    sheet = shapely.box(0, 0, side_m, side_m).buffer(-12)
    found: list[shapely.Polygon] = []
    for _ in range(200):
        if len(found) == 2:
            break
        start = rng.uniform(0, side_m, 2)
        turn, long = rng.uniform(0, 2 * np.pi), rng.uniform(TRACK_LONG_M, 2 * TRACK_LONG_M) / 2
        bend = turn + rng.uniform(-0.5, 0.5)
        middle = start + long * np.array([np.cos(turn), np.sin(turn)])
        end = middle + long * np.array([np.cos(bend), np.sin(bend)])
        way = shapely.LineString([start, middle, end]).buffer(TRACK_M / 2, cap_style="flat")
        if sheet.contains(way) and all(way.distance(other) > 4 for other in [taken, *found] if not other.is_empty):
            found.append(way)
    return found


def flooded(land: Grid, fields: NDArray[np.bool_], depth: Grid) -> Grid:
    """Paddies that stand under water here and are dry there, with no line between: `depth` has mean 0, deviation 1."""
    share = np.where(fields, _WATER / (1 + np.exp(-2 * depth)), 0.0).astype(np.float32)
    return _mixed(land, share, _POND)


def covered(land: Grid, under: NDArray[np.bool_], across: Grid) -> Grid:
    """Fields under film: tunnels side by side, 8 m wide, with a strip of the field between."""
    tunnels = under & ((across % 8.0) < 6.8)
    return _mixed(land, np.where(tunnels, 1 - _FILM_THROUGH, 0.0).astype(np.float32), _FILM)


def veiled(land: Grid, noise: Grid) -> Grid:
    """Haze that thickens from one corner to the other and has banks of its own."""
    rows, columns = noise.shape
    slope = np.linspace(0, 1, rows)[:, None] + np.linspace(0, 1, columns)[None]
    share = np.clip(0.02 + 0.13 * slope + 0.03 * noise, 0.0, 0.4).astype(np.float32)
    return _mixed(land, share, (0.55, 0.58, 0.62, 0.50))


def _mixed(land: Grid, share: Grid, colour: tuple[float, ...]) -> Grid:
    return np.stack([band * (1 - share) + np.float32(one) * share for band, one in zip(land, colour, strict=True)])


def stretched(land: Grid, down: Grid, right: Grid) -> Grid:
    """A picture laid crookedly on the ground, by cells that differ from place to place."""
    rows, columns = np.indices(down.shape, dtype=np.float32)
    at_row = np.clip(rows + down, 0, down.shape[0] - 1.001)
    at_column = np.clip(columns + right, 0, down.shape[1] - 1.001)
    top, left = at_row.astype(np.int32), at_column.astype(np.int32)
    low, along = at_row - top, at_column - left
    upper = land[:, top, left] * (1 - along) + land[:, top, left + 1] * along
    lower = land[:, top + 1, left] * (1 - along) + land[:, top + 1, left + 1] * along
    return np.asarray(upper * (1 - low) + lower * low, dtype=np.float32)


def compressed(bands: Images) -> Images:
    """What is left of a picture that was kept as JPEG; the infrared is kept as a picture of its own."""
    out = []
    layout = {
        "driver": "GTiff",
        "compress": "jpeg",
        "jpeg_quality": JPEG_QUALITY,
        "transform": Affine(1, 0, 0, 0, -1, 9),
    }
    for part, colours in ((bands[:3], "ycbcr"), (bands[3:], "minisblack")):
        if not len(part):
            continue
        shape = {"count": len(part), "height": part.shape[1], "width": part.shape[2], "dtype": "uint8"}
        with MemoryFile() as memory:
            with memory.open(**layout, **shape, photometric=colours, interleave="pixel") as file:
                file.write(part)
            with memory.open() as file:
                out.append(file.read())
    return np.concatenate(out)
