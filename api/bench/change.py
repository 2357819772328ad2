"""Work `change`: what two images show to have been built or dug, in planted scenes, beside what people do today.

Every scene and trial of `data/samples/scenes.py`, pixels of 0.5 m and 1 m, with and without an infrared band, each of
the seeds that are measured. A patch that was found is right if it has at least 0.3 of the union with a planted one in
common, one to one. By area, what both cover counts. What a cloud hides by half is not asked for, and no error if found.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from api.bench.peers import otsu
from data.samples.scenes import KINDS, MEASURED_SEEDS, TRIALS, Scene, scene
from geo.imagery.change import find_change
from geo.imagery.pair import ImagesRefused, pair
from geo.imagery.registration import registered
from geo.imagery.settings import ChangeSettings

Patches = list[shapely.Polygon]

TITLE = "change: patches right at 0.3 of the union, one to one; by area, what both cover"
MATCH = 0.3
PIXELS_M = (0.5, 1.0)
OURS = "dingxin"


@dataclass
class Counts:
    """What was found, what was planted, and what of both is the other: in patches, or in square metres."""

    found: float = 0.0
    right: float = 0.0
    planted: float = 0.0
    met: float = 0.0

    def add(self, other: "Counts") -> None:
        """Add what another scene gave."""
        for name, value in asdict(other).items():
            setattr(self, name, getattr(self, name) + value)

    @property
    def precision(self) -> float:
        """The part of what was found that was planted."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """The part of what was planted that was found."""
        return self.met / self.planted if self.planted else 0.0

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True)
class Row:
    """One line of the result, as others script against it."""

    scene: str
    method: str
    ours: bool
    precision: float
    recall: float
    f1: float
    by: str
    planted: float
    found: float


def ours(shown: Scene) -> Patches:
    """Ours, with the settings as they stand and without parcels; a season is no patch of it."""
    with tempfile.TemporaryDirectory() as folder:
        before, after = shown.write(Path(folder))
        try:
            patches = find_change(before, after).patches
        except ImagesRefused:
            return []
    return list(patches.loc[patches["kind"] != "vegetation", "geometry"])


def _peer(method: Callable[..., Patches]) -> Callable[[Scene], Patches]:
    """A plain method, given the same least area and the earlier image moved as ours moves it."""
    return lambda shown: method(_laid_over(shown), shown.after, shown.place, ChangeSettings().min_area_m2)


def _laid_over(shown: Scene) -> NDArray[np.float32]:
    """The earlier image where it stands best on the later one; as it is, where that cannot be said."""
    settings = ChangeSettings()
    with tempfile.TemporaryDirectory() as folder:
        try:
            images, _ = registered(pair(*shown.write(Path(folder))), settings)
        except ImagesRefused:
            return shown.before.astype(np.float32)
        moved = images.read_before(0, 0, images.rows, images.columns, least_px=settings.least_shift_px)
    return np.where(np.isfinite(moved), moved, shown.before)


METHODS: dict[str, Callable[[Scene], Patches]] = {
    OURS: ours,
    "band difference + Otsu + sieve": _peer(otsu.difference),
    "CVA + Otsu + sieve": _peer(otsu.vectors),
    "NDVI difference + Otsu + sieve": _peer(otsu.lost_green),
}
_NEEDS_INFRARED = {"NDVI difference + Otsu + sieve"}


def measured(
    kinds: Sequence[str] = (*KINDS, *TRIALS),
    pixels_m: Sequence[float] = PIXELS_M,
    seeds: Sequence[int] = MEASURED_SEEDS,
    methods: Sequence[str] = tuple(METHODS),
    tell: Callable[[str], None] = lambda line: None,
) -> Iterator[Row]:
    """Compare the methods on all scenes; the seeds of one scene are counted together."""
    for kind in kinds:
        for pixel_m in pixels_m:
            counts: dict[tuple[str, str, str], Counts] = {}
            for seed in seeds:
                tell(f"{kind}, {pixel_m:g} m, seed {seed}")
                whole = scene(kind, pixel_m, 4, seed)
                for shown, bands in ((whole, "RGBN"), (_without_infrared(whole), "RGB")):
                    for method in methods:
                        if bands == "RGB" and method in _NEEDS_INFRARED:
                            continue
                        for by, got in judged(METHODS[method](shown), shown).items():
                            counts.setdefault((f"{kind}, {pixel_m:g} m, {bands}", method, by), Counts()).add(got)
            for (name, method, by), total in counts.items():
                told = (round(value, 4) for value in (total.precision, total.recall, total.f1))
                yield Row(name, method, method == OURS, *told, by, round(total.planted, 1), round(total.found, 1))


def judged(found: Patches, shown: Scene) -> dict[str, Counts]:
    """Count what was found against what was planted, by patch and by area."""
    planted = [shape for _, shape in shown.truth]
    hidden = shapely.union_all(shown.hidden)
    found = [one for one in found if one.intersection(hidden).area < 0.5 * one.area]
    pairs = sorted(
        ((_overlap(one, other), at, to) for at, one in enumerate(found) for to, other in enumerate(planted)),
        reverse=True,
    )
    taken: set[int] = set()
    met: set[int] = set()
    for much, at, to in pairs:
        if much >= MATCH and at not in taken and to not in met:
            taken.add(at)
            met.add(to)
    ground, truth = shapely.union_all(found), shapely.union_all(planted)
    shared = ground.intersection(truth).area
    by_area = Counts(ground.area, shared, truth.area, shared)
    return {"patch": Counts(len(found), len(taken), len(planted), len(met)), "area": by_area}


def _overlap(one: shapely.Polygon, other: shapely.Polygon) -> float:
    if not one.intersects(other):
        return 0.0
    shared = one.intersection(other).area
    return float(shared / (one.area + other.area - shared))


def _without_infrared(shown: Scene) -> Scene:
    return replace(shown, before=shown.before[:3], after=shown.after[:3])
