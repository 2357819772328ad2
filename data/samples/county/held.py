"""Scenes of what households hold and took: house-sites, houses beside them, plots on record that nobody dealt with."""

from collections.abc import Callable
from datetime import date

from shapely import box
from shapely.affinity import rotate, translate
from shapely.geometry.base import BaseGeometry

from data.samples.county.scene import Scene

#: A house-site of 10 by 12 m; codes of ZDLX for house-sites and the collective's construction land, of PZLX likewise.
_SITE = box(0, 0, 10, 12)
_HOUSE_SITE, _WORKSHOP, _APPROVED = "1", "2", "4"
#: Five mu are 3,333.33 m², ten are 6,666.67.
_PADDY = "0101"


def _household(scene: Scene, number: int = 1) -> tuple[str, str]:
    """A household; returns its code and its reference."""
    code = scene.household(number)
    return code, f"contractor:{code}"


def two_sites(scene: Scene) -> None:
    """A household holds two house-sites, far from each other."""
    code, household = _household(scene)
    scene.plot(_SITE, _HOUSE_SITE, code)
    scene.plot(translate(_SITE, 60, scene.between(-20, 20)), _HOUSE_SITE, code)
    scene.expect("ZZ-06", household)


def one_site_each(scene: Scene) -> None:
    """Two households hold a house-site each, wall to wall; one of them has a workshop too."""
    (one, first), (other, second) = _household(scene, 1), _household(scene, 2)
    scene.plot(_SITE, _HOUSE_SITE, one)
    scene.plot(translate(_SITE, 10, 0), _HOUSE_SITE, other)
    scene.plot(translate(_SITE, 40, 0), _WORKSHOP, other)
    for household in (first, second):
        scene.clear("ZZ-06", household)


def registered_anew(scene: Scene) -> None:
    """A house-site was registered anew under another number, redrawn; another one larger than before."""
    for number, further in ((1, scene.noisy(_SITE, 0.01)), (2, box(0, 0, 12, 14))):
        code, household = _household(scene, number)
        for shape in (_SITE, further):
            scene.plot(translate(shape, 40 * number, 0), _HOUSE_SITE, code)
        scene.clear("ZZ-06", household)


def house_off_the_site(scene: Scene) -> None:
    """A household has a house on its site and another one elsewhere."""
    code, household = _household(scene)
    scene.plot(_SITE, _HOUSE_SITE, code)
    scene.building(box(1, 1, 9, 11), owner_code=code)
    scene.building(translate(box(1, 1, 9, 11), 30, 5), owner_code=code)
    scene.expect("ZZ-06", household)


def house_larger_than_the_site(scene: Scene) -> None:
    """A house goes 1.2 m beyond the site along 10 m: 12 m²."""
    code, household = _household(scene)
    scene.plot(_SITE, _HOUSE_SITE, code)
    scene.building(box(0, 0, 10, 13.2), owner_code=code)
    scene.expect("ZZ-06", household)


def house_beside_its_approval(scene: Scene) -> None:
    """A house stands beside the site that its approval names, by 3 m: 36 m² of it."""
    code, household = _household(scene)
    number = scene.approve(_SITE, kind=_APPROVED)
    scene.building(translate(_SITE, 3, 0), owner_code=code, approval_no=number)
    scene.expect("ZZ-06", household)


def eaves(scene: Scene) -> None:
    """A house fills its site, turned with it; its eaves stand out 0.3 m all round, 13.6 m² in all."""
    code, household = _household(scene)
    turn = scene.between(0, 90)
    scene.plot(rotate(_SITE, turn, origin=(5, 6)), _HOUSE_SITE, code)
    scene.building(rotate(box(-0.3, -0.3, 10.3, 12.3), turn, origin=(5, 6)), owner_code=code)
    scene.clear("ZZ-06", household)


def porch(scene: Scene) -> None:
    """A porch of 9 m² stands before the site."""
    code, household = _household(scene)
    scene.plot(_SITE, _HOUSE_SITE, code)
    scene.building(box(0, -1.5, 6, 10), owner_code=code)
    scene.clear("ZZ-06", household)


def house_with_leave(scene: Scene) -> None:
    """Houses where their approvals are, on a site and an approval together, and where no site is known at all."""
    (one, first), (other, second), (third, last) = (_household(scene, number) for number in (1, 2, 3))
    scene.building(box(1, 1, 9, 11), owner_code=one, approval_no=scene.approve(_SITE, kind=_APPROVED))
    annex = translate(_SITE, 40, 0)
    scene.plot(translate(_SITE, 30, 0), _HOUSE_SITE, other)
    scene.building(box(31, 1, 49, 11), owner_code=other, approval_no=scene.approve(annex, kind=_APPROVED))
    scene.building(translate(_SITE, 80, 0), owner_code=third)
    for household in (first, second, last):
        scene.clear("ZZ-06", household)


def _plots(scene: Scene, party: str, *shapes: BaseGeometry, **facts: object) -> None:
    for shape in shapes:
        scene.act(shape, party, **facts)


def five_mu(scene: Scene) -> None:
    """Two plots of 1,700 m² on basic farmland: 5.1 mu."""
    code, household = _household(scene)
    scene.basic(box(-100, -50, 100, 50))
    _plots(scene, code, box(-90, 0, -40, 34), box(0, 0, 50, 34), surveyed_on=date(2024, 5, 1))
    scene.expect("ZZ-15", household)


def less_than_five_mu(scene: Scene) -> None:
    """Two plots of 1,650 m² on basic farmland: 4.95 mu; a third of 1,000 m² on neither farmland nor field."""
    code, household = _household(scene)
    scene.basic(box(-100, -50, 100, 50))
    _plots(scene, code, box(-90, 0, -40, 33), box(0, 0, 50, 33), box(0, 60, 50, 80))
    scene.clear("ZZ-15", household)


def ten_mu(scene: Scene) -> None:
    """Plots of 6,800 m² on paddy that is no basic farmland: 10.2 mu."""
    code, household = _household(scene)
    scene.before(_PADDY, box(-100, -50, 100, 60))
    _plots(scene, code, box(-90, 0, -10, 50), box(0, 0, 56, 50))
    scene.expect("ZZ-15", household)


def neither_five_nor_ten(scene: Scene) -> None:
    """4.5 mu of basic farmland and 9 mu of other paddy: neither five nor ten."""
    code, household = _household(scene)
    scene.basic(box(-100, 0, 0, 60))
    scene.before(_PADDY, box(-100, 0, 120, 60))
    _plots(scene, code, box(-60, 0, 0, 50), box(0, 0, 120, 50))
    scene.clear("ZZ-15", household)


def taken_twice(scene: Scene) -> None:
    """The same 2,000 m² on record twice, and a plot that laps over them by half: 3,000 m² in all."""
    code, household = _household(scene)
    scene.basic(box(-100, -50, 100, 50))
    _plots(scene, code, box(-50, 0, 0, 40), box(-50, 0, 0, 40), box(-25, 0, 25, 40))
    scene.clear("ZZ-15", household)


def dealt_with(scene: Scene) -> None:
    """Of two plots one was punished, or ended more than ten years ago, or was found not destroyed, or was approved."""
    scene.basic(box(-180, -100, 180, 100))
    told = (
        {"punished_on": date(2026, 11, 23)}, {"ended_on": date(2016, 11, 22)}, {"is_destroyed": "2"},
        {"began_on": date(2022, 3, 1)},
    )  # fmt: skip
    for number, facts in enumerate(told, start=1):
        code, household = _household(scene, number)
        x = 90 * number - 250
        _plots(scene, code, box(x, -80, x + 50, -45))
        _plots(scene, code, box(x, 0, x + 50, 35), **facts)
        scene.clear("ZZ-15", household)
    scene.approve(box(110, 0, 160, 35), since=date(2022, 1, 1), until=date(2024, 1, 1))


def not_dealt_with(scene: Scene) -> None:
    """Two plots of which one is to be punished on the day after, or began before its approval."""
    scene.basic(box(-180, -100, 180, 100))
    for number, facts in enumerate(({"punished_on": date(2026, 11, 24)}, {"began_on": date(2021, 3, 1)}), start=1):
        code, household = _household(scene, number)
        x = 90 * number - 100
        _plots(scene, code, box(x, -80, x + 50, -45))
        _plots(scene, code, box(x, 0, x + 50, 35), **facts)
        scene.expect("ZZ-15", household)
    scene.approve(box(80, 0, 130, 35), since=date(2022, 1, 1), until=date(2024, 1, 1))


def two_parties(scene: Scene) -> None:
    """Two households took 1,700 m² of basic farmland each."""
    scene.basic(box(-100, -50, 100, 50))
    for number, shape in enumerate((box(-90, 0, -40, 34), box(0, 0, 50, 34)), start=1):
        code, household = _household(scene, number)
        scene.act(shape, code)
        scene.clear("ZZ-15", household)


def plot_and_house(scene: Scene) -> None:
    """Plots of 3,000 m² and houses of 400 m² of the same household on basic farmland; of another's house 400 m²."""
    (one, first), (other, second) = _household(scene, 1), _household(scene, 2)
    scene.basic(box(-120, -50, 120, 50))
    scene.act(box(-100, 0, -50, 50), one)
    scene.act(box(-48, 0, -38, 50), one)
    scene.building(box(-20, 0, 0, 20), owner_code=one)
    scene.expect("ZZ-15", first)
    scene.act(box(40, -10, 100, 40), other)
    scene.building(box(10, 0, 30, 20), owner_code=None)
    scene.clear("ZZ-15", second)


SCENES: tuple[Callable[[Scene], None], ...] = (
    two_sites, one_site_each, registered_anew, house_off_the_site, house_larger_than_the_site,
    house_beside_its_approval, eaves, porch, house_with_leave, five_mu, less_than_five_mu, ten_mu,
    neither_five_nor_ten, taken_twice, dealt_with, not_dealt_with, two_parties, plot_and_house,
)  # fmt: skip
