"""Which documents speak for one party of a dispute: papers of today about a parcel, and the delivery that drew it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.store.versions import then
from data.tables import (
    FACTS,
    Certificate,
    Contract,
    ParcelRight,
    RegisterEntry,
    ReservedGrant,
    RightChange,
    SurveyFeature,
    TitleDocument,
    Transfer,
    TransferParcel,
    Upload,
)
from geo.model import SURVEY_LAYERS

#: Papers of one kind that are told of one party; a parcel has one contract, and seldom more than some transfers.
MOST = 50


@dataclass(frozen=True)
class Drawn:
    """The shape of a party as it is today, and the delivery that first brought this very shape."""

    code: str
    wkb: bytes
    area_m2: float
    upload_id: int
    surveyed_on: date | None
    received_at: datetime

    @property
    def on(self) -> date:
        """The day from which this shape counts: that of its survey, else the day it came."""
        return self.surveyed_on or self.received_at.date()


@dataclass(frozen=True)
class Paper:
    """One document: its kind (a table of `geo.model`), its days, its area, and on which day the issuer consented."""

    kind: str
    code: str
    on: date | None = None
    begins: date | None = None
    ends: date | None = None
    area_m2: float | None = None
    consented_on: date | None = None
    #: What it says by a code of a list of the standard: (list, code).
    said: tuple[str, str | None] | None = None
    name: str | None = None


def drawn(session: Session, layer: str, code: str) -> Drawn | None:
    """The shape of a parcel, reserved land or survey feature of today, and where it comes from; None if it has none."""
    surveyed = layer in SURVEY_LAYERS
    table: Any = SurveyFeature if surveyed else FACTS.get(layer)
    if table is None or not hasattr(table, "geom"):
        return None
    wanted = [table.code == code.partition("#")[0], *then(table)]
    if surveyed:  # these keep what tells apart those that bear one number
        wanted = [table.code == code, table.layer == layer, *then(table)]
    own_day = SurveyFeature.surveyed_on if surveyed else Upload.surveyed_on
    query = select(
        table.code, table.geom.ST_AsBinary(), table.area_m2, Upload.id, own_day, Upload.surveyed_on, Upload.received_at
    )
    row = session.execute(query.join(Upload, Upload.id == table.delivery).where(*wanted).limit(1)).first()
    if row is None:
        return None
    code, wkb, area, upload, own, of_upload, received = row
    return Drawn(code, bytes(wkb), area, upload, own or of_upload, received)


def of_parcel(session: Session, code: str) -> list[Paper]:
    """The papers of today that speak for whoever holds a parcel."""
    rights = _all(session, ParcelRight, ParcelRight.parcel_code == code)
    contracts = {right.contract_code for right in rights} - {None}
    certificates = {right.certificate_code for right in rights} - {None}
    papers = [
        Paper("contract", one.code, one.signed_on, one.term_from, one.term_to, said=("CBFS", one.method))
        for one in _all(session, Contract, Contract.code.in_(contracts))
    ]
    papers += [
        Paper("register_entry", one.code, one.registered_on, one.term_from, one.term_to, name=one.serial_text)
        for one in _all(session, RegisterEntry, RegisterEntry.code.in_(certificates))
    ]
    papers += [
        Paper("certificate", one.code, one.issued_on)
        for one in _all(session, Certificate, Certificate.code.in_(certificates))
    ]
    papers += [
        Paper("title_document", one.code, one.dated_on)
        for one in _all(session, TitleDocument, TitleDocument.certificate_code.in_(certificates))
    ]
    return papers + _transfers(session, code) + _changes(session, code)


def of_reserved(session: Session, code: str) -> list[Paper]:
    """The papers of today about a piece of reserved land: what it was granted by."""
    grants = _all(session, ReservedGrant, ReservedGrant.reserved_code == code)
    return [
        Paper("reserved_grant", one.code, one.granted_on, area_m2=one.area_m2, said=("LSFS", one.form))
        for one in grants
    ]


def _transfers(session: Session, code: str) -> list[Paper]:
    parts = {part.transfer_code: part for part in _all(session, TransferParcel, TransferParcel.parcel_code == code)}
    papers = []
    for one in _all(session, Transfer, Transfer.code.in_(parts)):
        part = parts[one.code]
        begins, ends = part.term_from or one.term_from, part.term_to or one.term_to
        area = one.area_m2 if part.area_m2 is None else part.area_m2
        said = ("CBFS", one.method)
        papers.append(Paper("transfer", one.code, one.signed_on, begins, ends, area, one.consented_on, said))
    return papers


def _changes(session: Session, code: str) -> list[Paper]:
    found = _all(session, RightChange, RightChange.parcel_code == code)
    return [
        Paper("right_change", one.code, one.changed_on, consented_on=one.consented_on, said=("BGLX", one.kind))
        for one in found
    ]


def _all(session: Session, table: Any, which: Any) -> list[Any]:
    return list(session.scalars(select(table).where(which, *then(table)).order_by(table.code).limit(MOST)))
