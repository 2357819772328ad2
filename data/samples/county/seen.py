"""Scenes of what is on the books and what surveys saw of it: temporary land, purposes, fallow land, filings."""

from collections.abc import Callable
from datetime import date

from shapely import box

from data.samples.county.scene import NOW, Scene

#: A field of 60 by 40 m, and construction of 200 m² on it.
_FIELD, _YARD = box(-60, 0, 0, 40), box(-50, 5, -30, 15)
#: Codes of PZLX: conversion, temporary land, filings of facilities; and works of energy, transport and water (LSYDLX).
_CONVERSION, _FILING, _TEMPORARY, _WORKS, _OTHER = "1", "5", "6", "1", "2"


def _temporary(scene: Scene, **days: date | None) -> tuple[str, str]:
    """A field with a yard on it that was temporary land; returns the field and the approval."""
    field = scene.parcel(_FIELD)
    scene.cover("0601", _YARD)
    return field, scene.paper(scene.approve(box(-55, 2, -25, 20), kind=_TEMPORARY, purpose=_OTHER, **days))


def temporary_kept(scene: Scene) -> None:
    """A yard on temporary land was still there half a year, or three years, after its end."""
    ends = (date(2025, 6, 30), date(2022, 12, 31))[int(scene.rng.integers(2))]
    field, paper = _temporary(scene, since=date(2021, 1, 1), until=ends)
    scene.expect("ZZ-08", field, paper)
    scene.expect("ZZ-01", field, "landcover")


def temporary_of_two_years(scene: Scene) -> None:
    """Temporary land that names no end lasts two years, and ended on the day before the survey."""
    field, paper = _temporary(scene, since=date(2023, 12, 30))
    scene.expect("ZZ-08", field, paper)
    scene.expect("ZZ-01", field, "landcover")


def temporary_for_works(scene: Scene) -> None:
    """For works it lasts four years where it names no end; another ends half a year after the survey."""
    field = scene.parcel(_FIELD)
    scene.cover("0601", _YARD)
    paper = scene.approve(box(-55, 2, -25, 20), kind=_TEMPORARY, purpose=_WORKS, since=date(2022, 6, 1))
    scene.clear("ZZ-08", field, scene.paper(paper))
    beside = scene.parcel(box(0, 0, 60, 40))
    scene.cover("0601", box(10, 5, 30, 15))
    paper = scene.approve(box(5, 2, 35, 20), kind=_TEMPORARY, since=date(2024, 7, 1), until=date(2026, 7, 1))
    scene.clear("ZZ-08", beside, scene.paper(paper))
    scene.clear("ZZ-01", beside, "landcover")


def temporary_on_its_last_day(scene: Scene) -> None:
    """The survey is of the very day on which temporary land ends: no longer approved, and not kept after its end."""
    field, paper = _temporary(scene, since=date(2023, 12, 31), until=NOW)
    scene.clear("ZZ-08", field, paper)
    scene.expect("ZZ-01", field, "landcover")


def temporary_restored(scene: Scene) -> None:
    """Temporary land ended years ago and is paddy, but for a shed of 49 m²."""
    field = scene.parcel(_FIELD)
    paper = scene.approve(_YARD, kind=_TEMPORARY, since=date(2020, 1, 1), until=date(2022, 1, 1))
    scene.cover("0101", box(-43, 5, -30, 15))
    scene.cover("0601", box(-50, 5, -43, 12))
    scene.clear("ZZ-08", field, scene.paper(paper))
    scene.clear("ZZ-01", field, "landcover")


def temporary_half_restored(scene: Scene) -> None:
    """Of temporary land that ended two sheds of 30 m² are left."""
    field = scene.parcel(_FIELD)
    paper = scene.approve(_YARD, kind=_TEMPORARY, since=date(2020, 1, 1), until=date(2022, 1, 1))
    scene.cover("0702", box(-50, 5, -45, 11), box(-36, 5, -31, 11))
    scene.expect("ZZ-08", field, scene.paper(paper))
    scene.expect("ZZ-01", field, "landcover")


def temporary_converted(scene: Scene) -> None:
    """Temporary land was converted after its end, or extended from the day of its end."""
    field, paper = _temporary(scene, since=date(2022, 1, 1), until=date(2024, 1, 1))
    follow = (_CONVERSION, _TEMPORARY)[int(scene.rng.integers(2))]
    ends = date(2026, 1, 1) if follow == _TEMPORARY else None
    scene.approve(box(-55, 2, -25, 20), kind=follow, since=date(2024, 1, 1), until=ends)
    scene.clear("ZZ-08", field, paper)
    scene.clear("ZZ-01", field, "landcover")


def temporary_beside(scene: Scene) -> None:
    """Temporary land that ended lies beside a field, its yard drawn 0.4 m over the edge along 130 m: 52 m² of noise."""
    field = scene.parcel(box(-70, 0, 70, 40))
    paper = scene.approve(box(-65, -30, 65, 0.4), kind=_TEMPORARY, since=date(2020, 1, 1), until=date(2022, 1, 1))
    scene.cover("0601", box(-65, -30, 65, 0.4))
    scene.clear("ZZ-08", field, scene.paper(paper))
    scene.clear("ZZ-01", field, "landcover")


def approval_of_another_kind(scene: Scene) -> None:
    """What ended is no temporary land but another approval: construction without one, and no more."""
    field = scene.parcel(_FIELD)
    scene.cover("0601", _YARD)
    paper = scene.approve(_YARD, kind=_CONVERSION, since=date(2020, 1, 1), until=date(2022, 1, 1))
    scene.expect("ZZ-01", field, "landcover")
    scene.clear("ZZ-08", field, scene.paper(paper))


def not_farmed(scene: Scene) -> None:
    """A parcel is on the books as not farmed with no approval; another's approval ended on the day of judging."""
    scene.expect("ZZ-16", scene.parcel(_FIELD, purpose="5"))
    scene.expect("ZZ-16", scene.parcel(box(0, 0, 60, 40), purpose="5"))
    scene.approve(box(0, 0, 60, 40), kind=_CONVERSION, since=date(2020, 1, 1), until=date(2026, 11, 23))


def not_farmed_in_part(scene: Scene) -> None:
    """Of a parcel that is not farmed 94 per cent are approved."""
    scene.expect("ZZ-16", scene.parcel(box(0, 0, 100, 20), purpose="5"))
    scene.approve(box(0, 0, 94, 20), kind=_CONVERSION)


def not_farmed_with_leave(scene: Scene) -> None:
    """Parcels not farmed: 96 per cent approved, by two that lap, from the day of judging, for works of four years."""
    shapes = [box(-100, y, 0, y + 20) for y in (0, 20, 40, 60)]
    for parcel in scene.parcels(*shapes, purpose="5"):
        scene.clear("ZZ-16", parcel)
    scene.approve(box(-96, 0, 0, 20), box(-100, 20, -40, 40), box(-50, 20, 0, 40), kind=_CONVERSION)
    scene.approve(shapes[2], kind=_CONVERSION, since=date(2026, 11, 23))
    scene.approve(shapes[3], kind=_TEMPORARY, purpose=_WORKS, since=date(2022, 11, 24))


def farmed_otherwise(scene: Scene) -> None:
    """Parcels on the books for planting, trees, stock and fish, and one of which nothing is said."""
    for at, purpose in enumerate(("1", "2", "3", "4", None)):
        scene.clear("ZZ-16", scene.parcel(box(20 * at, 0, 20 * at + 20, 30), purpose=purpose))


def untilled(scene: Scene) -> None:
    """Paddy that was not tilled in two years running, by what is said of its planting."""
    field = scene.parcel(_FIELD)
    scene.before("0101", box(-55, 2, -25, 30), day=date(2024, 12, 31), planting="WG")
    scene.cover("0101", box(-50, 2, -25, 30), planting="WG")
    scene.expect("ZZ-14", field, "landcover")


def fallow(scene: Scene) -> None:
    """Fallow land is in order, in either year; so are paddy tilled again, 390 m² of weeds and weeds in an orchard."""
    shapes = [box(-60 + 40 * at, 0, -20 + 40 * at, 30) for at in range(5)]
    fields = [scene.parcel(shape) for shape in shapes[:4]] + [scene.parcel(shapes[4], land_use="0201")]
    years = (("0101", "XG", "0101", "WG"), ("0101", "WG", "0101", "XG"), ("0101", "WG", "0101", "LS"))
    for shape, (class_before, before, class_now, now) in zip(shapes, years, strict=False):
        scene.before(class_before, shape, day=date(2024, 12, 31), planting=before)
        scene.cover(class_now, shape, planting=now)
    for patch in (box(62, 2, 77, 28), box(102, 2, 138, 28)):
        scene.before("0404", patch, day=date(2024, 12, 31))
        scene.cover("0404", patch)
    for field in fields:
        scene.clear("ZZ-14", field, "landcover")


def facilities_filed(scene: Scene) -> None:
    """Facilities of 300 m² as filed; of 327 m² where 300 were filed; of 49 m² that nobody filed."""
    fields = scene.parcels(_FIELD, box(0, 0, 60, 40), box(60, 0, 120, 40))
    scene.cover("1202", box(-50, 5, -20, 15), box(10, 5, 42.7, 15), box(70, 5, 77, 12))
    scene.approve(box(-50, 5, -20, 15), box(10, 5, 40, 15), kind=_FILING)
    for field in fields:
        scene.clear("ZZ-12", field, "landcover")


def facilities_beyond_the_filing(scene: Scene) -> None:
    """Facilities of 345 m² where 300 were filed."""
    field = scene.parcel(_FIELD)
    scene.cover("1202", box(-50, 5, -15.5, 15))
    scene.approve(box(-50, 5, -20, 15), kind=_FILING)
    scene.expect("ZZ-12", field, "landcover")


def panels_with_leave(scene: Scene) -> None:
    """Panels over paddy: approved; of 190 m², which are construction all the same; and none where nothing grew."""
    first, second, third = scene.parcels(_FIELD, box(0, 0, 60, 40), box(60, 0, 120, 40))
    scene.before("0101", box(-60, 0, 60, 40))
    scene.seen("GF", box(-50, 5, -20, 25), box(10, 5, 29, 15), box(70, 5, 100, 25))
    scene.approve(box(-50, 5, -20, 25), kind=_CONVERSION)
    scene.clear("ZZ-04", first, "change_patch")
    for field in (first, second, third):
        scene.clear("ZZ-13", field, "change_patch")
    for field in (second, third):
        scene.expect("ZZ-04", field, "change_patch")


def earth_on_farmland(scene: Scene) -> None:
    """Earth was heaped on 300 m² of paddy, and levelled with leave; two parcels have 150 m² each of a third place."""
    first, second, third, fourth = scene.parcels(*(box(60 * at, 0, 60 * at + 60, 40) for at in range(-2, 2)))
    scene.before("0103", box(-120, 0, 120, 40))
    scene.seen("TD", box(-110, 5, -80, 15))
    scene.seen("TP", box(-50, 5, -20, 25), box(50, 5, 70, 20))
    scene.approve(box(-50, 5, -20, 25), kind=_CONVERSION)
    scene.expect("ZZ-09", first, "change_patch")
    for field in (second, third, fourth):
        scene.clear("ZZ-09", field, "change_patch")


def works_on_this_years_crops(scene: Scene) -> None:
    """Crops of the last land survey, earth broken and panels on them in this year's image, 300 m² each."""
    first, second = scene.parcels(_FIELD, box(0, 0, 60, 40))
    scene.cover("0101", box(-60, 0, 60, 40), planting="LS")
    scene.seen("DT", box(-50, 5, -20, 15))
    scene.seen("GF", box(10, 5, 40, 15))
    scene.expect("ZZ-09", first, "change_patch")
    scene.expect("ZZ-13", second, "change_patch")
    scene.expect("ZZ-04", second, "change_patch")
    scene.clear("ZZ-04", first, "change_patch")


def pond_and_water(scene: Scene) -> None:
    """Water seen from above on basic farmland that was paddy, 500 m², and a pond of the land survey, 390 m²."""
    first, second = scene.parcels(_FIELD, box(0, 0, 60, 40))
    scene.basic(box(-60, 0, 60, 40))
    scene.before("0101", box(-60, 0, 60, 40))
    scene.seen("SM", box(-50, 5, -25, 25))
    scene.cover("1104A", box(10, 5, 36, 20))
    scene.expect("ZZ-11", first, "landcover")
    scene.clear("ZZ-11", second, "landcover")


def water_and_trees_in_order(scene: Scene) -> None:
    """On basic farmland a pond with leave, trees where a garden was, a reservoir; beside it a pond on paddy."""
    first, second, third, beside = scene.parcels(*(box(40 * at, 0, 40 * at + 40, 40) for at in range(-2, 2)))
    scene.basic(box(-80, 0, 40, 40))
    scene.before("0101", box(-80, 0, -40, 40), box(0, 0, 80, 40))
    scene.before("0201", box(-40, 0, 0, 40))
    scene.cover("1104", box(-75, 5, -45, 35), box(45, 5, 75, 35))
    scene.approve(box(-75, 5, -45, 35), kind=_CONVERSION)
    scene.cover("0301", box(-35, 5, -5, 35))
    scene.cover("1103", box(5, 5, 35, 35))
    for field in (first, third, beside):
        scene.clear("ZZ-11", field, "landcover")
    scene.clear("ZZ-10", second, "landcover")


def trees_of_two_parcels(scene: Scene) -> None:
    """Woods that may be tilled again, over two parcels of basic farmland that were dry fields: 450 and 350 m²."""
    first, second = scene.parcels(_FIELD, box(0, 0, 60, 40))
    scene.basic(box(-60, 0, 60, 40))
    scene.before("0103", box(-60, 0, 60, 40))
    scene.cover("0307K", box(-15, 5, 11.6667, 35))
    scene.expect("ZZ-10", first, "landcover")
    scene.clear("ZZ-10", second, "landcover")


SCENES: tuple[Callable[[Scene], None], ...] = (
    temporary_kept, temporary_of_two_years, temporary_for_works, temporary_on_its_last_day, temporary_restored,
    temporary_half_restored, temporary_converted, temporary_beside, approval_of_another_kind, not_farmed,
    not_farmed_in_part, not_farmed_with_leave, farmed_otherwise, untilled, fallow, facilities_filed,
    facilities_beyond_the_filing, panels_with_leave, earth_on_farmland, works_on_this_years_crops, pond_and_water,
    water_and_trees_in_order, trees_of_two_parcels,
)  # fmt: skip
