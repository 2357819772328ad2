"""One scene: shapes drawn in metres round its own origin, what they say, and what must be found of them."""

from datetime import date
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from data.samples.blocks import Floats
from geo.model import KIND_MARK

#: Rule, subject and other side.
Finding = tuple[str, str, str | None]
LAYERS = (
    "parcel", "reserved", "building", "landcover", "landcover_before", "basic_farmland", "approval", "change_patch",
    "title_plot", "forest_right", "boundary", "recorded_act",
)  # fmt: skip
TABLES = (
    "contractor", "member", "parcel_right", "certificate_cancelled", "contract", "certificate", "expropriation",
    "reserved_grant", "payment",
)  # fmt: skip
#: The days of the two surveys, of the later image and of a building survey.
BEFORE, NOW, IMAGE, BUILT = date(2020, 12, 31), date(2025, 12, 31), date(2026, 5, 10), date(2026, 3, 20)
#: Six digits of the county; a scene is a village of its own.
_COUNTY, _IN_TOWN = "441781", 150
#: The system of the county, and that of the zone east of it, in which neighbours may have been drawn to the millimetre.
_ZONE, _NEXT_ZONE, _DRAWN_DECIMALS = "EPSG:4525", "EPSG:4526", 3


class Scene:
    """A scene that is being drawn."""

    def __init__(self, number: int, rng: np.random.Generator) -> None:
        """Begin an empty one; its number makes its codes its own."""
        self.rng, self.name = rng, ""
        self.rows: dict[str, list[dict[str, Any]]] = {layer: [] for layer in (*LAYERS, *TABLES)}
        self.expected: set[Finding] = set()
        #: What looks like a finding and is none.
        self.cleared: set[Finding] = set()
        self._drawn_next_door: list[dict[str, Any]] = []
        self.number, self.village = number, f"{_COUNTY}{100 + number // _IN_TOWN:03d}{100 + number % _IN_TOWN:03d}"

    @property
    def collective(self) -> str:
        """Who issues the parcels of its first group."""
        return f"issuer:{self.village}01"

    def beyond(self) -> str:
        """The village next to this one, in which there is no scene."""
        return f"{self.village[:9]}{int(self.village[9:]) + 500}"

    def in_county(self, prefix: str) -> str:
        """Move the scene to a county of its own, which nobody else's line touches; returns its code."""
        code = f"{prefix}{self.number:04d}"
        self.village = code + self.village[6:]
        return code

    def between(self, low: float, high: float) -> float:
        """Any number between two."""
        return float(self.rng.uniform(low, high))

    def parcel(
        self, shape: BaseGeometry, group: int = 1, category: str = "10", next_zone: bool = False, **facts: Any
    ) -> str:
        """Draw a parcel of a group, to which somebody has a right; returns its reference."""
        code = f"{self.village}{group:02d}{len(self.rows['parcel']) + 1:05d}"
        row = {"code": code, "category": category, "delivery": 1, "predecessors": None, "land_use": "0101"}
        row |= {"purpose": "1", "geometry": shape} | facts
        self.rows["parcel"].append(row)
        if next_zone:
            self._drawn_next_door.append(row)
        self.right(f"parcel:{row['code']}")
        return f"parcel:{row['code']}"

    def right(self, parcel: str, **facts: Any) -> str:
        """Write a right in a parcel; returns the code of its certificate."""
        code, number = parcel.partition(":")[2], len(self.rows["parcel_right"]) + 1
        holder = f"{self.village}01{number:04d}"
        told = {"parcel_code": code, "contractor_code": holder, "certificate_code": f"{holder}J", "contract_code": None}
        self.rows["parcel_right"].append(told | facts)
        return f"{holder}J"

    def cancel(self, certificate: str) -> None:
        """Write a certificate on the list of those that were cancelled."""
        self.write("certificate_cancelled", certificate_code=certificate, cancelled_on=pd.Timestamp(2024, 6, 1))

    def certificate_of(self, parcel: str) -> str:
        """The certificate of the first right in a parcel."""
        code = parcel.partition(":")[2]
        return next(str(row["certificate_code"]) for row in self.rows["parcel_right"] if row["parcel_code"] == code)

    def write(self, table: str, **facts: Any) -> str:
        """Write a row of a table; returns its reference."""
        self.rows[table].append({name: value if value is None else _day(value) for name, value in facts.items()})
        return f"{table}:{facts.get('code')}"

    def household(self, number: int, group: int = 1) -> str:
        """Write a household; returns its code."""
        return self.write("contractor", code=f"{self.village}{group:02d}{number:04d}", kind="1").partition(":")[2]

    def region(self, code: str, shape: BaseGeometry) -> None:
        """Draw the region of a county, a village or a group."""
        self._lay("boundary", (shape,), code=code)

    def act(self, shape: BaseGeometry, party: str, **facts: Any) -> None:
        """Draw a plot that somebody is on record for having taken."""
        days = {name: _day(facts.pop(name, None)) for name in ("punished_on", "began_on", "ended_on", "surveyed_on")}
        code = f"W{self.village}{len(self.rows['recorded_act']) + 1:04d}"
        self._lay("recorded_act", (shape,), code=code, party_code=party, is_destroyed=facts.get("is_destroyed"), **days)

    def parcels(self, *shapes: BaseGeometry, **facts: Any) -> list[str]:
        """Draw several parcels."""
        return [self.parcel(shape, **facts) for shape in shapes]

    def reserved(self, shape: BaseGeometry, **facts: Any) -> str:
        """Draw reserved land."""
        code = f"{self.village}00L{len(self.rows['reserved']) + 1:04d}"
        self.rows["reserved"].append({"code": code, "geometry": shape} | facts)
        return f"reserved:{code}"

    def building(self, shape: BaseGeometry, **facts: Any) -> str:
        """Draw a building."""
        code = f"B{self.village}{len(self.rows['building']) + 1:04d}"
        known = {"code": code, "surveyed_on": pd.Timestamp(BUILT), "owner_code": None, "approval_no": None}
        self.rows["building"].append(known | {"geometry": shape} | facts)
        return f"building:{code}"

    def cover(self, code: str, *shapes: BaseGeometry, planting: str | None = None) -> None:
        """Draw land cover of today's survey."""
        told = {"class_code": code, "planting_code": planting, "surveyed_on": pd.Timestamp(NOW)}
        self._lay("landcover", shapes, **told, year=float(NOW.year))

    def before(self, code: str, *shapes: BaseGeometry, day: date = BEFORE, planting: str | None = None) -> None:
        """Draw land cover of an earlier survey."""
        told = {"class_code": code, "planting_code": planting, "surveyed_on": pd.Timestamp(day)}
        self._lay("landcover_before", shapes, **told, year=float(day.year))

    def seen(self, code: str, *shapes: BaseGeometry) -> None:
        """Draw patches of change as seen from above."""
        self._lay("change_patch", shapes, class_code=code, surveyed_on=pd.Timestamp(IMAGE))

    def basic(self, *shapes: BaseGeometry) -> None:
        """Draw permanent basic farmland."""
        self._lay("basic_farmland", shapes)

    def plot(self, shape: BaseGeometry, kind: str, holder: str | None = None) -> str:
        """Draw a registered plot of a kind (ZDLX)."""
        code = f"{self.village}JC{len(self.rows['title_plot']) + 1:05d}W00000000"
        self._lay("title_plot", (shape,), code=code, kind=kind, holder_code=holder)
        return f"title_plot:{code}"

    def forest(self, shape: BaseGeometry) -> str:
        """Draw a forest right."""
        code = f"LQ{self.village}{len(self.rows['forest_right']) + 1:04d}"
        self._lay("forest_right", (shape,), code=code)
        return f"forest_right:{code}"

    def approve(
        self,
        *shapes: BaseGeometry,
        since: date | None = date(2015, 1, 1),
        until: date | None = None,
        kind: str | None = None,
        implemented_on: date | None = None,
        purpose: str | None = None,
    ) -> str:
        """Draw approvals of some days, half-open; an expropriation with the day on which it was carried out.

        Returns the number of the last.
        """
        told = {"valid_from": _day(since), "valid_to": _day(until), "implemented_on": _day(implemented_on)}
        code = ""
        for shape in shapes:
            code = f"A{self.village}{len(self.rows['approval']) + 1:04d}"
            self._lay("approval", (shape,), code=code, kind=kind, purpose=purpose, **told)
        return code

    def paper(self, number: str) -> str:
        """The reference of an approval: its number and its kind."""
        kind = next(row["kind"] for row in self.rows["approval"] if row["code"] == number)
        return f"approval:{number}{KIND_MARK}{kind}"

    def _lay(self, layer: str, shapes: tuple[BaseGeometry, ...], **facts: Any) -> None:
        self.rows[layer] += [facts | {"geometry": shape} for shape in shapes]

    def expect(self, rule: str, subject: str, against: str | None = None) -> None:
        """Write down what must be found, the lower side first where both are of one layer."""
        if against and subject.split(":")[0] == against.split(":")[0]:
            subject, against = sorted((subject, against))
        self.expected.add((rule, subject, against))

    def clear(self, rule: str, subject: str, against: str | None = None) -> None:
        """Write down what looks like a finding and must not be told."""
        if against and subject.split(":")[0] == against.split(":")[0]:
            subject, against = sorted((subject, against))
        self.cleared.add((rule, subject, against))

    def clear_each(self, rule: str, *parties: str) -> None:
        """Of no two of these is there anything to be told."""
        for one, other in combinations(parties, 2):
            self.clear(rule, one, other)

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
        named = [(layer, row["code"]) for layer, rows in self.rows.items() for row in rows if "code" in row]
        return [self.collective, *(f"{layer}:{code}" for layer, code in named)]

    def put(self, middle: Floats, turn: float) -> None:
        """Turn all shapes and put them in their place; what was one point stays one."""
        cos, sin = np.cos(turn), np.sin(turn)
        for row in (row for layer in LAYERS for row in self.rows[layer]):
            row["geometry"] = shapely.transform(
                row["geometry"], lambda xyz: np.column_stack([_turned(xyz, cos, sin) + middle, xyz[:, 2:]]),
                include_z=bool(shapely.has_z(row["geometry"])),
            )  # fmt: skip
        for row in self._drawn_next_door:
            row["geometry"] = shapely.transform(row["geometry"], _by_the_next_zone)


def _day(value: Any) -> Any:
    """A day as tables hold it; what is none is left as it is."""
    return pd.NaT if value is None else pd.Timestamp(value) if isinstance(value, date) else value


@cache
def _between(one: str, other: str) -> Transformer:
    return Transformer.from_crs(one, other, always_xy=True)


def _by_the_next_zone(xy: Floats) -> Floats:
    """Where points come to lie that were written down to the millimetre in the next zone."""
    there = _between(_ZONE, _NEXT_ZONE).transform(xy[:, 0], xy[:, 1])
    drawn = (np.round(axis, _DRAWN_DECIMALS) for axis in there)
    return np.column_stack(_between(_NEXT_ZONE, _ZONE).transform(*drawn))


def _turned(xyz: Floats, cos: float, sin: float) -> Floats:
    x, y = xyz[:, 0], xyz[:, 1]
    return np.column_stack([x * cos - y * sin, x * sin + y * cos])
