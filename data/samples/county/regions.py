"""Scenes of parcels and the lines of groups, villages and counties: beyond their own, or only up to it."""

from collections.abc import Callable

from shapely import box
from shapely.geometry import MultiPolygon

from data.samples.county.scene import Scene

_WEST, _EAST = box(-120, -80, 0, 80), box(0, -80, 120, 80)


def _groups(scene: Scene) -> None:
    scene.region(f"{scene.village}01", _WEST)
    scene.region(f"{scene.village}02", _EAST)


def beyond_the_group(scene: Scene) -> None:
    """A third of a field lies on the ground of the next group; another field ends at the line."""
    _groups(scene)
    scene.expect("OV-06", scene.parcel(box(-20, 0, 10, 30)))
    scene.clear("OV-06", scene.parcel(box(-20, -40, 0, -10)))
    scene.clear("OV-06", scene.parcel(box(0, -40, 20, -10), group=2))


def beyond_the_village(scene: Scene) -> None:
    """No groups were drawn, but villages: a field reaches into the next one, another lies in its village's exclave."""
    scene.region(scene.village, MultiPolygon([_WEST, box(90, 90, 130, 130)]))
    scene.region(scene.beyond(), _EAST)
    scene.expect("OV-06", scene.parcel(box(-20, 0, scene.between(2, 15), 30)))
    scene.clear("OV-06", scene.parcel(box(95, 95, 120, 120)))


def wholly_abroad(scene: Scene) -> None:
    """A field bears the code of a group and lies in another."""
    _groups(scene)
    scene.expect("OV-06", scene.parcel(box(10, 0, 40, 30)))


def over_one_per_cent(scene: Scene) -> None:
    """Of 3,600 m², 43 m² lie beyond the line, and of another field 30 m²; one per cent are 36."""
    _groups(scene)
    scene.expect("OV-06", scene.parcel(box(-59.28, 0, 0.72, 60)))
    scene.clear("OV-06", scene.parcel(box(-59.5, -70, 0.5, -10)))


def line_drawn_twice(scene: Scene) -> None:
    """Thin fields on the line: a millimetre off it, 4 cm over it along 40 m, and 0.9 m² beyond it."""
    _groups(scene)
    for shape in (scene.noisy(box(-3, 0, 0, 40), 1e-3), box(-3, -50, 0.04, -10), box(-9, 50, 0.9, 51)):
        scene.clear("OV-06", scene.parcel(shape))


def regions_that_lap(scene: Scene) -> None:
    """Two groups both claim a strip; a field in it lies in its own, whichever is right."""
    scene.region(f"{scene.village}01", box(-120, -80, 10, 80))
    scene.region(f"{scene.village}02", _EAST)
    scene.clear("OV-06", scene.parcel(box(-20, 0, 8, 30)))
    scene.clear("OV-06", scene.parcel(box(1, -40, 30, -10), group=2))


def across_the_county_line(scene: Scene) -> None:
    """A field lies across the line of its county; what its group has beyond is not told twice."""
    county = scene.in_county("45")
    scene.region(county, _WEST)
    scene.region(f"46{county[2:]}", _EAST)
    scene.region(f"{scene.village}01", _WEST)
    field = scene.parcel(box(-20, 0, scene.between(1, 12), 30))
    scene.expect("OV-07", field)
    scene.clear("OV-06", field)


def a_metre_over_the_county_line(scene: Scene) -> None:
    """1.05 m² beyond the line of the county, and 0.95."""
    scene.region(scene.in_county("45"), _WEST)
    scene.expect("OV-07", scene.parcel(box(-20, 0, 1.05, 1)))
    scene.clear("OV-07", scene.parcel(box(-20, 10, 0.95, 11)))


def up_to_the_county_line(scene: Scene) -> None:
    """Fields end at the line of the county, a millimetre off or 4 cm over it; one lies in the county's exclave."""
    scene.region(scene.in_county("45"), MultiPolygon([_WEST, box(40, 0, 80, 40)]))
    exclave, over = box(45, 5, 70, 30), box(-30, -50, 0.04, -10)
    for shape in (box(-30, 40, 0, 70), scene.noisy(box(-30, 0, 0, 30), 1e-3), over, exclave):
        scene.clear("OV-07", scene.parcel(shape))


def out_of_the_exclave(scene: Scene) -> None:
    """A field reaches out of its county's exclave, another lies on its land around."""
    ring = box(-100, -80, 100, 80).difference(box(-40, -40, 40, 40))
    scene.region(scene.in_county("45"), MultiPolygon([ring, box(-10, -10, 10, 10)]))
    scene.expect("OV-07", scene.parcel(box(-5, -5, 12, 5)))
    scene.clear("OV-07", scene.parcel(box(-90, 40, 90, 70)))


SCENES: tuple[Callable[[Scene], None], ...] = (
    beyond_the_group, beyond_the_village, wholly_abroad, over_one_per_cent, line_drawn_twice, regions_that_lap,
    across_the_county_line, a_metre_over_the_county_line, up_to_the_county_line, out_of_the_exclave,
)  # fmt: skip
