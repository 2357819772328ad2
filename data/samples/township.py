"""Lay out a township of four villages: fields of parcels between roads, settlements, ponds, and ground that bends.

Town and village names and codes are those of 潭水镇 of 阳春市; the ground itself is invented.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data.samples.blocks import Floats, Shape, bricks, nodes, polygons, rings, with_common_nodes, with_noise

COUNTY, TOWN = ("441781", "阳春市"), ("441781113", "潭水镇")
VILLAGES = (
    ("441781113201", "旗鼓村"),
    ("441781113202", "尧垌村"),
    ("441781113203", "竹塘村"),
    ("441781113204", "高尧村"),
)
#: The village whose parcels are delivered again.
CORRECTED = 2
#: EPSG:4525, the easting with its zone prefix; near the real town.
CRS = "EPSG:4525"
ORIGIN = np.array([37_563_200.0, 2_438_400.0])

_PARCELS_A_FIELD = 108
_MEAN_M2 = 565.0
_ROAD_M, _STREAM_M = 5.0, 26.0
#: The size of a parcel (m) is stretched to fill its field; rows of strips share the depth of the field.
_SHAPES = {
    "quad": Shape("quad", 22.0, 22.5, jitter=0.13),
    "strip": Shape("strip", 6.2, 110.0, steps_y=4, jitter=0.05),
    "terrace": Shape("terrace", 54.0, 9.4, steps_x=14, jitter=0.1),
    "brick": Shape("brick", 25.0, 20.0),
}
_KINDS = ("quad", "strip", "terrace", "quad", "brick", "terrace", "quad", "strip", "quad", "terrace")
_PLACES = (
    "大垌 禾塘 沙坪 牛路坑 担水坑 石桥头 榕树下 庙背 社山 田心 新围 塘尾 高岭脚 竹园 湾仔 井头 岗背 长坑 圳边 水口"
)
_NOISY = 0.05


@dataclass(frozen=True)
class Cell:
    """A rectangle of the undisturbed plane with what it is used for."""

    village: int
    box: tuple[float, float, float, float]
    use: str
    name: str
    index: int

    def outline(self, inset: float = 0.0) -> shapely.Polygon:
        """The cell on the ground, its sides bent as the ground bends."""
        x0, y0, x1, y1 = self.box
        return plot((x0 + inset, y0 + inset, x1 - inset, y1 - inset))


@dataclass
class Township:
    """The undisturbed township: parcels (village, group, field, row, column, kind, geometry) and what lies between."""

    parcels: pd.DataFrame
    cells: list[Cell]
    boundaries: list[shapely.Polygon]
    fields: list[Cell] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.fields = [cell for cell in self.cells if cell.use in _SHAPES]


def to_ground(points: Floats) -> Floats:
    """Bend the plane as hills bend fields, turn it, and put it in its place; shared points stay shared."""
    x, y = points[..., 0], points[..., 1]
    east = x + 46 * np.sin(2 * np.pi * y / 1400 + 0.7) + 17 * np.sin(2 * np.pi * (x + y) / 870)
    north = y + 38 * np.sin(2 * np.pi * x / 1250 + 2.1) + 15 * np.sin(2 * np.pi * (x - 0.6 * y) / 940)
    cos, sin = np.cos(0.31), np.sin(0.31)
    return np.stack([east * cos - north * sin, east * sin + north * cos], axis=-1) + ORIGIN


def plot(box: tuple[float, float, float, float], steps: int = 24) -> shapely.Polygon:
    """A rectangle of the plane, brought to the ground."""
    ring = shapely.get_coordinates(shapely.segmentize(shapely.box(*box), max(box[2] - box[0], box[3] - box[1]) / steps))
    return shapely.Polygon(to_ground(ring))


def lay_out(parcels: int, rng: np.random.Generator) -> Township:
    """Make a township of about so many parcels."""
    across = max(2, round(np.sqrt(parcels / len(VILLAGES) / _PARCELS_A_FIELD)))
    cells, boundaries = _cells(parcels, across, rng)
    frame = pd.concat([_filled(cell, rng) for cell in cells if cell.use in _SHAPES], ignore_index=True)
    frame["group"] = _groups(frame)
    shapes = frame["geometry"].to_numpy(dtype=object, copy=True)
    frame["noisy"] = rng.random(len(frame)) < _NOISY
    with_noise(shapes, frame["noisy"].to_numpy(dtype=bool), rng)
    frame["geometry"] = shapes
    return Township(frame, cells, boundaries)


def _cells(parcels: int, across: int, rng: np.random.Generator) -> tuple[list[Cell], list[shapely.Polygon]]:
    """Divide the plane: villages two by two along a stream, each a square of cells; one of them is settled."""
    others = 1 if across < 3 else 2
    side = float(np.sqrt(parcels / len(VILLAGES) / (across**2 - others) * _MEAN_M2)) + _ROAD_M
    village_side = side * across + _STREAM_M
    names = rng.permutation(_PLACES.split())
    cells: list[Cell] = []
    boundaries = []
    for village in range(len(VILLAGES)):
        corner = np.array([village % 2, village // 2]) * village_side
        boundaries.append(plot((*corner, *(corner + village_side)), 60))
        uses = _uses(village, across)
        for at, use in enumerate(uses):
            x, y = corner + _STREAM_M / 2 + np.array([at % across, at // across]) * side
            half = _ROAD_M / 2
            box = (x + half, y + half, x + side - half, y + side - half)
            cells.append(Cell(village, box, use, str(names[len(cells) % len(names)]), len(cells)))
    return cells, boundaries


def _uses(village: int, across: int) -> list[str]:
    """What the cells of a village are: houses in its middle, a pond in a corner if there is room, fields else."""
    special = {across * (across // 2) + across // 2: "settlement"}
    if across > 2:
        special[across - 1] = "pond"
    kinds = iter(np.roll(_KINDS, -village).tolist() * across**2)
    return [special.get(at) or next(kinds) for at in range(across**2)]


def _filled(cell: Cell, rng: np.random.Generator) -> pd.DataFrame:
    """Fill a field with parcels of its kind, along it or across it."""
    x0, y0, x1, y1 = cell.box
    width, depth = x1 - x0, y1 - y0
    turned = bool(rng.random() < 0.5)
    base = _SHAPES[cell.use]
    if cell.use == "terrace":
        margin = 1.3 * base.height
        made, rows, columns = _rings(base, width, depth - 2 * margin, rng)
        made[..., 1] += margin
    elif cell.use == "brick":
        made, rows, columns = _rings(base, width * 0.86, depth * 0.86, rng)
        made += np.array([width, depth]) * 0.07
    else:
        made, rows, columns = _rings(base, width, depth, rng)
    made = made[..., ::-1] if turned else made
    made = made + np.array([x0, y0])
    if cell.use == "brick":
        shapes = with_common_nodes(polygons(np.round(_flat(made, cell), 3)))
    else:
        shapes = polygons(to_ground(made))
    row, column = np.divmod(np.arange(rows * columns), columns)
    return pd.DataFrame(
        {
            "village": cell.village,
            "field": cell.index,
            "kind": cell.use,
            "row": row,
            "column": column,
            "geometry": shapes,
        }
    )


def _rings(base: Shape, width: float, depth: float, rng: np.random.Generator) -> tuple[Floats, int, int]:
    """One block of a kind that fills a rectangle; returns rings, rows and columns."""
    columns, rows = max(2, round(width / base.width)), max(2, round(depth / base.height))
    if base.kind == "brick":
        shape = replace(base, width=width / (columns + 0.6), height=depth / rows)
        made = bricks(shape, 1, rows, columns, rng) + np.array([0.1 * shape.width, 0.0])
    else:
        shape = replace(base, width=width / columns, height=depth / rows)
        made = rings(nodes(shape, 1, rows, columns, rng), shape)
    return made.reshape(rows * columns, *made.shape[-2:]), rows, columns


def _flat(points: Floats, cell: Cell) -> Floats:
    """Bring bricks to the ground without bending them, so that their long rows stay straight."""
    x0, y0, x1, y1 = cell.box
    middle = np.array([(x0 + x1) / 2, (y0 + y1) / 2])
    at, east, north = to_ground(middle + np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]))
    return at + (points - middle) @ np.stack([east - at, north - at])


def _groups(frame: pd.DataFrame) -> NDArray[np.int64]:
    """Share the columns of a village's fields out to its groups, about 320 parcels each; a field may be divided."""
    groups = np.zeros(len(frame), dtype=int)
    for _, village in frame.groupby("village"):
        count = max(2, round(len(village) / 320))
        columns = village.groupby(["field", "column"]).size()
        share = (columns.cumsum() - 1) * count // len(village) + 1
        groups[village.index] = share.loc[pd.MultiIndex.from_frame(village[["field", "column"]])].to_numpy()
    return groups


def issuer_code(village: int, group: int) -> str:
    """The code of a group, which issues its contracts."""
    return f"{VILLAGES[village][0]}{group:02d}"


def issuers(frame: pd.DataFrame) -> Iterator[tuple[str, int, int]]:
    """Every group of the township: code, village, group."""
    for village, group in sorted({(int(v), int(g)) for v, g in zip(frame["village"], frame["group"], strict=True)}):
        yield issuer_code(village, group), village, group
