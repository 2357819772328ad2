"""Scenes of construction, earthwork, trees and the like on parcels: what nobody approved, and what is in order."""

from collections.abc import Callable
from datetime import date
from itertools import product

import numpy as np
import shapely
from shapely import box
from shapely.geometry.base import BaseGeometry

from data.samples.county.scene import Scene

#: Two neighbours of 60 by 40 m with the construction of most scenes on the first.
_FIRST, _SECOND = box(-60, 0, 0, 40), box(0, 0, 60, 40)
_YARD, _HOUSE = "0601", "0702"


def _two(scene: Scene) -> tuple[str, str]:
    a, b = scene.parcels(_FIRST, _SECOND)
    return a, b


def _patch(scene: Scene, low: float, high: float) -> BaseGeometry:
    """A rectangle of some square metres in the first parcel."""
    wide = float(np.sqrt(scene.between(low, high)) * scene.between(0.7, 1.4))
    deep = scene.between(low, high) / wide
    deep = min(max(deep, low / wide), high / wide)
    return box(-50, 5, -50 + wide, 5 + deep)


def yard(scene: Scene) -> None:
    """A yard of 60 to 400 m²."""
    a, _ = _two(scene)
    scene.cover(_YARD, _patch(scene, 60, 400))
    scene.expect("ZZ-01", a, "landcover")


def yard_over_two(scene: Scene) -> None:
    """A yard over two parcels, enough of it on each."""
    a, b = _two(scene)
    scene.cover(_YARD, box(-6, 10, 8, 25))
    scene.expect("ZZ-01", a, "landcover")
    scene.expect("ZZ-01", b, "landcover")


def two_patches(scene: Scene) -> None:
    """Two patches of 32 m² each, judged as one."""
    a, _ = _two(scene)
    scene.cover(_HOUSE, box(-50, 5, -46, 13), box(-30, 5, -26, 13))
    scene.expect("ZZ-01", a, "landcover")


def touching_patches(scene: Scene) -> None:
    """A patch that the survey cut in three along straight lines: 72 m² in all."""
    a, _ = _two(scene)
    scene.cover(_HOUSE, *(box(-50 + 3 * at, 5, -47 + 3 * at, 13) for at in range(3)))
    scene.expect("ZZ-01", a, "landcover")


def patches_twice(scene: Scene) -> None:
    """Two editions of one patch of 30 m²: it counts once, and is below the gate."""
    a, _ = _two(scene)
    scene.cover(_HOUSE, box(-50, 5, -45, 11), box(-50, 5, -45, 11))
    scene.clear("ZZ-01", a, "landcover")


def expired(scene: Scene) -> None:
    """The approval ended on the very day of the survey, or years before."""
    a, _ = _two(scene)
    scene.cover(_YARD, box(-50, 5, -35, 15))
    ends = (date(2025, 12, 31), date(2023, 5, 1))[int(scene.rng.integers(2))]
    scene.approve(box(-55, 2, -30, 20), since=date(2021, 5, 1), until=ends)
    scene.expect("ZZ-01", a, "landcover")


def approved_later(scene: Scene) -> None:
    """The approval was given the day after the survey."""
    a, _ = _two(scene)
    scene.cover(_YARD, box(-50, 5, -35, 15))
    scene.approve(box(-55, 2, -30, 20), since=date(2026, 1, 1))
    scene.expect("ZZ-01", a, "landcover")


def over_the_approval(scene: Scene) -> None:
    """More stands than was approved: 90 m² beyond."""
    a, _ = _two(scene)
    scene.cover(_YARD, box(-50, 5, -35, 15))
    scene.approve(box(-50, 5, -44, 15))
    scene.expect("ZZ-01", a, "landcover")
    scene.expect("ZZ-07", a, "landcover")


def on_basic_farmland(scene: Scene) -> None:
    """A small yard on basic farmland: 20 m² are enough there."""
    a, _ = _two(scene)
    scene.basic(box(-70, -5, 70, 45))
    scene.cover(_YARD, box(-50, 5, -45, 9))
    scene.expect("ZZ-02", a, "landcover")


def partly_on_basic_farmland(scene: Scene) -> None:
    """A yard across the edge of basic farmland, whose patches of two editions overlap there."""
    a, _ = _two(scene)
    scene.basic(box(-60, 0, -40, 40), box(-60, 0, -41, 40))
    scene.cover(_YARD, box(-45, 5, -30, 15))
    scene.expect("ZZ-01", a, "landcover")
    scene.expect("ZZ-02", a, "landcover")


def was_cultivated(scene: Scene) -> None:
    """Paddy of the earlier survey is a workshop in the later one."""
    a, _ = _two(scene)
    scene.before("0101", box(-60, 0, 60, 40))
    scene.cover(_YARD, box(-50, 5, -30, scene.between(10, 25)))
    scene.expect("ZZ-01", a, "landcover")
    scene.expect("ZZ-03", a, "landcover")


def cultivated_on_kept_land(scene: Scene) -> None:
    """Flexible land is no contracted land, but paddy that was built over."""
    a = scene.parcel(_FIRST, category="22")
    scene.expect("QY-01", scene.collective)
    scene.before("0103", _FIRST)
    scene.cover(_HOUSE, box(-50, 5, -40, 15))
    scene.expect("ZZ-03", a, "landcover")


def seen_from_above(scene: Scene) -> None:
    """Monitoring sees hardened ground."""
    a, _ = _two(scene)
    scene.seen("YH", _patch(scene, 60, 300))
    scene.expect("ZZ-04", a, "change_patch")


def house(scene: Scene) -> None:
    """A house on a parcel, and a shed over two of them."""
    a, b = _two(scene)
    scene.expect("ZZ-05", a, scene.building(box(-50, 5, -42, 5 + scene.between(2, 10))))
    shed = scene.building(box(-3, 10, 4, 15))
    scene.expect("ZZ-05", a, shed)
    scene.expect("ZZ-05", b, shed)


def house_expired(scene: Scene) -> None:
    """A shed whose approval ended, and one that was approved in part."""
    a, _ = _two(scene)
    scene.expect("ZZ-05", a, scene.building(box(-50, 5, -42, 12)))
    scene.approve(box(-52, 3, -40, 14), since=date(2020, 1, 1), until=date(2022, 1, 1))
    scene.expect("ZZ-05", a, scene.building(box(-30, 5, -20, 15)))
    scene.approve(box(-30, 5, -24, 15))


def earth_moved(scene: Scene) -> None:
    """Earth is moved on basic farmland."""
    a, _ = _two(scene)
    scene.basic(box(-70, -5, 70, 45))
    scene.seen("DT", box(-50, 5, -30, scene.between(16, 35)))
    scene.expect("ZZ-09", a, "change_patch")


def trees(scene: Scene) -> None:
    """Fruit trees on basic farmland that was paddy."""
    a, _ = _two(scene)
    scene.basic(box(-70, -5, 70, 45))
    scene.before("0101", box(-60, 0, 60, 40))
    scene.cover("0201", box(-58, 2, -30, 2 + scene.between(16, 34)))
    scene.expect("ZZ-10", a, "landcover")


def pond(scene: Scene) -> None:
    """A pond on basic farmland that was paddy; half of it is of the survey, half was seen from above."""
    a, _ = _two(scene)
    scene.basic(box(-70, -5, 70, 45))
    scene.before("0101", box(-60, 0, 60, 40))
    scene.cover("1104", box(-58, 2, -40, 18))
    scene.seen("KT", box(-44, 2, -28, 18))
    scene.expect("ZZ-11", a, "landcover")


def panels(scene: Scene) -> None:
    """Panels over paddy: construction seen from above too."""
    a, _ = _two(scene)
    scene.before("0101", box(-60, 0, 60, 40))
    scene.seen("GF", box(-50, 5, -20, scene.between(13, 30)))
    scene.expect("ZZ-13", a, "change_patch")
    scene.expect("ZZ-04", a, "change_patch")


def idle(scene: Scene) -> None:
    """A field was waste a year ago, and is; another was five years ago, and one is the collective's own."""
    a, _ = _two(scene)
    scene.parcel(box(60, 0, 120, 40), category="99")
    ground = (box(-50, 5, -25, 30), box(62, 5, 90, 30))
    scene.cover("1206", *ground, box(5, 5, 35, 30))
    scene.before("1206", *ground, day=date(2024, 12, 31))
    scene.before("1206", box(5, 5, 35, 30))
    scene.expect("ZZ-14", a, "landcover")


def approved(scene: Scene) -> None:
    """Houses stand where they were approved: by one, by two that touch, and by two that overlap."""
    a, b = _two(scene)
    scene.basic(box(-70, -5, 70, 45))
    scene.before("0101", box(-70, -5, 70, 45))
    scene.cover(_HOUSE, box(-50, 5, -40, 15), box(-30, 5, -20, 15))
    scene.clear("ZZ-05", a, scene.building(box(-50, 5, -40, 15)))
    for field, rule in product((a, b), ("ZZ-01", "ZZ-02", "ZZ-03", "ZZ-07")):
        scene.clear(rule, field, "landcover")
    scene.approve(box(-51, 4, -39, 16), box(-30, 5, -25, 15), box(-25, 5, -20, 15))
    scene.approve(box(30, 5, 42, 15), box(40, 5, 50, 15))
    scene.cover(_YARD, box(30, 5, 50, 15))


def approved_then(scene: Scene) -> None:
    """Approved on the day of the survey, expired since; and from the very day of the survey on."""
    for field in _two(scene):
        scene.clear("ZZ-01", field, "landcover")
    scene.cover(_YARD, box(-50, 5, -35, 15), box(20, 5, 35, 15))
    scene.approve(box(-52, 3, -30, 20), since=date(2024, 2, 1), until=date(2026, 1, 1))
    scene.approve(box(18, 3, 40, 20), since=date(2025, 12, 31))


def drawn_beyond_the_approval(scene: Scene) -> None:
    """A workshop drawn 0.4 m beyond its approval along 80 m: 64 m² of noise, nowhere half a metre wide."""
    field = scene.parcel(box(-60, -20, 60, 20))
    for rule in ("ZZ-01", "ZZ-07"):
        scene.clear(rule, field, "landcover")
    scene.cover(_YARD, box(-40, -5.4, 40, 5.4))
    scene.approve(box(-40, -5, 40, 5))


def rest_below_the_gate(scene: Scene) -> None:
    """49 m² of construction, houses of 9.5 m², and 45 m² beyond an approval, which are more than a tenth of it."""
    a, b = _two(scene)
    scene.expect("ZZ-07", b, "landcover")
    for field in (a, b):
        scene.clear("ZZ-01", field, "landcover")
    scene.cover(_HOUSE, box(-50, 5, -43, 12), box(20, 5, 35, 15))
    scene.approve(box(20, 5, 30.5, 15))
    scene.clear("ZZ-05", a, scene.building(box(-20, 5, -15, 6.9)))
    scene.clear("ZZ-05", a, scene.building(box(-1.8, 20, 1.8, 25)))


def farm_uses(scene: Scene) -> None:
    """Farm roads and ponds are no construction, nor are facilities, whose filing is missing; trees are free here."""
    a, _ = _two(scene)
    scene.expect("ZZ-12", a, "landcover")
    scene.cover("1006", box(-60, 0, -56, 40))
    scene.cover("1202", box(-50, 5, -30, 25))
    scene.cover("1104", box(5, 5, 35, 30))
    scene.cover("0201", box(36, 5, 58, 35))


def stood_before(scene: Scene) -> None:
    """A pond and an orchard on basic farmland that the earlier survey shows as such: two equal surveys."""
    a, b = _two(scene)
    scene.clear("ZZ-10", a, "landcover")
    scene.clear("ZZ-11", b, "landcover")
    scene.basic(box(-70, -5, 70, 45))
    for code, ground in (("0201", box(-58, 2, -30, 30)), ("1104", box(5, 5, 35, 30))):
        scene.before(code, ground)
        scene.cover(code, ground)


def built_long_ago(scene: Scene) -> None:
    """A house of both surveys on approved ground, and one on the collective's own land."""
    for field in (scene.parcel(_FIRST), scene.parcel(_SECOND, category="99")):
        for rule in ("ZZ-01", "ZZ-03"):
            scene.clear(rule, field, "landcover")
    for ground in (box(-50, 5, -40, 15), box(10, 5, 25, 15)):
        scene.before(_HOUSE, ground)
        scene.cover(_HOUSE, ground)
    scene.approve(box(-50, 5, -40, 15))


def beside_the_fields(scene: Scene) -> None:
    """Houses, yards and patches that end where the parcels begin."""
    a, b = _two(scene)
    scene.basic(box(-60, 0, 60, 40))
    scene.cover(_YARD, box(-60, 40, 60, 70), box(-60, -20, 60, 0))
    scene.clear("ZZ-05", a, scene.building(box(-20, 40, -8, 50)))
    scene.clear("ZZ-04", b, "change_patch")
    for field, rule in product((a, b), ("ZZ-01", "ZZ-02")):
        scene.clear(rule, field, "landcover")
    scene.seen("20", box(0, 40, 30, 60))
    scene.reserved(box(60, 0, 90, 40))


def vegetation(scene: Scene) -> None:
    """What monitoring sees as crops, gardens and vegetation; earth moved where nothing is farmland."""
    a, b = _two(scene)
    scene.clear("ZZ-04", b, "change_patch")
    scene.clear("ZZ-09", a, "change_patch")
    scene.seen("01", box(-50, 5, -20, 30))
    scene.seen("02", box(5, 5, 35, 30))
    scene.seen("DT", box(-18, 5, -2, 30))


def small_works(scene: Scene) -> None:
    """Earth, panels, trees and ponds below their gates on basic farmland that was paddy."""
    a, b = _two(scene)
    scene.clear("ZZ-09", a, "change_patch")
    for rule in ("ZZ-10", "ZZ-11"):
        scene.clear(rule, b, "landcover")
    scene.basic(box(-60, 0, 60, 40))
    scene.before("0101", box(-60, 0, 60, 40))
    scene.seen("DT", box(-50, 5, -40, 24))
    scene.cover("0201", box(5, 5, 24, 25))
    scene.cover("1104", box(30, 5, 49, 25))


def many_vertices(scene: Scene) -> None:
    """A round yard of 300 corners, a round approval under all but a crescent of it that is no metre and a half wide."""
    a = scene.parcel(shapely.Point(0, 0).buffer(60, quad_segs=60))
    scene.cover(_YARD, shapely.Point(0, 0).buffer(20, quad_segs=75))
    scene.approve(shapely.Point(1.5, 0).buffer(20, quad_segs=75))
    scene.expect("ZZ-01", a, "landcover")
    scene.expect("ZZ-07", a, "landcover")


SCENES: tuple[Callable[[Scene], None], ...] = (
    yard, yard_over_two, two_patches, touching_patches, patches_twice, expired, approved_later, over_the_approval,
    on_basic_farmland, partly_on_basic_farmland, was_cultivated, cultivated_on_kept_land, seen_from_above, house,
    house_expired, earth_moved, trees, pond, panels, idle, approved, approved_then, drawn_beyond_the_approval,
    rest_below_the_gate, farm_uses, stood_before, built_long_ago, beside_the_fields, vegetation, small_works,
    many_vertices,
)  # fmt: skip
