"""Scenes of neighbours whose surveys differ: ridges drawn twice, other epochs, packages, zones and villages."""

from collections.abc import Callable

import numpy as np
import shapely
from shapely import box
from shapely.affinity import translate
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from data.samples.county.scene import Scene

#: Two neighbours of 30 by 40 m.
_LEFT, _RIGHT = box(-30, 0, 0, 40), box(0, 0, 30, 40)
#: A ridge that bends: an arc of this radius, seen under an angle of one, hence 60 m long.
_RADIUS_M, _ARC = 60.0, (-0.5, 0.5)


def _beside_a_bend(steps: int, inside: bool) -> BaseGeometry:
    """The parcel on one side of the bend, its common edge drawn in so many chords."""
    angles = np.linspace(*_ARC, steps + 1)
    bend = np.column_stack([_RADIUS_M * np.cos(angles), _RADIUS_M * np.sin(angles)])
    far = [(20.0, 30.0), (20.0, -30.0)] if inside else [(90.0, 40.0), (90.0, -40.0)]
    return Polygon([*bend, *far])


def bend_drawn_twice(scene: Scene) -> None:
    """A bend of 60 m, drawn in 120 chords by one and in 15 by the other: 1.3 m² in lenses of 33 mm."""
    # a chord of 4 m lies 16 / (8 * 60) = 0.033 m off the arc, two thirds of 4 * 0.033 m² each, fifteen times
    scene.clear("OV-01", *scene.parcels(_beside_a_bend(120, True), _beside_a_bend(15, False)))


def bend_cut_short(scene: Scene) -> None:
    """The same bend drawn in five chords by one of the two: lenses of 0.3 m and 12 m², ground that both claim."""
    scene.expect("OV-01", *scene.parcels(_beside_a_bend(120, True), _beside_a_bend(5, False)))


def ridge_of_gaps_and_laps(scene: Scene) -> None:
    """Along a ridge of 100 m gaps of 30 cm and laps of 4 cm follow each other: 2 m² of laps, none as wide as a hand."""
    lap, gap = 0.04, -0.3
    edge = [corner for y in range(0, 100, 20) for corner in ((lap, y), (lap, y + 10), (gap, y + 10), (gap, y + 20))]
    scene.clear("OV-01", *scene.parcels(Polygon([(-20, 0), *edge, (-20, 100)]), box(0, 0, 20, 100)))


def ridge_of_bites(scene: Scene) -> None:
    """Along one ridge gaps of 30 cm and three bites of 2 m by 0.2 m follow each other: 1.2 m² in all."""
    bites = [box(-1, at, 0.2, at + 2) for at in (5, 15, 25)]
    left = shapely.union_all([box(-30, 0, -0.3, 40), *bites])
    scene.expect("OV-01", *scene.parcels(left, _RIGHT))


def road_and_ditch(scene: Scene) -> None:
    """A farm road of 4 m with a ditch of half a metre, fields up to their edges; the road is a parcel of its own."""
    road, ditch = box(0, 0, 4, 60), box(4, 0, 4.5, 60)
    shapes = [box(-30, 0, 0, 60), road, ditch, box(4.5, 0, 40, 60)]
    a, b, c, d = (scene.parcel(scene.noisy(shape, 1e-3)) for shape in shapes)
    for one, other in ((a, b), (b, c), (c, d)):
        scene.clear("OV-01", one, other)


def over_the_road(scene: Scene) -> None:
    """A field was drawn across a road to the next field, by 0.6 m."""
    a, b = scene.parcels(box(-30, 0, 4.6, 60), box(4, 0, 40, 60))
    scene.expect("OV-01", a, b)


def island(scene: Scene) -> None:
    """A field on an island in a pond that another parcel goes round."""
    pond = shapely.Point(0, 0).buffer(15)
    around, isle = scene.parcels(box(-40, -40, 40, 40).difference(pond), shapely.Point(0, 0).buffer(8))
    scene.clear("OV-04", around, isle)


def island_forgotten(scene: Scene) -> None:
    """The parcel that goes round another was drawn without its hole."""
    around, isle = scene.parcels(box(-40, -40, 40, 40), scene.noisy(shapely.Point(3, 4).buffer(8), 1e-3))
    scene.expect("OV-04", around, isle)


def t_junction(scene: Scene) -> None:
    """Three fields meet in a T; the corner on the straight edge is a millimetre off it."""
    bar, left, right = scene.parcels(box(-40, 0, 40, 20), box(-40, -30, 5, 0.001), box(5, -30, 40, -0.001))
    for one, other in ((bar, left), (bar, right), (left, right)):
        scene.clear("OV-01", one, other)


def t_junction_over(scene: Scene) -> None:
    """Of three fields that meet in a T the stem reaches 0.3 m into the bar, along 8 m."""
    bar, stem = scene.parcels(box(-40, 0, 40, 20), box(5, -30, 13, 0.3))
    scene.expect("OV-01", bar, stem)
    scene.clear("OV-01", bar, scene.parcel(box(13, -30, 40, 0)))


def parts_that_interlock(scene: Scene) -> None:
    """Two parcels of two parts each, like the squares of a board."""
    one = MultiPolygon([box(-20, 0, 0, 20), box(0, -20, 20, 0)])
    other = MultiPolygon([box(0, 0, 20, 20), box(-20, -20, 0, 0)])
    scene.clear("OV-01", *scene.parcels(one, other))


def parts_that_lap(scene: Scene) -> None:
    """Two parcels of two parts each; each part takes 0.6 m² of a part of the other, 1.2 m² in all."""
    one = MultiPolygon([box(-20, 0, 0.06, 10), box(-20, 30, 0.06, 40)])
    other = MultiPolygon([box(0, 0, 20, 10), box(0, 30, 20, 40)])
    scene.expect("OV-01", *scene.parcels(one, other))


def across_the_zones(scene: Scene) -> None:
    """Neighbours one of whom was drawn in the next zone of three degrees, to the millimetre."""
    shape = shapely.segmentize(translate(_RIGHT, 0, -7.3), 11)
    scene.clear("OV-01", scene.parcel(box(-30, -40, 0, 60)), scene.parcel(shape, next_zone=True))


def bite_across_the_zones(scene: Scene) -> None:
    """A parcel of the next zone takes 3 m² of its neighbour."""
    taken = shapely.union_all([_RIGHT, box(-0.5, 10, 1, 16)])
    scene.expect("OV-01", scene.parcel(_LEFT), scene.parcel(taken, next_zone=True))


def village_line(scene: Scene) -> None:
    """Parcels on both sides of a line between two groups: a millimetre off, 0.9 m² over it, and 4 cm along 40 m."""
    a, b, c = scene.parcels(_LEFT, box(-30, 40, 0, 80), box(-30, 80, 0.04, 120))
    scene.clear("OV-02", a, scene.parcel(scene.noisy(_RIGHT, 1e-3), group=2))
    scene.clear("OV-02", b, scene.parcel(shapely.union_all([box(0, 41, 30, 80), box(-0.9, 50, 1, 51)]), group=2))
    scene.clear("OV-02", c, scene.parcel(box(0, 81, 30, 120), group=2))


def over_the_village_line(scene: Scene) -> None:
    """A field reaches 0.5 m over the line into the next village."""
    far = scene.beyond()
    scene.expect("OV-02", scene.parcel(_LEFT), scene.parcel(box(-0.5, 0, 30, 40), code=f"{far}0100001"))


def county_renamed(scene: Scene) -> None:
    """Two parcels of one group, and two of two groups, one each under the code that its county bore before 2014."""
    old, new = (f"{county}{scene.village[6:]}" for county in ("441723", "441704"))
    taken = box(-2, 5, 30, 35)
    scene.expect("OV-02", scene.parcel(_LEFT, code=f"{old}0100001"), scene.parcel(taken, code=f"{new}0200002"))
    pair = (
        scene.parcel(translate(_LEFT, 0, 60), code=f"{old}0300003"),
        scene.parcel(translate(taken, 0, 60), code=f"{new}0300004"),
    )
    scene.expect("OV-01", *pair)
    scene.clear("OV-02", *pair)


def resurveyed(scene: Scene) -> None:
    """A block that was surveyed again lies 4 cm off its neighbours of the first survey: 1.6 m² along every edge."""
    olds = scene.parcels(_LEFT, box(-30, 40, 0, 80))
    news = scene.parcels(box(-0.04, 0, 30, 40), box(-0.04, 40, 30, 80), delivery=2)
    for old, new in zip(olds, news, strict=True):
        scene.clear("OV-01", old, new)
        scene.clear("OV-05", old, new)
    scene.clear("OV-05", olds[0], news[1])


def resurveyed_wrongly(scene: Scene) -> None:
    """A block that was surveyed again lies 0.6 m off."""
    old, new = scene.parcel(_LEFT), scene.parcel(box(-0.6, 0, 30, 40), delivery=2)
    scene.expect("OV-01", old, new)
    scene.expect("OV-05", old, new)


def in_two_packages(scene: Scene) -> None:
    """One field came in two packages under two codes."""
    old, new = scene.parcel(_LEFT), scene.parcel(scene.noisy(_LEFT, 1e-3), delivery=2)
    scene.expect("OV-03", old, new)
    scene.expect("OV-05", old, new)


def succeeded(scene: Scene) -> None:
    """A field was drawn anew and names the one that it replaces, which still stands on the register."""
    old = scene.parcel(_LEFT)
    new = scene.parcel(_LEFT, delivery=2, predecessors=f"X/{old.partition(':')[2]}")
    scene.expect("OV-03", old, new)
    scene.clear("OV-05", old, new)


def divided(scene: Scene) -> None:
    """A field was divided in two, which name it; it still stands on the register beside them."""
    old = scene.parcel(_LEFT)
    named = old.partition(":")[2]
    for half in (box(-30, 0, 0, 20), box(-30, 20, 0, 40)):
        new = scene.parcel(half, delivery=2, predecessors=named)
        scene.expect("OV-04", old, new)
        scene.clear("OV-05", old, new)


def nearly_the_same(scene: Scene) -> None:
    """Of 30 m by 40 m, moved by 1.45 m, 95.2 per cent are the same; moved by 1.55 m, 94.8."""
    scene.expect("OV-03", *scene.parcels(_LEFT, translate(_LEFT, 1.45, 0)))
    pair = scene.parcels(translate(_LEFT, 0, 60), translate(_LEFT, 1.55, 60))
    scene.expect("OV-01", *pair)
    scene.clear("OV-03", *pair)


def nearly_inside(scene: Scene) -> None:
    """A plot of 10 m by 10 m looks 0.4 m out of a field, another 0.6 m: 96 and 94 per cent lie inside."""
    field = scene.parcel(_LEFT)
    scene.expect("OV-04", field, scene.parcel(box(-9.6, 2, 0.4, 12)))
    out = scene.parcel(box(-9.4, 22, 0.6, 32))
    scene.expect("OV-01", field, out)
    scene.clear("OV-04", field, out)


def in_the_mouth(scene: Scene) -> None:
    """A plot in the mouth of a field like a U: inside its outline's hull, on none of its ground."""
    field = scene.parcel(box(-30, 0, 30, 40).difference(box(-10, 10, 10, 41)))
    scene.clear("OV-04", field, scene.parcel(box(-10, 10, 10, 40)))
    scene.clear("OV-03", field, scene.parcel(box(-30, -40, 30, 0)))


def kept_on_kept(scene: Scene) -> None:
    """A private plot lies over other land of the collective; neither is contracted."""
    pair = (scene.parcel(_LEFT, category="21"), scene.parcel(box(-2, 5, 30, 35), category="99"))
    scene.expect("OV-01", *pair)
    scene.clear("OV-08", *pair)


def kept_beside(scene: Scene) -> None:
    """Contracted land ends at a private plot, give or take a millimetre, and 3 cm over reclaimed land."""
    field = scene.parcel(scene.noisy(_LEFT, 1e-3))
    scene.clear("OV-08", field, scene.parcel(_RIGHT, category="21"))
    scene.clear("OV-08", field, scene.parcel(box(-30, 39.97, 30, 60), category="23"))


def reclaimed_over(scene: Scene) -> None:
    """Reclaimed land of a household reaches 0.1 m into contracted land, along 30 m."""
    scene.expect("OV-08", scene.parcel(_LEFT), scene.parcel(box(-30, 39.9, 0, 60), category="23"))


SCENES: tuple[Callable[[Scene], None], ...] = (
    bend_drawn_twice, bend_cut_short, ridge_of_gaps_and_laps, ridge_of_bites, road_and_ditch, over_the_road, island,
    island_forgotten, t_junction, t_junction_over, parts_that_interlock, parts_that_lap, across_the_zones,
    bite_across_the_zones, village_line, over_the_village_line, county_renamed, resurveyed, resurveyed_wrongly,
    in_two_packages, succeeded, divided, nearly_the_same, nearly_inside, in_the_mouth, kept_on_kept, kept_beside,
    reclaimed_over,
)  # fmt: skip
