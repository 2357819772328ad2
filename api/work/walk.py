"""The walk of a delivery in the worker: read, report, store, detect. Each step is one transaction.

Killed anywhere, the walk begins again at the last step that was committed: reading writes nothing but its report, and
storing and its mark are one.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

from api.office import Office
from api.work import aside, detect, package, receive, repairs, vanished
from api.work.area import outside_rows, under, villages_of
from data.session import srid_of
from data.store import comparisons, ground, locks, places, uploads, versions
from data.store.rows import Rows
from data.tables import Upload
from geo.intake.accepted import Accepted
from geo.intake.confined import read_confined
from geo.intake.decided import all_sure
from geo.intake.errors import IntakeError
from geo.intake.ground import linked
from geo.intake.reading import LayerReading, Reading, Rejected
from geo.model import SHAPED, TABLES

ORDER = {name: at for at, name in enumerate((*SHAPED, *TABLES))}


def walk(office: Office, upload_id: int, accept: bool, ask: bool = False) -> None:
    """Bring a delivery as far as it can go without its surveyor, who may have asked to look first."""
    upload = take_in(office, upload_id, accept, ask)
    if upload.state == "detecting":
        _detect(office, upload)


def take_in(office: Office, upload_id: int, accept: bool, ask: bool = False) -> Upload:
    """Read a delivery, report on it and store its rows; gives it as it was last seen, `detecting` once it is stored."""
    upload = _state(office, upload_id)
    reading = None
    if upload.state in ("received", "reading"):
        reading = _read(office, upload)
        if reading is None or not _reported(office, upload, reading, accept, ask):
            return upload
        upload = _state(office, upload_id)
    if upload.state == "storing":
        _store(office, upload, reading or _read(office, upload))
        upload = _state(office, upload_id)
    return upload


def _state(office: Office, upload_id: int) -> Upload:
    with office.begin() as session:
        return uploads.get(session, upload_id)


def _read(office: Office, upload: Upload) -> Reading | None:
    """Read the original in a child that can be killed; None where the whole file is refused."""
    if upload.state != "storing":
        with office.begin() as session:
            uploads.move(session, upload.id, "reading")
    _tell(office, upload.id, "读取文件", "reading the file", 0, 1)
    asked = {name: upload.decisions.get(name) for name in ("layer", "crs", "encoding", "columns", "units")}
    with tempfile.TemporaryDirectory(prefix="dingxin-walk-") as folder:
        # The name matters where it says what a lone table holds; the original itself is called by its digest.
        named = Path(folder, upload.filename)
        named.symlink_to(receive.kept(office, upload))
        try:
            reading = read_confined(named, office=True, places=_place_names(office), **asked)
        except IntakeError as refusal:
            with office.begin() as session:
                error = {"code": refusal.code, "zh": refusal.zh, "en": refusal.en}
                uploads.move(session, upload.id, "refused", error=error, preview=refusal.previews)
            return None
    return _within(reading, upload.scope)


def _place_names(office: Office) -> list[str]:
    """The names of towns and villages, by which text is recognised."""
    with office.begin() as session:
        return sorted(set(places.names(session).values()))


def _within(reading: Reading, scope: str) -> Reading:
    """Reject the rows that lie outside of what this delivery may hold."""
    return replace(reading, layers=[outside_rows(layer, scope) for layer in reading.layers])


def _reported(office: Office, upload: Upload, reading: Reading, accept: bool, ask: bool) -> bool:
    """Write the report; true where the rows may be stored at once: all was agreed, or there is nothing to look at."""
    with office.begin() as session:
        previews = aside.previews(session, reading.layers)
        clean = not any(layer.rejected or layer.repairs for layer in reading.layers) and all_sure(previews)
        at_once = accept or (clean and not ask)
        told = [_told(layer) for layer in reading.layers]
        uploads.report(
            session, upload.id, told, {"notes": reading.notes, "package": package.told(reading, date.today())}, previews
        )
        vanished.note(session, upload, reading.layers)
        repairs.note(session, upload, reading.layers)
        if at_once:
            uploads.move(session, upload.id, "storing")
    return at_once


def _told(layer: LayerReading) -> uploads.LayerReport:
    return uploads.LayerReport(
        layer=layer.layer,
        source=layer.source,
        read=layer.read,
        stored=len(layer.accepted),
        rejected=[_rejected(row) for row in layer.rejected],
        crs=layer.crs,
        crs_evidence=layer.crs_evidence,
        encoding=layer.encoding,
        encoding_evidence=layer.encoding_evidence,
        columns=layer.columns,
        ignored=layer.ignored,
        notes=layer.notes,
    )


def _rejected(row: Rejected) -> dict[str, object]:
    x, y = row.place or (None, None)
    return {
        "row": row.row,
        "code": row.code,
        "parcel_code": row.parcel_code,
        "reason_zh": row.zh,
        "reason_en": row.en,
        "x": x,
        "y": y,
        "shape": row.wkb,
    }


def _store(office: Office, upload: Upload, reading: Reading) -> None:
    """Enter all rows in one transaction, under the locks of their villages."""
    with office.begin() as session:
        layers = repairs.done(session, upload, [layer for layer in reading.layers if len(layer.accepted)])
    entered = _entered(layers)
    with office.begin() as session:
        villages = villages_of(session, layers, srid_of(session))
        instead = None
        if compared := comparisons.of_upload(session, upload.id):
            instead = comparisons.uploads_of_pair(session, compared)
            villages |= under(session, comparisons.ground(compared).bounds, srid_of(session))
        locks.scope(session, villages)
        counts = {}
        for done, (name, rows) in enumerate(entered):
            _tell(office, upload.id, "写入数据", "storing the rows", done, len(entered))
            entered_now = versions.supersede(session, name, rows, upload.id, upload.surveyed_on, instead)
            counts[name] = asdict(entered_now)
        ended = vanished.end(session, upload)
        repaired = sum(len(layer.repairs) for layer in layers)
        summary = {"villages": sorted(villages), "entered": counts, "ended": ended, "repaired": repaired}
        uploads.move(session, upload.id, "detecting", report=(upload.report or {}) | summary)


def _entered(layers: Sequence[LayerReading]) -> list[tuple[str, Rows]]:
    """What is entered, in the order in which one refers to another: layers as they are kept, tables as linked frames.

    Some transfers name their parcels only in the parcels' rights (CBDKXX.LZHTBM): the books hold both alike.
    """
    shaped: dict[str, Rows] = {layer.layer: layer.accepted for layer in layers if layer.layer in SHAPED}
    tables = {layer.layer: layer.frame for layer in layers if layer.layer not in SHAPED}
    parcels = shaped.get("parcel")
    told = [name for name in ("surveyed_m2", "unit_code") if isinstance(parcels, Accepted) and name in parcels.names]
    if told and isinstance(parcels, Accepted):
        tables["parcel"] = parcels.frame(("code", *told))
    return sorted((linked(tables) | shaped).items(), key=lambda named: ORDER[named[0]])


def _detect(office: Office, upload: Upload) -> None:
    """Judge the touched villages as they are now, after the commit, so that of two deliveries the last sees both.

    What somebody from elsewhere did on their ground is added up where that person belongs.
    """

    def tell(zh: str, en: str, done: int, total: int) -> None:
        _tell(office, upload.id, zh, en, done, total)

    with office.begin() as session:
        touched = upload.report["villages"]
        counts = detect.over(session, {*touched, *ground.homes(session, touched)}, upload.id, tell)
        uploads.move(session, upload.id, "done", counts=counts)


def _tell(office: Office, upload_id: int, zh: str, en: str, done: int, total: int) -> None:
    """Tell how far the work is, in a transaction of its own: people look while the work goes on."""
    with office.begin() as session:
        uploads.progress(session, upload_id, zh, en, done, total)
