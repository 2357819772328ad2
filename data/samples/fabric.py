"""Parcels by the hundred thousand for benchmarks and large tests, with the pairs that were made to overlap."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data.samples.blocks import Floats, Shape, bricks, nodes, polygons, rings, with_noise

#: EPSG:4525, west of 阳春; blocks of about 340 m stand on a grid of 500 m, each turned at random.
ORIGIN = np.array([37_560_000.0, 2_400_000.0])
SPACING_M = 500.0
#: Kind, share of all parcels, rows and columns of a block.
_MIX = (
    (Shape("quad", 33.0, 30.0, jitter=0.12), 0.50, 11, 10),
    (Shape("strip", 8.0, 120.0, steps_y=2, jitter=0.06), 0.16, 3, 42),
    (Shape("terrace", 62.0, 16.0, steps_x=18, jitter=0.1), 0.17, 20, 5),
    (Shape("brick", 36.0, 28.0), 0.17, 12, 9),
)
#: Share of all parcels that is planted as each kind of trouble.
_PLANTED = {"overlap": 0.004, "sliver": 0.002, "duplicate": 0.001, "contained": 0.001}
_NOISY, _WITH_HOLE = 0.05, 0.01


class Fabric(NamedTuple):
    """Valid polygons in a random order, and the pairs among them that share planted ground."""

    shapes: NDArray[np.object_]
    #: row_a < row_b, kind, shared_m2 to about 1e-5 m².
    pairs: pd.DataFrame


def fabric(n: int, seed: int = 1) -> Fabric:
    """Make `n` parcels: half quads, the rest strips of 8 by 120 m, curved terraces and bricks.

    The planted pairs are overlaps of 1 to 100 m², slivers under 0.1 m wide, exact duplicates and contained parcels.
    All other common ground is noise: 0.1 mm on 5 % of the parcels, and T-junctions rounded to 1 mm, which together
    stay under 0.05 m² a pair.
    """
    rng = np.random.default_rng(seed)
    extra = round(n * _PLANTED["duplicate"]) + round(n * _PLANTED["contained"])
    shares = np.array([share for _, share, _, _ in _MIX])
    counts = np.floor(shares * (n - extra)).astype(int)
    counts[0] += n - extra - counts.sum()
    blocks = [-(-count // (rows * columns)) for count, (_, _, rows, columns) in zip(counts, _MIX, strict=True)]
    seats = rng.permutation(sum(blocks))
    starts = np.r_[0, np.cumsum(blocks)]
    parts = [
        _placed(_filled(shape, many, rows, columns, rng), seats[first : first + many], sum(blocks), rng)[:count]
        for (shape, _, rows, columns), count, many, first in zip(_MIX, counts, blocks, starts, strict=False)
    ]
    parts[3] = np.round(parts[3], 3)
    hosts = _hosts(len(parts[0]), *_MIX[0][2:], rng)
    shapes = np.concatenate([polygons(part) for part in parts])
    pairs, used, added = _plant(parts[0], shapes, hosts, n)
    free = np.setdiff1d(np.arange(len(shapes)), np.r_[used, used + 1])
    noisy = np.zeros(len(shapes), dtype=bool)
    noisy[rng.choice(free, round(_NOISY * n), replace=False)] = True
    with_noise(shapes, noisy, rng)
    _dig(shapes, rng.choice(free[free < counts[0]], round(_WITH_HOLE * n), replace=False))
    return _shuffled(np.concatenate([shapes, added]), pairs, rng)


def _filled(shape: Shape, blocks: int, rows: int, columns: int, rng: np.random.Generator) -> Floats:
    """Fill blocks of one kind, centred on the origin: (blocks, parcels, vertices, 2)."""
    if shape.kind == "brick":
        made = bricks(shape, blocks, rows, columns, rng)
    else:
        made = rings(nodes(shape, blocks, rows, columns, rng), shape)
    made = made.reshape(blocks, rows * columns, *made.shape[-2:])
    return made - [columns * shape.width / 2, rows * shape.height / 2]


def _placed(made: Floats, seats: NDArray[np.int64], blocks: int, rng: np.random.Generator) -> Floats:
    """Turn every block at random and move it to its seat on the grid; one row a parcel."""
    turn = rng.uniform(0, 2 * np.pi, len(made))
    cos, sin = np.cos(turn)[:, None, None], np.sin(turn)[:, None, None]
    across = int(np.ceil(np.sqrt(blocks)))
    at = ORIGIN + np.stack([seats % across, seats // across], axis=-1) * SPACING_M
    x = made[..., 0] * cos - made[..., 1] * sin + at[:, 0, None, None]
    y = made[..., 0] * sin + made[..., 1] * cos + at[:, 1, None, None]
    return np.stack([x, y], axis=-1).reshape(-1, *made.shape[-2:])


def _hosts(quads: int, rows: int, columns: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Quads that may be changed, in random order: far enough apart that no two plants meet."""
    at = np.arange(quads - 1)
    column, row = at % columns, at // columns % rows
    return rng.permutation(at[(row % 2 == 0) & (column % 3 == 0) & (column < columns - 1)])


def _plant(
    quads: Floats, shapes: NDArray[np.object_], hosts: NDArray[np.int64], n: int
) -> tuple[pd.DataFrame, NDArray[np.int64], NDArray[np.object_]]:
    """Push hosts over their right neighbour (in `shapes`) and copy others; returns pairs, hosts and new shapes."""
    sizes = [round(n * share) for share in _PLANTED.values()]
    if sum(sizes) > len(hosts):
        raise ValueError(f"{n} parcels are too few for their planted pairs")
    overlap, sliver, twice, inside = np.split(hosts[: sum(sizes)], np.cumsum(sizes)[:-1])
    spread = np.linspace(0, 1, len(overlap))
    width = np.linalg.norm(quads[sliver + 1, 1] - quads[sliver + 1, 0], axis=-1)
    pushed = np.r_[overlap, sliver]
    by = np.r_[1.2 * 80.0**spread / 990.0, np.linspace(0.02, 0.09, len(sliver)) / width]
    shapes[pushed], shared = _pushed(quads[pushed], quads[pushed + 1], by)
    middle = quads[inside, :4].mean(axis=1, keepdims=True)
    cores = middle + (quads[inside] - middle) * np.linspace(0.3, 0.8, len(inside))[:, None, None]
    added = np.concatenate([polygons(quads[twice]), polygons(cores)])
    new = n - len(added) + np.arange(len(added))
    pairs = pd.DataFrame(
        {
            "row_a": np.r_[pushed, twice, inside],
            "row_b": np.r_[pushed + 1, new],
            "kind": np.repeat(list(_PLANTED), sizes),
            "shared_m2": np.r_[shared, shapely.area(added)],
        }
    )
    return pairs, hosts[: sum(sizes)], added


def _pushed(own: Floats, other: Floats, by: Floats) -> tuple[NDArray[np.object_], Floats]:
    """Push right edges along the neighbours' edges by a share of them; returns new polygons and common areas."""
    lower = own[:, 1] + (other[:, 1] - other[:, 0]) * by[:, None]
    upper = own[:, 2] + (other[:, 2] - other[:, 3]) * by[:, None]
    grown = np.stack([own[:, 0], own[:, 1], lower, upper, own[:, 2], own[:, 3], own[:, 0]], axis=1)
    taken = np.stack([own[:, 1], lower, upper, own[:, 2]], axis=1) - own[:, :1]
    x, y = taken[..., 0], taken[..., 1]
    shared = np.abs((x * np.roll(y, -1, axis=1) - np.roll(x, -1, axis=1) * y).sum(axis=1)) / 2
    return polygons(grown), shared


def _dig(shapes: NDArray[np.object_], chosen: NDArray[np.int64]) -> None:
    """Put an eight-cornered pond of 3 m radius into the middle of the chosen parcels."""
    turn = np.linspace(0, -2 * np.pi, 9)
    pond = 3.0 * np.stack([np.cos(turn), np.sin(turn)], axis=-1)
    pond[-1] = pond[0]
    middle = shapely.get_coordinates(shapely.centroid(shapes[chosen]))
    ponds = shapely.linearrings(middle[:, None] + pond)
    shapes[chosen] = shapely.polygons(shapely.get_exterior_ring(shapes[chosen]), ponds[:, None])


def _shuffled(shapes: NDArray[np.object_], pairs: pd.DataFrame, rng: np.random.Generator) -> Fabric:
    """Store the parcels in a random order, as years of changes leave them."""
    order = rng.permutation(len(shapes))
    place = np.empty(len(order), dtype=int)
    place[order] = np.arange(len(order))
    ends = np.sort(place[pairs[["row_a", "row_b"]].to_numpy()], axis=1)
    pairs = pairs.assign(row_a=ends[:, 0], row_b=ends[:, 1]).sort_values(["row_a", "row_b"], ignore_index=True)
    return Fabric(shapes[order], pairs)
