"""Scenes of what collectives and households have a right to: shares, terms, certificates, reserved land, payments."""

from collections.abc import Callable
from datetime import date

from shapely import box

from data.samples.county.scene import Scene

#: The day of judging is 23 November 2026.
_LONG_AGO = date(2020, 6, 1)
_YES, _NO = "1", "2"


def _member(scene: Scene, number: str, household: str, shares: str | None = _YES) -> str:
    """Write a member of a household under a number; returns its reference."""
    code = f"{household}/{len(scene.rows['member']) + 1:04d}"
    return scene.write("member", code=code, contractor_code=household, id_number=number, is_co_owner=shares)


def co_owner_twice(scene: Scene) -> None:
    """One person has shares in households of two groups, another of three villages: told to each household."""
    far = scene.beyond()
    farther = f"{far[:9]}{int(far[9:]) + 200}"
    two, three = (f"{scene.village}01", f"{scene.village}02"), (f"{scene.village}03", f"{far}01", f"{farther}01")
    for number, groups in enumerate((two, three)):
        for group in groups:
            scene.expect("QY-03", _member(scene, f"X{scene.village}{number}", f"{group}0001"))


def shares_written_otherwise(scene: Scene) -> None:
    """The number is written with blanks and small letters the second time."""
    scene.expect("QY-03", _member(scene, f"X{scene.village}0X", f"{scene.village}010001"))
    scene.expect("QY-03", _member(scene, f" x{scene.village} 0x", f"{scene.village}030001"))


def co_owner_once(scene: Scene) -> None:
    """A person who moved has no share in the one; two households of one group; none known; and the county renamed."""
    one, other, old = f"{scene.village}010001", f"{scene.village}020001", scene.village[6:]
    for number, first, second, shares in (
        ("01", one, other, _NO), ("02", one, other, None), ("03", one, f"{scene.village}010002", _YES),
        ("04", f"441704{old}010001", f"441723{old}010002", _YES),
    ):  # fmt: skip
        scene.clear("QY-03", _member(scene, f"X{scene.village}{number}", first))
        scene.clear("QY-03", _member(scene, f"X{scene.village}{number}", second, shares))
    for household in (one, other):
        scene.clear("QY-03", _member(scene, "无", household))


def _contract(scene: Scene, begins: date, ends: date, before: str | None = None, method: str = "110") -> str:
    """Write a contract of a household; returns its reference."""
    holder = f"{scene.village}05{len(scene.rows['contract']) + 1:04d}"
    told = {"issuer_code": holder[:14], "contractor_code": holder, "method": method, "predecessor_code": before}
    return scene.write("contract", code=f"{holder}J", **told, signed_on=begins, term_from=begins, term_to=ends)


def terms_too_short(scene: Scene) -> None:
    """Household contracts of twenty and of twenty-eight years, and of thirty-two."""
    for begins, ends in ((2010, 2029), (2005, 2032), (2010, 2041)):
        scene.expect("QY-02", _contract(scene, date(begins, 1, 1), date(ends, 12, 31)))


def terms_in_order(scene: Scene) -> None:
    """Thirty years, twenty-nine and thirty-one, what is left of the second round, for good, and a contract by bid."""
    for begins, ends in ((1999, 2028), (2001, 2029), (2001, 2031), (2003, 2028)):
        scene.clear("QY-02", _contract(scene, date(begins, 1, 1), date(ends, 12, 31)))
    scene.clear("QY-02", _contract(scene, date(2003, 1, 1), date(9999, 12, 31)))
    scene.clear("QY-02", _contract(scene, date(2020, 1, 1), date(2029, 12, 31), method="120"))


def orchard_for_fifty_years(scene: Scene) -> None:
    """A household contract of fifty years on an orchard, which is no cultivated land."""
    contract = _contract(scene, date(2000, 1, 1), date(2049, 12, 31))
    orchard = scene.parcel(box(0, 0, 40, 30), land_use="0201")
    scene.right(orchard, contract_code=contract.partition(":")[2])
    scene.clear("QY-02", contract)


def contract_at_its_end(scene: Scene) -> None:
    """Contracts of thirty years that ended, or end in 365 days, and that nothing extends."""
    scene.expect("QY-05", _contract(scene, date(1994, 1, 1), date(2023, 12, 31)))
    scene.expect("QY-05", _contract(scene, date(1997, 11, 24), date(2027, 11, 23)))


def extended(scene: Scene) -> None:
    """A contract that ended was extended by another; one ends in 366 days; one was by bid."""
    old = _contract(scene, date(1994, 1, 1), date(2023, 12, 31))
    scene.clear("QY-05", old)
    scene.clear("QY-05", _contract(scene, date(2024, 1, 1), date(2053, 12, 31), before=old.partition(":")[2]))
    scene.clear("QY-05", _contract(scene, date(1997, 11, 25), date(2027, 11, 24)))
    scene.clear("QY-05", _contract(scene, date(2014, 1, 1), date(2023, 12, 31), method="120"))


def _certificate(scene: Scene, issued: date, collected: str) -> str:
    """Write a certificate; returns its reference."""
    code = f"{scene.village}06{len(scene.rows['certificate']) + 1:04d}J"
    return scene.write("certificate", code=code, issued_on=issued, is_collected=collected)


def certificate_waits(scene: Scene) -> None:
    """Certificates issued years ago, or 366 days ago, that nobody collected."""
    scene.expect("QY-04", _certificate(scene, date(2020, 5, 1), _NO))
    scene.expect("QY-04", _certificate(scene, date(2025, 11, 22), _NO))


def collected(scene: Scene) -> None:
    """Certificates: collected, issued 365 days ago, and cancelled."""
    scene.clear("QY-04", _certificate(scene, date(2020, 5, 1), _YES))
    scene.clear("QY-04", _certificate(scene, date(2025, 11, 23), _NO))
    gone = _certificate(scene, date(2020, 5, 1), _NO)
    scene.cancel(gone.partition(":")[2])
    scene.clear("QY-04", gone)


def _taken(scene: Scene, granted_m2: float | None = 2000.0, **facts: object) -> str:
    """Write an expropriation of 20,000 m² for which a tenth is owed, all granted and paid but for these facts."""
    code = f"Z{scene.village}{len(scene.rows['expropriation']) + 1:03d}"
    told = {"approval_no": f"粤府土审{code}", "issuer_code": f"{scene.village}01", "implemented_on": _LONG_AGO}
    told |= {"taken_m2": 20000.0, "ratio": 0.1, "quota_m2": 2000.0, "compensation_due_yuan": 500000.0}
    told |= {"compensation_due_on": _LONG_AGO, "compensation_paid_yuan": 500000.0, "pension_due_yuan": 80000.0}
    told |= {"pension_due_on": _LONG_AGO, "pension_paid_yuan": 80000.0}
    scene.write("expropriation", code=code, **(told | facts))
    if granted_m2 is not None:
        _grant(scene, code, granted_m2)
    return f"expropriation:{code}"


def _grant(scene: Scene, taken: str, area_m2: float, form: str = "1") -> None:
    code = f"L{scene.village}{len(scene.rows['reserved_grant']) + 1:03d}"
    scene.write("reserved_grant", code=code, expropriation_code=taken, form=form, area_m2=area_m2, reserved_code=None)


def reserved_land_owed(scene: Scene) -> None:
    """Nothing was returned for an expropriation, and for another 1,998 of 2,000 m²."""
    scene.expect("QY-06", _taken(scene, None))
    scene.expect("QY-06", _taken(scene, 1998.0))


def reserved_land_returned(scene: Scene) -> None:
    """Returned in land, money and property; but for 0.9 m²; and an expropriation of 364 days ago."""
    code = _taken(scene, 500.0)
    _grant(scene, code.partition(":")[2], 700.0, "2")
    _grant(scene, code.partition(":")[2], 800.0, "3")
    for one in (code, _taken(scene, 1999.1), _taken(scene, None, implemented_on=date(2025, 11, 24))):
        scene.clear("QY-06", one)


def unpaid(scene: Scene) -> None:
    """Compensation paid in part, pensions not at all, and compensation by payments that are 5,000 yuan short."""
    scene.expect("QY-07", _taken(scene, compensation_paid_yuan=450000.0))
    scene.expect("QY-07", _taken(scene, pension_paid_yuan=0.0))
    short = _taken(scene, compensation_paid_yuan=None)
    _pay(scene, short, 295000.0, 200000.0)
    scene.expect("QY-07", short)


def paid(scene: Scene) -> None:
    """Paid in two payments; due only on the day of judging; and half a yuan short."""
    whole = _taken(scene, compensation_paid_yuan=None)
    _pay(scene, whole, 300000.0, 200000.0)
    later = _taken(scene, compensation_paid_yuan=0.0, compensation_due_on=date(2026, 11, 23))
    for one in (whole, later, _taken(scene, compensation_paid_yuan=499999.5)):
        scene.clear("QY-07", one)


def _pay(scene: Scene, taken: str, *yuan: float) -> None:
    for sum_ in yuan:
        code = f"S{scene.village}{len(scene.rows['payment']) + 1:03d}"
        scene.write("payment", code=code, contract_code=taken.partition(":")[2], kind="3", paid_yuan=sum_)


def ledger_off(scene: Scene) -> None:
    """A share of five per cent, an area owed that is none of the share, and more granted than owed."""
    scene.expect("QY-08", _taken(scene, 1000.0, ratio=0.05, quota_m2=1000.0))
    scene.expect("QY-08", _taken(scene, 1500.0, quota_m2=1500.0))
    scene.expect("QY-08", _taken(scene, 2002.0))


def accounts_in_order(scene: Scene) -> None:
    """Shares of ten and fifteen per cent, half a square metre rounded away, and half a square metre more granted."""
    for one in (
        _taken(scene), _taken(scene, 3000.0, ratio=0.15, quota_m2=3000.0), _taken(scene, 1999.5, quota_m2=1999.5),
        _taken(scene, 2000.5),
    ):  # fmt: skip
        scene.clear("QY-08", one)


def little_flexible_land(scene: Scene) -> None:
    """A hair less than a twentieth of a group's land is flexible."""
    scene.parcel(box(0, 0, 95, 20))
    scene.parcel(box(95, 0, 99.99, 20), category="22")
    scene.clear("QY-01", scene.collective)


SCENES: tuple[Callable[[Scene], None], ...] = (
    co_owner_twice, shares_written_otherwise, co_owner_once, terms_too_short, terms_in_order, orchard_for_fifty_years,
    contract_at_its_end, extended, certificate_waits, collected, reserved_land_owed, reserved_land_returned, unpaid,
    paid, ledger_off, accounts_in_order, little_flexible_land,
)  # fmt: skip
