"""Papers of many villages, each with one flaw or none: leases, assignments, recalls, terms, payments, votes.

Every village has one household whose papers are in order; a scene adds to them. What must be found follows from what
was written, and nothing here asks a rule. All people are invented; there are no names.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

#: Rule, subject and other side.
Finding = tuple[str, str, str | None]
#: The second round as most villages have it, and a lease within it.
_ROUND = (date(1999, 1, 1), date(2028, 12, 31))
_BEGIN, _END, _SIGNED, _FILED = date(2022, 1, 1), date(2027, 12, 31), date(2021, 12, 10), date(2021, 12, 20)
_IN_TOWN, _EACH = 400, 12
_LEASE = {
    "method": "900", "kind": "1", "term_from": _BEGIN, "term_to": _END, "area_m2": 500.0, "parcel_count": 1,
    "use_before": "1", "use_after": "1", "price_text": "每年每亩600元", "signed_on": _SIGNED, "filed_on": _FILED,
    "has_duties": "1", "has_compensation": "1", "has_breach": "1", "is_caretaking": "2", "transferee_kind": "1",
    "title_text": "农村土地经营权出租合同", "upstream_code": None, "holder_consented_on": None, "mandate_no": None,
    "consented_on": None, "upfront_share": None,
}  # fmt: skip


@dataclass
class Village:
    """One village that is being written: a household, its contract, parcel, certificate, and what a scene adds."""

    code: str
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    expected: set[Finding] = field(default_factory=set)

    @property
    def group(self) -> str:
        """The issuer."""
        return f"{self.code}01"

    def household(self, number: int) -> str:
        """A household of the group."""
        return f"{self.group}{number:04d}"

    def write(self, table: str, row: dict[str, Any], *rules: str) -> str:
        """Add a row, for which these rules must fire; returns its code."""
        self.rows.setdefault(table, []).append(row)
        for rule in rules:
            self.expected.add((rule, f"{table}:{row['code']}", None))
        return str(row["code"])

    def settle(self, begins: date = _ROUND[0], ends: date = _ROUND[1], *rules: str) -> None:
        """Give the first household its contract, a parcel and a collected certificate."""
        holder = self.household(1)
        contract = {"code": f"{holder}J", "issuer_code": self.group, "contractor_code": holder, "method": "110"}
        signed = {"term_from": begins, "term_to": ends, "signed_on": begins, "predecessor_code": None}
        self.write("contract", contract | signed, *rules)
        right = {"parcel_code": f"{self.group}00001", "contractor_code": holder, "contract_code": f"{holder}J"}
        areas = {"certificate_code": f"{holder}J", "contract_m2": 1000.0, "confirmed_m2": 1000.0}
        self.rows.setdefault("parcel_right", []).append(right | areas)
        for number in (1, 2, 3):
            self.write("contractor", {"code": self.household(number), "kind": "1"})

    def transfer(self, *rules: str, to: int = 2, holder: int = 1, **facts: Any) -> str:
        """Write a transfer of the household, in order but for these facts."""
        code = f"{self.group}{len(self.rows.get('transfer', [])) + 1:04d}"
        giver = self.household(holder)
        parties = {"contract_code": f"{self.household(1)}J", "contractor_code": giver, "signer_code": giver}
        row = {"code": code, "transferee_code": self.household(to)} | parties | _LEASE
        return self.write("transfer", row | facts, *rules)

    def assignment(self, *rules: str, **facts: Any) -> str:
        """Write an assignment that the issuer agreed to."""
        given = {"method": "200", "kind": "4", "consented_on": date(2021, 12, 5), "title_text": "承包经营权转让合同"}
        return self.transfer(*rules, **(given | facts))

    def exchange(self, *rules: str, **facts: Any) -> str:
        """Write an exchange of the parcel that is filed."""
        given = {"method": "300", "kind": "5", "title_text": "承包地互换合同"}
        return self.transfer(*rules, **(given | facts))

    def change(self, kind: str, *rules: str, **facts: Any) -> None:
        """Write a change of the right in the parcel."""
        row = {"code": f"{self.group}BG01", "parcel_code": f"{self.group}00001", "kind": kind, "to_code": None}
        empty = dict.fromkeys(("returned_on", "expropriation_no", "reason", "consented_on", "filed_on"))
        self.write(
            "right_change",
            row | empty | {"from_code": self.household(1), "changed_on": date(2023, 3, 1)} | facts,
            *rules,
        )

    def pay(self, contract: str, *rules: str, **facts: Any) -> None:
        """Write a payment that came in full and on its day."""
        row = {"code": f"{self.group}SF01", "contract_code": contract, "kind": "1", "due_on": date(2023, 1, 15)}
        paid = {"due_yuan": 450.0, "paid_on": date(2023, 1, 15), "paid_yuan": 450.0, "retained_yuan": None}
        self.write(
            "payment", row | paid | {"payee_code": None, "payee_kind": None, "retention_no": None} | facts, *rules
        )

    def seen(self, *rules: str, by: int = 3, since: date = date(2023, 1, 1)) -> None:
        """Write down who farms the parcel."""
        row = {"code": f"{self.group}JY01", "parcel_code": f"{self.group}00001", "occupant_code": self.household(by)}
        self.write("occupancy", row | {"since_on": since, "surveyed_on": date(2026, 3, 1)}, *rules)

    def let(self, *rules: str, **facts: Any) -> str:
        """Write a contract by which the collective lets flexible land to an outsider, agreed to by two thirds."""
        row = {"code": f"{self.group}ZY01", "issuer_code": self.group, "resource": "1", "deal": "1", "is_member": "2"}
        votes = {"assembly": "1", "entitled_count": 30, "agreed_count": 20, "approval_no": "镇批1号"}
        days = {"approved_on": date(2022, 2, 1), "signed_on": date(2022, 3, 1), "term_from": date(2022, 3, 1)}
        return self.write("collective_contract", row | votes | days | {"term_to": date(2027, 3, 1)} | facts, *rules)


def leases(v: Village) -> None:
    """A lease in order; one by an agent with a mandate; a sublease that the holder agreed to."""
    first = v.transfer(area_m2=300.0)
    v.transfer(area_m2=300.0, signer_code=v.household(3), mandate_no="委托1号")
    v.transfer(area_m2=300.0, holder=2, to=3, upstream_code=first, holder_consented_on=date(2021, 12, 1))


def one_after_another(v: Village) -> None:
    """Two leases of all the land, the second from the day on which the first ends."""
    v.transfer(area_m2=1000.0, term_to=date(2024, 1, 1))
    v.transfer(area_m2=1000.0, to=3, term_from=date(2024, 1, 1))


def clause_missing(v: Village) -> None:
    """A lease says nothing of breach."""
    v.transfer("ZL-04", has_breach="2")


def filed_late(v: Village) -> None:
    """One lease was never filed, one sixteen days after signing, one on the fifteenth day."""
    v.transfer("ZL-05", area_m2=300.0, filed_on=None)
    v.transfer("ZL-05", area_m2=300.0, filed_on=date(2021, 12, 26))
    v.transfer(area_m2=300.0, filed_on=date(2021, 12, 25))


def ends_first(v: Village) -> None:
    """A lease begins after its end."""
    v.transfer("ZL-02", term_from=date(2024, 1, 1), term_to=date(2023, 1, 1))


def too_long(v: Village) -> None:
    """A lease ends a day after the contract; another on its last day."""
    v.transfer("ZL-01", area_m2=300.0, term_to=date(2029, 1, 1))
    v.transfer(area_m2=300.0, term_to=_ROUND[1])


def signed_by_neighbour(v: Village) -> None:
    """Somebody signed for the holder, with no mandate."""
    v.transfer("ZL-12", signer_code=v.household(3))


def passed_on(v: Village) -> None:
    """A lease is passed on without the holder's word."""
    first = v.transfer(area_m2=300.0)
    v.transfer("ZL-07", area_m2=300.0, holder=2, to=3, upstream_code=first)


def assignments(v: Village) -> None:
    """A right is assigned to a household of the group, with consent."""
    v.assignment()


def to_a_company(v: Village) -> None:
    """A right is assigned to a company."""
    v.assignment("ZM-02", transferee_code=f"{v.group}9001", transferee_kind="4")


def without_consent(v: Village) -> None:
    """A right is assigned, and nothing says that the issuer agreed."""
    v.assignment("ZM-03", consented_on=None)


def to_another_village(v: Village) -> None:
    """A right is assigned to a household of another village."""
    far = f"{v.code[:9]}999010001"
    v.assignment("ZM-01", transferee_code=far)


def to_another_village_before(v: Village) -> None:
    """A right was assigned to another village's household before the law of 2018."""
    far, day = f"{v.code[:9]}999010001", date(2018, 12, 31)
    v.assignment(transferee_code=far, signed_on=day, filed_on=day, consented_on=day, term_from=day)


def sold_in_words(v: Village) -> None:
    """A paper calls itself a sale of land."""
    v.transfer("ZM-05", title_text="土地买卖协议")


def taken_back(v: Village) -> None:
    """Land is taken back within the term."""
    v.change("901", "ZM-12")


def given_back(v: Village) -> None:
    """Land is taken back after the household gave it back in writing."""
    v.change("901", returned_on=date(2023, 2, 1))


def expropriated(v: Village) -> None:
    """Land is taken back for an expropriation."""
    v.change("901", expropriation_no="粤府土审〔2022〕1号")


def rent_elsewhere(v: Village) -> None:
    """Rent goes to somebody else."""
    v.pay(v.transfer(), "ZL-13", payee_code=v.household(3), payee_kind="3")


def rent_paid(v: Village) -> None:
    """Rent goes to the holder."""
    v.pay(v.transfer(), payee_code=v.household(1), payee_kind="1")


def farmed_by_another(v: Village) -> None:
    """Somebody has farmed the parcel for three years, and no paper says so."""
    v.seen("ZL-03")
    v.transfer(
        term_from=date(2019, 1, 1), term_to=date(2022, 12, 31), signed_on=date(2018, 12, 1), filed_on=date(2018, 12, 5)
    )


def farmed_by_its_tenant(v: Village) -> None:
    """The tenant farms the parcel."""
    v.seen(by=2)
    code = v.transfer(area_m2=1000.0)
    v.rows["parcel_right"][0]["transfer_code"] = code


def farmed_for_a_year(v: Village) -> None:
    """Somebody has tilled the parcel for exactly a year."""
    v.seen(since=date(2025, 3, 1))


def let_to_outsider(v: Village) -> None:
    """Flexible land goes to an outsider, and fewer than two thirds agreed."""
    v.let("ZL-10", agreed_count=19)


def let_by_vote(v: Village) -> None:
    """Flexible land goes to an outsider; exactly two thirds and the town agreed."""
    v.pay(v.let(), payee_kind="2")


def rent_owed(v: Village) -> None:
    """An outsider owes the collective's rent."""
    v.pay(v.let(), "ZL-17", paid_on=None, paid_yuan=None)


def not_collected(v: Village) -> None:
    """A certificate waits for more than a year; another was fetched."""
    for number, collected, rules in ((1, "2", ("QY-04",)), (2, "1", ())):
        row = {"code": f"{v.household(number)}J", "issued_on": date(2024, 1, 1), "is_collected": collected}
        v.write("certificate", row | {"collected_on": None if collected == "2" else date(2024, 2, 1)}, *rules)


def exchanges(v: Village) -> None:
    """A parcel is exchanged within the group and filed; another exchange was never filed."""
    v.exchange(to=2)
    v.exchange("ZM-04", to=3, filed_on=None)


def exchanged_away(v: Village) -> None:
    """A parcel is exchanged for land of another village."""
    v.exchange("ZM-04", transferee_code=f"{v.code[:9]}999010001")


def paid_for_good(v: Village) -> None:
    """A lease outlives its contract, and nine tenths are paid in advance; another is paid year by year."""
    v.transfer("ZL-01", "ZM-06", area_m2=300.0, term_to=date(2038, 12, 31), upfront_share=0.9)
    v.transfer("ZL-01", area_m2=300.0, term_to=date(2038, 12, 31), upfront_share=0.1)


def ends_soon(v: Village) -> None:
    """A lease ends within half a year of the day of judging; another a day later than that."""
    v.transfer("ZL-16", area_m2=300.0, term_to=date(2027, 5, 22))
    v.transfer(area_m2=300.0, to=3, term_to=date(2027, 5, 23))


SCENES: tuple[Callable[[Village], None], ...] = (
    leases, one_after_another, clause_missing, filed_late, ends_first, too_long, signed_by_neighbour, passed_on,
    assignments, to_a_company, without_consent, to_another_village, to_another_village_before, sold_in_words,
    taken_back, given_back, expropriated, rent_elsewhere, rent_paid, farmed_by_another, farmed_by_its_tenant,
    farmed_for_a_year, let_to_outsider, let_by_vote, rent_owed, not_collected, exchanges, exchanged_away,
    paid_for_good, ends_soon,
)  # fmt: skip
#: Terms of contracts, each of a village with nothing else, with the rules that must fire.
TERMS: tuple[tuple[date, date, tuple[str, ...]], ...] = (
    (date(2010, 1, 1), date(2029, 12, 31), ("QY-02",)),
    (date(1996, 7, 1), date(2026, 6, 30), ("QY-05",)),
    (date(1998, 1, 1), date(2028, 1, 1), ()),
    (date(2002, 1, 1), date(2027, 12, 31), ()),
)


@dataclass(frozen=True)
class Papers:
    """Tables under our names, all that must be found in them, and which scene every reference is from."""

    ground: dict[str, pd.DataFrame]
    expected: set[Finding]
    scene_of: dict[str, str]


def papers() -> Papers:
    """Write every scene in a dozen villages."""
    villages: list[tuple[str, Village]] = []
    for _ in range(_EACH):
        for scene in SCENES:
            village = _village(len(villages))
            village.settle()
            scene(village)
            villages.append((scene.__name__, village))
        for begins, ends, rules in TERMS:
            village = _village(len(villages))
            village.settle(begins, ends, *rules)
            villages.append(("terms", village))
    tables = {name for _, village in villages for name in village.rows}
    ground = {name: _frame([row for _, village in villages for row in village.rows.get(name, ())]) for name in tables}
    named = {
        f"{table}:{row['code']}": scene
        for scene, village in villages
        for table, rows in village.rows.items()
        for row in rows
        if "code" in row
    }
    return Papers(ground, {found for _, village in villages for found in village.expected}, named)


def _village(number: int) -> Village:
    return Village(f"441781{500 + number // _IN_TOWN:03d}{100 + number % _IN_TOWN:03d}")


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows with days as frames of intake have them."""
    frame = pd.DataFrame(rows)
    for name in frame.columns:
        if frame[name].map(lambda value: isinstance(value, date)).any():
            days = [value if isinstance(value, date) else "NaT" for value in frame[name]]
            frame[name] = np.array(days, dtype="datetime64[s]")
    return frame.assign(row=np.arange(len(frame)))
