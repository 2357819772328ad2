"""Scenes of people's rights: terms, extensions, certificates, shares, flexible land, the ledger of reserved land."""

from collections.abc import Callable
from datetime import date
from typing import Any

from data.samples.papers.village import JUDGED, Village
from data.samples.people import DISTRICT, checked

_YEAR_AGO = date(JUDGED.year - 1, JUDGED.month, JUDGED.day)


def not_collected(v: Village) -> None:
    """A certificate has waited for more than a year; another for a year; one was fetched; one was cancelled."""
    for number, issued, collected in (
        (1, v.earlier(_YEAR_AGO), None),
        (2, v.later(_YEAR_AGO, 0, 300), None),
        (3, date(2024, 1, 1), date(2024, 2, 1)),
        (4, date(2024, 1, 1), None),
    ):
        row = {"code": f"{v.household(number)}J", "issued_on": issued, "is_collected": "1" if collected else "2"}
        rules = ("QY-04",) if number == 1 else ()
        v.write("certificate", row | {"collected_on": collected}, *rules, like="" if rules else "QY-04")
    gone = {"certificate_code": f"{v.household(4)}J", "cancelled_on": date(2025, 1, 1)}
    v.write("certificate_cancelled", gone)


def _person(v: Village, number: int) -> str:
    return checked(f"{DISTRICT}18{50 + number}0{1 + v.turn % 9}{10 + v.turn}{int(v.code[8:]) % 1000:03d}")


def _member(v: Village, household: str, person: str, owner: str, *rules: str, like: str = "") -> None:
    row = {"code": f"{v.group}CY{v.count('member'):02d}", "contractor_code": household, "id_number": person}
    v.write("member", row | {"is_co_owner": owner}, *rules, like=like)


def shares_twice(v: Village) -> None:
    """One person shares in a household here and in one of another village."""
    person = _person(v, 1)
    _member(v, v.household(1), person, "1", "QY-03")
    _member(v, v.far, v.one_of(person, f" {person}", person.lower()), "1", "QY-03")


def shares_once(v: Village) -> None:
    """A woman who married away shares in one household only; a man moved between households of one group."""
    for number, there, owner in ((2, v.far, "2"), (3, v.household(2), "1")):
        _member(v, v.household(1), _person(v, number), "1", like="QY-03")
        _member(v, there, _person(v, number), owner, like="QY-03")


def too_much_flexible_land(v: Village) -> None:
    """Flexible land is a hair more than five hundredths of the cultivated land."""
    v.right(2, 8500.0)
    v.field(500.0 + v.more(1, 50_000) / 100, category="22")
    v.expect("QY-01", f"issuer:{v.group}")


def flexible_land_in_bounds(v: Village) -> None:
    """Flexible land is five hundredths of the cultivated land, in two pieces; a pond of the collective is not in it."""
    v.right(2, 8500.0)
    v.field(300.0, category="22")
    v.field(200.0 - v.more(0, 150), category="22")
    v.field(4000.0, category="22", land_use="114")
    v.resembles("QY-01", f"issuer:{v.group}")


def _taken(v: Village, *rules: str, like: str = "", **facts: Any) -> str:
    """Write an expropriation of 10,000 m² for which a tenth is owed, and all was paid."""
    code = f"征{v.group}{v.count('expropriation'):02d}"
    row = {"code": code, "approval_no": f"粤府土审〔2020〕{code}", "issuer_code": v.group, "taken_m2": 10_000.0}
    owed = {"ratio": 0.10, "quota_m2": 1000.0, "approved_on": date(2020, 3, 1), "implemented_on": date(2020, 9, 1)}
    paid = {"compensation_due_yuan": 90_000.0, "compensation_due_on": date(2020, 12, 1)}
    paid |= {"compensation_paid_yuan": 90_000.0, "pension_due_yuan": 0.0, "pension_paid_yuan": 0.0}
    return v.write("expropriation", row | owed | paid | {"pension_due_on": None} | facts, *rules, like=like)


def _grant(v: Village, taken: str, m2: float, form: str = "1") -> None:
    code = f"落{v.group}{v.count('reserved_grant'):02d}"
    v.write("reserved_grant", {"code": code, "expropriation_code": taken, "form": form, "area_m2": m2})


def reserved_owed(v: Village) -> None:
    """Of the reserved land a square metre or more is owed, a year after the expropriation or later."""
    _grant(v, _taken(v, "QY-06"), 1000.0 - v.more(1, 900))
    taken = _taken(v, "QY-06", implemented_on=v.earlier(_YEAR_AGO, 0))
    _grant(v, taken, 400.0)


def reserved_granted(v: Village) -> None:
    """Reserved land was granted in land and money, but for less than a square metre; or is not due for a year."""
    taken = _taken(v, like="QY-06 QY-08")
    _grant(v, taken, 600.0)
    _grant(v, taken, 399.01 + v.more(0, 90) / 100, form=v.one_of("2", "3"))
    _taken(v, like="QY-06", implemented_on=v.later(_YEAR_AGO, 1, 300))


def ledger_wrong(v: Village) -> None:
    """The share is out of range; the area owed does not follow from the area taken; more was granted than is owed."""
    share = v.one_of(0.0999, 0.1501, 0.2)
    _grant(v, _taken(v, "QY-08", ratio=share, quota_m2=10_000 * share), 10_000 * share)
    wrong = 1000.0 + v.one_of(1, -1) * v.more(101, 20_000) / 100
    _grant(v, _taken(v, "QY-08", quota_m2=wrong), wrong)
    _grant(v, _taken(v, "QY-08"), 1000.0 + v.more(101, 20_000) / 100)


def ledger_in_order(v: Village) -> None:
    """The share is at either end of its range; a square metre more was granted, or written down."""
    share = v.one_of(0.10, 0.15)
    _grant(v, _taken(v, like="QY-08", ratio=share, quota_m2=10_000 * share), 10_000 * share + 1.0)
    near = 1000.0 + v.one_of(1.0, -1.0)
    _grant(v, _taken(v, like="QY-08", quota_m2=near), near)


def compensation_owed(v: Village) -> None:
    """Compensation was due and a yuan or more of it is not paid; pensions were due with no day."""
    settled = {"quota_m2": None, "ratio": None, "taken_m2": None}
    _taken(v, "QY-07", compensation_paid_yuan=90_000.0 - v.more(1, 50_000), **settled)
    _taken(v, "QY-07", pension_due_yuan=5000.0, pension_paid_yuan=None, **settled)
    short = _taken(v, "QY-07", compensation_paid_yuan=None, **settled)
    v.pay(short, kind="3", due_yuan=90_000.0, paid_yuan=40_000.0)


def compensation_paid(v: Village) -> None:
    """Compensation came in parts; is due today or later; lacks less than a yuan."""
    settled = {"quota_m2": None, "ratio": None, "taken_m2": None}
    parts = _taken(v, like="QY-07", compensation_paid_yuan=None, **settled)
    for yuan in (40_000.0, 50_000.0):
        v.pay(parts, kind="3", due_yuan=yuan, paid_yuan=yuan)
    _taken(v, like="QY-07", compensation_due_on=v.later(JUDGED, 0), compensation_paid_yuan=0.0, **settled)
    _taken(v, like="QY-07", compensation_paid_yuan=90_000.0 - v.more(1, 99) / 100, **settled)


def extended_in_time(v: Village) -> None:
    """A contract ended, and another extends it."""
    v.contract(8, date(1996, 7, 1), v.later(date(2026, 6, 30), 0, 500), like="QY-05")
    v.contract(
        9, date(2026, 7, 1), date(2056, 6, 30), contractor_code=v.household(8), predecessor_code=f"{v.household(8)}J"
    )


def _term(begins: date, ends: date, *rules: str, like: str = "") -> Callable[[Village], None]:
    def term(v: Village) -> None:
        """A contract's term: thirty years, what is left of the second round, or another."""
        v.contract(8, begins, ends, *rules, like=like)

    term.__name__ = "terms"
    return term


SCENES: tuple[Callable[[Village], None], ...] = (
    not_collected, shares_twice, shares_once, too_much_flexible_land, flexible_land_in_bounds, reserved_owed,
    reserved_granted, ledger_wrong, ledger_in_order, compensation_owed, compensation_paid, extended_in_time,
    _term(date(2010, 1, 1), date(2029, 12, 31), "QY-02"),
    _term(date(1996, 7, 1), date(2026, 6, 30), "QY-05"),
    _term(date(1998, 1, 1), date(2028, 1, 1), like="QY-02 QY-05"),
    _term(date(2002, 1, 1), date(2027, 12, 31), like="QY-02 QY-05"),
)  # fmt: skip
