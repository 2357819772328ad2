"""Scenes of parcels and reserved land: theirs is the same ground, or it only looks so."""

from collections.abc import Callable

import numpy as np
import shapely
from shapely import box
from shapely.affinity import rotate, translate
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from data.samples.county.scene import Scene

#: Two neighbours of 30 by 40 m, and the ground of the second that the first may take.
_LEFT, _RIGHT = box(-30, 0, 0, 40), box(0, 0, 30, 40)


def _with(shape: BaseGeometry, *further: BaseGeometry) -> BaseGeometry:
    return shapely.union_all([shape, *further])


def bite(scene: Scene) -> None:
    """One takes some metres of its neighbour's ground."""
    wide, deep = scene.between(3, 20), scene.between(0.5, 10)
    a, b = scene.parcels(_with(_LEFT, box(-1, 10, deep, 10 + wide)), _RIGHT)
    scene.parcels(box(-30, 40, 0, 80), box(0, 40, 30, 80))
    scene.expect("OV-01", a, b)


def two_bites(scene: Scene) -> None:
    """One takes ground of its neighbour in two places: one finding."""
    a, b = scene.parcels(_with(_LEFT, box(-1, 2, 1.5, 6), box(-1, 20, 2, 24)), _RIGHT)
    scene.expect("OV-01", a, b)


def bite_of_another_group(scene: Scene) -> None:
    """One takes ground of a parcel of another group."""
    a = scene.parcel(_with(_LEFT, box(-1, 10, scene.between(0.5, 8), 18)))
    scene.expect("OV-02", a, scene.parcel(_RIGHT, group=2))


def snake(scene: Scene) -> None:
    """A ridge moved by 6 cm over 200 m: 12 m², little wide, but taken."""
    a, b = scene.parcels(box(-8, -100, 0.06, 100), box(0, -100, 8, 100))
    scene.expect("OV-01", a, b)


def bite_in_a_shift(scene: Scene) -> None:
    """A bite of 1.35 m² joined to a shift of 1 mm along 120 m."""
    a, b = scene.parcels(_with(box(-8, -60, 0.001, 60), box(-1, 0, 0.9, 1.5)), box(0, -60, 8, 60))
    scene.expect("OV-01", a, b)


def tiny(scene: Scene) -> None:
    """A bite of 1.05 m² is over the gate."""
    a, b = scene.parcels(_with(_LEFT, box(-1, 10, 0.7, 11.5)), _RIGHT)
    scene.expect("OV-01", a, b)


def barely_wide(scene: Scene) -> None:
    """A strip of 52 mm along a whole side is over the gate of 5 cm."""
    a, b = scene.parcels(box(-30, 0, 0.052, 40), _RIGHT)
    scene.expect("OV-01", a, b)


def contained(scene: Scene) -> None:
    """A parcel lies wholly inside another, no boundaries meet."""
    size = scene.between(2, 12)
    scene.expect("OV-04", *scene.parcels(_LEFT, box(-20, 10, -20 + size, 10 + size)))


def contained_at_the_edge(scene: Scene) -> None:
    """A parcel lies inside another and shares one of its sides."""
    scene.expect("OV-04", *scene.parcels(_LEFT, box(-10, 0, 0, scene.between(5, 30))))


def identical(scene: Scene) -> None:
    """The same shape under two codes."""
    scene.expect("OV-03", *scene.parcels(_LEFT, _LEFT))


def identical_redrawn(scene: Scene) -> None:
    """The same shape drawn again: the other way round, from another corner, a tenth of a millimetre off."""
    again = scene.noisy(Polygon(np.roll(shapely.get_coordinates(_LEFT)[:-1], 2, axis=0)[::-1]), 1e-4)
    scene.expect("OV-03", *scene.parcels(_LEFT, again))


def three_times(scene: Scene) -> None:
    """The same ground under three codes: three pairs."""
    scene.expect_each("OV-03", *scene.parcels(_LEFT, _LEFT, _LEFT))


def hole_overfilled(scene: Scene) -> None:
    """What fills a hole is drawn half a metre too large all round."""
    a = scene.parcel(box(-30, -30, 30, 30).difference(box(-5, -5, 5, 5)))
    scene.expect("OV-01", a, scene.parcel(box(-5.5, -5.5, 5.5, 5.5)))


def second_part(scene: Scene) -> None:
    """The second part of a parcel lies on somebody else's land."""
    a = scene.parcel(MultiPolygon([_LEFT, box(60, 0, 75, 20)]))
    scene.expect("OV-01", a, scene.parcel(box(70, -10, 100, 30)))


def crossing(scene: Scene) -> None:
    """Two strips cross, no corner of one inside the other."""
    scene.expect("OV-01", *scene.parcels(box(-60, -4, 60, 4), box(-5, -60, 5, 60)))


def bow_tie(scene: Scene) -> None:
    """A boundary that crosses itself; one of its two halves lies on the neighbour."""
    a = scene.parcel(Polygon([(-20, 0), (20, 30), (20, 0), (-20, 30)]))
    scene.expect("OV-01", a, scene.parcel(box(10, -10, 40, 40)))


def with_heights(scene: Scene) -> None:
    """Shapes with heights, a bite among them."""
    a, b = (shapely.force_3d(shape, scene.between(5, 60)) for shape in (_with(_LEFT, box(-1, 10, 2, 16)), _RIGHT))
    scene.expect("OV-01", scene.parcel(a), scene.parcel(b))


def flexible_land(scene: Scene) -> None:
    """Contracted land takes flexible land of the collective."""
    a = scene.parcel(_with(_LEFT, box(-1, 10, scene.between(1, 6), 18)))
    scene.expect("OV-08", a, scene.parcel(_RIGHT, category="22"))
    scene.expect("QY-01", scene.collective)


def kept_inside(scene: Scene) -> None:
    """A private plot lies inside contracted land; only one side is contracted."""
    scene.expect("OV-08", scene.parcel(_LEFT), scene.parcel(box(-20, 10, -15, 20), category="21"))


def on_registered(scene: Scene) -> None:
    """A later delivery brings a parcel on ground of an earlier one, and names nothing."""
    old, new = scene.parcel(_LEFT), scene.parcel(translate(_LEFT, 25.0, 3.0), delivery=2)
    scene.expect("OV-01", old, new)
    scene.expect("OV-05", old, new)


def on_reserved(scene: Scene) -> None:
    """Reserved land was granted on two contracted parcels."""
    a, b = scene.parcels(_LEFT, _RIGHT)
    ground = scene.reserved(box(-15, 5, 15, 35))
    scene.expect("OV-09", a, ground)
    scene.expect("OV-09", b, ground)


def granted_twice(scene: Scene) -> None:
    """The same plot was granted twice, and a third grant overlaps both."""
    first, second, third = (scene.reserved(shape) for shape in (_LEFT, _LEFT, translate(_LEFT, 28.0, 0.0)))
    scene.expect_each("OV-10", first, second, third)


def many_corners(scene: Scene) -> None:
    """Round parcels of 400 corners overlap by a lens."""
    a, b = (shapely.Point(x, 0).buffer(20, quad_segs=100) for x in (0, 38))
    scene.expect("OV-01", *scene.parcels(a, b))


def clean_fields(scene: Scene) -> None:
    """Nine fields meet edge to edge and corner to corner."""
    x, y = (np.cumsum([0, *(scene.between(15, 40) for _ in range(3))]) for _ in range(2))
    shapes = (box(x[i], y[j], x[i + 1], y[j + 1]) for i in range(3) for j in range(3))
    scene.clear_each("OV-01", *scene.parcels(*shapes))


def noisy_fields(scene: Scene) -> None:
    """The same edges drawn by each neighbour, up to a millimetre off."""
    shapes = (scene.noisy(box(x, y, x + 30, y + 40), 1e-3) for x in (0, 30, 60) for y in (0, 40))
    scene.clear_each("OV-01", *scene.parcels(*shapes))


def corner_only(scene: Scene) -> None:
    """Two parcels meet in one corner."""
    scene.clear("OV-01", *scene.parcels(box(-30, -30, 0, 0), box(0, 0, 30, 30)))


def hole_filled(scene: Scene) -> None:
    """A parcel fills a hole exactly; another hole is filled with a millimetre of noise."""
    pond = shapely.Point(12, 12).buffer(6)
    a = box(-30, -30, 30, 30).difference(box(-20, -20, -5, -5)).difference(pond)
    around, field, filled = scene.parcels(a, box(-20, -20, -5, -5), scene.noisy(pond, 1e-3))
    for inside in (field, filled):
        scene.clear("OV-04", around, inside)


def road_between(scene: Scene) -> None:
    """A road of 3 m, and a slit of a millimetre."""
    scene.parcels(box(-30, 0, 0, 40), box(3, 0, 30, 40), box(30.001, 0, 60, 40))


def parts_on_both_sides(scene: Scene) -> None:
    """A parcel of two parts with its neighbour exactly between them."""
    parts = MultiPolygon([box(-30, 0, -10, 40), box(10, 0, 30, 40)])
    scene.clear("OV-01", *scene.parcels(parts, box(-10, 0, 10, 40)))


def sliver(scene: Scene) -> None:
    """Three square metres in a sliver of 3 cm: noise of drawing."""
    scene.clear("OV-01", *scene.parcels(box(-8, -50, 0.03, 50), box(0, -50, 8, 50)))


def below_the_gate(scene: Scene) -> None:
    """A bite of 0.95 m²; and 49 mm along a whole side."""
    a, b, c = scene.parcels(_with(_LEFT, box(-1, 10, 0.95, 11)), _RIGHT, box(29.951, 0, 60, 40))
    scene.clear("OV-01", a, b)
    scene.clear("OV-01", b, c)


def shifts_of_a_millimetre(scene: Scene) -> None:
    """A shift of 1 mm along 150 m, and of 8 mm along 150 m: 1.2 m², and nowhere as wide as a finger."""
    scene.parcels(box(-8, -75, 0.001, 75), box(0, -75, 8, 75), box(7.992, -75, 16, 75))


def hooked(scene: Scene) -> None:
    """Two hooks that grip each other: one's box holds the other's, and no ground is shared."""
    hook = Polygon([(0, 0), (40, 0), (40, 30), (30, 30), (30, 10), (0, 10)])
    scene.parcels(hook, box(0, 10, 30, 30), rotate(hook, 180, origin=(20, 20.5)).intersection(box(-9, 30, 99, 99)))


def corners_on_edges(scene: Scene) -> None:
    """Bricks: corners lie on neighbours' edges, rounded to a millimetre before all is turned."""
    lower = [box(x, 0, x + 25, 20) for x in (0, 25, 50)]
    scene.parcels(*lower, *(box(round(x, 3), 20, round(x + 23.3333, 3), 40) for x in (4.1, 27.4333)))


def denser_edge(scene: Scene) -> None:
    """One side of a common edge has corners every metre, the other none."""
    scene.clear("OV-01", *scene.parcels(_LEFT, shapely.segmentize(_RIGHT, 1.0)))


def bow_tie_alone(scene: Scene) -> None:
    """A boundary that crosses itself, and neighbours that it does not touch."""
    scene.parcels(Polygon([(-20, 0), (20, 30), (20, 0), (-20, 30)]), box(20, 0, 40, 30), box(-40, 0, -20, 30))


def reserved_beside(scene: Scene) -> None:
    """Reserved land beside parcels, beside other grants, and 0.6 m² over a boundary."""
    field, beside = scene.parcels(_LEFT, box(0, 0, 30, 20))
    grants = [scene.reserved(shape) for shape in (box(0, 20, 30, 40), box(30, 20, 60, 40))]
    over = scene.reserved(box(-30, 40, 0, 60).union(box(-20, 39.4, -19, 41)))
    scene.clear("OV-10", *grants)
    for one, other in ((field, grants[0]), (beside, grants[0]), (field, over)):
        scene.clear("OV-09", one, other)


def kept_neighbours(scene: Scene) -> None:
    """Private plots, flexible land (a fifth of all) and other land beside each other and beside contracted land."""
    for at, category in enumerate(("10", "21", "22", "99", "10")):
        scene.parcel(box(20 * at, 0, 20 * at + 20, 30), category=category)
    scene.expect("QY-01", scene.collective)


SCENES: tuple[Callable[[Scene], None], ...] = (
    bite, two_bites, bite_of_another_group, snake, bite_in_a_shift, tiny, barely_wide, contained, contained_at_the_edge,
    identical, identical_redrawn, three_times, hole_overfilled, second_part, crossing, bow_tie, with_heights,
    flexible_land, kept_inside, on_registered, on_reserved, granted_twice, many_corners, clean_fields, noisy_fields,
    corner_only, hole_filled, road_between, parts_on_both_sides, sliver, below_the_gate, shifts_of_a_millimetre, hooked,
    corners_on_edges, denser_edge, bow_tie_alone, reserved_beside, kept_neighbours,
)  # fmt: skip
