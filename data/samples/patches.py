"""Survey polygons laid over a fabric: fields and woods of any outline, buildings, and bending roads."""

import numpy as np
import shapely
from numpy.typing import NDArray

from data.samples.blocks import Floats, polygons
from data.samples.fabric import towns

#: Share of all, corners: outlines as a person draws them and as a picture yields them.
_OUTLINES = ((0.20, 6), (0.20, 12), (0.15, 24), (0.10, 60), (0.04, 150), (0.01, 300))
_BUILDINGS, _ROADS, _WITH_HOLE = 0.20, 0.10, 0.05
#: Radius of an outline, width and length of a building, width of a road and half its length (m), evenly in logarithms.
_RADII, _SIDES, _WIDTHS, _REACH = (10.0, 55.0), (8.0, 25.0), (4.0, 10.0), (40.0, 150.0)
_ROAD_STEPS = 40
_REACH_OF_TOWN_M = 500.0


def survey_polygons(n: int, seed: int = 1) -> NDArray[np.object_]:
    """Make a tenth as many survey polygons as the `n` parcels of a fabric, over its towns, in a random order.

    Valid polygons of 4 to 300 corners in EPSG:4525, one in twenty of the outlines with a hole; they may overlap.
    """
    rng = np.random.default_rng(seed)
    count = n // 10
    roads, buildings = round(_ROADS * count), round(_BUILDINGS * count)
    outlines = np.array([round(share * count) for share, _ in _OUTLINES])
    outlines[0] += count - roads - buildings - outlines.sum()
    drawn = [
        polygons(_placed(_outlines(many, corners, rng), n, rng))
        for many, (_, corners) in zip(outlines, _OUTLINES, strict=True)
    ]
    for shapes in drawn:
        _hollow(shapes[: round(_WITH_HOLE * len(shapes))])
    drawn += [polygons(_placed(made, n, rng)) for made in (_buildings(buildings, rng), _roads(roads, rng))]
    return rng.permutation(np.concatenate(drawn))


def _spread(low_high: tuple[float, float], count: int, rng: np.random.Generator) -> Floats:
    """Sizes (m), evenly in logarithms: (count, 1)."""
    return np.exp(rng.uniform(*np.log(low_high), (count, 1)))


def _outlines(count: int, corners: int, rng: np.random.Generator) -> Floats:
    """Closed outlines that are seen whole from their middle, which keeps them simple: (count, corners + 1, 2)."""
    angle = (np.arange(corners) + rng.uniform(-0.3, 0.3, (count, corners))) * (2 * np.pi / corners)
    phase = rng.uniform(0, 2 * np.pi, (2, count, 1))
    bent = 1 + 0.3 * np.sin(2 * angle + phase[0]) + 0.12 * np.sin(5 * angle + phase[1])
    return _closed(
        _spread(_RADII, count, rng)[..., None] * bent[..., None] * np.stack([np.cos(angle), np.sin(angle)], -1)
    )


def _buildings(count: int, rng: np.random.Generator) -> Floats:
    """Rectangles round the origin: (count, 5, 2)."""
    sides = np.concatenate([_spread(_SIDES, count, rng), _spread(_SIDES, count, rng)], axis=1)
    return _closed(sides[:, None, :] * np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]]))


def _roads(count: int, rng: np.random.Generator) -> Floats:
    """Strips along a wave: (count, vertices, 2)."""
    along = np.linspace(-1, 1, _ROAD_STEPS) * _spread(_REACH, count, rng)
    middle = 8.0 * np.sin(along / rng.uniform(15, 30, (count, 1)))
    half = _spread(_WIDTHS, count, rng) / 2
    there, back = np.stack([along, middle - half], -1), np.stack([along, middle + half], -1)[:, ::-1]
    return _closed(np.concatenate([there, back], axis=1))


def _closed(corners: Floats) -> Floats:
    return np.concatenate([corners, corners[:, :1]], axis=1)


def _placed(made: Floats, n: int, rng: np.random.Generator) -> Floats:
    """Turn each and put it anywhere over a town."""
    middles = towns(n)
    turn, bearing = rng.uniform(0, 2 * np.pi, (2, len(made)))
    away = _REACH_OF_TOWN_M * np.sqrt(rng.uniform(0, 1, len(made)))
    at = rng.choice(middles, len(made)) + away[:, None] * np.stack([np.cos(bearing), np.sin(bearing)], axis=-1)
    cos, sin = np.cos(turn)[:, None], np.sin(turn)[:, None]
    x, y = made[..., 0], made[..., 1]
    return np.stack([x * cos - y * sin + at[:, :1], x * sin + y * cos + at[:, 1:]], axis=-1)


def _hollow(shapes: NDArray[np.object_]) -> None:
    """Leave the middle third out of each shape: the same outline, drawn smaller."""
    outer = shapely.get_exterior_ring(shapes)
    middle = shapely.get_coordinates(shapely.centroid(shapes))
    vertices, owner = shapely.get_coordinates(outer, return_index=True)
    inner = shapely.set_coordinates(outer.copy(), middle[owner] + (vertices - middle[owner]) / 3)
    shapes[:] = shapely.polygons(outer, inner[:, None])
