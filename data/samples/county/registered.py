"""Scenes of ground that is registered, expropriated or returned otherwise, and of what only touches it."""

from collections.abc import Callable
from datetime import date

from shapely import box

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
    scene.parcel(_FIELD)
    scene.plot(box(40, 0, 55, 12), "1")
    scene.plot(box(39.96, 15, 55, 28), "2")
    own = scene.plot(box(60, 0, 90, 30), "2").partition(":")[2]
    scene.parcel(box(60, 0, 90, 30), unit_code=own)


def plot_of_another_kind(scene: Scene) -> None:
    """A registered plot that is none for building lies on a field."""
    scene.parcel(_FIELD)
    scene.plot(box(10, 10, 20, 20), "9")


def forest_on_a_field(scene: Scene) -> None:
    """Ten square metres of a forest right lie on a field, and 9.9 on another."""
    field = scene.parcel(_FIELD)
    scene.expect("OV-13", field, scene.forest(box(38, 10, 60, 15)))
    scene.parcel(box(0, 60, 40, 90))
    scene.forest(box(38.02, 70, 60, 75))


def expropriated(scene: Scene) -> None:
    """A sixth of a field was expropriated, and 12 m² of another, which are a hundredth of it."""
    for shape, taken in ((_FIELD, box(35, 0, 60, 40)), (box(0, 60, 40, 90), box(36, 60, 60, 63))):
        scene.expect("OV-11", scene.parcel(shape), "approval")
        scene.approve(taken, kind=_TAKEN, implemented_on=_DONE)


def not_expropriated(scene: Scene) -> None:
    """An expropriation is announced for a later day; another takes 9 m², less than a hundredth; a third touches."""
    scene.parcel(_FIELD)
    scene.approve(box(30, 0, 60, 40), kind=_TAKEN, implemented_on=_NOT_DONE)
    scene.parcel(box(0, 60, 40, 90))
    scene.approve(box(37, 60, 60, 63), kind=_TAKEN, implemented_on=_DONE)
    scene.approve(box(40, 70, 60, 90), kind=_TAKEN, implemented_on=_DONE)


def built_before_the_grant(scene: Scene) -> None:
    """Exactly 200 m² of construction stand on reserved land that is not granted yet."""
    scene.parcel(_BESIDE)
    early = scene.reserved(_FIELD, state="1", conversion_no=None)
    scene.cover("0601", box(10, 5, 30, 15))
    scene.expect("ZZ-17", early, "landcover")


def built_after_the_grant(scene: Scene) -> None:
    """Construction stands on granted land with its approval number; 199 m² on land not granted."""
    scene.parcel(_BESIDE)
    scene.reserved(_FIELD, state="3", conversion_no="粤府农转〔2020〕9号")
    scene.cover("0601", box(10, 5, 30, 15))
    scene.reserved(box(0, 60, 40, 90), state="1", conversion_no=None)
    scene.cover("0601", box(10, 65, 29.9, 75))


SCENES: tuple[Callable[[Scene], None], ...] = (
    plot_on_a_field, plots_beside_fields, plot_of_another_kind, forest_on_a_field, expropriated, not_expropriated,
    built_before_the_grant, built_after_the_grant,
)  # fmt: skip
