"""Scenes of assignments, exchanges, sales under other names, recalls, and houses that changed hands."""

from datetime import date
from typing import Any

import shapely

from data.samples.papers.village import BEGUN, ENDS, JUDGED, OLD_COUNTY, Village
from data.samples.people import DISTRICT, checked

_LAW_OF_2018 = date(2019, 1, 1)
_ONE_MU_M2 = 2000 / 3
#: What a sale is called.
_SALES = ("土地买卖协议", "承包地一次性买断合同", "承包地永久转让协议", "卖断田契", "承包田绝卖契约", "承包地出售合同")


def assignments(v: Village) -> None:
    """A right is assigned to a household of the group, with consent."""
    v.assignment(like="ZM-01 ZM-02 ZM-03 ZM-05")


def to_another_village(v: Village) -> None:
    """A right is assigned to a household of another village; a lease to it is no assignment."""
    v.assignment("ZM-01", area_m2=300.0, transferee_code=v.far)
    v.transfer(area_m2=300.0, transferee_code=v.far, like="ZM-01")


def to_another_group(v: Village) -> None:
    """A right went to a household of another group of the village, as a change of rights tells."""
    to = f"{v.code}02{v.more(1, 90):04d}"
    v.change(v.one_of("1021", "1022", "1023"), "ZM-01", to_code=to, consented_on=date(2023, 2, 1))


def to_another_village_before(v: Village) -> None:
    """A right was assigned to another village's household before the law of 2018."""
    day = v.earlier(_LAW_OF_2018)
    days = dict.fromkeys(("signed_on", "filed_on", "consented_on", "term_from"), day)
    v.assignment(transferee_code=v.far, like="ZM-01", **days)


def to_an_old_code(v: Village) -> None:
    """A right is assigned within the group, to somebody whose code begins with the county's number of before."""
    v.assignment(transferee_code=v.household(2).replace("441704", OLD_COUNTY, 1), like="ZM-01")


def to_a_number(v: Village) -> None:
    """A right is assigned to a neighbour who is named by an identity number in place of a code."""
    person = checked(f"{DISTRICT}18{50 + v.turn}0{1 + v.turn % 9}15{v.more(10, 900):03d}")
    v.assignment(transferee_code=person, like="ZM-01")


def to_a_company(v: Village) -> None:
    """A right is assigned to a company, which a lease may go to."""
    company = {"transferee_code": v.household(9001), "transferee_kind": "4", "area_m2": 300.0}
    v.assignment("ZM-02", **company)
    v.transfer(like="ZM-02", **company)


def to_a_body(v: Village) -> None:
    """A right is assigned to one whom only the register knows: as an organisation, or as a household."""
    for code, kind in ((v.household(4), "3"), (v.household(5), "1")):
        v.write("contractor", {"code": code, "kind": kind})
    v.assignment("ZM-02", to=4, area_m2=300.0, transferee_kind=None)
    v.assignment(to=5, area_m2=300.0, transferee_kind=None, like="ZM-02")


def to_a_family_farm(v: Village) -> None:
    """A right is assigned to a family farm that a household of the group runs."""
    v.assignment(to=2, transferee_kind="2", like="ZM-02")


def without_consent(v: Village) -> None:
    """A right is assigned, and nothing says that the issuer agreed."""
    v.assignment("ZM-03", area_m2=300.0, consented_on=None)
    v.assignment(to=3, area_m2=300.0, consented_on=v.earlier(date(2021, 12, 10), 0, 30), like="ZM-03")


def consent_elsewhere(v: Village) -> None:
    """The issuer's consent to an assignment is a paper of its own, or stands with the change of the right."""
    v.contract(6, BEGUN, ENDS)
    own = {"contract_code": f"{v.household(6)}J"}
    v.assignment(holder=6, to=3, area_m2=300.0, consented_on=None, like="ZM-03", **own)
    paper = {"certificate_code": f"{v.household(6)}J", "name": v.one_of("发包方同意转让的意见", "转让批准书")}
    v.rows["title_document"] = [paper | {"dated_on": date(2021, 12, 5)}]
    v.link(v.assignment(consented_on=None, like="ZM-03"))
    v.change("1021", to_code=v.household(2), consented_on=date(2021, 12, 5), changed_on=date(2021, 12, 12))


def exchanges(v: Village) -> None:
    """A parcel is exchanged within the group and filed; another exchange was never filed; one was before 2019."""
    v.exchange(to=2, area_m2=300.0, like="ZM-01 ZM-04")
    v.exchange("ZM-04", to=3, area_m2=300.0, filed_on=None)
    old = v.earlier(_LAW_OF_2018)
    v.exchange(to=4, area_m2=300.0, filed_on=None, signed_on=old, term_from=old, like="ZM-04")


def exchanged_away(v: Village) -> None:
    """A parcel is exchanged for land of another village."""
    v.exchange("ZM-04", transferee_code=v.far)


def exchanged_by_both(v: Village) -> None:
    """An exchange is written down from both sides, and filed once."""
    mine, other = v.parcel, v.right(2, 800.0)
    filed = date(2023, 3, 1)
    both = {"parcel_code": mine, "other_parcel_code": other, "to_code": v.household(2)}
    v.change("1041", like="ZM-04", **both, filed_on=v.one_of(filed, None))
    back = {"parcel_code": other, "other_parcel_code": mine, "from_code": v.household(2), "to_code": v.household(1)}
    v.change("1041", like="ZM-04", **back, filed_on=v.one_of(None, filed))


def sold_in_words(v: Village) -> None:
    """A paper calls itself a sale of land, or its price is for good."""
    title = {"title_text": v.one_of(*_SALES)}
    v.transfer("ZM-05", **v.one_of(title, {"price_text": "八千元，土地永久归乙方使用"}, title))


def not_sold_in_words(v: Village) -> None:
    """A lease forbids a sale; another sells the trees and the crop that stand there."""
    v.transfer(area_m2=300.0, title_text=v.one_of("出租合同（不得买卖）", "出租合同，禁止以租代卖或变卖"), like="ZM-05")
    said = v.one_of("每年600元，青苗一次性买断", "每年600元，果树变卖款另计", "每年600元，附着物买断价800元")
    v.transfer(area_m2=300.0, price_text=said, like="ZM-05")


def without_an_end(v: Village) -> None:
    """A lease has no end; an exchange has none by its nature."""
    endless = date(9999, 1, 1)
    v.transfer("ZM-05", "ZL-01", "ZL-14", area_m2=300.0, term_to=endless)
    v.exchange("ZL-01", area_m2=300.0, term_to=endless, like="ZM-05")


def fifty_years(v: Village) -> None:
    """A lease is for fifty years and paid for at once; another for a little less."""
    days = {"upfront_share": v.more(90, 100) / 100, "area_m2": 300.0}
    v.transfer("ZM-05", "ZM-06", "ZL-01", "ZL-14", term_to=v.later(date(2072, 1, 1), 0), **days)
    v.transfer("ZM-06", "ZL-01", "ZL-14", term_to=v.earlier(date(2072, 1, 1), 1, 3000), like="ZM-05", **days)


def paid_for_good(v: Village) -> None:
    """A lease outlives its contract, and nine tenths are paid in advance; another is paid year by year."""
    long = {"area_m2": 300.0, "term_to": v.later(ENDS, 1, 4000)}
    v.transfer("ZL-01", "ZM-06", upfront_share=v.more(90, 100) / 100, **long)
    v.transfer("ZL-01", upfront_share=0.9 - v.more(1, 70) / 100, like="ZM-06", **long)
    v.transfer(area_m2=300.0, upfront_share=1.0, like="ZM-06")


def paid_for_good_by_payments(v: Village) -> None:
    """A lease outlives its contract; what was paid within a month is nine tenths of its price, or less than that."""
    long = {"area_m2": 300.0, "term_to": v.later(ENDS, 1, 4000), "price_yuan": 10_000.0}
    paid = {"payee_code": v.household(1), "payee_kind": "1", "due_yuan": 9000.0, "due_on": date(2022, 1, 15)}
    first = v.transfer("ZL-01", "ZM-06", **long)
    v.pay(first, paid_yuan=9000.0 + v.more(0, 1000), paid_on=v.earlier(date(2022, 1, 31), 0, 30), **paid)
    second = v.transfer("ZL-01", like="ZM-06", **long)
    v.pay(second, paid_yuan=9000.0, paid_on=v.later(date(2022, 2, 1), 0, 300), **paid)


def sold_twice(v: Village) -> None:
    """A parcel is leased whole to two households whose terms overlap."""
    ends = date(2024, 6, 1)
    v.link(v.transfer(area_m2=1000.0, to=2, term_to=v.later(ends)))
    v.link(v.transfer(area_m2=1000.0, to=3, term_from=ends))
    v.expect("ZM-10", f"parcel:{v.parcel}")
    v.expect("ZL-09", f"parcel:{v.parcel}")


def side_by_side(v: Village) -> None:
    """Two halves of a parcel are leased to two households; two parcels of one holder to two."""
    v.link(v.transfer(area_m2=500.0, to=2), m2=500.0)
    v.link(v.transfer(area_m2=500.0, to=3), m2=510.0 - v.more(0, 50))
    other = v.right(1, 700.0)
    v.link(v.transfer(area_m2=700.0, to=4), other)
    for parcel in (v.parcel, other):
        v.resembles("ZM-10", f"parcel:{parcel}")
        v.resembles("ZL-09", f"parcel:{parcel}")


def taken_back(v: Village) -> None:
    """Land is taken back within the term; the return is dated after it."""
    v.change("901", "ZM-12", returned_on=None)
    v.change("901", "ZM-12", returned_on=v.later(date(2023, 3, 1)))


def given_back(v: Village) -> None:
    """Land is taken back after the household returned it in writing; for an expropriation; after the contract ended."""
    v.change("901", returned_on=v.earlier(date(2023, 3, 1), 0), like="ZM-12")
    v.change("901", expropriation_no="粤府土审〔2022〕1号", like="ZM-12")
    v.contract(7, date(1988, 1, 1), date(2018, 1, 1), "QY-05", method="110")
    v.change("901", from_code=v.household(7), changed_on=v.later(date(2018, 1, 1), 0), like="ZM-12")


def readjusted(v: Village) -> None:
    """Land is readjusted after a flood with two thirds and both approvals; or lacks one of them."""
    third = v.one_of(10, 17, 33)
    lawful = {"reason": v.one_of("洪水冲毁农田", "台风水毁", "山体滑坡"), "entitled_count": 3 * third}
    lawful |= {"agreed_count": 2 * third, "town_approved_on": date(2023, 2, 1), "county_approved_on": date(2023, 2, 9)}
    late = {"county_approved_on": v.later(date(2023, 3, 1))}
    flaw = v.one_of({"reason": "人口增加"}, {"agreed_count": 2 * third - 1}, {"town_approved_on": None}, late)
    v.change("902", like="ZM-12", **lawful)
    v.change("902", "ZM-12", **(lawful | flaw))


def _house(v: Village, owner: str | None, m2: float, bought: str | None = "1", **facts: Any) -> tuple[str, Any]:
    """Build a house of this area on a parcel of its own, 10 m beyond its edge; returns its code and ground."""
    parcel = v.field(1000.0)
    west, south, *_ = v.shape(parcel).bounds
    ground = shapely.box(west + 1, south - 5, west + 9, south + m2 / 8)
    code = f"房{v.group}{v.count('building'):02d}"
    row = {"code": code, "owner_code": owner, "is_bought": bought, "surveyed_on": date(2026, 3, 20)}
    v.rows.setdefault("building", []).append(row | {"geometry": ground} | facts)
    return parcel, ground


def house_sold(v: Village) -> None:
    """A house on a parcel belongs to somebody of another village, who bought it, or does not say."""
    for at, bought in enumerate(("1", None), 1):
        parcel, _ = _house(v, v.far, 10.1 + v.more(0, 80), bought)
        for rule in ("ZM-09", "ZZ-05"):
            v.expect(rule, f"parcel:{parcel}", f"building:房{v.group}{at:02d}")


def house_kept(v: Village) -> None:
    """A house on a parcel belongs to the group's people, was not bought, has its approval, or hardly stands there."""
    owners = ((v.household(2), "1"), (v.far, "2"), (None, "1"))
    for at, (owner, bought) in enumerate(owners, 1):
        parcel, _ = _house(v, owner, 80.0, bought)
        v.expect("ZZ-05", f"parcel:{parcel}", f"building:房{v.group}{at:02d}")
        v.resembles("ZM-09", f"parcel:{parcel}", f"building:房{v.group}{at:02d}")
    parcel, ground = _house(v, v.far, 80.0)
    v.approve(ground, kind="4")
    v.resembles("ZM-09", f"parcel:{parcel}", f"building:房{v.group}04")
    parcel, _ = _house(v, v.far, 9.9 - v.more(0, 9))
    v.resembles("ZM-09", f"parcel:{parcel}", f"building:房{v.group}05")


def _sell(v: Village, m2: float, land: dict[str, Any], *rules: str, gain: float | None = None, **facts: Any) -> None:
    """Assign a parcel of the first household without consent."""
    parcel = v.right(1, m2, **land)
    told = {"area_m2": m2, "consented_on": None, "gain_yuan": gain}
    v.link(v.assignment(*(rules or ("ZM-03",)), **(told | facts)), parcel, m2)


#: A class of land, and how many mu of it the criminal law asks about.
_CLASSES: tuple[tuple[dict[str, Any], int], ...] = (
    ({"is_basic_farmland": "2"}, 10), ({"is_basic_farmland": "1"}, 5),
    ({"is_basic_farmland": "2", "land_use": "031"}, 20),
)  # fmt: skip


def sales_add_up(v: Village) -> None:
    """Unlawful assignments of one household add up to the figure of the criminal law, in eight parts of an eighth."""
    land, mu = v.one_of(*_CLASSES)
    part = round(mu * _ONE_MU_M2 / 8, 2)
    for _ in range(8):
        _sell(v, part + v.more(0, 50), land)
    v.expect("ZM-11", f"contractor:{v.household(1)}")


def gains_add_up(v: Village) -> None:
    """Unlawful assignments of little land bring half a million."""
    land = _CLASSES[0][0]
    _sell(v, 400.0, land, gain=250_000.0)
    _sell(v, 400.0, land, gain=250_000.0 + v.more(0, 90_000))
    v.expect("ZM-11", f"contractor:{v.household(1)}")


def sales_do_not_add_up(v: Village) -> None:
    """Unlawful assignments stay a square metre and a yuan below the figures."""
    land, mu = v.one_of(*_CLASSES)
    half = round(mu * _ONE_MU_M2 / 2, 2)
    _sell(v, half, land, gain=250_000.0)
    _sell(v, half - v.more(1, 900), land, gain=249_999.0)
    v.resembles("ZM-11", f"contractor:{v.household(1)}")


def sales_that_do_not_count(v: Village) -> None:
    """Of ten mu and more, one sale was punished, one is long past, one was a gift, one lawful."""
    land, part = _CLASSES[0][0], 3000.0
    _sell(v, part, land)
    _sell(v, part, land, punished_on=v.earlier(JUDGED, 0, 900))
    old = v.earlier(date(JUDGED.year - 10, JUDGED.month, JUDGED.day))
    _sell(v, part, land, signed_on=old, filed_on=old, term_from=old)
    _sell(v, part, land, price_text=v.one_of("无偿", "亲属间无偿转让，不收费用"))
    lawful = v.right(1, part, **land)
    v.link(v.assignment(area_m2=part, like="ZM-03"), lawful, part)
    v.resembles("ZM-11", f"contractor:{v.household(1)}")


SCENES = (
    assignments, to_another_village, to_another_group, to_another_village_before, to_an_old_code, to_a_number,
    to_a_company, to_a_body, to_a_family_farm, without_consent, consent_elsewhere, exchanges, exchanged_away,
    exchanged_by_both, sold_in_words, not_sold_in_words, without_an_end, fifty_years, paid_for_good,
    paid_for_good_by_payments, sold_twice, side_by_side, taken_back, given_back, readjusted, house_sold, house_kept,
    sales_add_up, gains_add_up, sales_do_not_add_up, sales_that_do_not_count,
)  # fmt: skip
