"""The extract a farmer takes home: one PDF/A-2b with parcels, sketches and a QR code, the same bytes each time."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import segno
import shapely

from web import format as figures
from web import labels
from web.press import printed
from web.sketch import sketch


def draw(parcel: dict[str, Any], lang: str = labels.DEFAULT) -> str:
    """The sketch of one parcel of a card, as SVG."""
    return sketch(
        shapely.geometry.shape(parcel["geometry"]),
        [shapely.geometry.shape(each) for each in parcel.get("neighbours", [])],
        serial=parcel["code"][-5:],
        area_m2=parcel.get("surveyed_m2"),
        lang=lang,
    )


def pdf(card: dict[str, Any], link: str, as_of: date, lang: str = labels.DEFAULT) -> bytes:
    """Print a masked card; `link` is what the QR code holds, `as_of` the day of the data."""
    inputs = {"qr": _qr(link), "sketches": json.dumps([draw(parcel, lang) for parcel in card["parcels"]])}
    return printed("certificate.typ", _told(card, as_of, lang), as_of, lang, inputs)


def _qr(link: str) -> str:
    drawn = io.BytesIO()
    segno.make(link, error="m", micro=False).save(drawn, kind="svg", border=2, xmldecl=False, svgns=True)
    return drawn.getvalue().decode()


def _told(card: dict[str, Any], as_of: date, lang: str) -> dict[str, Any]:
    """Everything printed, as text: the template only sets it."""

    def t(key: str, **values: object) -> str:
        return labels.text(lang, f"certificate.{key}", **values)

    whole = sum(parcel.get("confirmed_m2") or parcel.get("surveyed_m2") or 0 for parcel in card["parcels"])
    withheld, mu = card["withheld"], labels.text(lang, "common.mu")
    return {
        "lang": lang,
        "title": t("pdf_title"),
        "subtitle": t("pdf_subtitle"),
        "standing": t("withheld") if withheld["is"] else t("clear"),
        "withheld": withheld["is"],
        "reasons": [reason[lang] for reason in withheld["reasons"]] if withheld["is"] else [],
        "facts": [
            [t("code"), figures.code(card["code"])],
            [t("holder"), card["holder"]],
            [t("issuer"), _name(card["issuer"])],
            [t("term"), term(card.get("term") or {}, lang)],
            [t("pdf_total"), f"{figures.mu(whole)} {mu} · {len(card['parcels'])} {t('pdf_block')}"],
            [t("pdf_as_of"), figures.day(as_of)],
        ],
        "members_title": t("members"),
        "members_head": [t("pdf_name"), t("pdf_relation")],
        "members": [[member["name"], _said(member.get("relation"), lang)] for member in card["members"]],
        "verify": t("pdf_verify"),
        "parcels_title": t("parcels"),
        "parcels": [_parcel(parcel, n, lang) for n, parcel in enumerate(card["parcels"], 1)],
        "foot": labels.text(lang, "common.suspected"),
        "page": t("pdf_page"),
    }


def _parcel(parcel: dict[str, Any], n: int, lang: str) -> dict[str, Any]:
    named = [labels.text(lang, "certificate.parcel", n=n), parcel.get("name") or ""]
    areas = [
        [labels.text(lang, f"certificate.{kind}"), figures.mu(value), figures.m2(value)]
        for kind in ("confirmed", "contract", "surveyed")
        if (value := parcel.get(f"{kind}_m2")) is not None
    ]
    bounds = parcel.get("bounds") or {}
    return {
        "title": " · ".join(part for part in named if part),
        "code": figures.code(parcel["code"]),
        "areas": areas,
        "units": [labels.text(lang, "common.mu"), labels.text(lang, "common.m2")],
        "bounds": [[labels.text(lang, f"bound.{s}"), bounds.get(s) or "—"] for s in ("east", "south", "west", "north")],
        "sketch": labels.text(lang, "certificate.sketch"),
    }


def term(span: dict[str, Any], lang: str) -> str:
    """The term in words; a term the standard writes as the year 9999 is without end."""
    start, end = span.get("from"), span.get("to")
    if not start:
        return labels.text(lang, "certificate.term_none")
    if not end or figures.is_long_term(end):
        return labels.text(lang, "certificate.long_term", **{"from": figures.day(start)})
    return labels.text(lang, "certificate.term_text", **{"from": figures.day(start), "to": figures.day(end)})


def _name(thing: dict[str, Any] | str | None) -> str:
    return (thing.get("name") if isinstance(thing, dict) else thing) or "—"


def _said(words: dict[str, str] | str | None, lang: str) -> str:
    return (words.get(lang) if isinstance(words, dict) else words) or "—"
