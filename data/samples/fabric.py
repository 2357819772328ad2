"""Parcels by the hundred thousand for benchmarks and large tests, with every pair that was made to share ground."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data.samples.blocks import Floats, Shape, bricks, cells, nodes, polygons, rings, with_noise

#: EPSG:4525, west of 阳春. A village fills a block; nine blocks touch in a town, turned at random on a grid of 1500 m.
ORIGIN = np.array([37_560_000.0, 2_400_000.0])
BLOCK_M = np.array([336.0, 360.0])
ACROSS = 3
SPACING_M = 1500.0
#: Kind, share of all parcels, rows and columns of a block. Terraces and bricks leave room, since rows bend and shift.
_MIX = (
    (Shape("quad", 33.6, 30.0, jitter=0.12), 0.45, 12, 10),
    (Shape("strip", 8.0, 120.0, steps_y=2, jitter=0.06), 0.15, 3, 42),
    (Shape("terrace", 67.2, 15.0, steps_x=18, jitter=0.1), 0.15, 21, 5),
    (Shape("brick", 34.0, 30.0), 0.15, 12, 9),
    (Shape("cell", 33.6, 30.0), 0.10, 12, 10),
)
#: Share of all parcels that is planted as each kind of trouble.
_PLANTED = {"overlap": 0.004, "sliver": 0.002, "duplicate": 0.001, "contained": 0.001}
_NOISY, _WITH_HOLE, _IN_HOLE, _IN_TWO_PARTS, _BOW_TIE = 0.05, 0.01, 0.001, 0.015, 0.001
#: Of the planted overlaps and duplicates, how many are on a parcel of two parts.
_PLANTED_IN_TWO = 0.1
#: Where terraces and bricks stand in their block.
_ROOM = {"terrace": (0.0, 16.0), "brick": (5.0, 0.0)}
#: So many different divisions among points; blocks take them in turn.
_DIVISIONS = 16


class Fabric(NamedTuple):
    """Polygons and multipolygons in a random order, and all pairs among them that share more than 0.05 m²."""

    shapes: NDArray[np.object_]
    #: row_a < row_b, kind, shared_m2 to about 1e-5 m².
    pairs: pd.DataFrame
    #: Rows of the bow-ties, which share no ground with others however they are repaired; all other shapes are valid.
    invalid: NDArray[np.int64]


def fabric(n: int, seed: int = 1) -> Fabric:
    """Make `n` parcels: quads, strips of 8 by 120 m, curved terraces, bricks and cells round points.

    The planted pairs are overlaps of 1 to 100 m², slivers under 0.1 m wide, exact duplicates and contained parcels,
    some of them on parcels of two parts. All other common ground is noise: 0.1 mm on 5 % of the parcels, and
    T-junctions rounded to 1 mm, which together stay under 0.05 m² a pair. Also there, and no trouble: ponds cut out of
    parcels, ponds that are parcels of their own, parcels cut by a path, and villages that meet without a gap. One
    parcel in a thousand is a bow-tie.
    """
    rng = np.random.default_rng(seed)
    counts = _counts(n)
    seats = _seats(counts, rng)
    quads = _rings(0, counts[0], seats[0], rng)
    others = (polygons(_rings(kind, counts[kind], seats[kind], rng)) for kind in (1, 2, 3))
    shapes = np.concatenate([polygons(quads), *others, _cells(counts[4], seats[4], rng)])
    hosts = _hosts(counts[0], *_MIX[0][2:], rng)
    pairs, used, added = _plant(quads, shapes, hosts, n)
    free = rng.permutation(np.setdiff1d(np.arange(len(shapes)), np.r_[used, used + 1]))
    noisy = np.zeros(len(shapes), dtype=bool)
    noisy[free[: round(_NOISY * n)]] = True
    with_noise(shapes, noisy, rng)
    few = [round(n * share) for share in (_WITH_HOLE, _IN_TWO_PARTS, _BOW_TIE)]
    with_hole, in_two, crossed, _ = np.split(rng.permutation(free[free < counts[0]]), np.cumsum(few))
    ponds = _dig(shapes, with_hole)[: round(_IN_HOLE * n)]
    shapes[in_two] = _in_two(quads[in_two])
    shapes[crossed] = polygons(quads[crossed][:, [0, 2, 1, 3, 0]])
    return _shuffled(np.concatenate([shapes, added, ponds]), pairs, crossed, rng)


def towns(n: int) -> Floats:
    """The middles of the towns that a fabric of `n` parcels fills, (towns, 2); a disc of 500 m round each is full."""
    blocks = sum(_blocks(_counts(n)))
    full = np.arange(max(1, blocks // ACROSS**2))
    return _middles(full, blocks)


def _counts(n: int) -> NDArray[np.int64]:
    """How many parcels of each kind, besides those that are added on top of others."""
    n -= sum(round(n * share) for share in (_PLANTED["duplicate"], _PLANTED["contained"], _IN_HOLE))
    counts = np.floor(np.array([share for _, share, _, _ in _MIX]) * n).astype(np.int64)
    counts[0] += n - counts.sum()
    return counts


def _blocks(counts: NDArray[np.int64]) -> list[int]:
    """How many blocks each kind fills."""
    return [-(-int(count) // (rows * columns)) for count, (_, _, rows, columns) in zip(counts, _MIX, strict=True)]


def _middles(town: NDArray[np.int64], blocks: int) -> Floats:
    """Where towns stand on their grid, which is as wide as high for so many blocks."""
    across = int(np.ceil(np.sqrt(-(-blocks // ACROSS**2))))
    return ORIGIN + np.stack([town % across, town // across], axis=-1) * SPACING_M


class _Seats(NamedTuple):
    """Where blocks stand: their lower left corner seen from the middle of their town, its turn and its place."""

    corner: Floats
    turn: Floats
    town: Floats

    def __len__(self) -> int:
        return len(self.turn)


def _seats(counts: NDArray[np.int64], rng: np.random.Generator) -> list[_Seats]:
    """Give every block of every kind a seat at random."""
    blocks = _blocks(counts)
    seats = rng.permutation(sum(blocks))
    town, place = seats // ACROSS**2, seats % ACROSS**2
    turn = rng.uniform(0, 2 * np.pi, town.max() + 1)[town]
    corner = (np.stack([place % ACROSS, place // ACROSS], axis=-1) - ACROSS / 2) * BLOCK_M
    middle = _middles(town, len(seats))
    cuts = np.cumsum(blocks)[:-1]
    return [
        _Seats(*parts) for parts in zip(*(np.split(column, cuts) for column in (corner, turn, middle)), strict=True)
    ]


def _turned(local: Floats, seats: _Seats) -> Floats:
    """Move what was drawn in blocks, (blocks, …, 2), to their seats."""
    fill = (len(seats), *[1] * (local.ndim - 2))
    east, north = (local[..., axis] + seats.corner[:, axis].reshape(fill) for axis in (0, 1))
    cos, sin = np.cos(seats.turn).reshape(fill), np.sin(seats.turn).reshape(fill)
    x = east * cos - north * sin + seats.town[:, 0].reshape(fill)
    y = east * sin + north * cos + seats.town[:, 1].reshape(fill)
    return np.stack([x, y], axis=-1)


def _rings(kind: int, count: int, seats: _Seats, rng: np.random.Generator) -> Floats:
    """The parcels of a kind whose rings are all of one length: (count, vertices, 2). Bricks are rounded to 1 mm."""
    shape, _, rows, columns = _MIX[kind]
    if shape.kind == "brick":
        made = bricks(shape, len(seats), rows, columns, rng)
    else:
        made = rings(nodes(shape, len(seats), rows, columns, rng), shape)
    made = _turned(made + np.array(_ROOM.get(shape.kind, (0.0, 0.0))), seats)
    made = made.reshape(-1, *made.shape[-2:])[:count]
    return np.round(made, 3) if shape.kind == "brick" else made


def _cells(count: int, seats: _Seats, rng: np.random.Generator) -> NDArray[np.object_]:
    """The parcels round points, which have as many corners as they happen to have."""
    _, _, rows, columns = _MIX[4]
    made = []
    for first in range(min(_DIVISIONS, len(seats))):
        division = cells(*BLOCK_M, rows, columns, rng)
        here = _Seats(*(column[first::_DIVISIONS] for column in seats))
        drawn = np.broadcast_to(shapely.get_coordinates(division), (len(here), shapely.count_coordinates(division), 2))
        made.append(shapely.set_coordinates(np.tile(division, len(here)), _turned(drawn, here).reshape(-1, 2)))
    return np.concatenate(made)[:count]


def _hosts(quads: int, rows: int, columns: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Quads that may be changed, in random order: far enough apart that no two plants meet."""
    at = np.arange(quads - 1)
    column, row = at % columns, at // columns % rows
    return rng.permutation(at[(row % 2 == 0) & (column % 3 == 0) & (column < columns - 1)])


def _plant(
    quads: Floats, shapes: NDArray[np.object_], hosts: NDArray[np.int64], n: int
) -> tuple[pd.DataFrame, NDArray[np.int64], NDArray[np.object_]]:
    """Push hosts over their right neighbour (in `shapes`) and copy others; returns pairs, hosts and new shapes.

    A path through a neighbour leaves its left 48 % alone, and nobody is pushed so far.
    """
    sizes = [round(n * share) for share in _PLANTED.values()]
    if sum(sizes) > len(hosts):
        raise ValueError(f"{n} parcels are too few for their planted pairs")
    overlap, sliver, twice, inside = np.split(hosts[: sum(sizes)], np.cumsum(sizes)[:-1])
    spread = np.linspace(0, 1, len(overlap))
    width = np.linalg.norm(quads[sliver + 1, 1] - quads[sliver + 1, 0], axis=-1)
    pushed = np.r_[overlap, sliver]
    by = np.r_[1.4 * 65.0**spread / 990.0, np.linspace(0.02, 0.09, len(sliver)) / width]
    shapes[pushed], shared = _pushed(quads[pushed], quads[pushed + 1], by)
    cut = np.r_[overlap[: round(_PLANTED_IN_TWO * len(overlap))] + 1, twice[: round(_PLANTED_IN_TWO * len(twice))]]
    shapes[cut] = _in_two(quads[cut])
    middle = quads[inside, :4].mean(axis=1, keepdims=True)
    cores = middle + (quads[inside] - middle) * np.linspace(0.3, 0.8, len(inside))[:, None, None]
    added = np.concatenate([shapes[twice], polygons(cores)])
    new = len(shapes) + np.arange(len(added))
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


def _in_two(quads: Floats) -> NDArray[np.object_]:
    """Cut a path out of the middle of four-cornered parcels, from the lower to the upper side."""
    lower, upper = quads[:, 1] - quads[:, 0], quads[:, 2] - quads[:, 3]
    foot, head = (
        np.stack([start + side * share for share in (0.48, 0.52)], axis=1)
        for start, side in ((quads[:, 0], lower), (quads[:, 3], upper))
    )
    left = polygons(np.stack([quads[:, 0], foot[:, 0], head[:, 0], quads[:, 3], quads[:, 0]], axis=1))
    right = polygons(np.stack([foot[:, 1], quads[:, 1], quads[:, 2], head[:, 1], foot[:, 1]], axis=1))
    return np.asarray(shapely.multipolygons(np.stack([left, right], axis=1)), dtype=object)


def _dig(shapes: NDArray[np.object_], chosen: NDArray[np.int64]) -> NDArray[np.object_]:
    """Cut an eight-cornered pond of 3 m radius out of the middle of the chosen parcels; returns the ponds."""
    turn = np.linspace(0, -2 * np.pi, 9)
    pond = 3.0 * np.stack([np.cos(turn), np.sin(turn)], axis=-1)
    pond[-1] = pond[0]
    middle = shapely.get_coordinates(shapely.centroid(shapes[chosen]))
    ponds = shapely.linearrings(middle[:, None] + pond)
    shapes[chosen] = shapely.polygons(shapely.get_exterior_ring(shapes[chosen]), ponds[:, None])
    return np.asarray(shapely.polygons(ponds), dtype=object)


def _shuffled(
    shapes: NDArray[np.object_], pairs: pd.DataFrame, invalid: NDArray[np.int64], rng: np.random.Generator
) -> Fabric:
    """Store the parcels in a random order, as years of changes leave them."""
    order = rng.permutation(len(shapes))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    ends = np.sort(place[pairs[["row_a", "row_b"]].to_numpy()], axis=1)
    pairs = pairs.assign(row_a=ends[:, 0], row_b=ends[:, 1]).sort_values(["row_a", "row_b"], ignore_index=True)
    return Fabric(shapes[order], pairs, np.sort(place[invalid]))
