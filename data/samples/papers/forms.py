"""Scenes of forms filled in: households, parcels, contracts and rights as tables of a delivery hold them.

Every village has two households whose forms agree with each other in all that the checks of quality ask of tables; a
scene changes what stands in one field, or looks as if it did.
"""

from datetime import date, timedelta
from typing import Any

from data.samples.papers.village import BEGUN, ENDS, OLD_COUNTY, Village
from data.samples.people import DISTRICT, checked

#: The checks that are asked of these forms.
CHECKS = (
    *("QC-A02", "QC-A03", "QC-A04", "QC-A05", "QC-A06", "QC-A07", "QC-A08", "QC-A09", "QC-A10", "QC-A11", "QC-A12"),
    *("QC-M01", "QC-M02", "QC-M03", "QC-R01", "QC-R02", "QC-R03", "QC-R04", "QC-R05", "QC-R06"),
    *("QC-U01", "QC-U02", "QC-U03", "QC-U04", "QC-U05"),
)
_M2, _MU = 1000.0, 1.5
_BOUNDS = ("bound_east", "bound_south", "bound_west", "bound_north")
_NOTHING = ("无", "/", " ")
#: A total in mu that is wrong is neither the sum of its parts nor its own square metres.
_TWO = ("QC-R06", "QC-M02")
#: When contracts were signed, after the survey and its notice.
_SIGNED = date(2016, 6, 1)


def fill(v: Village) -> None:
    """Two households: members, parcel, contract, right and certificate."""
    v.write("issuer", {"code": v.group})
    for number in (1, 2):
        _home(v, number)


def _home(v: Village, number: int) -> None:
    """One household of three with one parcel of 1,000 m²."""
    holder = v.household(number)
    people = [_person(v, 10 * number + at, man=at != 1) for at in range(3)]
    days = {"surveyed_on": date(2016, 3, 1), "notice_reviewed_on": date(2016, 5, 1)}
    told = {"kind": "1", "id_type": "1", "id_number": people[0], "member_count": 3, "postcode": "529600"}
    v.write("contractor", {"code": holder, "phone": "0662-1000001"} | told | days)
    for at, (person, sex, relation) in enumerate(zip(people, "121", ("02", "12", "20"), strict=True), 1):
        row = {"code": f"{holder}CY{at}", "contractor_code": holder, "id_type": "1", "id_number": person}
        v.write("member", row | {"sex": sex, "relation": relation, "is_co_owner": "1"})
    sums = {"total_m2": _M2, "total_mu": _MU, "parcel_count": 1, "signed_on": _SIGNED}
    v.contract(number, BEGUN, ENDS, **sums)
    drawn = {"element_code": "211011", "surveyed_mu": _MU, "boundary_witness": "某甲", "boundary_points": "J1/J2/J3/J4"}
    v.right(number, _M2, **(drawn | dict.fromkeys(_BOUNDS, "路")))
    areas = {"confirmed_mu": _MU, "surveyed_m2": _M2, "acquired_by": "110"}
    v.rows["parcel_right"][-1] |= areas | {"issuer_code": v.group}
    v.write("certificate", {"code": f"{holder}J", "issued_on": date(2017, 1, 1)})


def _person(v: Village, number: int, man: bool) -> str:
    """A number in the right form, another for everybody; of somebody who was born before 1890."""
    born = date(1850, 1, 1) + timedelta(days=(int(v.code[8:]) * 41 + v.turn * 9973) % 14_000)
    return checked(f"{DISTRICT}{born:%Y%m%d}{2 * number + 100 + man:03d}")


def _set(v: Village, table: str, *rules: str, at: int = 0, like: str = "", **facts: Any) -> None:
    """Fill fields of a row otherwise, for which these checks must fire."""
    row = v.rows[table][at]
    row |= facts
    code = row.get("code") or f"{row['parcel_code']}/{row['contractor_code']}"
    for rule in rules:
        v.expect(rule, f"{table}:{code}")
    for rule in like.split():
        v.resembles(rule, f"{table}:{code}")


def unknown_code(v: Village) -> None:
    """A field holds what its list does not have; another what it has."""
    _set(v, "parcel", "QC-A02", **v.one_of({"purpose": "7"}, {"category": "11"}, {"is_basic_farmland": "0"}))
    _set(v, "parcel", at=1, purpose=v.one_of("4", "5"), like="QC-A02")


def element_code(v: Village) -> None:
    """A parcel bears another layer's element code."""
    _set(v, "parcel", "QC-A03", element_code=v.one_of("211021", "211031", "0"))
    _set(v, "parcel", at=1, element_code="211011 ", like="QC-A03")


def nothing_there(v: Village) -> None:
    """An area is zero or less; another is small."""
    _set(v, "parcel_right", "QC-A04", "QC-M03", confirmed_m2=-float(v.more(0, 900)), confirmed_mu=None)
    _set(v, "contract", "QC-R06")
    _set(v, "parcel_right", "QC-M03", at=1, confirmed_m2=0.01, confirmed_mu=0.0, like="QC-A04")
    _set(v, "contract", at=1, total_m2=0.01, total_mu=0.0, like="QC-A04 QC-R06")


def bounds(v: Village) -> None:
    """One of the four bounds is not told."""
    _set(v, "parcel", "QC-A05", **{v.one_of(*_BOUNDS): v.one_of(None, *_NOTHING)})
    _set(v, "parcel", at=1, **dict.fromkeys(_BOUNDS, v.one_of("河", "某甲", "沟")), like="QC-A05")


def witness(v: Village) -> None:
    """Nobody is named who showed the boundary; of land that is not contracted nobody need be."""
    silent = v.one_of({"boundary_witness": None}, {"boundary_witness": "无"}, {"boundary_points": " "})
    _set(v, "parcel", "QC-A06", **silent)
    _set(v, "parcel", at=1, category=v.one_of("21", "22", "99"), boundary_witness=None, like="QC-A06")


def land_use(v: Village) -> None:
    """The land use is no class; it is one of either edition."""
    _set(v, "parcel", "QC-A07", land_use=v.one_of("999", "水田", "11", "01"))
    _set(v, "parcel", at=1, land_use=v.one_of("011", "0101", "0103", "013"), like="QC-A07")


def phone(v: Village) -> None:
    """A telephone number has letters, a postcode five digits; hyphens and placeholders are well."""
    wrong = v.one_of({"phone": "1000000000O"}, {"postcode": "52960"}, {"postcode": "５２９６００"})
    _set(v, "contractor", "QC-A08", **wrong)
    _set(v, "contractor", at=1, **v.one_of({"phone": "0662-100-0001"}, {"phone": "无"}), like="QC-A08")


def id_number(v: Village) -> None:
    """A number has a wrong check character, no such day of birth, or fifteen digits; a passport has its own form."""
    number = v.rows["member"][1]["id_number"]
    wrong = "0" if number[17] != "0" else "1"
    day = checked(f"{number[:10]}0230{number[14:17]}")
    _set(v, "member", "QC-A09", at=1, id_number=v.one_of(number[:17] + wrong, day, number[:6] + number[8:17]))
    _set(v, "member", at=4, id_type="5", id_number=f"G{v.more(10_000_000, 90_000_000)}", like="QC-A09")


def sex(v: Village) -> None:
    """The record of a member's sex and the number differ; a passport says nothing of it."""
    _set(v, "member", "QC-A10", **v.one_of({"sex": "2"}, {"sex": "2 "}))
    _set(v, "member", at=4, id_type="5", sex="1", like="QC-A10")


def order_of_days(v: Village) -> None:
    """A notice was reviewed on the day of the survey or before, or after the contract; another the day after."""
    survey = date(2016, 3, 1)
    wrong = v.one_of(v.earlier(survey, 0), _SIGNED)
    _set(v, "contractor", "QC-A11", surveyed_on=survey, notice_reviewed_on=wrong)
    _set(v, "contractor", at=1, notice_reviewed_on=v.later(survey, 1, 80), like="QC-A11")


def term(v: Village) -> None:
    """A contract ends on the day on which it begins, or before; another lasts a day."""
    _set(v, "contract", "QC-A12", term_to=v.earlier(BEGUN, 0))
    _set(v, "contract", at=1, term_to=v.later(BEGUN, 1, 9000), like="QC-A12")


def surveyed_area(v: Village) -> None:
    """The surveyed area is off its shape by a hundredth of a mu and more; another by less."""
    more = v.one_of(1, -1) * (7.34 + v.more(0, 900))
    _set(v, "parcel", "QC-M01", surveyed_m2=_M2 + more, surveyed_mu=None)
    _set(v, "parcel", at=1, surveyed_m2=_M2 + v.one_of(7.33, -7.33, 0.06), surveyed_mu=None, like="QC-M01")


def area_in_mu(v: Village) -> None:
    """An area in mu is two hundredths off its square metres; another one hundredth."""
    _set(v, "parcel", "QC-M02", surveyed_mu=_MU + v.one_of(1, -1) * v.more(2, 40) / 100)
    _set(v, "parcel", at=1, surveyed_mu=_MU + v.one_of(0.01, -0.01), like="QC-M02")


def confirmed_area(v: Village) -> None:
    """The confirmed area is more than a tenth off the surveyed one; another a tenth."""
    for at, m2, rules, like in ((0, 1100.01 + v.more(0, 400), ("QC-M03",), ""), (1, 1100.0, (), "QC-M03")):
        mu = round(m2 * 0.0015, 2)
        _set(v, "parcel_right", *rules, at=at, confirmed_m2=m2, confirmed_mu=mu, like=like)
        _set(v, "contract", at=at, total_m2=m2, total_mu=mu)


def right_without_parcel(v: Village) -> None:
    """A contracted parcel has no right, a right no parcel; land that is not contracted needs none."""
    facts = {key: v.rows["parcel"][0][key] for key in ("element_code", "boundary_witness", "boundary_points", *_BOUNDS)}
    bare = v.field(300.0, **facts, surveyed_mu=0.45)
    v.expect("QC-R01", f"parcel:{bare}")
    kept = v.field(300.0, **facts, surveyed_mu=0.45, category=v.one_of("22", "21"))
    v.resembles("QC-R01", f"parcel:{kept}")
    right = v.rows["parcel_right"][0] | {"parcel_code": f"{v.group}{v.more(70, 90):05d}", "contract_code": None}
    v.rows["parcel_right"].append(right)
    v.expect("QC-R01", f"parcel_right:{right['parcel_code']}/{right['contractor_code']}")


def link_lost(v: Village) -> None:
    """A right names a contract, or an issuer, that is not there; another its contractor by the county's old number."""
    if v.turn % 2:
        _set(v, "parcel_right", "QC-R02", issuer_code=f"{v.code}77")
    else:
        _set(v, "parcel_right", "QC-R02", contract_code=f"{v.household(77)}J")
        _set(v, "contract", "QC-R06")
    old = v.rows["parcel_right"][1]["contractor_code"].replace("441704", OLD_COUNTY, 1)
    v.rows["parcel_right"][1]["contractor_code"] = old
    v.resembles("QC-R02", f"parcel_right:{v.rows['parcel_right'][1]['parcel_code']}/{old}")


def household(v: Village) -> None:
    """A household counts another number of members, or has two heads; an organisation has none at all."""
    if v.turn % 2:
        _set(v, "contractor", "QC-R03", member_count=v.one_of(4, 2, 4))
    else:
        _set(v, "member", at=2, relation="01")
        _set(v, "contractor", "QC-R03")
    v.contract(9001, BEGUN, ENDS, method="121", signed_on=_SIGNED)
    v.rows["contract"][-1]["code"] = f"{v.household(9001)}Q"
    v.write("certificate", {"code": f"{v.household(9001)}Q", "issued_on": date(2017, 1, 1)})
    body = {"code": v.household(9001), "kind": "3", "id_type": "3", "id_number": "某登记号"}
    v.write("contractor", body, like="QC-R03 QC-U04")


def no_contract(v: Village) -> None:
    """A contractor has no contract, or no certificate."""
    told = {"code": v.household(8001), "kind": "2", "id_type": None, "id_number": None, "member_count": None}
    v.write("contractor", v.rows["contractor"][0] | told, "QC-R04")
    if v.turn % 2:
        v.contract(8001, BEGUN, ENDS, method="120", signed_on=_SIGNED)
        v.rows["contract"][-1]["code"] = f"{v.household(8001)}Q"
    v.resembles("QC-R04", f"contractor:{v.household(1)}")


def contracts_many(v: Village) -> None:
    """A contractor has three contracts; another has three of which one extends another."""
    for number, of, before in ((21, 1, None), (22, 1, None), (23, 2, None), (24, 2, f"{v.household(2)}J")):
        facts = {"contractor_code": v.household(of), "predecessor_code": before, "signed_on": _SIGNED}
        v.contract(number, BEGUN, ENDS, **facts)
    v.expect("QC-R05", f"contractor:{v.household(1)}")
    v.resembles("QC-R05", f"contractor:{v.household(2)}")


def contract_sums(v: Village) -> None:
    """Count or sum of a contract differ from its parcels; another by what rounding takes."""
    wrong = {"total_m2": _M2 + v.one_of(1, -1) * (3.36 + v.more(0, 90)), "total_mu": None}
    rules, facts = v.one_of((["QC-R06"], wrong), (["QC-R06"], {"parcel_count": 2}), (_TWO, {"total_mu": 1.52}))
    _set(v, "contract", *rules, **facts)
    _set(v, "contract", at=1, total_m2=_M2 + v.one_of(3.35, -3.35), like="QC-R06")


def unknown_issuer(v: Village) -> None:
    """A parcel's code begins with no issuer on record; another's with the county's old number."""
    facts = {key: v.rows["parcel"][0][key] for key in ("element_code", "boundary_witness", "boundary_points", *_BOUNDS)}
    for code, rules, like in (
        (f"{v.code}{v.more(2, 90):02d}00001", ("QC-U01",), ""),
        (f"{v.group.replace('441704', OLD_COUNTY, 1)}00099", (), "QC-U01"),
    ):
        v.field(300.0, **facts, surveyed_mu=0.45, category="22")
        _set(v, "parcel", *rules, at=-1, code=code, like=like)


def code_twice(v: Village) -> None:
    """A certificate's number stands twice."""
    code = f"{v.household(1)}J"
    v.rows["certificate"].append(dict(v.rows["certificate"][0]))
    for rank in (1, 2):
        v.expect("QC-U02", f"certificate:{code}#{rank}")
    v.resembles("QC-U02", f"certificate:{v.household(2)}J")


def number_twice(v: Village) -> None:
    """Somebody stands in two households; two who have no number stand in two."""
    child = v.rows["member"][2]["id_number"]
    _set(v, "member", at=5, id_number=v.one_of(child, f" {child}"))
    for number in (1, 2):
        v.expect("QC-U03", f"contractor:{v.household(number)}")


def no_numbers(v: Village) -> None:
    """Newborn members of two households have no number yet, and a word in its place."""
    for at, number in ((2, 1), (5, 2)):
        _set(v, "member", at=at, id_number="无", id_type="9")
        v.resembles("QC-U03", f"contractor:{v.household(number)}")


def serial(v: Village) -> None:
    """A person bears a household's serial; the last of the households its own."""
    for number, kind, rules, like in (
        (v.more(3, 8000), v.one_of("2", "3"), ("QC-U04",), ""),
        (8001, "2", (), "QC-U04"),
    ):
        row = {"code": v.household(number), "kind": kind, "id_type": "9"}
        v.write("contractor", row, *rules, like=like)
        v.contract(number, BEGUN, ENDS, method="120", signed_on=_SIGNED)
        v.rows["contract"][-1]["code"] = f"{v.household(number)}Q"
        v.write("certificate", {"code": f"{v.household(number)}Q", "issued_on": date(2017, 1, 1)})


def letter(v: Village) -> None:
    """A contract by tender bears the letter of households; of an assignment the letter says nothing."""
    _set(v, "contract", "QC-U05", method=v.one_of("121", "122", "123", "120"))
    _set(v, "contract", at=1, method=v.one_of("200", "900", "300"), like="QC-U05")


SCENES = (
    unknown_code, element_code, nothing_there, bounds, witness, land_use, phone, id_number, sex, order_of_days, term,
    surveyed_area, area_in_mu, confirmed_area, right_without_parcel, link_lost, household, no_contract, contracts_many,
    contract_sums, unknown_issuer, code_twice, number_twice, no_numbers, serial, letter,
)  # fmt: skip
