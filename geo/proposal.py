"""What could settle a dispute between two parcels: lines that geometry and papers offer, and what each side would have.

A proposal is material for a talk between neighbours. It divides the disputed ground and nothing else: what lies outside
of the cut stays whose it was, nothing is lost, nothing is added. No proposal is ever applied by the house.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.between import Between, Undividable
from geo.model import Shapes
from geo.shapes import moved, origins, polygonal

#: Ways to divide: the line in the middle, the boundary that was surveyed first, what both contracts say.
KINDS: Final = ("midline", "older", "contract")
#: Why a way is not offered.
HINDRANCES: Final = ("identical", "contained", "torn", "vanishes", "same_age", "no_contract_area", "too_fine")
#: All lines of a proposal are drawn on a grid of a micrometre: areas are exact to that times the length of the edges.
GRID_M: Final = 1e-6
#: A part of a parcel that is smaller than this is rounding, not ground (m²).
CRUMB_M2: Final = 1e-6
#: Two parcels that share so much of each other are one parcel twice: papers decide, not lines.
IDENTICAL: Final = 0.95
#: How often a line is drawn to come to an area.
CORRECTIONS: Final = 4
#: Shapes with more vertices than this are left to a surveyor.
MOST_VERTICES: Final = 20_000


@dataclass(frozen=True)
class Proposal:
    """Both parcels as they would be, the new line between them, and the ground that falls to each of the cut."""

    kind: str
    a: BaseGeometry
    b: BaseGeometry
    line: BaseGeometry
    part_a: BaseGeometry
    part_b: BaseGeometry

    @property
    def gives_up_a_m2(self) -> float:
        """What a no longer has of what is drawn for it today."""
        return float(self.part_b.area)

    @property
    def gives_up_b_m2(self) -> float:
        """What b no longer has of what is drawn for it today."""
        return float(self.part_a.area)


@dataclass(frozen=True)
class Offers:
    """What is offered, and for every other way why it is not."""

    proposals: tuple[Proposal, ...] = ()
    hindrances: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Dispute:
    """Two parcels and their common ground, with the first vertex of a as origin."""

    a: BaseGeometry
    b: BaseGeometry
    cut: BaseGeometry

    def lines(self) -> Between:
        """The lines that lead from one border of the cut over to the other."""
        try:
            return Between.of(self.a, self.b, self.cut)
        except Undividable:
            raise _Hindered("contained") from None


@dataclass(frozen=True)
class _Division:
    """Both parcels laid out in faces that fit without gaps, and which of the faces fall to a and to b."""

    faces: Shapes
    in_a: NDArray[np.bool_]
    in_b: NDArray[np.bool_]
    to_a: NDArray[np.bool_]

    @property
    def part_a_m2(self) -> float:
        """How much of the cut falls to a."""
        return float(shapely.area(self.faces[self.in_a & self.in_b & self.to_a]).sum())


class _Hindered(Exception):
    """A way to divide that cannot be offered here, by one of HINDRANCES."""


def proposals(
    a: BaseGeometry,
    b: BaseGeometry,
    *,
    older: str | None = None,
    contract_a_m2: float | None = None,
    contract_b_m2: float | None = None,
) -> Offers:
    """Offer what could settle the dispute between two valid parcels that share ground.

    `older` is the side ("a" or "b") whose shape was surveyed first; contract areas are those of the papers.
    """
    origin = origins(np.array([a], dtype=object))
    here_a, here_b = moved(np.array([a, b], dtype=object), np.repeat(-origin, 2, axis=0))
    cut = polygonal(np.array([shapely.intersection(here_a, here_b)], dtype=object))[0]
    dispute = _Dispute(here_a, here_b, cut)
    if cut.is_empty or shapely.get_num_coordinates(cut) > MOST_VERTICES:
        return Offers(hindrances=dict.fromkeys(KINDS, "too_fine"))
    if min(cut.area / here_a.area, cut.area / here_b.area) >= IDENTICAL:
        return Offers(hindrances=dict.fromkeys(KINDS, "identical"))
    ways: dict[str, Callable[[], _Division]] = {
        "midline": lambda: _along(dispute, dispute.lines(), 0.5),
        "older": lambda: _of_the_older(dispute, older),
        "contract": lambda: _by_contracts(dispute, contract_a_m2, contract_b_m2),
    }
    offered, hindrances = [], {}
    for kind, way in ways.items():
        try:
            offered.append(_placed(_settled(kind, dispute, way()), origin))
        except _Hindered as why:
            hindrances[kind] = str(why)
    return Offers(tuple(offered), hindrances)


def _along(dispute: _Dispute, between: Between, height: float) -> _Division:
    """Divide along the line at a height."""
    return _division(dispute, between.line(height), lambda spots: between.heights_at(spots) <= height)


def _of_the_older(dispute: _Dispute, older: str | None) -> _Division:
    """Whose shape was surveyed first keeps the whole cut."""
    if older is None:
        raise _Hindered("same_age")
    return _whole(dispute, older == "a")


def _whole(dispute: _Dispute, to_a: bool) -> _Division:
    return _division(dispute, shapely.LineString(), lambda spots: np.full(len(spots), to_a))


def _by_contracts(dispute: _Dispute, a_m2: float | None, b_m2: float | None) -> _Division:
    """Both parcels miss their contracted areas by as much, as far as the cut allows: the least squares of both."""
    if not a_m2 or not b_m2:
        raise _Hindered("no_contract_area")
    between, whole = dispute.lines(), dispute.cut.area
    own_a, own_b = dispute.a.area - whole, dispute.b.area - whole
    wanted = float(np.clip(((a_m2 - own_a) + (own_b + whole - b_m2)) / 2, 0, whole))
    candidates = [_whole(dispute, False), _whole(dispute, True)]
    aim = wanted
    for _ in range(CORRECTIONS):  # the line is straightened, which moves its area a little
        candidates.append(_along(dispute, between, between.height_for(aim)))
        aim += wanted - candidates[-1].part_a_m2
    return min(candidates, key=lambda division: round(abs(division.part_a_m2 - wanted), 9))


def _division(
    dispute: _Dispute, line: BaseGeometry, falls_to_a: Callable[[NDArray[np.float64]], NDArray[np.bool_]]
) -> _Division:
    """Lay both parcels out in faces along their edges and a line; the faces of the cut fall to a or to b."""
    edges = [shapely.boundary(dispute.a), shapely.boundary(dispute.b), line]
    drawn = shapely.union_all(edges, grid_size=GRID_M)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(drawn)))
    spots = shapely.point_on_surface(faces)
    in_a, in_b = (np.asarray(shapely.contains_properly(side, spots)) for side in (dispute.a, dispute.b))
    to_a = in_a & ~in_b
    shared = in_a & in_b
    to_a[shared] = falls_to_a(shapely.get_coordinates(spots[shared]))
    return _Division(faces, in_a, in_b, to_a)


def _settled(kind: str, dispute: _Dispute, division: _Division) -> Proposal:
    """Both parcels after the cut is divided; _Hindered where one would vanish or a line would tear it apart."""
    shared = division.in_a & division.in_b
    a, b = _joined(division, division.to_a), _joined(division, division.in_b & ~division.to_a)
    if a.is_empty or b.is_empty:
        raise _Hindered("vanishes")
    if _pieces(a) > _pieces(dispute.a) or _pieces(b) > _pieces(dispute.b):
        raise _Hindered("torn")
    part_a, part_b = _joined(division, shared & division.to_a), _joined(division, shared & ~division.to_a)
    edges = shapely.union_all(shapely.boundary(np.array([part_a, part_b], dtype=object)), grid_size=GRID_M)
    common = _drawn(shapely.intersection(shapely.boundary(a), shapely.boundary(b), grid_size=GRID_M))
    line = shapely.line_merge(_drawn(shapely.intersection(common, edges, grid_size=GRID_M)))
    return Proposal(kind, a, b, line, part_a, part_b)


def _joined(division: _Division, which: NDArray[np.bool_]) -> BaseGeometry:
    """Some faces as one shape; crumbs of rounding are no ground."""
    whole = shapely.coverage_union_all(division.faces[which])
    parts = [part for part in shapely.get_parts(whole) if part.area > CRUMB_M2]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _drawn(shape: BaseGeometry) -> BaseGeometry:
    """The lines of a shape; points in which edges meet are none."""
    return shapely.MultiLineString([part for part in shapely.get_parts(shape) if part.geom_type == "LineString"])


def _pieces(shape: BaseGeometry) -> int:
    return sum(part.area > CRUMB_M2 for part in shapely.get_parts(shape))


def _placed(proposal: Proposal, origin: NDArray[np.float64]) -> Proposal:
    """The proposal at its place."""
    names = ("a", "b", "line", "part_a", "part_b")
    shapes = np.array([getattr(proposal, name) for name in names], dtype=object)
    return Proposal(proposal.kind, *moved(shapes, np.repeat(origin, len(names), axis=0)))
