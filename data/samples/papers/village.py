"""One village that is being written: its households, contracts, parcels, and what a scene adds to them."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

#: Rule, subject and other side.
Finding = tuple[str, str, str | None]
#: The day on which all papers are judged.
JUDGED = date(2026, 11, 23)
#: The second round as most villages have it, and how it goes on.
BEGUN, ENDS = date(1999, 1, 1), date(2028, 12, 31)
_EXTENDED = (date(2029, 1, 1), date(2058, 12, 31))
_BEGIN, _END, _SIGNED, _FILED = date(2022, 1, 1), date(2027, 12, 31), date(2021, 12, 10), date(2021, 12, 20)
_LEASE = {
    "method": "900", "kind": "1", "term_from": _BEGIN, "term_to": _END, "area_m2": 500.0, "parcel_count": 1,
    "use_before": "1", "use_after": "1", "price_text": "每年每亩600元", "signed_on": _SIGNED, "filed_on": _FILED,
    "has_duties": "1", "has_compensation": "1", "has_breach": "1", "is_caretaking": "2", "transferee_kind": "1",
    "title_text": "农村土地经营权出租合同", "upstream_code": None, "holder_consented_on": None, "mandate_no": None,
    "consented_on": None, "upfront_share": None, "reviewed_on": None, "approval_no": None, "gain_yuan": None,
    "punished_on": None, "price_yuan": None,
}  # fmt: skip
_CHANGE = (
    *("returned_on", "expropriation_no", "reason", "consented_on", "filed_on", "to_code", "other_parcel_code"),
    *("entitled_count", "agreed_count", "town_approved_on", "county_approved_on"),
)
_RESOURCE = (
    *("parcel_code", "reserved_code", "use_after", "planned_use", "trade_no", "registered_on", "method", "rent_yuan"),
    "area_m2",
)
#: Villages stand side by side, and what is drawn in one is a hundred metres deep.
_CORNER, _ACROSS, _WIDE_M, _DEEP_M, _DEPTH_M = np.array([37_480_000.0, 2_420_000.0]), 40, 3000.0, 250.0, 100.0
_IN_TOWN = 400
#: Every other village lies in 阳东区, which was 阳东县 (441723) when some of its people got their codes.
_COUNTIES, OLD_COUNTY = ("441781", "441704"), "441723"


class Village:
    """A village under the pen. Of a dozen with the same scene the first (`turn` 0) is as close to the limit as can be.

    What is written must be found by the `rules` that are named with it, and not by those that it is only `like`.
    """

    def __init__(self, number: int, turn: int, rng: np.random.Generator) -> None:
        self.turn, self.rng = turn, rng
        self.code = f"{_COUNTIES[turn % 2]}{500 + number // _IN_TOWN:03d}{100 + number % _IN_TOWN:03d}"
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.expected: set[Finding] = set()
        self.alike: set[Finding] = set()
        row, column = divmod(number, _ACROSS)
        self._free = _CORNER + np.array([column * _WIDE_M, row * _DEEP_M])

    @property
    def group(self) -> str:
        """The issuer."""
        return f"{self.code}01"

    @property
    def parcel(self) -> str:
        """The parcel of the first household."""
        return f"{self.group}00001"

    @property
    def far(self) -> str:
        """A household of another village of the town."""
        return f"{self.code[:9]}999010001"

    def household(self, number: int) -> str:
        """A household of the group; from 9001 on, a company that is known there."""
        return f"{self.group}{number:04d}"

    def more(self, least: int, most: int) -> int:
        """Some number from a range; its least in the first village of a dozen."""
        return least if self.turn == 0 else int(self.rng.integers(least, most, endpoint=True))

    def later(self, day: date, least: int = 1, most: int = 900) -> date:
        """A day that comes so much later; the nearest in the first village."""
        return day + timedelta(days=self.more(least, most))

    def earlier(self, day: date, least: int = 1, most: int = 900) -> date:
        """A day that comes so much earlier; the nearest in the first village."""
        return day - timedelta(days=self.more(least, most))

    def one_of(self, *some: Any) -> Any:
        """One of several, another in the next village."""
        return some[self.turn % len(some)]

    def expect(self, rule: str, subject: str, against: str | None = None) -> None:
        """Write down what must be found."""
        self.expected.add((rule, subject, against))

    def resembles(self, rule: str, subject: str, against: str | None = None) -> None:
        """Write down what must not be found, though it looks so."""
        self.alike.add((rule, subject, against))

    def write(self, table: str, row: dict[str, Any], *rules: str, like: str = "") -> str:
        """Add a row, for which these rules must fire, and those must not that it is like; returns its code."""
        self.rows.setdefault(table, []).append(row)
        subject = f"{table}:{row.get('code')}"
        self.expected |= {(rule, subject, None) for rule in rules}
        self.alike |= {(rule, subject, None) for rule in like.split()}
        return str(row.get("code"))

    def count(self, table: str) -> int:
        """The number of the next row of a table."""
        return len(self.rows.get(table, [])) + 1

    def draw(self, m2: float) -> BaseGeometry:
        """Draw a free piece of ground of this area, beside the last one."""
        x, y = self._free
        self._free = self._free + np.array([m2 / _DEPTH_M + 2.0, 0.0])
        return shapely.box(x, y, x + m2 / _DEPTH_M, y + _DEPTH_M)

    def field(self, m2: float, **facts: Any) -> str:
        """Draw a parcel of the group; returns its code."""
        code = f"{self.group}{self.count('parcel'):05d}"
        told = {"category": "10", "land_use": "011", "is_basic_farmland": "2", "purpose": "1", "surveyed_m2": m2}
        self.rows.setdefault("parcel", []).append({"code": code, "geometry": self.draw(m2)} | told | facts)
        return code

    def shape(self, parcel: str) -> BaseGeometry:
        """The ground of a parcel."""
        return next(row["geometry"] for row in self.rows["parcel"] if row["code"] == parcel)

    def right(self, number: int, m2: float, **facts: Any) -> str:
        """Give a household a parcel under its contract; returns the parcel's code."""
        parcel, contract = self.field(m2, **facts), f"{self.household(number)}J"
        right = {"parcel_code": parcel, "contractor_code": self.household(number), "contract_code": contract}
        areas = {"certificate_code": contract, "contract_m2": m2, "confirmed_m2": m2, "transfer_code": None}
        self.rows.setdefault("parcel_right", []).append(right | areas)
        return parcel

    def contract(self, number: int, begins: date, ends: date, *rules: str, like: str = "", **facts: Any) -> str:
        """Write a household's contract."""
        holder = self.household(number)
        row = {"code": f"{holder}J", "issuer_code": self.group, "contractor_code": holder, "method": "110"}
        terms = {"term_from": begins, "term_to": ends, "signed_on": begins, "predecessor_code": None}
        return self.write("contract", row | terms | facts, *rules, like=like)

    def settle(self, begins: date = BEGUN, ends: date = ENDS, *rules: str, like: str = "") -> None:
        """Give the first household its contract and a parcel of 1,000 m²; two more live there."""
        self.contract(1, begins, ends, *rules, like=like)
        self.right(1, 1000.0)
        for number in (1, 2, 3):
            self.write("contractor", {"code": self.household(number), "kind": "1"})

    def extend(self, number: int = 51, of: int = 1, signed_on: date = date(2026, 6, 1)) -> str:
        """Extend a contract by thirty years; returns the code of the new one."""
        facts = {"contractor_code": self.household(1), "signed_on": signed_on}
        return self.contract(number, *_EXTENDED, predecessor_code=f"{self.household(of)}J", **facts)

    def transfer(self, *rules: str, to: int = 2, holder: int = 1, like: str = "", **facts: Any) -> str:
        """Write a transfer of the household, in order but for these facts."""
        code = f"{self.group}{self.count('transfer'):04d}"
        giver = self.household(holder)
        parties = {"contract_code": f"{self.household(1)}J", "contractor_code": giver, "signer_code": giver}
        row = {"code": code, "transferee_code": self.household(to)} | parties | _LEASE
        return self.write("transfer", row | facts, *rules, like=like)

    def assignment(self, *rules: str, like: str = "", **facts: Any) -> str:
        """Write an assignment that the issuer agreed to."""
        given = {"method": "200", "kind": "4", "consented_on": date(2021, 12, 5), "title_text": "承包经营权转让合同"}
        return self.transfer(*rules, like=like, **(given | facts))

    def exchange(self, *rules: str, like: str = "", **facts: Any) -> str:
        """Write an exchange of the parcel that is filed."""
        given = {"method": "300", "kind": "5", "title_text": "承包地互换合同"}
        return self.transfer(*rules, like=like, **(given | facts))

    def link(self, transfer: str, parcel: str | None = None, m2: float | None = None) -> None:
        """Write down that a transfer lies on a parcel, the first one's if none is told."""
        row = {"transfer_code": transfer, "parcel_code": parcel or self.parcel, "area_m2": m2}
        self.rows.setdefault("transfer_parcel", []).append(row)

    def change(self, kind: str, *rules: str, like: str = "", **facts: Any) -> str:
        """Write a change of the right in the parcel."""
        row = {"code": f"{self.group}BG{self.count('right_change'):02d}", "parcel_code": self.parcel, "kind": kind}
        told = dict.fromkeys(_CHANGE) | {"from_code": self.household(1), "changed_on": date(2023, 3, 1)}
        return self.write("right_change", row | told | facts, *rules, like=like)

    def pay(self, contract: str, *rules: str, like: str = "", **facts: Any) -> str:
        """Write a payment that came in full and on its day."""
        code = f"{self.group}SF{self.count('payment'):02d}"
        row = {"code": code, "contract_code": contract, "kind": "1", "due_on": date(2023, 1, 15), "due_yuan": 450.0}
        paid = {"paid_on": date(2023, 1, 15), "paid_yuan": 450.0, "retained_yuan": None, "retention_no": None}
        return self.write("payment", row | paid | {"payee_code": None, "payee_kind": None} | facts, *rules, like=like)

    def seen(self, *rules: str, by: int = 3, since: date | None = date(2023, 1, 1), like: str = "") -> None:
        """Write down who farms the parcel, as a survey of March 2026 saw it."""
        row = {"code": f"{self.group}JY{self.count('occupancy'):02d}", "parcel_code": self.parcel}
        told = {"occupant_code": self.household(by), "since_on": since, "surveyed_on": date(2026, 3, 1)}
        self.write("occupancy", row | told, *rules, like=like)

    def let(self, *rules: str, like: str = "", bid: bool = True, **facts: Any) -> str:
        """Write a contract by which the collective lets flexible land to an outsider, agreed to by two thirds."""
        code = f"{self.group}ZY{self.count('collective_contract'):02d}"
        row = {"code": code, "issuer_code": self.group, "resource": "1", "deal": "1", "is_member": "2"}
        votes = {"assembly": "1", "entitled_count": 30, "agreed_count": 20, "approval_no": "镇批1号"}
        days = {"approved_on": date(2022, 2, 1), "signed_on": date(2022, 3, 1), "term_from": date(2022, 3, 1)}
        told = dict.fromkeys(_RESOURCE) | row | votes | days | {"term_to": date(2027, 3, 1)} | facts
        if bid:
            self.bid(told["signed_on"] or told["term_from"], contract_code=code)
        return self.write("collective_contract", told, *rules, like=like)

    def bid(self, signed: date, **facts: Any) -> None:
        """Write a bid that was announced twenty days before a contract was signed."""
        row = {"code": f"{self.group}JB{self.count('collective_bid'):02d}", "contract_code": None, "trade_no": None}
        self.write("collective_bid", row | {"announced_on": signed - timedelta(days=20)} | facts)

    def approve(self, shape: BaseGeometry, kind: str = "1", since: date = date(2015, 1, 1), **facts: Any) -> None:
        """Draw an approval of some kind (PZLX), conversion of farmland if none is told."""
        row = {"code": f"批{self.group}{self.count('approval'):02d}", "kind": kind, "valid_from": since}
        self.rows.setdefault("approval", []).append(row | {"valid_to": None, "geometry": shape} | facts)

    def references(self) -> list[str]:
        """Every reference of the village."""
        named = [(table, row["code"]) for table, rows in self.rows.items() for row in rows if row.get("code")]
        parties = [subject for _, subject, _ in self.expected | self.alike]
        return [*parties, *(f"{table}:{code}" for table, code in named), *(f"contractor:{self.household(1)}",)]
