"""Scenes of ground that is registered, expropriated or returned otherwise, and of what only touches it."""

from collections.abc import Callable
from datetime import date

from shapely import box
from shapely.geometry import MultiPolygon

from data.samples.county.scene import Scene

_FIELD, _BESIDE = box(0, 0, 40, 30), box(0, -35, 40, -5)
#: Expropriation, as PZLX has it; carried out long before the day of judging, and to be carried out after it.
_TAKEN, _DONE, _NOT_DONE = "2", date(2021, 5, 1), date(2027, 5, 1)


def plot_on_a_field(scene: Scene) -> None:
    """A registered house-site lies by 60 m² on a field."""
    field = scene.parcel(_FIELD)
    scene.expect("OV-12", field, scene.plot(box(34, 10, 50, 20), "1"))


def plots_beside_fields(scene: Scene) -> None:
    """House-sites touch a field, or reach into it by 4 cm; a plot is the field's own unit."""
    field = scene.parcel(_FIELD)
    scene.clear("OV-12", field, scene.plot(box(40, 0, 55, 12), "1"))
    scene.clear("OV-12", field, scene.plot(box(39.96, 15, 55, 28), "2"))
    own = scene.plot(box(60, 0, 90, 30), "2")
    scene.clear("OV-12", scene.parcel(box(60, 0, 90, 30), unit_code=own.partition(":")[2]), own)


def plot_of_another_kind(scene: Scene) -> None:
    """A registered plot that is none for building lies on a field."""
    scene.clear("OV-12", scene.parcel(_FIELD), scene.plot(box(10, 10, 20, 20), "9"))


def plot_of_a_metre(scene: Scene) -> None:
    """A plot of the state reaches 1.2 m² into a field, a house-site 0.9 m², and one fills the hole in another."""
    field = scene.parcel(_FIELD)
    scene.expect("OV-12", field, scene.plot(box(39, 5, 60, 6.2), "3"))
    scene.clear("OV-12", field, scene.plot(box(39, 15, 60, 15.9), "1"))
    yard = box(10, 60, 25, 75)
    scene.clear("OV-12", scene.parcel(box(0, 50, 40, 90).difference(yard)), scene.plot(scene.noisy(yard, 1e-3), "1"))


def forest_on_a_field(scene: Scene) -> None:
    """Ten square metres of a forest right lie on a field, and 9.9 on another."""
    field = scene.parcel(_FIELD)
    scene.expect("OV-13", field, scene.forest(box(38, 10, 60, 15)))
    scene.clear("OV-13", scene.parcel(box(0, 60, 40, 90)), scene.forest(box(38.02, 70, 60, 75)))


def forest_beside_a_field(scene: Scene) -> None:
    """A forest right that another office drew 0.4 m over a field, along 40 m: 16 m²; one goes round a field."""
    field, clearing = scene.parcel(_FIELD), box(0, 60, 40, 90)
    scene.clear("OV-13", field, scene.forest(box(-20, 29.6, 40, 55)))
    around = scene.forest(box(-20, 56, 60, 110).difference(clearing))
    scene.clear("OV-13", scene.parcel(scene.noisy(clearing, 0.1)), around)


def forest_over_fields(scene: Scene) -> None:
    """One forest right of two parts lies over two fields."""
    first, second = scene.parcels(_FIELD, box(0, 60, 40, 90))
    woods = scene.forest(MultiPolygon([box(20, -10, 60, 20), box(-10, 70, 20, 110)]))
    scene.expect("OV-13", first, woods)
    scene.expect("OV-13", second, woods)


def expropriated(scene: Scene) -> None:
    """A sixth of a field was expropriated, and 12 m² of another, which are a hundredth of it."""
    for shape, taken in ((_FIELD, box(35, 0, 60, 40)), (box(0, 60, 40, 90), box(36, 60, 60, 63))):
        scene.expect("OV-11", scene.parcel(shape), "approval")
        scene.approve(taken, kind=_TAKEN, implemented_on=_DONE)


def not_expropriated(scene: Scene) -> None:
    """An expropriation is announced for a later day; another takes 9 m², less than a hundredth; a third touches."""
    for field in scene.parcels(_FIELD, box(0, 60, 40, 90)):
        scene.clear("OV-11", field, "approval")
    scene.approve(box(30, 0, 60, 40), kind=_TAKEN, implemented_on=_NOT_DONE)
    scene.approve(box(37, 60, 60, 63), kind=_TAKEN, implemented_on=_DONE)
    scene.approve(box(40, 70, 60, 90), kind=_TAKEN, implemented_on=_DONE)


def a_twentieth_expropriated(scene: Scene) -> None:
    """Of fields of 100 m² 5.1 m² were expropriated, and 4.9; a twentieth are five."""
    field, other = scene.parcels(box(0, 0, 20, 5), box(0, 20, 20, 25))
    scene.approve(box(18.98, -10, 30, 10), box(19.02, 15, 30, 30), kind=_TAKEN, implemented_on=_DONE)
    scene.expect("OV-11", field, "approval")
    scene.clear("OV-11", other, "approval")


def right_ended_with_the_expropriation(scene: Scene) -> None:
    """Fields that were expropriated: the certificate was cancelled, or nobody has a right any more."""
    cancelled, free = scene.parcels(_FIELD, box(0, 60, 40, 90))
    scene.approve(box(-10, -10, 50, 100), kind=_TAKEN, implemented_on=_DONE)
    scene.cancel(scene.certificate_of(cancelled))
    scene.rows["parcel_right"].pop()
    for field in (cancelled, free):
        scene.clear("OV-11", field, "approval")


def right_outlived_the_expropriation(scene: Scene) -> None:
    """Of two holders of an expropriated field one was cancelled; of another only the day of approval is known."""
    shared, field = scene.parcels(_FIELD, box(0, 60, 40, 90))
    scene.cancel(scene.certificate_of(shared))
    scene.right(shared)
    scene.approve(_FIELD, kind=_TAKEN, implemented_on=_DONE)
    scene.approve(box(0, 60, 20, 90), kind=_TAKEN, since=date(2022, 3, 1))
    for one in (shared, field):
        scene.expect("OV-11", one, "approval")


def no_expropriation(scene: Scene) -> None:
    """A field was converted, another supplied; what was taken lies in the hole of a third."""
    converted, supplied, around = scene.parcels(
        _FIELD, box(0, 60, 40, 90), box(-60, 0, -10, 50).difference(box(-45, 15, -25, 35))
    )
    scene.approve(_FIELD, kind="1", implemented_on=_DONE)
    scene.approve(box(0, 60, 40, 90), kind="3", implemented_on=_DONE)
    scene.approve(box(-45, 15, -25, 35), kind=_TAKEN, implemented_on=_DONE)
    for field in (converted, supplied, around):
        scene.clear("OV-11", field, "approval")


def reserved_on_basic_farmland(scene: Scene) -> None:
    """Reserved land was returned on basic farmland that two editions show; another has 1.2 m² of it."""
    scene.parcel(_BESIDE)
    scene.basic(box(20, -5, 60, 40), box(25, -5, 60, 40))
    scene.expect("OV-14", scene.reserved(_FIELD), "basic_farmland")
    scene.expect("OV-14", scene.reserved(box(10, 38.8, 21, 60)), "basic_farmland")


def reserved_beside_basic_farmland(scene: Scene) -> None:
    """Reserved land where basic farmland ends: 0.45 m over it along 40 m, in its hole, and with 0.9 m² of it."""
    scene.parcel(_BESIDE)
    hole = box(70, 10, 90, 30)
    scene.basic(box(39.55, 0, 100, 40).difference(hole))
    for shape in (box(0, 0, 40, 40), scene.noisy(hole, 1e-3), box(50, 39.1, 51, 60)):
        scene.clear("OV-14", scene.reserved(shape), "basic_farmland")


def built_before_the_grant(scene: Scene) -> None:
    """Exactly 200 m² of construction stand on reserved land that is not granted yet."""
    scene.parcel(_BESIDE)
    early = scene.reserved(_FIELD, state="1", conversion_no=None)
    scene.cover("0601", box(10, 5, 30, 15))
    scene.expect("ZZ-17", early, "landcover")


def built_after_the_grant(scene: Scene) -> None:
    """Construction stands on granted land with its approval number; 199 m² on land not granted."""
    scene.parcel(_BESIDE)
    granted = scene.reserved(_FIELD, state="3", conversion_no="粤府农转〔2020〕9号")
    scene.cover("0601", box(10, 5, 30, 15))
    bare = scene.reserved(box(0, 60, 40, 90), state="1", conversion_no=None)
    scene.cover("0601", box(10, 65, 29.9, 75))
    for land in (granted, bare):
        scene.clear("ZZ-17", land, "landcover")


def granted_without_a_number(scene: Scene) -> None:
    """Granted land bears no number of its conversion and is built on; beside it an approval covers what stands."""
    scene.parcel(_BESIDE)
    scene.expect("ZZ-17", scene.reserved(_FIELD, state="3", conversion_no=" "), "landcover")
    covered = scene.reserved(box(60, 0, 100, 30), state="2", conversion_no=None)
    scene.cover("0601", box(5, 5, 30, 25), box(65, 5, 90, 25))
    scene.approve(box(60, 0, 100, 30), kind="1")
    scene.clear("ZZ-17", covered, "landcover")


SCENES: tuple[Callable[[Scene], None], ...] = (
    plot_on_a_field, plots_beside_fields, plot_of_another_kind, plot_of_a_metre, forest_on_a_field,
    forest_beside_a_field, forest_over_fields, expropriated, not_expropriated, a_twentieth_expropriated,
    right_ended_with_the_expropriation, right_outlived_the_expropriation, no_expropriation, reserved_on_basic_farmland,
    reserved_beside_basic_farmland, built_before_the_grant, built_after_the_grant, granted_without_a_number,
)  # fmt: skip
