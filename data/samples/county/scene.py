"""One scene: shapes drawn in metres round its own origin, what they say, and what must be found of them."""

from datetime import date
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from data.samples.blocks import Floats

#: Rule, subject and other side.
Finding = tuple[str, str, str | None]
LAYERS = (
    "parcel", "reserved", "building", "landcover", "landcover_before", "basic_farmland", "approval", "change_patch",
    "title_plot", "forest_right",
)  # fmt: skip
#: The days of the two surveys, of the later image and of a building survey.
BEFORE, NOW, IMAGE, BUILT = date(2020, 12, 31), date(2025, 12, 31), date(2026, 5, 10), date(2026, 3, 20)
#: Six digits of the county; a scene is a village of its own.
_COUNTY, _IN_TOWN = "441781", 400


class Scene:
    """A scene that is being drawn."""

    def __init__(self, number: int, rng: np.random.Generator) -> None:
        """Begin an empty one; its number makes its codes its own."""
        self.rng, self.name = rng, ""
        self.rows: dict[str, list[dict[str, Any]]] = {layer: [] for layer in LAYERS}
        self.expected: set[Finding] = set()
        self._village = f"{_COUNTY}{100 + number // _IN_TOWN:03d}{100 + number % _IN_TOWN:03d}"
        #: Who issues the parcels of its first group.
        self.collective = f"issuer:{self._village}01"

    def between(self, low: float, high: float) -> float:
        """Any number between two."""
        return float(self.rng.uniform(low, high))

    def parcel(self, shape: BaseGeometry, group: int = 1, category: str = "10", **facts: Any) -> str:
        """Draw a parcel of a group; returns its reference."""
        code = f"{self._village}{group:02d}{len(self.rows['parcel']) + 1:05d}"
        row = {"code": code, "category": category, "delivery": 1, "predecessors": None, "land_use": "0101"}
        self.rows["parcel"].append(row | {"geometry": shape} | facts)
        return f"parcel:{code}"

    def parcels(self, *shapes: BaseGeometry, **facts: Any) -> list[str]:
        """Draw several parcels."""
        return [self.parcel(shape, **facts) for shape in shapes]

    def reserved(self, shape: BaseGeometry, **facts: Any) -> str:
        """Draw reserved land."""
        code = f"{self._village}00L{len(self.rows['reserved']) + 1:04d}"
        self.rows["reserved"].append({"code": code, "geometry": shape} | facts)
        return f"reserved:{code}"

    def building(self, shape: BaseGeometry) -> str:
        """Draw a building."""
        code = f"B{self._village}{len(self.rows['building']) + 1:04d}"
        self.rows["building"].append({"code": code, "surveyed_on": pd.Timestamp(BUILT), "geometry": shape})
        return f"building:{code}"

    def cover(self, code: str, *shapes: BaseGeometry) -> None:
        """Draw land cover of today's survey."""
        self._lay("landcover", shapes, class_code=code, surveyed_on=pd.Timestamp(NOW), year=float(NOW.year))

    def before(self, code: str, *shapes: BaseGeometry, day: date = BEFORE) -> None:
        """Draw land cover of an earlier survey."""
        told = {"class_code": code, "surveyed_on": pd.Timestamp(day), "year": float(day.year)}
        self._lay("landcover_before", shapes, **told)

    def seen(self, code: str, *shapes: BaseGeometry) -> None:
        """Draw patches of change as seen from above."""
        self._lay("change_patch", shapes, class_code=code, surveyed_on=pd.Timestamp(IMAGE))

    def basic(self, *shapes: BaseGeometry) -> None:
        """Draw permanent basic farmland."""
        self._lay("basic_farmland", shapes)

    def plot(self, shape: BaseGeometry, kind: str) -> str:
        """Draw a registered plot of a kind (ZDLX)."""
        code = f"{self._village}JC{len(self.rows['title_plot']) + 1:05d}W00000000"
        self._lay("title_plot", (shape,), code=code, kind=kind)
        return f"title_plot:{code}"

    def forest(self, shape: BaseGeometry) -> str:
        """Draw a forest right."""
        code = f"LQ{self._village}{len(self.rows['forest_right']) + 1:04d}"
        self._lay("forest_right", (shape,), code=code)
        return f"forest_right:{code}"

    def approve(
        self,
        *shapes: BaseGeometry,
        since: date = date(2015, 1, 1),
        until: date | None = None,
        kind: str | None = None,
        implemented_on: date | None = None,
    ) -> None:
        """Draw approvals of some days, half-open; an expropriation with the day on which it was carried out."""
        ends = pd.NaT if until is None else pd.Timestamp(until)
        for shape in shapes:
            code = f"A{self._village}{len(self.rows['approval']) + 1:04d}"
            told = {"kind": kind, "implemented_on": pd.Timestamp(implemented_on) if implemented_on else pd.NaT}
            self._lay("approval", (shape,), code=code, valid_from=pd.Timestamp(since), valid_to=ends, **told)

    def _lay(self, layer: str, shapes: tuple[BaseGeometry, ...], **facts: Any) -> None:
        self.rows[layer] += [facts | {"geometry": shape} for shape in shapes]

    def expect(self, rule: str, subject: str, against: str | None = None) -> None:
        """Write down what must be found, the lower side first where both are of one layer."""
        if against and subject.split(":")[0] == against.split(":")[0]:
            subject, against = sorted((subject, against))
        self.expected.add((rule, subject, against))

    def expect_each(self, rule: str, *parties: str) -> None:
        """Every two of these share ground."""
        for one, other in combinations(parties, 2):
            self.expect(rule, one, other)

    def noisy(self, shape: BaseGeometry, by_m: float) -> BaseGeometry:
        """The shape with every vertex off by up to so much, a ring's last one with its first."""
        rings = []
        for ring in shapely.get_rings(shape):
            corners = shapely.get_coordinates(ring)[:-1]
            corners = corners + self.rng.uniform(-by_m, by_m, corners.shape)
            rings.append(np.concatenate([corners, corners[:1]]))
        return shapely.Polygon(rings[0], rings[1:])

    def references(self) -> list[str]:
        """Every reference of the scene."""
        named = [(layer, row["code"]) for layer in LAYERS for row in self.rows[layer] if "code" in row]
        return [self.collective, *(f"{layer}:{code}" for layer, code in named)]

    def put(self, middle: Floats, turn: float) -> None:
        """Turn all shapes and put them in their place; what was one point stays one."""
        cos, sin = np.cos(turn), np.sin(turn)
        for row in (row for rows in self.rows.values() for row in rows):
            row["geometry"] = shapely.transform(
                row["geometry"], lambda xyz: np.column_stack([_turned(xyz, cos, sin) + middle, xyz[:, 2:]]),
                include_z=bool(shapely.has_z(row["geometry"])),
            )  # fmt: skip


def _turned(xyz: Floats, cos: float, sin: float) -> Floats:
    x, y = xyz[:, 0], xyz[:, 1]
    return np.column_stack([x * cos - y * sin, x * sin + y * cos])
