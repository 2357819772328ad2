"""How sure a dispute about ground is: what is left of the cut at every tolerance, and what that makes of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.model import Shapes
from geo.shapes import AREA_DECIMALS, firm_area, inscribed_width, moved, origins, polygonal

#: From the least that coordinates tell to what a line drawn from an orthophoto may be off (m).
TOLERANCES_M: Final = (0.001, 0.01, 0.05, 0.10, 0.50)
#: What two careful surveys of one boundary point may differ by: ground that is nowhere wider is no dispute yet.
SURVEYED_M: Final = 0.05
CLASSES: Final = ("noise", "doubtful", "dispute")


@dataclass(frozen=True)
class Step:
    """What is left of a cut at one tolerance.

    `firm_m2` is the part that is at least so wide; `sure_m2` is what remains if every edge of the cut lies half the
    tolerance too far out; `fires` tells whether the firm part still reaches the least area of the rule.
    """

    tolerance_m: float
    firm_m2: float
    sure_m2: float
    fires: bool


@dataclass(frozen=True)
class Curve:
    """A cut at all tolerances, its greatest width, and what it is taken for: noise, doubtful or dispute."""

    area_m2: float
    width_m: float
    least_m2: float
    steps: tuple[Step, ...]
    taken_for: str

    @property
    def fires_up_to_m(self) -> float | None:
        """The greatest tolerance at which it still fires, with all below it; None where it does not at the least."""
        held = None
        for step in self.steps:
            if not step.fires:
                break
            held = step.tolerance_m
        return held


def curve(cut: BaseGeometry, least_m2: float, tolerances_m: Iterable[float] = TOLERANCES_M) -> Curve:
    """Measure what is left of a cut at each tolerance; `least_m2` is the area from which its rule speaks.

    A dispute fires at every tolerance; noise is nowhere so wide as two careful surveys may differ; else it is doubtful.
    """
    shape = _at_origin(cut)
    steps = tuple(_step(shape, tolerance, least_m2) for tolerance in sorted(tolerances_m))
    return Curve(
        area_m2=float(np.round(shapely.area(shape)[0], AREA_DECIMALS)),
        width_m=float(inscribed_width(shape)[0]),
        least_m2=least_m2,
        steps=steps,
        taken_for=_taken_for(steps),
    )


def _at_origin(cut: BaseGeometry) -> Shapes:
    """The polygons of a cut with its first vertex as origin: there a millimetre is far above rounding."""
    shape = polygonal(np.array([cut], dtype=object))
    return shape if shapely.is_empty(shape[0]) else moved(shape, -origins(shape))


def _step(shape: Shapes, tolerance_m: float, least_m2: float) -> Step:
    firm = float(firm_area(shape, tolerance_m)[0])
    sure = float(np.round(shapely.area(shapely.buffer(shape, -tolerance_m / 2, join_style="mitre"))[0], AREA_DECIMALS))
    return Step(tolerance_m, firm, sure, firm >= least_m2 and firm > 0)


def _taken_for(steps: tuple[Step, ...]) -> str:
    if all(step.fires for step in steps):
        return "dispute"
    return "doubtful" if any(step.fires for step in steps if step.tolerance_m >= SURVEYED_M) else "noise"
