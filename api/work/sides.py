"""The two sides of a finding: what the books hold of each, names masked as far as the reader needs no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import cast, func, null, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from api.work.shown import party
from data.store.findings import DEGREES
from data.store.versions import then
from data.tables import FACTS, Contract, Contractor, Issuer, ParcelRight, SurveyFeature
from data.tables.base import Placed
from geo.codes import issuer_of, label
from geo.fields import fields
from geo.masks import mask_name
from geo.model import SURVEY_LAYERS
from web import format as figures
from web.discreet import without_ids

#: What a side tells of itself besides its code, by layer.
TOLD = {
    "parcel": ("name", "category", "land_use", "surveyed_m2", "area_m2"),
    "reserved": ("expropriation_no", "quota_m2", "granted_m2", "outstanding_m2", "state", "agreed_on", "area_m2"),
    "contract": ("contractor_code", "term_from", "term_to", "total_m2", "parcel_count", "signed_on"),
    "transfer": ("contract_code", "method", "kind", "term_from", "term_to", "area_m2", "signed_on", "filed_on"),
    "parcel_right": ("parcel_code", "contractor_code", "contract_m2", "surveyed_m2", "confirmed_m2"),
    "contractor": ("kind", "member_count"),
    "issuer": ("name",),
    "collective_contract": (
        *("issuer_code", "resource", "deal", "parcel_code", "reserved_code"),
        *("term_from", "term_to", "signed_on", "rent_yuan"),
    ),
    "payment": ("contract_code", "kind", "due_on", "due_yuan", "paid_on", "paid_yuan", "payee_kind", "retained_yuan"),
    "occupancy": ("parcel_code", "occupant_code", "since_on", "surveyed_on"),
}
SURVEYED = ("name", "class_code", "surveyed_on", "area_m2")
#: What else was delivered of a survey feature that helps to judge it; nobody's name, and no code of a household.
DELIVERED = {
    "approval": ("kind", "valid_from", "valid_to", "implemented_on", "purpose", "declared_m2", "project_code"),
    "title_plot": ("kind", "registered_on", "declared_m2"),
    "forest_right": ("registered_on", "declared_m2"),
    "recorded_act": ("began_on", "ended_on", "punished_on", "is_destroyed"),
    "landcover": ("class_name", "year", "declared_m2"),
    "landcover_before": ("class_name", "year", "declared_m2"),
    "basic_farmland": ("year", "declared_m2"),
    "change_patch": ("before_on", "declared_m2", "width_m", "confidence"),
    "building": ("approval_no", "is_bought"),
}


#: What a paper says that a reader must know; those named by a code are called by their masked names.
SAID = {
    "transfer": (
        *("contract_code", "contractor_code", "transferee_code", "kind", "method", "term_from", "term_to", "area_m2"),
        *("use_before", "use_after", "price_text", "signed_on", "consented_on", "holder_consented_on", "filed_on"),
        *("approval_no", "upstream_code", "mandate_no", "reviewed_on"),
    ),
    "contract": ("contractor_code", "term_from", "term_to", "total_m2", "parcel_count", "signed_on"),
    "collective_contract": (
        *(
            "resource",
            "deal",
            "parcel_code",
            "reserved_code",
            "method",
            "term_from",
            "term_to",
            "area_m2",
            "price_yuan",
        ),
        *("rent_yuan", "signed_on", "entitled_count", "agreed_count", "approval_no", "approved_on", "trade_no"),
    ),
    "payment": ("contract_code", "kind", "due_on", "due_yuan", "paid_on", "paid_yuan", "payee_kind", "retained_yuan"),
    "expropriation": (
        *("approval_no", "name", "approved_on", "implemented_on", "taken_m2", "ratio", "quota_m2"),
        *("compensation_due_yuan", "compensation_due_on", "compensation_paid_yuan"),
        *("pension_due_yuan", "pension_due_on", "pension_paid_yuan"),
    ),
    "right_change": ("parcel_code", "kind", "from_code", "to_code", "changed_on", "consented_on", "filed_on"),
    "occupancy": ("parcel_code", "occupant_code", "since_on", "surveyed_on"),
    "reserved": ("expropriation_no", "quota_m2", "granted_m2", "outstanding_m2", "agreed_on"),
}
HOUSEHOLDS = ("contractor_code", "transferee_code", "from_code", "to_code", "occupant_code")


@dataclass(frozen=True)
class Side:
    """One party: what is told of it, and its shape in degrees where it has one."""

    detail: dict[str, Any] | None = None
    shape: dict[str, Any] | None = None


def told(session: Session, ref: str | None) -> Side:
    """Tell one side by its reference; a layer as a whole, or a group, has no more to tell than its name."""
    named = party(ref)
    if named is None:
        return Side()
    layer, code = named["layer"], named["code"]
    table = SurveyFeature if layer in SURVEY_LAYERS else FACTS.get(layer)
    row, shape = _found(session, table, layer, code) if table else (None, None)
    if row is None:
        return Side(named)
    if table is SurveyFeature:
        detail = named | {name: getattr(row, name) for name in SURVEYED}
        return Side(detail | {"facts": _facts(layer, row.attributes)}, shape)
    detail = named | {name: getattr(row, name) for name in TOLD.get(layer, ())} | {"issuer": _issuer(session, code)}
    if layer == "parcel":
        detail |= held(session, code)
    elif layer in ("contract", "contractor", "parcel_right"):
        holder = code if layer == "contractor" else row.contractor_code
        detail |= {"contractor": _contractor(session, holder)}
    if layer in SAID:
        detail |= {"facts": _said(session, layer, row)}
    return Side(detail, shape)


def _found(session: Session, table: Any, layer: str, code: str) -> tuple[Any, Any]:
    """The version of today and its shape; codes held by several rows take the first."""
    wanted = [table.code == code.partition("#")[0], *then(table)]
    if table is SurveyFeature:  # these keep the number that tells apart what bears one code
        wanted = [table.code == code, table.layer == layer, *then(table)]
    shape = geojson(table.geom) if issubclass(table, Placed) else null()
    row = session.execute(select(table, shape).where(*wanted).limit(1)).first()
    return (row[0], row[1]) if row else (None, None)


def _facts(layer: str, said: dict[str, Any]) -> list[dict[str, Any]]:
    """What was delivered of a survey feature, under the names of the dictionary; codes in words."""
    told = []
    for field in fields(layer):
        value = said.get(field.name)
        if field.name in DELIVERED.get(layer, ()) and value is not None:
            words = _labelled(field.code_list, str(value)) if field.code_list else _worded(field.name, value)
            told.append({"name": {"zh": field.zh, "en": field.en}, "value": words})
    return told


def _said(session: Session, layer: str, row: Any) -> list[dict[str, Any]]:
    """What a paper says, under the names of the dictionary; parties by code and masked name."""
    told = []
    for field in fields(layer):
        value = getattr(row, field.name, None) if field.name in SAID[layer] else None
        if value is None or value == "":
            continue
        if field.name in HOUSEHOLDS:
            who = _contractor(session, value) or {}
            text = " ".join(filter(None, (who.get("name"), figures.code(without_ids(value)))))
            words: Any = {"zh": text, "en": text}
        elif field.code_list:
            words = _labelled(field.code_list, str(value))
        else:
            words = _worded(field.name, value)
        told.append({"name": {"zh": field.zh, "en": field.en}, "value": words})
    return told


def _worded(name: str, value: Any) -> dict[str, str]:
    """A value as people read it: an area, a sum, a share or a code as each is written."""
    if name.endswith("_m2"):
        mu = figures.mu(value)
        return {"zh": f"{value:.2f} 平方米（{mu} 亩）", "en": f"{value:.2f} m² ({mu} mu)"}
    if name.endswith("_yuan"):
        return {"zh": f"{value:,.2f} 元", "en": f"{value:,.2f} yuan"}
    if name == "ratio":
        return dict.fromkeys(("zh", "en"), f"{value * 100:g}%")
    if name.endswith("_code"):
        return dict.fromkeys(("zh", "en"), figures.code(without_ids(value)))
    if name.endswith("_text"):
        return dict.fromkeys(("zh", "en"), without_ids(value))
    return {"zh": str(value), "en": str(value)}


def geojson(shape: Any) -> Any:
    """A shape in degrees, as the database's JSON."""
    return cast(func.ST_AsGeoJSON(func.ST_Transform(shape, DEGREES), 8), JSONB)


def held(session: Session, code: str, day: date | None = None) -> dict[str, Any]:
    """Who holds a parcel, by which contract, with which areas."""
    rights = select(ParcelRight).where(ParcelRight.parcel_code == code, *then(ParcelRight, valid_on=day))
    right = session.scalar(rights.order_by(ParcelRight.code).limit(1))
    if right is None:
        return {"contractor": None, "contract": None}
    contracts = select(Contract).where(Contract.code == right.contract_code, *then(Contract, valid_on=day))
    contract = session.scalar(contracts)
    return {
        "contractor": _contractor(session, right.contractor_code),
        "contract": {name: getattr(contract, name) for name in ("code", "term_from", "term_to")} if contract else None,
        "contract_m2": right.contract_m2,
        "confirmed_m2": right.confirmed_m2,
        "acquired_by": _labelled("CBFS", right.acquired_by),
        "certificate": right.certificate_code,
    }


def _contractor(session: Session, code: str | None) -> dict[str, Any] | None:
    if not code:
        return None
    name = session.scalar(select(Contractor.name).where(Contractor.code == code, *then(Contractor)))
    return {"code": code, "name": mask_name(name) if name else None}


def _issuer(session: Session, code: str) -> dict[str, Any] | None:
    issuer = issuer_of(code)
    if issuer is None:
        return None
    return {"code": issuer, "name": session.scalar(select(Issuer.name).where(Issuer.code == issuer, *then(Issuer)))}


def _labelled(code_list: str, code: str | None) -> dict[str, str] | None:
    return {lang: label(code_list, code, lang) for lang in ("zh", "en")} if code else None
