"""Scenes of what a collective lets, contracts or sells: votes, bids, rents, reserved and commercial land."""

from datetime import date, timedelta
from typing import Any

import shapely

from data.samples.papers.village import JUDGED, Village

_DAY = timedelta(days=1)
#: Since then all members decide on contracting, and the land law asks for two thirds and a bid on commercial land.
_ALL_MEMBERS, _LAND_LAW, _CONTRACT_LAW = date(2025, 5, 1), date(2020, 1, 1), date(1999, 10, 1)
#: Reserved and commercial land with all that it takes.
_RESERVED = {"resource": "6", "trade_no": "阳资交〔2022〕18号", "use_after": "5", "is_member": "2"}
_COMMERCIAL = {"resource": "5", "planned_use": "工业用地", "registered_on": date(2021, 6, 1), "is_member": "2"}


def _vote(v: Village, short: int = 0) -> dict[str, int]:
    """Exactly two thirds of a village's members, or so many fewer."""
    third = v.one_of(10, 17, 33, 101)
    return {"entitled_count": 3 * third, "agreed_count": 2 * third - short}


def let_to_outsider(v: Village) -> None:
    """Flexible or waste land goes to an outsider; less than two thirds agreed, or the town did not."""
    v.let("ZL-10", resource=v.one_of("1", "2"), **_vote(v, v.more(1, 6)))
    v.let("ZL-10", resource=v.one_of("2", "1"), approval_no=v.one_of(None, " "), approved_on=None)


def let_by_vote(v: Village) -> None:
    """Flexible land goes to an outsider, exactly two thirds and the town agreed; to a member; a pond to anybody."""
    v.let(like="ZL-10", **_vote(v))
    nothing = {"entitled_count": None, "agreed_count": None, "approval_no": None, "approved_on": None}
    v.let(like="ZL-10", is_member="1", **nothing)
    v.let(like="ZL-10", resource="3", **nothing)


def let_by_representatives(v: Village) -> None:
    """Representatives let flexible land to an outsider since the law on collectives, and before it."""
    v.let("ZL-10", assembly="2", signed_on=v.later(_ALL_MEMBERS, 0), **_vote(v))
    v.let(like="ZL-10", assembly="2", signed_on=v.earlier(_ALL_MEMBERS, 1, 700), **_vote(v))


def let_by_parcel(v: Village) -> None:
    """A collective parcel that was never contracted goes to an outsider without a vote; a contracted one does not."""
    bare = {"resource": "9", "entitled_count": None, "agreed_count": None}
    v.let("ZL-10", parcel_code=v.field(300.0 + v.more(0, 500), category="99", land_use=None), **bare)
    v.let(like="ZL-10", parcel_code=v.parcel, **bare)


def let_for_too_long(v: Village) -> None:
    """A collective lets a pond for more than twenty years; for twenty; sells for forty; let for long in 1999."""
    begins, pond = date(2022, 3, 1), {"resource": "3"}
    v.let("ZL-14", term_to=v.later(date(2042, 3, 1), 1, 3000), **pond)
    v.let(like="ZL-14", term_from=begins, term_to=v.earlier(date(2042, 3, 1), 0), **pond)
    v.let(like="ZL-14", deal="3", term_to=date(2062, 3, 1), **pond)
    long_ago = v.earlier(_CONTRACT_LAW)
    v.let(like="ZL-14", bid=False, signed_on=long_ago, term_from=long_ago, term_to=date(2029, 12, 31), **pond)


def _reserved(v: Village, **facts: Any) -> str:
    """Draw a piece of reserved land; returns its code."""
    code = f"{v.group}L{v.count('reserved'):04d}"
    row = {"code": code, "issuer_code": v.group, "conversion_no": None, "geometry": v.draw(600.0)}
    v.rows.setdefault("reserved", []).append(row | facts)
    return code


def let_for_building(v: Village) -> None:
    """A workshop goes up on reserved land that was never converted; on land that was; and rice on land that was not."""
    v.let("ZL-15", **_RESERVED, reserved_code=_reserved(v))
    v.let(like="ZL-15 ZM-07", **_RESERVED, reserved_code=_reserved(v, conversion_no="粤府土审〔2019〕4号"))
    v.let(like="ZL-15", **(_RESERVED | {"use_after": "1"}), reserved_code=_reserved(v))


def let_parcel_for_building(v: Village) -> None:
    """A collective parcel is let for a workshop: its approval ended, covers less, or is of a time; one is good."""
    built = {"resource": "9", "use_after": "5"}
    plots = [v.field(400.0, category="99", land_use=None) for _ in range(4)]
    begins = date(2022, 3, 1)
    v.approve(v.shape(plots[0]), valid_to=v.earlier(begins, 0))
    west, south, east, north = v.shape(plots[1]).bounds
    v.approve(shapely.box(west, south, east, north - v.more(26, 400) / 100))
    v.approve(v.shape(plots[2]), kind="6", since=date(2022, 1, 1), valid_to=date(2028, 1, 1))
    for plot in plots[:3]:
        v.let("ZL-15", parcel_code=plot, **built)
    west, south, east, north = v.shape(plots[3]).bounds
    v.approve(shapely.box(west, south, east, north - 0.2), since=v.earlier(begins, 0))
    v.let(like="ZL-15", parcel_code=plots[3], **built)


def let_for_building_before(v: Village) -> None:
    """Land that is not converted was let for building before the land law of 2020, and is sold, not let."""
    v.let(
        like="ZL-15 ZM-07",
        **_RESERVED,
        reserved_code=_reserved(v),
        signed_on=v.earlier(_LAND_LAW, 1, 20),
        agreed_count=None,
    )
    v.let(like="ZL-15", **_RESERVED, reserved_code=_reserved(v), deal="3")


def rent_owed(v: Village) -> None:
    """An outsider owes the collective's rent, all of it or a cent."""
    code = v.let()
    v.pay(code, "ZL-17", paid_on=None, paid_yuan=None)
    v.pay(code, "ZL-17", paid_yuan=450.0 - v.more(1, 40000) / 100)


def rent_in_parts(v: Village) -> None:
    """Rent came in two parts, each written down by itself; of another year's the second part was too small."""
    code, second = v.let(), {"due_yuan": None, "paid_on": date(2023, 2, 20)}
    v.pay(code, like="ZL-17", paid_yuan=200.0)
    v.pay(code, like="ZL-17", paid_yuan=250.0 + v.more(0, 5), **second)
    next_year = {"due_on": date(2024, 1, 15)}
    v.pay(code, "ZL-17", paid_yuan=200.0, **next_year)
    v.pay(code, paid_yuan=250.0 - v.more(1, 20000) / 100, **(second | next_year))


def rent_in_order(v: Village) -> None:
    """Rent came late but whole; is due today or later; stands there as a day without a sum; compensation is no rent."""
    code = v.let()
    v.pay(code, like="ZL-17", paid_on=v.later(date(2023, 1, 16)))
    v.pay(code, like="ZL-17", due_on=v.later(JUDGED, 0), paid_on=None, paid_yuan=None)
    v.pay(code, like="ZL-17", due_on=date(2024, 1, 15), paid_yuan=None)
    v.pay(code, like="ZL-17", kind="3", due_on=date(2025, 1, 15), paid_on=None, paid_yuan=None)


def without_a_bid(v: Village) -> None:
    """A pond was let, and no bid is on record; or one that is another contract's."""
    pond = {"resource": "3", "rent_yuan": 9000.0, "signed_on": v.later(date(2022, 3, 1), 0)}
    v.let("ZL-18", bid=False, **pond)
    v.let("ZL-18", bid=False, trade_no="阳资交〔2022〕77号", **pond)
    v.let(like="ZL-18", **pond)


def bids_elsewhere(v: Village) -> None:
    """A bid is on record under the number of a platform, or of another platform but for the contract."""
    pond = {"resource": "3", "signed_on": date(2022, 3, 1)}
    number = f"阳资交〔2022〕{v.more(19, 900)}号{v.code}"
    v.let(like="ZL-18", bid=False, trade_no=number, **pond)
    v.bid(date(2022, 3, 1), trade_no=number)
    code = v.let(like="ZL-18", bid=False, trade_no=f"阳资交〔2022〕8号{v.code}", **pond)
    v.bid(date(2022, 3, 1), contract_code=code, trade_no=f"东农交2022-{v.more(1, 900)}")


def bid_written_otherwise(v: Village) -> None:
    """The number of a bid stands in the contract with other brackets, full-width digits or a blank."""
    plain = f"阳资交〔2022〕{v.more(19, 900)}号{v.code}"
    wide = plain.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    other = v.one_of(plain.replace("〔", "(").replace("〕", ")"), wide, plain.replace("号", "号 "))
    v.let(like="ZL-18", bid=False, trade_no=other, resource="3")
    v.bid(date(2022, 3, 1), trade_no=plain)


def no_bid_wanted(v: Village) -> None:
    """A pond went by open negotiation; another was let long before bids were kept."""
    v.let(like="ZL-18", bid=False, resource="3", method="123")
    v.let(like="ZL-18", bid=False, resource="3", signed_on=v.earlier(date(2019, 11, 1)))


def reserved_disposed(v: Village) -> None:
    """Reserved land is disposed of without two thirds, without the platform, or without approval."""
    land = _reserved(v, conversion_no="粤府土审〔2019〕4号")
    told = _RESERVED | {"reserved_code": land, "deal": v.one_of("1", "3", "4")}
    v.let("ZM-07", **told, **_vote(v, v.more(1, 6)))
    v.let("ZM-07", **(told | {"trade_no": v.one_of(None, " ")}))
    v.let("ZM-07", **told, approval_no=None, approved_on=None)


def reserved_in_order(v: Village) -> None:
    """Reserved land with all its papers; the number of the platform stands with the bid, a day for the approval."""
    land = _reserved(v, conversion_no="粤府土审〔2019〕4号")
    told = _RESERVED | {"reserved_code": land}
    v.let(like="ZM-07", **told, **_vote(v))
    v.let(like="ZM-07", **told, approval_no=None)
    code = v.let(like="ZM-07", bid=False, **(told | {"trade_no": None}))
    v.bid(date(2022, 3, 1), contract_code=code, trade_no=f"东农交2022-{v.more(1, 900)}")


def commercial_disposed(v: Village) -> None:
    """Commercial construction land goes outside the plan, unregistered, unwritten or against the vote."""
    v.let("ZM-08", **(_COMMERCIAL | {"planned_use": v.one_of("农村宅基地", "公共设施用地", None)}))
    v.let("ZM-08", **(_COMMERCIAL | {"registered_on": None}))
    v.let("ZM-08", **_COMMERCIAL, signed_on=None)
    v.let("ZM-08", **_COMMERCIAL, **_vote(v, v.more(1, 6)))


def commercial_in_order(v: Village) -> None:
    """Commercial construction land with all its conditions; before the land law of 2020; a pond without any."""
    planned = {"planned_use": v.one_of("商业服务业", "仓储物流用地", "工业用地")}
    v.let(like="ZM-08", **(_COMMERCIAL | planned), **_vote(v))
    bare = {"planned_use": None, "registered_on": None}
    v.let(like="ZM-08", **(_COMMERCIAL | bare), signed_on=v.earlier(_LAND_LAW, 1, 20))
    v.let(like="ZM-08", resource="3", **bare)


SCENES = (
    let_to_outsider, let_by_vote, let_by_representatives, let_by_parcel, let_for_too_long, let_for_building,
    let_parcel_for_building, let_for_building_before, rent_owed, rent_in_parts, rent_in_order, without_a_bid,
    bids_elsewhere, bid_written_otherwise, no_bid_wanted, reserved_disposed, reserved_in_order, commercial_disposed,
    commercial_in_order,
)  # fmt: skip
