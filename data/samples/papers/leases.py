"""Scenes of leases between households, and to companies."""

from datetime import date, timedelta

import shapely

from data.samples.papers.village import BEGUN, ENDS, JUDGED, Village

#: Where a law or an article begins.
_LAW, _LAW_OF_2018, _CONTRACT_LAW = date(2003, 3, 1), date(2019, 1, 1), date(1999, 10, 1)
_DAY = timedelta(days=1)
#: 20 mu, and the 100 mu of a village from which the town reviews a company, as registers state them.
_TWENTY_MU_M2, _COMPANY = 13_333.33, 9001


def leases(v: Village) -> None:
    """A lease in order; one by an agent with a mandate; a sublease that the holder agreed to."""
    first = v.transfer(area_m2=300.0, like="ZM-01 ZM-02 ZM-03")
    v.transfer(area_m2=300.0, signer_code=v.household(3), mandate_no="委托1号", like="ZL-12")
    consented = {"upstream_code": first, "holder_consented_on": date(2021, 12, 1)}
    v.transfer(area_m2=300.0, holder=2, to=3, like="ZL-07", **consented)


def under_the_older_law(v: Village) -> None:
    """A lease from before the law on contracting: without clauses, never filed, too long, signed by a son."""
    signed = v.earlier(_LAW)
    bare = dict.fromkeys(("has_duties", "has_compensation", "has_breach"), "2") | {"filed_on": None, "use_after": None}
    days = {"signed_on": signed, "term_from": _LAW, "term_to": date(2032, 12, 31), "upfront_share": 1.0}
    v.transfer("ZL-14", like="ZL-01 ZL-04 ZL-05 ZL-12 ZM-06", signer_code=v.household(3), **bare, **days)


def too_long(v: Village) -> None:
    """A lease ends after its contract; another on its last day."""
    v.transfer("ZL-01", area_m2=300.0, term_to=v.later(ENDS))
    v.transfer(area_m2=300.0, term_to=ENDS, like="ZL-01")


def renewed_in_time(v: Village) -> None:
    """A lease ends after its contract, which has been extended."""
    v.extend()
    v.transfer(term_to=v.later(ENDS, 1, 4500), upfront_share=1.0, like="ZL-01 ZM-06")


def renewed_twice(v: Village) -> None:
    """A lease of 2012 ends after its contract, which was signed anew when land was confirmed, and then extended."""
    v.contract(50, BEGUN, ENDS, contractor_code=v.household(1), signed_on=date(2016, 5, 1), predecessor_code=(
        f"{v.household(1)}J"
    ))  # fmt: skip
    v.extend(of=50)
    days = {"signed_on": date(2012, 5, 1), "filed_on": date(2012, 5, 5), "term_from": date(2012, 6, 1)}
    v.transfer(term_to=v.later(ENDS, 1, 1200), upfront_share=1.0, like="ZL-01 ZM-06", **days)


def ends_first(v: Village) -> None:
    """A lease ends before it begins; another lasts a day."""
    v.transfer("ZL-02", area_m2=300.0, term_from=date(2024, 1, 1), term_to=v.earlier(date(2024, 1, 1), 0))
    v.transfer(area_m2=300.0, term_from=date(2024, 1, 1), term_to=date(2024, 1, 2), like="ZL-02")


def begins_too_early(v: Village) -> None:
    """A lease begins before its contract does; another on its first day."""
    days = {"signed_on": date(2004, 2, 1), "filed_on": date(2004, 2, 10), "term_to": date(2010, 12, 31)}
    v.transfer("ZL-02", area_m2=300.0, term_from=v.earlier(BEGUN), **days)
    v.transfer(area_m2=300.0, term_from=BEGUN, like="ZL-02", **days)


def extended_early(v: Village) -> None:
    """A lease stands on the extension of a contract and began under the contract that it extends."""
    v.transfer(contract_code=v.extend(), term_to=date(2040, 12, 31), like="ZL-02")


def farmed_by_another(v: Village) -> None:
    """Somebody has farmed the parcel for more than a year, and a lease to somebody else is over."""
    v.seen("ZL-03", since=v.earlier(date(2026, 3, 1), 366))
    days = {"signed_on": date(2018, 12, 1), "filed_on": date(2018, 12, 5), "term_from": date(2019, 1, 1)}
    v.transfer(term_to=date(2022, 12, 31), **days)


def farmed_for_a_year(v: Village) -> None:
    """Somebody has tilled the parcel for a year at most."""
    v.seen(since=v.later(date(2025, 3, 1), 0, 300), like="ZL-03")


def farmed_by_its_tenant(v: Village) -> None:
    """The tenant farms the parcel."""
    v.seen(by=2, like="ZL-03")
    v.rows["parcel_right"][0]["transfer_code"] = v.transfer(area_m2=1000.0)


def farmed_by_some_tenant(v: Village) -> None:
    """A tenant of the holder farms the parcel; which parcels his lease is of was not written down."""
    v.seen(by=2, like="ZL-03")
    v.transfer(area_m2=1000.0)


def farmed_by_a_holder(v: Village) -> None:
    """One of two households that hold the parcel farms it."""
    v.seen(by=3, like="ZL-03")
    right = v.rows["parcel_right"][0]
    v.rows["parcel_right"].append(right | {"contractor_code": v.household(3), "contract_code": None})


def stays_on(v: Village) -> None:
    """A lease is over, and its tenant was seen on the parcel afterwards."""
    days = {"signed_on": date(2018, 12, 1), "filed_on": date(2018, 12, 5), "term_from": date(2019, 1, 1)}
    code = v.transfer("ZL-16", area_m2=1000.0, term_to=v.earlier(date(2026, 2, 28), 0), **days)
    v.link(code)
    v.seen("ZL-03", by=2, since=date(2019, 1, 1))


def clause_missing(v: Village) -> None:
    """A lease lacks one of its items."""
    items = ({"has_duties": "2"}, {"has_breach": "2"}, {"has_compensation": "2"}, {"price_text": "  "})
    v.transfer("ZL-04", **v.one_of(*items, {"use_after": None}, {"area_m2": None}))


def compensation_unsaid(v: Village) -> None:
    """A lease does not say whose the compensation is: signed under the law of 2018, and under the law before."""
    days = {"term_from": date(2019, 2, 1), "has_compensation": "2"}
    new, old = v.later(_LAW_OF_2018, 0, 30), v.earlier(_LAW_OF_2018)
    v.transfer("ZL-04", area_m2=300.0, signed_on=new, filed_on=new, **days)
    v.transfer(area_m2=300.0, signed_on=old, filed_on=old, like="ZL-04", **days)


def caretaking(v: Village) -> None:
    """A neighbour tills for the holder for a year with no contract worth the name; another for longer than that."""
    bare = dict.fromkeys(("has_duties", "has_compensation", "has_breach"), "2") | {"is_caretaking": "1"}
    days = {"signed_on": date(2025, 2, 25), "filed_on": None, "term_from": date(2025, 3, 1)}
    ends = date(2026, 3, 1)
    v.transfer(area_m2=300.0, term_to=v.earlier(ends, 0, 200), like="ZL-04 ZL-05", **bare, **days)
    v.transfer("ZL-04", "ZL-05", area_m2=300.0, term_to=v.later(ends, 1, 200), **bare, **days)


def filed_late(v: Village) -> None:
    """One lease was never filed, one after the fifteenth day, one by it."""
    v.transfer("ZL-05", area_m2=300.0, filed_on=None)
    v.transfer("ZL-05", area_m2=300.0, filed_on=v.later(date(2021, 12, 10), 16))
    v.transfer(area_m2=300.0, filed_on=v.earlier(date(2021, 12, 25), 0, 15), like="ZL-05")


def to_be_filed(v: Village) -> None:
    """A lease was signed sixteen days ago and is not filed; another still has a day."""
    begins = {"filed_on": None, "term_from": JUDGED + _DAY, "area_m2": 300.0}
    v.transfer("ZL-05", signed_on=v.earlier(JUDGED, 16), **begins)
    v.transfer(signed_on=v.later(JUDGED - 15 * _DAY, 0, 14), like="ZL-05", **begins)


def turned_to_building(v: Village) -> None:
    """A lease turns fields to use that is no farming, whatever number stands there."""
    v.transfer("ZL-06", use_after="5", approval_no=v.one_of(None, "镇批2号"))


def turned_to_ponds(v: Village) -> None:
    """A lease turns fields to ponds with no approval; one has its approval; one is of ponds that stay ponds."""
    v.transfer("ZL-06", area_m2=300.0, use_after=v.one_of("4", "2", "3"))
    v.transfer(area_m2=300.0, use_after="4", approval_no="县批7号", like="ZL-06")
    v.transfer(area_m2=300.0, use_before="4", use_after="4", like="ZL-06")


def built_under_a_lease(v: Village) -> None:
    """Two images of the time of a lease show that its parcel was built on."""
    _leased_and_built(v, "ZL-06", before=v.later(date(2022, 1, 1), 0, 300), m2=float(v.more(50, 600)))


def built_before_its_lease(v: Village) -> None:
    """What was built on a leased parcel may have stood there before the lease."""
    _leased_and_built(v, before=v.earlier(date(2021, 12, 31), 0), m2=400.0)


def built_with_approval(v: Village) -> None:
    """What was built on a leased parcel while the lease ran has its approval."""
    v.approve(_leased_and_built(v, before=date(2022, 5, 1), m2=400.0, bare=False))


def _leased_and_built(v: Village, *rules: str, before: date, m2: float, bare: bool = True) -> shapely.Geometry:
    """Lease the parcel and build on a part of it; where that is not approved, monitoring tells it of the parcel too."""
    code = v.transfer(*rules, area_m2=1000.0, like="" if rules else "ZL-06")
    v.link(code)
    west, south, *_ = v.shape(v.parcel).bounds
    patch = shapely.box(west + 1, south + 2, west + 9, south + 2 + m2 / 8)
    days = {"before_on": before, "surveyed_on": date(2024, 5, 10)}
    v.rows.setdefault("change_patch", []).append({"class_code": v.one_of("20", "YH"), "geometry": patch} | days)
    if bare:
        v.expect("ZZ-04", f"parcel:{v.parcel}", "change_patch")
    return patch


def passed_on(v: Village) -> None:
    """A lease is passed on without the holder's word; before the law of 2018 that was no matter of his."""
    first = v.transfer(area_m2=300.0, like="ZL-07")
    v.transfer("ZL-07", area_m2=300.0, holder=2, to=3, upstream_code=first)
    old = {"signed_on": v.earlier(_LAW_OF_2018), "filed_on": date(2018, 12, 31), "term_from": _LAW_OF_2018}
    above = v.transfer(area_m2=300.0, **(old | {"filed_on": old["signed_on"]}))
    late = old | {"filed_on": old["signed_on"]}
    v.transfer(area_m2=300.0, holder=2, to=3, upstream_code=above, like="ZL-07", **late)


def passed_on_for_too_long(v: Village) -> None:
    """A sublease, with the holder's word, ends after the lease that it passes on; another with it."""
    said = {"area_m2": 200.0, "holder": 2, "to": 3, "holder_consented_on": date(2021, 12, 1)}
    first = v.transfer(area_m2=500.0, term_to=date(2026, 6, 30))
    v.transfer("ZL-07", upstream_code=first, term_to=v.later(date(2026, 6, 30), 1, 140), **said)
    v.transfer(upstream_code=first, term_to=date(2026, 6, 30), like="ZL-07", **said)


def passed_on_twice(v: Village) -> None:
    """A chain of three: the second outlives the first, so the third does too, though the second covers it."""
    said = {"area_m2": 200.0, "holder_consented_on": date(2021, 12, 1)}
    first = v.transfer(area_m2=200.0, term_to=date(2025, 12, 31))
    second = v.transfer("ZL-07", holder=2, to=3, upstream_code=first, **said)
    v.transfer("ZL-07", holder=3, to=4, upstream_code=second, term_to=v.later(date(2025, 12, 31), 1, 300), **said)


def _taken_in(v: Village, *areas: float, to: int = _COMPANY, kind: str = "4", first: int = 11, **facts: object) -> None:
    """Households that each have so much lease all of it to one party."""
    for number, m2 in enumerate(areas, first):
        v.contract(number, BEGUN, ENDS)
        v.right(number, m2)
        own = {"contract_code": f"{v.household(number)}J", "transferee_kind": kind, "area_m2": m2}
        v.transfer(holder=number, to=to, **(own | facts))


def company_unreviewed(v: Village) -> None:
    """A company takes in a hundred mu of a village, twenty from each of five households, and nobody reviewed it."""
    _taken_in(v, *[_TWENTY_MU_M2 + v.more(0, 5000)] * 5)
    v.expect("ZL-08", f"contractor:{v.household(_COMPANY)}")


def company_reviewed_late(v: Village) -> None:
    """A company was reviewed after it had signed."""
    _taken_in(v, *[_TWENTY_MU_M2 + 100] * 5, reviewed_on=v.later(date(2021, 12, 10)))
    v.expect("ZL-08", f"contractor:{v.household(_COMPANY)}")


def company_reviewed(v: Village) -> None:
    """A company was reviewed by the day on which it signed."""
    _taken_in(v, *[_TWENTY_MU_M2 + 100] * 5, reviewed_on=v.earlier(date(2021, 12, 10), 0))
    v.resembles("ZL-08", f"contractor:{v.household(_COMPANY)}")


def companies_of_less(v: Village) -> None:
    """A company takes in a little less than a hundred mu; a cooperative takes in more."""
    _taken_in(v, *[_TWENTY_MU_M2] * 4, _TWENTY_MU_M2 - v.more(1, 5000))
    v.resembles("ZL-08", f"contractor:{v.household(_COMPANY)}")
    _taken_in(v, *[_TWENTY_MU_M2 + 100] * 2, 70_000.0, to=_COMPANY + 1, kind="3", first=21)
    v.resembles("ZL-08", f"contractor:{v.household(_COMPANY + 1)}")


def company_of_before(v: Village) -> None:
    """A company signed before there were reviews; of another the greater part is over."""
    old = v.earlier(_LAW_OF_2018)
    _taken_in(v, *[_TWENTY_MU_M2 + 100] * 5, signed_on=old, filed_on=old)
    v.resembles("ZL-08", f"contractor:{v.household(_COMPANY)}")
    _taken_in(v, *[_TWENTY_MU_M2 + 100] * 4, to=_COMPANY + 1, first=21, term_to=v.earlier(JUDGED, 1, 300))
    _taken_in(v, 2 * _TWENTY_MU_M2, to=_COMPANY + 1, first=31)
    v.resembles("ZL-08", f"contractor:{v.household(_COMPANY + 1)}")


def more_than_there_is(v: Village) -> None:
    """Leases of one holder at one time add up to more than he has and a hundredth; which parcels, nobody wrote."""
    v.transfer(area_m2=600.0)
    v.transfer(area_m2=410.0 + v.more(1, 5000) / 100, to=2)
    v.expect("ZL-09", f"contractor:{v.household(1)}")


def more_than_the_parcel(v: Village) -> None:
    """One tenant has two leases of the same parcel that add up to more than it is."""
    v.link(v.transfer(area_m2=600.0), m2=600.0)
    v.link(v.transfer(area_m2=450.0), m2=410.0 + v.more(1, 4000) / 100)
    v.expect("ZL-09", f"parcel:{v.parcel}")
    v.resembles("ZM-10", f"parcel:{v.parcel}")


def as_much_as_there_is(v: Village) -> None:
    """Leases at one time add up to what is confirmed and a hundredth, no more."""
    v.transfer(area_m2=600.0)
    v.transfer(area_m2=410.0 - v.more(0, 300), to=3)
    v.resembles("ZL-09", f"contractor:{v.household(1)}")


def one_after_another(v: Village) -> None:
    """Two leases of all the land, the second from the day on which the first ends."""
    change = v.later(date(2024, 1, 1), 0)
    v.link(v.transfer(area_m2=1000.0, term_to=change), m2=1000.0)
    v.link(v.transfer(area_m2=1000.0, to=3, term_from=change), m2=1000.0)
    v.resembles("ZL-09", f"parcel:{v.parcel}")
    v.resembles("ZM-10", f"parcel:{v.parcel}")


def taken_in_and_let(v: Village) -> None:
    """A household lets its own land and what it has taken in."""
    v.contract(2, BEGUN, ENDS)
    v.right(2, 500.0)
    first = v.transfer(area_m2=300.0)
    own = {"contract_code": f"{v.household(2)}J", "upstream_code": first, "holder_consented_on": date(2021, 12, 1)}
    v.transfer(holder=2, to=3, area_m2=800.0 - v.more(0, 200), **own)
    v.resembles("ZL-09", f"contractor:{v.household(2)}")


def certificate_gone(v: Village) -> None:
    """A certificate was cancelled, and a lease runs on; an older lease was over."""
    v.transfer("ZL-11", area_m2=300.0)
    v.transfer(area_m2=300.0, term_to=v.earlier(JUDGED, 1, 400), like="ZL-11")
    v.write("certificate_cancelled", _cancelled(v, v.earlier(JUDGED, 0)))


def certificate_renewed(v: Village) -> None:
    """A certificate was cancelled and issued anew; another will be cancelled when its notice is over."""
    v.transfer(like="ZL-11")
    v.write("certificate_cancelled", _cancelled(v, date(2024, 5, 1)))
    new = v.later(date(2024, 5, 2), 0, 90)
    row = {"code": f"{v.household(1)}J", "issued_on": new, "is_collected": "1", "collected_on": new}
    v.write("certificate", row)


def _cancelled(v: Village, day: date) -> dict[str, object]:
    return {"certificate_code": f"{v.household(1)}J", "cancelled_on": day}


def taken_under_a_lease(v: Village) -> None:
    """A parcel was expropriated, and its lease runs on."""
    v.link(v.transfer("ZL-11", area_m2=1000.0))
    v.change("1033", expropriation_no="粤府土审〔2024〕9号", changed_on=v.earlier(JUDGED, 0))


def to_be_taken(v: Village) -> None:
    """A parcel will be expropriated after the day of judging; another was only measured anew."""
    v.link(v.transfer(area_m2=1000.0, like="ZL-11"))
    v.change("1033", expropriation_no="粤府土审〔2026〕9号", changed_on=v.later(JUDGED))
    v.change("1033", changed_on=date(2024, 5, 1))


def signed_by_neighbour(v: Village) -> None:
    """Somebody signed for the holder, with no mandate, or with nothing where its number stands."""
    v.transfer("ZL-12", signer_code=v.household(3), mandate_no=v.one_of(None, " "))


def signed_by_the_village(v: Village) -> None:
    """The village signed for a household that gave no mandate, and for one that did."""
    v.transfer("ZL-12", area_m2=300.0, signer_code=v.group)
    v.transfer(area_m2=300.0, signer_code=v.group, mandate_no=f"委托{v.more(2, 90)}号", like="ZL-12")


def rent_elsewhere(v: Village) -> None:
    """Rent goes to somebody else; to the collective, with no paper that allows it."""
    v.pay(v.transfer(area_m2=300.0), "ZL-13", payee_code=v.household(3), payee_kind="3")
    v.pay(v.transfer(area_m2=300.0), "ZL-13", payee_kind="2")


def rent_kept(v: Village) -> None:
    """The collective keeps a part of the rent; elsewhere a paper allows it."""
    own = {"payee_code": v.household(1), "payee_kind": "1", "retained_yuan": v.more(1, 10000) / 100}
    v.pay(v.transfer(area_m2=300.0), "ZL-13", **own)
    v.pay(v.transfer(area_m2=300.0), retention_no="村约3号", like="ZL-13", **own)


def rent_paid(v: Village) -> None:
    """Rent goes to the holder; to the collective, which a paper allows; and compensation to the collective."""
    v.pay(v.transfer(area_m2=300.0), payee_code=v.household(1), payee_kind="1", like="ZL-13")
    code = v.transfer(area_m2=300.0)
    v.pay(code, payee_kind="2", retention_no="村约3号", like="ZL-13")
    v.pay(code, kind="3", payee_kind="2", like="ZL-13")


def more_than_twenty_years(v: Village) -> None:
    """A lease on an extended contract runs for more than twenty years; another for twenty; an assignment for longer."""
    v.extend()
    days = {"signed_on": date(2021, 5, 20), "filed_on": date(2021, 5, 25), "term_from": date(2021, 6, 1)}
    v.transfer("ZL-14", area_m2=300.0, term_to=v.later(date(2041, 6, 1), 1, 3000), **days)
    v.transfer(area_m2=300.0, term_to=v.earlier(date(2041, 6, 1), 0), like="ZL-14", **days)
    v.assignment(area_m2=300.0, term_to=date(2058, 12, 31), like="ZL-14", **days)


def twenty_years_before(v: Village) -> None:
    """A lease of twenty-five years was signed before the Contract Law; another when it was the law."""
    signed, since = v.earlier(_CONTRACT_LAW, 1, 200), v.later(_CONTRACT_LAW, 0)
    long = {"term_from": date(2003, 1, 1), "term_to": date(2027, 12, 31), "area_m2": 300.0}
    v.transfer(signed_on=signed, filed_on=signed, like="ZL-14", **long)
    v.transfer("ZL-14", signed_on=since, filed_on=since, **long)


def ends_soon(v: Village) -> None:
    """A lease ends within half a year of the day of judging; another a day later than that."""
    soon = JUDGED + 180 * _DAY
    v.transfer("ZL-16", area_m2=300.0, term_to=v.earlier(soon, 0, 180))
    v.transfer(area_m2=300.0, to=3, term_to=v.later(soon, 1, 300), like="ZL-16")


def goes_on(v: Village) -> None:
    """A lease ends soon, and another to the same tenant follows it."""
    ends = v.later(JUDGED, 1, 170)
    v.link(v.transfer(area_m2=1000.0, term_to=ends, like="ZL-16"))
    days = {"signed_on": date(2026, 11, 1), "filed_on": date(2026, 11, 5), "term_from": ends}
    v.link(v.transfer(area_m2=1000.0, term_to=ENDS, **days))


def left_in_time(v: Village) -> None:
    """A lease is over, and its tenant was last seen while it ran."""
    v.link(v.transfer(area_m2=1000.0, term_to=v.later(date(2026, 3, 1), 1, 200), like="ZL-16"))
    v.seen(by=2, like="ZL-03")


SCENES = (
    leases, under_the_older_law, too_long, renewed_in_time, renewed_twice, ends_first, begins_too_early,
    extended_early, farmed_by_another, farmed_for_a_year, farmed_by_its_tenant, farmed_by_some_tenant,
    farmed_by_a_holder, stays_on, clause_missing, compensation_unsaid, caretaking, filed_late, to_be_filed,
    turned_to_building, turned_to_ponds, built_under_a_lease, built_before_its_lease, built_with_approval, passed_on,
    passed_on_for_too_long, passed_on_twice, company_unreviewed, company_reviewed_late, company_reviewed,
    companies_of_less, company_of_before, more_than_there_is, more_than_the_parcel, as_much_as_there_is,
    one_after_another, taken_in_and_let, certificate_gone, certificate_renewed, taken_under_a_lease, to_be_taken,
    signed_by_neighbour, signed_by_the_village, rent_elsewhere, rent_kept, rent_paid, more_than_twenty_years,
    twenty_years_before, ends_soon, goes_on, left_in_time,
)  # fmt: skip
