"""Certify: what a farmer may see of a certificate, what holds it back now, and the extract to print."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from api import seal
from api.errors import NotFound, NotReady
from api.office import Office
from data.store import certificates
from data.store.certificates import Holding
from data.store.versions import then
from data.tables import CertificateToken, Contractor, ParcelRight, RegisterEntry
from geo.codes import label
from geo.masks import mask_name
from web import certificate, press
from web.labels import DEFAULT

PAPER, LINK = "paper", "extract"
#: The address of an extract works this long.
LINK_SECONDS = 15 * 60
UNIT = "3"
LANDMARK_WORDS = """
路 村道 机耕路 机耕道 田间路 田间道路 田埂路 小路 大路 公路 道路 省道 县道 国道 水沟 沟 沟渠 排水沟 灌溉渠 水渠 渠 渠道
河 河流 小河 溪 水库 塘 水塘 鱼塘 坑塘 山 山脚 山坡 山林 林地 竹林 果园 荒地 荒坡 草地 晒场 晒谷场 房屋 宅基地 住宅
村庄 田埂 田坎 地坎 堤 堤坝 围墙 墙 空地 其他土地
"""
#: What may stand at a parcel's edge without being anybody's name; everything else may be one and is not shown.
LANDMARKS = frozenset(LANDMARK_WORDS.split())
NEIGHBOUR = "邻户承包地"


def look_up(office: Office, proof: dict[str, str | None], address: str, lang: str = DEFAULT) -> dict[str, Any]:
    """Give the masked certificate to whoever proves to hold it, sketches in `lang`; every miss is the same miss."""
    office.lookups.count(address)
    if proof["number"] and not proof["token"]:
        office.numbers.count(_plain(proof["number"]))
    with office.begin() as session:
        holding = _by_token(session, proof["token"]) if proof["token"] else _by_words(session, proof)
        if holding is None:
            raise NotFound("没有找到相符的证书，请核对后再试。", "No certificate matches; please check.", "no_match")
        shown = card(holding)
    for parcel in shown["parcels"]:
        parcel["sketch"] = certificate.draw(parcel, lang)
    link = seal.passing(_key(office), LINK, holding.code, LINK_SECONDS)
    return shown | {"pdf_url": f"/api/v1/certificates/{link}.pdf"}


def printed(office: Office, link: str, lang: str) -> bytes:
    """Print the extract that a link was given for."""
    code = seal.opened(_key(office), LINK, link)
    if code is None:
        raise NotFound
    token = seal.token(_key(office), PAPER, code)
    with office.begin() as session:
        holding = certificates.by_code(session, code)
        if holding is None:
            raise NotFound
        known = insert(CertificateToken).values(token_hash=_hash(token), certificate_code=code)
        session.execute(known.on_conflict_do_nothing())
        shown = card(holding)
    try:
        return certificate.pdf(shown, f"{office.settings.public_url}/certificate#t={token}", date.today(), lang)
    except press.FontMissing as error:
        raise NotReady(error.zh, error.en, error.code) from None


def card(holding: Holding) -> dict[str, Any]:
    """The certificate as its holder may show it: names masked, no ID number, no neighbour."""
    term = holding.contract or holding.entry
    holder = holding.contractor
    return {
        "code": holding.code,
        "holder": holder.name if holder.kind == UNIT else mask_name(holder.name),
        "members": [
            {"name": mask_name(member.name), "relation": _said("YHZGX", member.relation)} for member in holding.members
        ],
        "issuer": {"code": holder.code[:14], "name": holding.issuer.name if holding.issuer else None},
        "parcels": [_parcel(parcel) for parcel in holding.parcels],
        "term": {"from": term.term_from, "to": term.term_to} if term else {"from": None, "to": None},
        "withheld": {"is": bool(holding.blocking), "reasons": [_reason(one) for one in holding.blocking]},
    }


def _parcel(parcel: dict[str, Any]) -> dict[str, Any]:
    kept = ("code", "name", "contract_m2", "surveyed_m2", "confirmed_m2", "geometry", "neighbours")
    sides = ("east", "south", "west", "north")
    return {name: parcel[name] for name in kept} | {"bounds": {side: bound(parcel[f"bound_{side}"]) for side in sides}}


def bound(text: str | None) -> str | None:
    """What lies beyond an edge: a landmark by its word, a neighbour without a name (even half a name is one)."""
    words = (text or "").strip()
    return words if words in LANDMARKS else NEIGHBOUR if words else None


def _reason(finding: dict[str, Any]) -> dict[str, str]:
    return {"zh": finding["sentence_zh"], "en": finding["sentence_en"], "rule": finding["rule"]}


def _by_token(session: Session, token: str) -> Holding | None:
    known = select(CertificateToken.certificate_code).where(CertificateToken.token_hash == _hash(token))
    code = session.scalar(known)
    return certificates.by_code(session, code) if code else None


def _by_words(session: Session, proof: dict[str, str | None]) -> Holding | None:
    """Hold every part of the proof against the holder first, and gather the certificate only for who passed."""
    written, plain = proof["number"].strip(), _plain(proof["number"])
    code, name, id_number = _holder(session, written, plain)
    right_name = _same(_plain(proof["name"]), _plain(name))
    right_tail = _same(_plain(proof["id_tail"]), _plain(id_number)[-6:])
    return certificates.by_code(session, code) if code and right_name and right_tail else None


def _holder(session: Session, written: str, plain: str) -> tuple[str | None, str | None, str | None]:
    """The code of a certificate and who holds it, by its code or printed number: the same questions for any number."""
    entry = select(RegisterEntry.code, RegisterEntry.contractor_code).where(
        or_(RegisterEntry.code == plain, RegisterEntry.serial_text == written), *then(RegisterEntry)
    )
    right = select(ParcelRight.certificate_code, ParcelRight.contractor_code).where(
        ParcelRight.certificate_code == plain, *then(ParcelRight)
    )
    papers = session.execute(entry.limit(1)).all() + session.execute(right.limit(1)).all()
    code, holder = papers[0] if papers else (None, "")
    who = select(Contractor.name, Contractor.id_number).where(Contractor.code == holder, *then(Contractor))
    name, id_number = session.execute(who).first() or (None, None)
    return code, name, id_number


def _same(given: str, known: str) -> bool:
    return bool(known) and hmac.compare_digest(given.encode(), known.encode())


def _plain(text: str | None) -> str:
    """A text as it was meant: full-width and small letters, spaces and hyphens make no difference."""
    return unicodedata.normalize("NFKC", text or "").upper().replace(" ", "").replace("-", "")


def _said(code_list: str, code: str | None) -> dict[str, str] | None:
    return {lang: label(code_list, code, lang) for lang in ("zh", "en")} if code else None


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _key(office: Office) -> bytes:
    return seal.key(office.settings.folder("keys"))
