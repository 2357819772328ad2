"""A finding explained to somebody who was not there: documents, timeline, how sure it is, what could settle it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api import people
from api.errors import NotFound, NotReady
from api.office import Office
from api.people import Person
from api.work import chains, images, review, shown, sides, two_images
from data.session import srid_of
from data.store import documents, findings, timeline
from data.store.documents import Drawn, Paper
from data.store.versions import then
from data.tables import FACTS, Parcel
from geo.codes import label
from geo.proposal import Offers, Proposal, proposals
from geo.repair import repaired
from geo.shapes import opened
from geo.tolerance import SURVEYED_M, Curve, curve
from web import dossier_paper, drawing, explain, labels, press

#: Parcels that are drawn around a dispute.
NEIGHBOURS = 200
#: Contracted areas by which a dispute is divided: of the former contract, else those that were confirmed.
CONTRACTED = ("contract_m2", "confirmed_m2")


@dataclass(frozen=True)
class Party:
    """One side: its reference, its shape of today, and what the books hold of it."""

    layer: str
    code: str
    drawn: Drawn | None
    held: Mapping[str, Any]

    @cached_property
    def shape(self) -> shapely.Geometry | None:
        """The shape in metres, as a repaired copy where it is invalid."""
        return None if self.drawn is None else _sound(self.drawn.wkb)


@dataclass(frozen=True)
class Case:
    """One finding with both parties and the ground in dispute, in metres."""

    row: Mapping[str, Any]
    a: Party
    b: Party | None
    cut: shapely.Geometry | None
    srid: int

    @property
    def parties(self) -> dict[str, Party]:
        """Both parties by the letter of their side."""
        return {"a": self.a} | ({"b": self.b} if self.b else {})

    @property
    def disputed(self) -> shapely.Geometry | None:
        """The ground that two claim; a finding about one thing alone has none."""
        return self.cut if self.row["shared_m2"] is not None else None

    @property
    def ground(self) -> shapely.Geometry | None:
        """The ground it is about: what is disputed, else the shape of its subject."""
        return self.cut if self.cut is not None else self.a.shape


def explained(office: Office, person: Person, key: str, lang: str) -> dict[str, Any]:
    """Explain one finding of a person's area; drawings are labelled in `lang`, all words come in both languages."""
    with office.begin() as session:
        row = findings.dossier(session, key, person.scope)
        case = case_of(session, row)
        outside = {side: not _covers(person, party) for side, party in case.parties.items()}
        papers = {side: _papers(session, party, outside[side]) for side, party in case.parties.items()}
        ever = _ever(session, person, case)
        group = chains.told(session, person, row, _effects)
        around = _around(session, case)
        folder = office.settings.folder(images.FOLDER)
        seen = two_images.told(session, folder, person.scope, row, case.ground, case.srid, lang)
    sure, offers = sureness(case), offered(case)
    tolerance = _tolerance(sure, lang) if sure else None
    told = {side: papers.get(side) for side in ("a", "b")}
    words = tolerance["words"] if tolerance else None
    return {
        "key": key,
        "in_short": explain.in_short(row, told, words, review.charge(row["events"]), date.today()),
        "sides": told,
        "timeline": ever,
        "tolerance": tolerance,
        "proposals": _proposals(case, offers, lang) if offers else None,
        "group": group,
        "drawing": _drawing(case, around, lang),
        "comparisons": seen,
    }


def asked(office: Office, account: str, beginning: str) -> tuple[Person, str]:
    """Whose account asks at the machine itself, and the one finding whose key begins so."""
    with office.begin() as session:
        person = people.named(session, account)
        if person is None:
            raise NotFound("没有这个账户。", "There is no such account.", "account")
        keys = findings.beginning(session, beginning, person.scope)
    if len(keys) != 1:
        raise NotFound("没有、或不止一条线索以此开头。", "None, or more than one finding begins so.", "finding")
    return person, keys[0]


def printed(office: Office, person: Person, key: str, lang: str) -> bytes:
    """Print the dossier of one finding of a person's area."""
    finding, told = review.dossier(office, person, key), explained(office, person, key, lang)
    try:
        return dossier_paper.pdf(finding, told, date.today(), lang)
    except press.FontMissing as error:
        raise NotReady(error.zh, error.en, error.code) from None


def case_of(session: Session, row: Mapping[str, Any]) -> Case:
    """Gather both parties of a finding as they are today."""
    a, b = (_party(session, row[name]) for name in ("subject", "against"))
    assert a is not None
    cut = None if row["geom_wkb"] is None else _sound(bytes(row["geom_wkb"]))
    return Case(row, a, b, cut, srid_of(session))


def _sound(wkb: bytes) -> shapely.Geometry | None:
    """A shape that can be compared: a repaired copy where it is invalid, none where that is too much or it is empty."""
    shape = shapely.force_2d(shapely.from_wkb(wkb))
    if not shape.is_valid:
        shape = repaired(np.array([shape], dtype=object))[0]
    return None if shape is None or shape.is_empty else shape


def _party(session: Session, ref: str | None) -> Party | None:
    """One side by its reference; a layer as a whole is no party."""
    named = shown.party(ref)
    if named is None or not named["code"]:
        return None
    layer, code = named["layer"], named["code"]
    held = sides.held(session, code) if layer == "parcel" else {}
    return Party(layer, code, documents.drawn(session, layer, code), held)


def _covers(person: Person, party: Party) -> bool:
    """Whether a party lies in a person's area; survey features and hashes belong to no village."""
    return party.layer not in FACTS or not party.code[:12].isdigit() or person.covers(party.code)


def _papers(session: Session, party: Party, outside: bool) -> dict[str, Any]:
    """Which documents speak for a side; of a party in another area only its shape and areas are told."""
    found: list[Paper] = []
    if not outside and party.layer == "parcel":
        found = documents.of_parcel(session, party.code)
    elif not outside and party.layer == "reserved":
        found = documents.of_reserved(session, party.code)
    drawn = party.drawn
    surveyed = session.scalar(select(Parcel.surveyed_m2).where(Parcel.code == party.code, *then(Parcel)))
    return {
        "layer": party.layer,
        "code": party.code,
        "outside": outside,
        "holder": party.held.get("contractor"),
        "areas": {
            "contract_m2": party.held.get("contract_m2"),
            "surveyed_m2": surveyed,
            "confirmed_m2": party.held.get("confirmed_m2"),
            "drawn_m2": drawn.area_m2 if drawn else None,
        },
        "delivery": None
        if drawn is None
        else {"upload": drawn.upload_id, "surveyed_on": drawn.surveyed_on, "received_on": drawn.received_at.date()},
        "papers": [_paper(paper) for paper in found],
    }


def _paper(paper: Paper) -> dict[str, Any]:
    said = paper.said if paper.said and paper.said[1] else None
    names = ("kind", "code", "name", "on", "area_m2", "consented_on")
    return {name: getattr(paper, name) for name in names} | {
        "from": paper.begins,
        "to": paper.ends,
        "said": {lang: label(*said, lang) for lang in labels.LANGUAGES} if said else None,
    }


def _ever(session: Session, person: Person, case: Case) -> dict[str, Any] | None:
    """All that ever lay here; papers about parcels of another area are counted only."""
    if case.ground is None:
        return None
    found = timeline.ever(session, case.ground)
    ours = [one for one in found.items if "parcel_code" not in one.said or person.covers(one.said["parcel_code"])]
    names = chains.names(session, {one.said[who] for one in ours for who in ("holder", "other") if who in one.said})
    return {
        "items": [_once(one, names) for one in ours],
        "elsewhere": len(found.items) - len(ours),
        "complete": found.complete,
    }


#: The category of a parcel of which its layer's name says enough.
CONTRACTED_LAND = "10"
_LISTS = {
    **{"contract": "CBFS", "transfer": "CBFS", "right_change": "BGLX", "parcel": "DKLB"},
    **{"landcover": "DLBM", "landcover_before": "DLBM", "change_patch": "TBLX"},
}


def _once(one: timeline.Layer, names: Mapping[str, str | None]) -> dict[str, Any]:
    """One version of one thing."""
    said = one.said
    code = said.get("said") or said.get("class_code")
    listed = _LISTS.get(one.layer)
    code = None if one.layer == "parcel" and code == CONTRACTED_LAND else code
    meaning = {lang: label(listed, code, lang) for lang in labels.LANGUAGES} if listed and code else None
    told = {name: getattr(one, name) for name in ("layer", "code", "day", "known_from", "corrected_at", "surveyed_on")}
    return told | {
        "from": one.begins,
        "to": one.ends,
        "upload": one.upload_id,
        "came_on": one.came_on,
        "name": said.get("name") if one.layer != "parcel" else None,
        "said": meaning or ({"zh": code, "en": code} if code else None),
        "parcel": said.get("parcel_code"),
        "holder": chains.household(said.get("holder"), names),
        "other": chains.household(said.get("other"), names),
        "area_m2": said.get("area_m2"),
        "shared_m2": said.get("shared_m2"),
    }


def sureness(case: Case) -> Curve | None:
    """How the dispute stands at every tolerance, where its rule speaks from some area on."""
    least = case.row["thresholds"].get("min_area_m2")
    return curve(case.disputed, float(least)) if case.disputed is not None and least is not None else None


def _tolerance(sure: Curve, lang: str) -> dict[str, Any]:
    return {
        "taken_for": sure.taken_for,
        "words": explain.verdict(sure),
        "area_m2": sure.area_m2,
        "width_m": sure.width_m,
        "least_m2": sure.least_m2,
        "steps": [vars(step) for step in sure.steps],
        "svg": drawing.tolerances(sure, lang),
    }


def offered(case: Case) -> Offers | None:
    """What could settle a dispute between two parcels of today; None where there is no such dispute."""
    a, b = case.a, case.b
    if b is None or (a.layer, b.layer) != ("parcel", "parcel") or case.row["presence"] != "present":
        return None
    if a.shape is None or b.shape is None or case.disputed is None:
        return None
    contracted = _contracted(a, b)
    return proposals(a.shape, b.shape, older=_older(a, b), contract_a_m2=contracted[0], contract_b_m2=contracted[1])


def _contracted(a: Party, b: Party) -> tuple[float | None, float | None]:
    """The contracted areas of both sides, from the same kind of paper."""
    for name in CONTRACTED:
        both = a.held.get(name), b.held.get(name)
        if all(both):
            return both
    return None, None


def _older(a: Party, b: Party) -> str | None:
    """The side whose shape was surveyed first, or came first; none where one delivery brought both."""
    if a.drawn is None or b.drawn is None or a.drawn.upload_id == b.drawn.upload_id:
        return None
    ages = [(side.on, side.received_at) for side in (a.drawn, b.drawn)]
    return None if ages[0] == ages[1] else "a" if ages[0] < ages[1] else "b"


def _proposals(case: Case, offers: Offers, lang: str) -> dict[str, Any]:
    return {
        "items": [_offer(case, one, lang) for one in offers.proposals],
        "not_offered": [
            {"kind": kind, "why": why, "words": explain.hindrance(kind, why)} for kind, why in offers.hindrances.items()
        ],
    }


def _offer(case: Case, one: Proposal, lang: str) -> dict[str, Any]:
    assert case.b is not None
    contracted = dict(zip("ab", _contracted(case.a, case.b), strict=True))
    after, gives = {"a": one.a, "b": one.b}, {"a": one.gives_up_a_m2, "b": one.gives_up_b_m2}
    box = drawing.frame(_core(case.disputed))
    return {
        "kind": one.kind,
        "words": explain.both(f"proposal_{one.kind}_is"),
        "older": _older(case.a, case.b) if one.kind == "older" else None,
        "sides": {
            side: {
                "holder": party.held.get("contractor"),
                "before_m2": round(party.shape.area, 2),
                "after_m2": round(after[side].area, 2),
                "change_m2": round(-gives[side], 2),
                "contract_m2": contracted[side],
            }
            for side, party in case.parties.items()
        },
        "line": shown.in_degrees(shapely.to_wkb(one.line), case.srid),
        "svg": drawing.proposal(box, one.a, one.b, one.part_b, one.line, lang),
    }


def _effects(session: Session, row: Mapping[str, Any]) -> Iterable[tuple[str, str, float]]:
    """What each way to settle a finding would take from each household: (kind, household, change in m²)."""
    case = case_of(session, row)
    offers = offered(case)
    for one in offers.proposals if offers else ():
        for side, gives in (("a", one.gives_up_a_m2), ("b", one.gives_up_b_m2)):
            holder = case.parties[side].held.get("contractor")
            if holder:
                yield one.kind, holder["code"], -gives


def _around(session: Session, case: Case) -> dict[str, Any]:
    """The parcels around a dispute, by the last digits of their codes."""
    if case.ground is None:
        return {}
    box = drawing.frame(*_whole(case))
    here = func.ST_MakeEnvelope(*box, case.srid)
    parties = [party.code for party in case.parties.values()]
    query = select(Parcel.code, func.ST_AsBinary(Parcel.geom)).where(
        Parcel.geom.op("&&")(here), Parcel.code.not_in(parties), *then(Parcel)
    )
    rows = session.execute(query.order_by(Parcel.code).limit(NEIGHBOURS)).all()
    shapes = shapely.from_wkb([bytes(wkb) for _, wkb in rows])
    return {code[-5:]: shape for (code, _), shape in zip(rows, shapes, strict=True) if shape.is_valid}


def _whole(case: Case) -> Sequence[shapely.Geometry | None]:
    """What is shown whole: both sides, where they are not far larger than what is disputed."""
    return [case.ground, *(party.shape for party in case.parties.values() if party.layer in ("parcel", "reserved"))]


def _core(ground: shapely.Geometry) -> shapely.Geometry:
    """What is looked at from near: the ground without the slivers that hang on to it."""
    core = opened(np.array([ground], dtype=object), SURVEYED_M)[0]
    return ground if core.is_empty else core


def _drawing(case: Case, around: Mapping[str, Any], lang: str) -> dict[str, str] | None:
    """The ground with its neighbours, once with all sides whole and, where some of it is in dispute, once near."""
    if case.ground is None:
        return None
    a, b = case.a.shape, case.b.shape if case.b else None
    about = case.cut if a is None and b is None else case.disputed
    shapes = (a, b, about)
    frames = {"whole": drawing.frame(*_whole(case))}
    if case.disputed is not None:
        frames["near"] = drawing.frame(_core(case.ground))
    return {name: drawing.ground(box, *shapes, around, lang) for name, box in frames.items()}
