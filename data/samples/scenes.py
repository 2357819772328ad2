"""Planted scenes: the same ground photographed twice, with what was built, what was bulldozed, and what only looks so.

Everything is drawn in reflectance on a grid twice as fine as the pixels, then photographed: blur, haze, gain, noise,
whole numbers. A scene follows from its seed alone. Sun, soils, roofs and textures differ from seed to seed.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import rasterio
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.features import rasterize, shapes
from shapely.affinity import rotate, translate

from data.samples import trials

Grid = NDArray[np.float32]

#: What the scenes are drawn for, in the order they are told: what is planted, and what disturbs.
KINDS = {
    "buildings": {"buildings"},
    "bulldozed": {"bulldozed"},
    "season": {"buildings", "bulldozed", "season"},
    "cloud": {"buildings", "bulldozed", "cloud"},
    "shift": {"buildings", "bulldozed", "shift"},
    "haze": {"buildings", "bulldozed", "haze"},
    "all": {"buildings", "bulldozed", "season", "cloud", "shift", "haze"},
}
#: What else an expert would try, over buildings and bulldozed ground: paddies under water to any part; sun of morning
#: and afternoon; haze that thickens over the scene; images laid half a pixel aside, everywhere otherwise; both kept as
#: JPEG; the later one of a camera of 16 bits; greenhouse film put up and taken down; tracks of bare earth.
TRIALS = {
    name: {"buildings", "bulldozed", name}
    for name in ("water", "sun", "haze banks", "crooked", "jpeg", "16 bit", "film", "track")
}
#: Seeds that parameters may be looked at with, and those that figures are told of: never the same. What was measured
#: once and looked at is spent: 101 and 102 are.
TUNING_SEEDS, MEASURED_SEEDS = (11, 12, 13), (211, 212)
#: Metres of one side.
SIDE_M = 480.0
CRS = "EPSG:4525"
WEST, NORTH = 37_560_000.0, 2_400_000.0
_MARGIN = 4
#: New houses of a scene, if there is room for them after so many tries.
_HOUSES, _TRIES = 14, 400
#: What is hidden by cloud or its shadow to at least this share can be seen by nobody and is not asked for.
_HIDDEN = 0.5

#: Reflectance in red, green, blue, near infrared.
_GROUND = {
    "rice": (0.050, 0.090, 0.042, 0.44),
    "vegetables": (0.075, 0.115, 0.055, 0.38),
    "weeds": (0.110, 0.125, 0.072, 0.31),
    "orchard": (0.045, 0.072, 0.034, 0.40),
    "soil": (0.190, 0.150, 0.108, 0.255),
    "stubble": (0.270, 0.232, 0.160, 0.330),
    "wet": (0.120, 0.100, 0.078, 0.140),
    "bund": (0.135, 0.138, 0.085, 0.29),
    "path": (0.270, 0.232, 0.182, 0.315),
    "concrete": (0.345, 0.335, 0.310, 0.350),
    "pond": (0.055, 0.072, 0.060, 0.032),
    "wood": (0.030, 0.054, 0.026, 0.37),
}
_SUBSOILS = ((0.400, 0.265, 0.165, 0.44), (0.350, 0.275, 0.200, 0.39), (0.440, 0.360, 0.270, 0.48))
_ROOFS = {
    "bright": (0.600, 0.600, 0.585, 0.60),
    "red": (0.330, 0.140, 0.100, 0.36),
    "blue": (0.110, 0.215, 0.420, 0.29),
    "grey": (0.265, 0.265, 0.258, 0.27),
    "dark": (0.095, 0.098, 0.108, 0.11),
}
_SHADE = (0.30, 0.34, 0.42, 0.26)
#: A field turns from one state to another between the seasons.
_TURNS = {
    "rice": ("stubble", "soil", "wet"),
    "vegetables": ("soil", "weeds", "vegetables"),
    "weeds": ("soil", "vegetables"),
    "soil": ("vegetables", "rice", "weeds"),
    "stubble": ("rice", "soil", "wet"),
    "wet": ("rice", "soil"),
    "orchard": ("orchard",),
}


@dataclass(frozen=True)
class Scene:
    """Two images of one ground, what was planted in it, and the parcels that lie there."""

    name: str
    pixel_m: float
    before: trials.Images
    after: trials.Images
    truth: list[tuple[str, shapely.Polygon]]
    #: what was planted and can be seen by nobody
    hidden: list[shapely.Polygon]
    parcels: list[shapely.Polygon]

    @property
    def place(self) -> Affine:
        """Where its pixels lie."""
        return Affine(self.pixel_m, 0, WEST, 0, -self.pixel_m, NORTH)

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Write both images as GeoTIFF."""
        paths = folder / "before.tif", folder / "after.tif"
        for path, bands in zip(paths, (self.before, self.after), strict=True):
            shape = {"count": len(bands), "height": bands.shape[1], "width": bands.shape[2], "dtype": bands.dtype}
            layout = {"driver": "GTiff", "tiled": True, "alpha": "unspecified"}
            with rasterio.open(path, "w", crs=CRS, transform=self.place, **layout, **shape) as file:
                file.write(bands)
        return paths


@dataclass
class _Canvas:
    """The fine grid that a scene is drawn on; coordinates in metres, east and north of the south-west corner."""

    fine_m: float
    cells: int
    rng: np.random.Generator
    #: textures that both dates have in common
    grain: dict[str, Grid] = field(default_factory=dict)

    @property
    def side_m(self) -> float:
        """Metres of one side."""
        return self.cells * self.fine_m

    def inside(self, grounds: Iterable[shapely.Geometry]) -> NDArray[np.bool_]:
        """The cells in some shapes."""
        drawn = [(ground, 1) for ground in grounds if not ground.is_empty]
        if not drawn:
            return np.zeros((self.cells, self.cells), dtype=bool)
        return rasterize(drawn, (self.cells, self.cells), transform=self.place, dtype="uint8") > 0

    def numbered(self, grounds: list[shapely.Polygon]) -> NDArray[np.int32]:
        """The number of the shape that each cell is in, from 1."""
        numbered = zip(grounds, range(1, len(grounds) + 1), strict=True)
        return rasterize(numbered, (self.cells, self.cells), transform=self.place, dtype="int32")

    @property
    def place(self) -> Affine:
        """Where its cells lie."""
        return Affine(self.fine_m, 0, 0, 0, -self.fine_m, self.side_m)

    def noise(self, size_m: float) -> Grid:
        """Noise of mean 0 and deviation 1 whose blobs are so large."""
        step = max(1, int(size_m / self.fine_m / 3))
        many = self.cells // step + 4
        rough = self.rng.standard_normal((many, many)).astype(np.float32)
        reach = size_m / self.fine_m / step / 2
        if reach > 0.4:
            waves = np.fft.fftfreq(many).astype(np.float32)
            low = np.exp(-2 * (np.pi * reach) ** 2 * waves**2)
            rough = np.fft.ifft2(np.fft.fft2(rough) * low[:, None] * low[None]).real.astype(np.float32)
        rough = (rough - rough.mean()) / rough.std()
        return _stretched(rough, step, self.cells)

    def coordinates(self, angle: float) -> Grid:
        """Metres across a direction."""
        at = (np.arange(self.cells, dtype=np.float32) + 0.5) * np.float32(self.fine_m)
        return np.float32(np.cos(angle)) * at[None] - np.float32(np.sin(angle)) * at[::-1, None]


def _stretched(rough: Grid, step: int, cells: int) -> Grid:
    """Lay a coarse grid over a finer one, evenly between its values."""
    if step == 1:
        return rough[:cells, :cells]
    at = np.arange(cells) / step
    low, part = at.astype(int), (at % 1).astype(np.float32)
    rows = rough[low] * (1 - part[:, None]) + rough[low + 1] * part[:, None]
    return rows[:, low] * (1 - part) + rows[:, low + 1] * part


@dataclass
class _Field:
    shape: shapely.Polygon
    use: str
    angle: float
    period_m: float
    tone: float
    hue: NDArray[np.float64]


@dataclass
class _Ground:
    """What lies there: fields, roads, houses (footprint, height, roof), trees, ponds, earth that was moved."""

    fields: list[_Field]
    roads: list[tuple[shapely.Polygon, str]]
    houses: list[tuple[shapely.Polygon, float, str]]
    trees: list[shapely.Polygon]
    ponds: list[shapely.Polygon]
    earth: list[shapely.Polygon] = field(default_factory=list)


def scene(
    kind: str, pixel_m: float, bands: int, seed: int, side_m: float = SIDE_M, roofs: tuple[str, ...] = ()
) -> Scene:
    """Draw a scene of one of KINDS or TRIALS, with 3 bands or 4; `roofs` names new roofs, otherwise any."""
    has = (KINDS | TRIALS)[kind]
    rng = np.random.default_rng(seed)
    pixels = round(side_m / pixel_m)
    canvas = _Canvas(pixel_m / 2, 2 * (pixels + 2 * _MARGIN), rng)
    colours = _colours(rng)
    ground = _laid_out(canvas)
    subsoil = np.array(_SUBSOILS[rng.integers(len(_SUBSOILS))]) * rng.uniform(0.9, 1.1)
    suns = [(rng.uniform(100, 250), rng.uniform(38, 62)) for _ in range(2)]
    later, truth = _changed(canvas, ground, has, roofs)
    own = np.random.default_rng([seed, 8])
    if "track" in has:
        others = [house for house, _, _ in later.houses] + later.earth + later.ponds + later.trees
        tracks = trials.track(own, canvas.side_m, others)
        later.earth += tracks
        truth += [("earthwork", one) for one in tracks]
    if "sun" in has:
        suns = [trials.MORNING, trials.AFTERNOON]
    first = _drawn(canvas, ground, colours, subsoil, suns[0])
    second = _drawn(canvas, later, colours, subsoil, suns[1])
    first, second = _tried(_Canvas(canvas.fine_m, canvas.cells, own), has, ground, later, (first, second))
    hidden = np.zeros((canvas.cells, canvas.cells), dtype=np.float32)
    if "cloud" in has:
        first, cover = _clouded(canvas, first, 0.05)
        second, other = _clouded(canvas, second, 0.10)
        hidden = np.maximum(cover, other)
    seen, unseen = _seen(canvas, truth, hidden)
    away = (1, 1) if "shift" in has else (0, 0)
    before = _photographed(canvas, first, pixels, (0, 0), _camera(rng, False), bands)
    after = _photographed(canvas, second, pixels, away, _camera(rng, "haze" in has), bands, "16 bit" in has)
    if "jpeg" in has:
        before, after = trials.compressed(before), trials.compressed(after)
    corner = (WEST - _MARGIN * pixel_m, NORTH + _MARGIN * pixel_m - canvas.side_m)
    sheet = shapely.box(WEST, NORTH - side_m, WEST + side_m, NORTH)
    placed = [(what, translate(shape, *corner).intersection(sheet)) for what, shape in seen]
    parcels = [translate(one.shape, *corner).intersection(sheet) for one in ground.fields]
    return Scene(
        f"{kind}, {pixel_m:g} m, {'RGBN' if bands == 4 else 'RGB'}",
        pixel_m,
        before,
        after,
        placed,
        [translate(shape, *corner) for shape in unseen],
        [shape for shape in parcels if shape.area > 10],
    )


def _tried(
    canvas: _Canvas, has: set[str], ground: _Ground, later: _Ground, land: tuple[Grid, Grid]
) -> tuple[Grid, Grid]:
    """Both dates with what is tried; `canvas` has numbers of its own."""
    first, second = land
    rng = canvas.rng
    built = canvas.inside([shape for shape, _, _ in later.houses] + later.earth)
    if "water" in has:
        paddies = canvas.inside(one.shape for one in ground.fields if one.use in ("rice", "stubble", "wet")) & ~built
        second = trials.flooded(second, paddies, canvas.noise(60.0))
    if "film" in has:
        of = rng.permutation([at for at, one in enumerate(ground.fields) if one.use == "vegetables"])
        across = canvas.coordinates(float(rng.uniform(0, 3)))
        many = max(1, len(of) // 4)
        for at, chosen in enumerate((of[:many], of[many : 2 * many])):
            under = canvas.inside(ground.fields[one].shape.buffer(-1.0) for one in chosen) & ~built
            first, second = (
                trials.covered(one, under, across) if when == at else one for when, one in enumerate((first, second))
            )
    if "haze banks" in has:
        second = trials.veiled(second, canvas.noise(150.0))
    if "crooked" in has:
        # half a pixel is a cell of this grid
        second = trials.stretched(second, *(np.clip(0.6 * canvas.noise(120.0), -1, 1) for _ in range(2)))
    return first, second


def _seen(
    canvas: _Canvas, truth: list[tuple[str, shapely.Polygon]], hidden: Grid
) -> tuple[list[tuple[str, shapely.Polygon]], list[shapely.Polygon]]:
    """What of the planted can be seen, without what a cloud or its shadow hides of it; and what is hidden by half."""
    covers = [
        shapely.geometry.shape(one)
        for one, _ in shapes((hidden > _HIDDEN).astype("uint8"), hidden > _HIDDEN, transform=canvas.place)
    ]
    cover = shapely.union_all(covers)
    left = [(what, shape, shape.difference(cover)) for what, shape in truth]
    seen = [(what, clear) for what, shape, clear in left if clear.area >= _HIDDEN * shape.area]
    return seen, [shape for _, shape, clear in left if clear.area < _HIDDEN * shape.area]


def _colours(rng: np.random.Generator) -> dict[str, NDArray[np.float64]]:
    """The colours of this county: every scene has its own soils and crops."""
    varied = {
        name: np.array(value) * rng.uniform(0.88, 1.12) * rng.uniform(0.94, 1.06, 4) for name, value in _GROUND.items()
    }
    red = rng.uniform(0.92, 1.12)
    for name in ("soil", "wet", "path"):
        varied[name] = varied[name] * np.array([red, 1.0, 1.0 / red, red])
    return varied


def _laid_out(canvas: _Canvas) -> _Ground:
    """Fields between roads and bunds, a village, a wood and ponds."""
    rng, side = canvas.rng, canvas.side_m
    turn = rng.uniform(-25, 25)
    middle = (side / 2, side / 2)
    whole = shapely.box(-side * 0.3, -side * 0.3, side * 1.3, side * 1.3)
    leaves, roads = _split(rng, whole, 0)
    sheet = shapely.box(0, 0, side, side)

    def turned(shape: shapely.Polygon) -> shapely.Polygon:
        return rotate(shape, turn, origin=middle)

    cells = [turned(leaf) for leaf in leaves]
    cells = [cell for cell in cells if cell.intersection(sheet).area > 60]
    kinds = rng.permutation(["path", "concrete", "path"])
    ways = [(turned(road), str(kinds[at % 3])) for at, road in enumerate(roads)]
    centre = shapely.Point(*rng.uniform(0.25, 0.75, 2) * side)
    village = centre.buffer(side * 0.13)
    ground = _Ground([], ways, [], [], [])
    for cell in cells:
        if cell.intersection(village).area > 0.5 * cell.area:
            _settle(rng, ground, cell)
        elif rng.random() < 0.04:
            ground.ponds.append(cell.buffer(-2))
        elif rng.random() < 0.05:
            ground.trees += _trees(rng, cell, 0.05)
        else:
            ground.fields.append(_field(rng, cell, turn))
    return ground


def _field(rng: np.random.Generator, cell: shapely.Polygon, turn: float) -> _Field:
    use = rng.choice(list(_TURNS), p=[0.34, 0.2, 0.08, 0.14, 0.1, 0.04, 0.1])
    angle = np.radians(-turn + rng.choice([0, 90]) + rng.normal(0, 2))
    return _Field(cell, str(use), float(angle), rng.uniform(0.9, 2.0), rng.normal(0, 0.07), rng.normal(0, 0.025, 4))


def _split(
    rng: np.random.Generator, cell: shapely.Polygon, depth: int
) -> tuple[list[shapely.Polygon], list[shapely.Polygon]]:
    """Cut a rectangle in two again and again; the first cuts are roads, the last ones bunds."""
    west, south, east, north = cell.bounds
    wide, high = east - west, north - south
    if min(wide, high) < 22 or (wide * high < 3500 and rng.random() < 0.6) or wide * high < 900:
        return [cell], []
    gap = (5.0, 4.0, 3.5)[depth // 2] if depth < 5 else rng.uniform(0.7, 1.4)
    at = rng.uniform(0.35, 0.65)
    if wide > high:
        cut = west + at * wide
        parts = shapely.box(west, south, cut - gap / 2, north), shapely.box(cut + gap / 2, south, east, north)
        road = shapely.box(cut - gap / 2, south, cut + gap / 2, north)
    else:
        cut = south + at * high
        parts = shapely.box(west, south, east, cut - gap / 2), shapely.box(west, cut + gap / 2, east, north)
        road = shapely.box(west, cut - gap / 2, east, cut + gap / 2)
    done = [_split(rng, part, depth + 1) for part in parts]
    roads = [road] if depth < 5 else []
    return [leaf for leaves, _ in done for leaf in leaves], roads + [one for _, more in done for one in more]


def _settle(rng: np.random.Generator, ground: _Ground, cell: shapely.Polygon) -> None:
    """Old houses and trees in a cell of the village."""
    turn = rng.uniform(0, 90)
    for _ in range(int(cell.area / 350)):
        house = _house(rng, cell, turn, (8, 16))
        if house and all(house.distance(other) > 2 for other, _, _ in ground.houses):
            ground.houses.append((house, rng.uniform(3, 9), str(rng.choice(["red", "grey", "dark", "bright", "blue"]))))
    ground.trees += [
        tree for tree in _trees(rng, cell, 0.012) if all(tree.distance(house) > 0 for house, _, _ in ground.houses)
    ]


def _trees(rng: np.random.Generator, cell: shapely.Polygon, density: float) -> list[shapely.Polygon]:
    west, south, east, north = cell.bounds
    points = [
        shapely.Point(rng.uniform(west, east), rng.uniform(south, north)) for _ in range(int(cell.area * density))
    ]
    return [point.buffer(rng.uniform(1.5, 3.5), 6) for point in points if cell.contains(point)]


def _house(
    rng: np.random.Generator, within: shapely.Polygon, turn: float, sides: tuple[float, float]
) -> shapely.Polygon | None:
    """A rectangle or an L somewhere in a shape, or None where it has no room."""
    wide, deep = np.exp(rng.uniform(*np.log(sides), 2))
    west, south, east, north = within.bounds
    shape = shapely.box(-wide / 2, -deep / 2, wide / 2, deep / 2)
    if rng.random() < 0.25 and min(wide, deep) > 11:
        shape = shape.difference(shapely.box(0, 0, wide / 2, deep / 2))
    for _ in range(12):
        placed = translate(rotate(shape, turn, origin=(0, 0)), rng.uniform(west, east), rng.uniform(south, north))
        if within.buffer(-1).contains(placed):
            return placed
    return None


def _changed(
    canvas: _Canvas, ground: _Ground, has: set[str], roofs: tuple[str, ...]
) -> tuple[_Ground, list[tuple[str, shapely.Polygon]]]:
    """The same ground later, and what was planted."""
    rng = canvas.rng
    sheet = shapely.box(0, 0, canvas.side_m, canvas.side_m).buffer(-12)
    fields = [_aged(rng, one) for one in ground.fields]
    if "season" in has:
        fields = [turned for one in fields for turned in _turned(rng, one)]
    later = _Ground(fields, ground.roads, list(ground.houses), ground.trees, ground.ponds)
    truth: list[tuple[str, shapely.Polygon]] = []
    seen = [one.shape for one in ground.fields if sheet.contains(one.shape.centroid) and one.shape.area > 400]
    if "bulldozed" in has:
        for at in range(6):
            shape = _moved_earth(rng, seen[rng.integers(len(seen))], at % 4 == 3)
            old = [house for house, _, _ in ground.houses] + ground.ponds
            if all(shape.distance(other) > 3 for other in [*old, *later.earth]) and sheet.contains(shape.centroid):
                later.earth.append(shape)
                truth.append(("earthwork", shape))
    if "buildings" in has:
        for _ in range(_TRIES):
            if sum(what == "built" for what, _ in truth) == _HOUSES:
                break
            cell = seen[rng.integers(len(seen))]
            house = _house(rng, cell, rng.uniform(0, 90), (8, 28))
            others = [shape for shape, _, _ in later.houses] + later.earth
            if house and all(house.distance(other) > 4 for other in others):
                later.houses.append((house, rng.uniform(3, 10), str(rng.choice(roofs or tuple(_ROOFS)))))
                truth.append(("built", house))
    return later, truth


def _aged(rng: np.random.Generator, one: _Field) -> _Field:
    """The same field some months later: a little wetter or drier, greener or not."""
    return _Field(
        one.shape, one.use, one.angle, one.period_m, one.tone + rng.normal(0, 0.05), one.hue + rng.normal(0, 0.012, 4)
    )


def _turned(rng: np.random.Generator, one: _Field) -> list[_Field]:
    """More than half of the fields are in another state; one in twelve of these is harvested in part."""
    if rng.random() > 0.55:
        return [one]
    fresh = _Field(
        one.shape,
        str(rng.choice(_TURNS[one.use])),
        one.angle,
        rng.uniform(0.9, 2.0),
        rng.normal(0, 0.07),
        rng.normal(0, 0.025, 4),
    )
    if rng.random() > 1 / 12:
        return [fresh]
    box = one.shape.minimum_rotated_rectangle
    corners = shapely.get_coordinates(box)[:4]
    half = shapely.Polygon([corners[0], corners[1], (corners[1] + corners[2]) / 2, (corners[0] + corners[3]) / 2])
    fresh.shape = one.shape.intersection(half)
    return [one, fresh]


def _moved_earth(rng: np.random.Generator, cell: shapely.Polygon, whole: bool) -> shapely.Polygon:
    """A field bulldozed as a whole, or any outline across bunds."""
    if whole and cell.area < 4000:
        return cell
    west, south, east, north = cell.bounds
    angles = np.arange(24) * (2 * np.pi / 24)
    radius = np.exp(rng.uniform(np.log(9), np.log(30)))
    phase = rng.uniform(0, 2 * np.pi, 2)
    bent = radius * (1 + 0.25 * np.sin(2 * angles + phase[0]) + 0.12 * np.sin(5 * angles + phase[1]))
    middle = rng.uniform(west, east), rng.uniform(south, north)
    return shapely.Polygon(np.column_stack([middle[0] + bent * np.cos(angles), middle[1] + bent * np.sin(angles)]))


def _drawn(
    canvas: _Canvas,
    ground: _Ground,
    colours: dict[str, NDArray[np.float64]],
    subsoil: NDArray[np.float64],
    sun: tuple[float, float],
) -> Grid:
    """Reflectance of the ground under a sun (bearing, height in degrees)."""
    rough, patchy, broad = (
        _common(canvas, name, size) for name, size in (("rough", 0.6), ("patchy", 4.0), ("broad", 25.0))
    )
    own = canvas.noise(0.6)
    land = np.empty((4, canvas.cells, canvas.cells), dtype=np.float32)
    land[:] = (colours["bund"][:, None, None] * (1 + 0.10 * rough + 0.08 * patchy + 0.05 * own)).astype(np.float32)
    _draw_fields(canvas, land, ground.fields, colours, 0.5 * rough + 0.8 * own, patchy, broad)
    for name in ("path", "concrete"):
        inside = canvas.inside(shape for shape, kind in ground.roads if kind == name)
        _fill(land, inside, colours[name], 1 + 0.05 * rough + 0.04 * patchy)
    _fill(land, canvas.inside(ground.ponds), colours["pond"], 1 + 0.05 * own + 0.1 * broad)
    own_patchy, tracks = (
        canvas.noise(5.0),
        np.sin(canvas.coordinates(canvas.rng.uniform(0, 3)) * 2.2 + canvas.noise(8.0)),
    )
    _fill(land, canvas.inside(ground.earth), subsoil, 1 + 0.08 * own_patchy + 0.04 * tracks + 0.05 * own)
    _shade(canvas, land, [(tree, 5.0) for tree in ground.trees], sun)
    _fill(land, canvas.inside(ground.trees), colours["wood"], 1 + 0.25 * canvas.noise(1.2))
    _shade(canvas, land, [(shape, height) for shape, height, _ in ground.houses], sun)
    for shape, _, roof in ground.houses:
        _roof(canvas, land, shape, roof, sun, own)
    return land


def _common(canvas: _Canvas, name: str, size_m: float) -> Grid:
    """A texture that the ground keeps."""
    if name not in canvas.grain:
        canvas.grain[name] = canvas.noise(size_m)
    return canvas.grain[name]


def _draw_fields(
    canvas: _Canvas,
    land: Grid,
    fields: list[_Field],
    colours: dict[str, NDArray[np.float64]],
    fine: Grid,
    patchy: Grid,
    broad: Grid,
) -> None:
    """Crops with their rows; soil shows between them."""
    rows, columns = np.indices((canvas.cells, canvas.cells), dtype=np.int32)
    number = canvas.numbered([one.shape for one in fields])
    for at, one in enumerate(fields, 1):
        where = _box(canvas, one.shape)
        inside = number[where] == at
        if not inside.any():
            continue
        east = (columns[where] + 0.5) * canvas.fine_m
        south = (rows[where] + 0.5) * canvas.fine_m
        across = np.cos(one.angle) * east + np.sin(one.angle) * south
        colour = colours[one.use] * np.exp(one.tone + one.hue)
        bare = colours["soil"] * np.exp(one.tone)
        texture = 1 + 0.09 * fine[where] + 0.07 * patchy[where] + 0.06 * broad[where]
        if one.use == "orchard":
            along = -np.sin(one.angle) * east + np.cos(one.angle) * south
            crowns = (np.cos(across * 2 * np.pi / 4.5) + np.cos(along * 2 * np.pi / 4.5)) > 0.3
            cover = crowns.astype(np.float32)
            bare = colours["weeds"]
        else:
            depth = {"rice": 0.10, "vegetables": 0.45, "soil": 0.0, "stubble": 0.25, "weeds": 0.05, "wet": 0.0}[one.use]
            cover = 1 - depth * (0.5 + 0.5 * np.cos(across * 2 * np.pi / one.period_m))
            if one.use == "soil":
                texture = texture + 0.07 * np.cos(across * 2 * np.pi / one.period_m)
            bare = colours["soil"] if one.use in ("stubble", "vegetables") else colours["wet"]
        for band in range(4):
            drawn = (colour[band] * cover + bare[band] * (1 - cover)) * texture
            land[band][where][inside] = drawn[inside]


def _box(canvas: _Canvas, shape: shapely.Polygon) -> tuple[slice, slice]:
    west, south, east, north = (value / canvas.fine_m for value in shape.bounds)
    top = canvas.cells
    return (
        slice(max(0, int(top - north) - 1), max(0, int(top - south) + 2)),
        slice(max(0, int(west) - 1), max(0, int(east) + 2)),
    )


def _fill(
    land: Grid, inside: NDArray[np.bool_], colour: NDArray[np.float64] | tuple[float, ...], texture: Grid
) -> None:
    for band in range(4):
        land[band][inside] = (colour[band] * texture)[inside]


def _shade(canvas: _Canvas, land: Grid, things: list[tuple[shapely.Polygon, float]], sun: tuple[float, float]) -> None:
    """The shadows that things of some height throw on the ground."""
    bearing, height = np.radians(sun[0] + 180), np.radians(sun[1])
    thrown = []
    for shape, tall in things:
        reach = tall / np.tan(height)
        away = translate(shape, reach * np.sin(bearing), reach * np.cos(bearing))
        thrown.append(shapely.unary_union([shape, away]).convex_hull)
    dark = canvas.inside(thrown)
    for band in range(4):
        land[band][dark] *= np.float32(_SHADE[band])


def _roof(canvas: _Canvas, land: Grid, shape: shapely.Polygon, roof: str, sun: tuple[float, float], own: Grid) -> None:
    """A roof of two slopes; the one that looks at the sun is brighter."""
    where = _box(canvas, shape)
    inside = canvas.inside([shape])[where]
    rows, columns = np.nonzero(inside)
    if not len(rows):
        return
    corners = shapely.get_coordinates(shape.minimum_rotated_rectangle)
    ridge = corners[1] - corners[0]
    normal = np.array([-ridge[1], ridge[0]]) / np.hypot(*ridge)
    side = (columns - columns.mean()) * normal[0] - (rows - rows.mean()) * normal[1]
    to_sun = np.array([np.sin(np.radians(sun[0])), np.cos(np.radians(sun[0]))])
    slope = 0.12 * float(normal @ to_sun) * (1 if roof != "grey" else 0.2)
    light = 1 + slope * np.sign(side) + 0.03 * own[where][rows, columns]
    for band in range(4):
        land[band][where][rows, columns] = _ROOFS[roof][band] * light


def _clouded(canvas: _Canvas, land: Grid, share: float) -> tuple[Grid, Grid]:
    """Clouds with soft edges over a share of the scene, their shadows beside them, and how much each hides."""
    rng = canvas.rng
    field_ = canvas.noise(90.0) + 0.35 * canvas.noise(30.0) + 0.08 * canvas.noise(8.0)
    cloud = 1 / (1 + np.exp(-(field_ - np.quantile(field_, 1 - share)) * 9))
    away = rng.integers(60, 120) / canvas.fine_m, rng.integers(-90, 90) / canvas.fine_m
    shadow = _moved(cloud, int(away[0]), int(away[1]))
    covered = np.empty_like(land)
    for band in range(4):
        lit = land[band] * (1 - np.float32(1 - _SHADE[band] - 0.12) * shadow)
        covered[band] = lit * (1 - cloud) + np.float32((0.78, 0.79, 0.80, 0.76)[band]) * cloud
    return covered, np.maximum(cloud, shadow)


def _moved(grid: Grid, down: int, right: int) -> Grid:
    """A grid moved by whole cells; what comes in from outside goes on as the rim does."""
    rows, columns = (np.clip(np.arange(len(grid)) - by, 0, len(grid) - 1) for by in (down, right))
    return grid[rows][:, columns]


def _camera(rng: np.random.Generator, hazy: bool) -> Callable[[Grid], Grid]:
    """How light becomes numbers: haze (with a slope over the scene), gain, offset."""
    through = np.array([0.80, 0.76, 0.70, 0.87]) * rng.uniform(0.9, 1.05) if hazy else np.ones(4)
    veil = np.array([0.20, 0.24, 0.30, 0.15]) * rng.uniform(0.35, 0.6) if hazy else np.zeros(4)
    gain = rng.uniform(0.78, 1.2, 4) if hazy else rng.uniform(0.96, 1.04, 4)
    offset = rng.uniform(-4, 10, 4) if hazy else rng.uniform(-1, 2, 4)
    lean = rng.uniform(-0.12, 0.12, 2) if hazy else np.zeros(2)
    scale = np.array([400.0, 400.0, 430.0, 380.0]) * gain

    def taken(light: Grid) -> Grid:
        rows, columns = light.shape[1:]
        tilt = 1 + lean[0] * np.linspace(-1, 1, rows)[:, None] + lean[1] * np.linspace(-1, 1, columns)[None]
        counts = np.empty_like(light)
        for band in range(len(light)):
            air = light[band] * through[band] + veil[band] * tilt
            counts[band] = (air * scale[band] + 8 + offset[band]).astype(np.float32)
        return counts

    return taken


def _photographed(
    canvas: _Canvas,
    land: Grid,
    pixels: int,
    away: tuple[int, int],
    camera: Callable[[Grid], Grid],
    bands: int,
    deep: bool = False,
) -> trials.Images:
    """What a camera makes of it, each pixel from four cells and a little of its neighbours; in 16 bits if deep."""
    first_row, first_column = 2 * _MARGIN + away[0], 2 * _MARGIN + away[1]
    wide = 2 * pixels + 2
    cut = land[:, first_row - 1 : first_row - 1 + wide, first_column - 1 : first_column - 1 + wide]
    blurred = cut.copy()
    blurred[:, 1:-1, 1:-1] = sum(
        weight * cut[:, 1 + down : wide - 1 + down, 1 + right : wide - 1 + right]
        for down, right, weight in (
            (0, 0, 0.36), (0, 1, 0.12), (0, -1, 0.12), (1, 0, 0.12), (-1, 0, 0.12),
            (1, 1, 0.04), (1, -1, 0.04), (-1, 1, 0.04), (-1, -1, 0.04),
        )
    )  # fmt: skip
    counts = camera(blurred[:, 1:-1, 1:-1].reshape(4, pixels, 2, pixels, 2).mean(axis=(2, 4)))
    counts += canvas.rng.normal(0, 1.3, counts.shape).astype(np.float32)
    if deep:
        return np.clip(np.round(counts[:bands] * trials.DEEP_GAIN + trials.DEEP_OFFSET), 0, 65535).astype(np.uint16)
    return np.clip(np.round(counts[:bands]), 0, 255).astype(np.uint8)
