"""Blocks of parcels: quads, long strips, curved terraces, bricks whose corners meet no node, and cells round points.

A block is a rectangle of the plane, filled row by row. Neighbours in a block take their shared vertices from one
grid of nodes, so that shared edges are equal bit for bit. All functions make many blocks of one shape at once.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Shape:
    """How a kind of block is filled: the size of a parcel (m), and the steps along its two kinds of edges."""

    kind: str
    width: float
    height: float
    steps_x: int = 1
    steps_y: int = 1
    jitter: float = 0.0


def nodes(shape: Shape, blocks: int, rows: int, columns: int, rng: np.random.Generator) -> Floats:
    """Make the grids of nodes, (blocks, rows * steps_y + 1, columns * steps_x + 1, 2), with the origin in a corner.

    Inner corners move at random within `jitter` of a parcel's size; steps between corners lie on straight lines, but
    on terraces, whose rows follow a contour.
    """
    corner_x = np.broadcast_to(np.arange(columns + 1.0)[None, None, :], (blocks, rows + 1, columns + 1)).copy()
    corner_y = np.broadcast_to(np.arange(rows + 1.0)[None, :, None], (blocks, rows + 1, columns + 1)).copy()
    corner_x[:, :, 1:-1] += rng.uniform(-shape.jitter, shape.jitter, (blocks, rows + 1, columns - 1))
    if shape.steps_x == 1:
        corner_y[:, 1:-1, :] += rng.uniform(-shape.jitter, shape.jitter, (blocks, rows - 1, columns + 1))
    else:
        corner_y[:, 1:-1, :] += rng.uniform(-shape.jitter, shape.jitter, (blocks, rows - 1, 1))
    x = _between(_between(corner_x, shape.steps_x, 2), shape.steps_y, 1) * shape.width
    y = _between(_between(corner_y, shape.steps_x, 2), shape.steps_y, 1) * shape.height
    if shape.kind == "terrace":
        y += _contour(x, shape, rng)
    return np.stack([x, y], axis=-1)


def _between(values: Floats, steps: int, axis: int) -> Floats:
    """Put `steps - 1` evenly spaced values between the corners along an axis."""
    if steps == 1:
        return values
    low, high = (np.take(values, range(cut, values.shape[axis] - 1 + cut), axis=axis) for cut in (0, 1))
    parts = np.stack([low + (high - low) * (step / steps) for step in range(steps)], axis=axis + 1)
    merged = parts.reshape(*low.shape[:axis], -1, *low.shape[axis + 1 :])
    return np.concatenate([merged, np.take(values, [-1], axis=axis)], axis=axis)


def _contour(x: Floats, shape: Shape, rng: np.random.Generator) -> Floats:
    """Bend the rows of a terrace: one slow wave a block, and a quick small one, the same in all rows."""
    blocks = len(x)
    phase = rng.uniform(0, 2 * np.pi, (2, blocks, 1, 1))
    length = rng.uniform(1.8, 2.6, (2, blocks, 1, 1)) * shape.width
    slow = 0.9 * shape.height * np.sin(2 * np.pi * x / length[0] + phase[0])
    return slow + 0.12 * shape.height * np.sin(2 * np.pi * x / (0.31 * length[1]) + phase[1])


def rings(grid: Floats, shape: Shape) -> Floats:
    """Cut grids of nodes into closed rings, (blocks, rows, columns, vertices, 2), each from its lower left corner."""
    sx, sy = shape.steps_x, shape.steps_y
    rows, columns = (grid.shape[1] - 1) // sy, (grid.shape[2] - 1) // sx
    along = [(0, i) for i in range(sx)] + [(j, sx) for j in range(sy)]
    back = [(sy, i) for i in range(sx, 0, -1)] + [(j, 0) for j in range(sy, -1, -1)]
    offsets = np.array(along + back)
    at_row = (np.arange(rows) * sy)[:, None, None] + offsets[:, 0]
    at_column = (np.arange(columns) * sx)[None, :, None] + offsets[:, 1]
    return grid[:, at_row, at_column]


def bricks(shape: Shape, blocks: int, rows: int, columns: int, rng: np.random.Generator) -> Floats:
    """Make rows of four-cornered parcels, each row shifted against the next: corners lie on the neighbour's edge."""
    ends = np.arange(columns + 1.0) + rng.uniform(-0.1, 0.1, (blocks, rows, columns + 1))
    ends = (ends + 0.5 * (np.arange(rows) % 2)[:, None]) * shape.width
    low = np.broadcast_to((np.arange(rows) * shape.height)[None, :, None], (blocks, rows, columns))
    left, right, high = ends[..., :-1], ends[..., 1:], low + shape.height
    corners = [(left, low), (right, low), (right, high), (left, high), (left, low)]
    return np.stack([np.stack(corner, axis=-1) for corner in corners], axis=-2)


def with_common_nodes(shapes: NDArray[np.object_], reach_m: float = 1e-3) -> NDArray[np.object_]:
    """Give every polygon those corners of its neighbours that lie on its own edges, as careful surveyors do."""
    corners = shapely.points(np.unique(shapely.get_coordinates(shapes), axis=0))
    edges = shapely.get_exterior_ring(shapes)
    one, at = shapely.STRtree(corners).query(edges, predicate="dwithin", distance=reach_m)
    along = shapely.line_locate_point(edges[one], corners[at])
    order = np.lexsort((along, one))
    made = shapely.linearrings(shapely.get_coordinates(corners[at[order]]), indices=one[order])
    return np.asarray(shapely.polygons(made), dtype=object)


def cells(width: float, height: float, rows: int, columns: int, rng: np.random.Generator) -> NDArray[np.object_]:
    """Divide one block among points scattered over it, each taking the ground that is nearest to it: convex polygons.

    The points are mirrored in the four sides, whose lines the outer cells therefore keep to.
    """
    at = np.stack(np.meshgrid(np.arange(columns) + 0.5, np.arange(rows) + 0.5), axis=-1).reshape(-1, 2)
    points = (at + rng.uniform(-0.35, 0.35, at.shape)) * [width / columns, height / rows]
    flipped = [
        points * [-1, 1],
        points * [1, -1],
        [2 * width, 0] - points * [1, -1],
        [0, 2 * height] - points * [-1, 1],
    ]
    diagram = shapely.voronoi_polygons(shapely.multipoints(np.concatenate([points, *flipped])), ordered=True)
    # corners nearer than 1 cm become one: noise on two corners a hair apart would cross the edges between them
    made = shapely.transform(shapely.get_parts(diagram)[: len(points)], lambda vertices: np.round(vertices, 2) + 0.0)
    return np.asarray(shapely.remove_repeated_points(made), dtype=object)


def polygons(vertices: Floats) -> NDArray[np.object_]:
    """Make polygons of rings that all have the same number of vertices, (n, vertices, 2)."""
    count, size = vertices.shape[:2]
    offsets = np.arange(count + 1) * size
    made = shapely.from_ragged_array(
        shapely.GeometryType.POLYGON, vertices.reshape(-1, 2), (offsets, np.arange(count + 1))
    )
    return np.asarray(made, dtype=object)


def with_noise(shapes: NDArray[np.object_], chosen: NDArray[np.bool_], rng: np.random.Generator) -> None:
    """Move the vertices of the chosen polygons by up to 0.1 mm, as a round trip through another program does."""
    coordinates, owner = shapely.get_coordinates(shapes[chosen], return_index=True)
    moved = coordinates + rng.uniform(-1e-4, 1e-4, coordinates.shape)
    first = np.flatnonzero(np.r_[True, np.diff(owner) > 0])
    last = np.r_[first[1:], len(owner)] - 1
    moved[last] = moved[first]
    shapes[chosen] = shapely.set_coordinates(shapes[chosen].copy(), moved)
