"""Merging what a run found into what is known: by key, so that no decision is lost and none is doubled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
import shapely
from psycopg.types.json import Jsonb
from psycopg.types.range import TimestamptzRange
from sqlalchemy import Select, and_, func, or_, select, update
from sqlalchemy.orm import Session

from data.session import srid_of
from data.store import locks, places
from data.store.driver import connection_of, copy_in, told_plainly
from data.store.ground import VILLAGE_OF
from data.store.plain import plain
from data.store.sets import among
from data.store.versions import then
from data.tables import FACTS, Event, Finding, FindingVersion, ParcelRight
from data.tables.findings import OUTCOMES
from geo import finding
from geo.detect import Detection

_CONTRACT = ("collective_contract", VILLAGE_OF["collective_contract"])
_MEASURES = ("shared_m2", "firm_m2", "width_m", "share_a", "share_b")
#: Where two runs differ in one of these, the finding has changed; the cut follows its measures.
_SAID = (
    "category", "severity", "holders", *_MEASURES,
    "sentence_zh", "sentence_en", "article", "thresholds", "evidence", "same_as",
)  # fmt: skip
_PLACE = ("geom", "point")
_KEPT = ("key", "presence", "village", "other_village", "a_code", "b_layer", "b_code", *_SAID, *_PLACE)

Row = dict[str, Any]


@dataclass(frozen=True)
class _Known:
    """What we knew of a finding before this run, and when it was last decided upon."""

    version: Row
    state: str
    seq: int


def merge(session: Session, run_id: int, detection: Detection, prefixes: Sequence[str]) -> dict[str, int]:
    """Merge the findings of a run over the areas with these prefixes; how many are new, still, changed, gone, reopened.

    Findings outside of the areas, of rules that were skipped and of shapes that could not be compared stay untouched.
    A finding is `reopened` when it is back after being gone, or when it was settled and has grown or changed hands.
    Call it in the transaction that holds `locks.detection` since before the ground was loaded.
    """
    locks.detection(session)
    areas = places.prefixes(session, prefixes)
    found = _found(session, detection, _common(prefixes))
    known = _known(session, detection, areas, list(found))
    settled = _when_settled(session, [key for key in found if key in known and known[key].seq])
    outcomes: dict[str, str] = {}
    written: dict[str, Row] = {}
    reopened: list[Event] = []
    for key, row in found.items():
        before = known.get(key)
        changed = before is not None and _differs(row, before.version)
        outcomes[key] = finding.outcome(before.version["presence"] if before else None, True, changed)
        if outcomes[key] != "still":
            written[key] = row
        if before and (event := _reopened(key, row, before, settled.get(key))):
            reopened.append(event)
            outcomes[key], written[key] = "reopened", row
    for key, before in known.items():
        if key not in found:
            outcomes[key] = finding.outcome(before.version["presence"], False, False)
            written[key] = before.version | {"presence": "gone"}
    _write(session, run_id, detection, written, outcomes)
    session.add_all(reopened)
    session.flush()
    told = pd.Series(list(outcomes.values()), dtype=object).value_counts()
    return {outcome: int(told.get(outcome, 0)) for outcome in OUTCOMES}


def _common(prefixes: Sequence[str]) -> str:
    """What all prefixes begin with: the place of what has no code of its own."""
    low, high = min(prefixes, default=""), max(prefixes, default="")
    return low[: next((at for at, pair in enumerate(zip(low, high, strict=False)) if len(set(pair)) > 1), len(low))]


def _found(session: Session, detection: Detection, fallback: str) -> dict[str, Row]:
    """The findings of a run as rows, by key."""
    table = pd.DataFrame(detection.findings)
    srid = srid_of(session)
    for name, column in (("geom", "geometry"), ("point", "point")):
        shapes = shapely.force_2d(table[column].to_numpy(dtype=object))
        table[name] = shapely.to_wkb(shapely.set_srid(shapes, srid), hex=True, include_srid=True)
    holders, homes = _holders(session, table), _homes(session, table)
    rows: dict[str, Row] = {}
    for row in table.to_dict("records"):
        parties = [ref for ref in (row["subject"], row["against"]) if ref]
        villages = [village for ref in parties if (village := _village(ref) or homes.get(ref))] or [fallback]
        rows[row["key"]] = {
            **{name: plain(row[name]) for name in _KEPT if name in row},
            "presence": "present",
            "village": villages[0],
            "other_village": villages[1] if villages[1:] and villages[1] != villages[0] else None,
            "holders": sorted({who for ref in (row["subject"], row["against"]) for who in holders.get(ref, ())}),
        }
    return rows


def _village(ref: str | None) -> str | None:
    """The village that a reference's code names; survey features and hashes name none."""
    layer, _, code = (ref or "").partition(":")
    return code[:12] if layer in FACTS and code[:12].isdigit() and len(code) >= 12 else None


def _homes(session: Session, table: pd.DataFrame) -> dict[str, str]:
    """The villages of papers whose own numbers name none: that of the parcel, issuer or contract they are about."""
    refs = pd.concat([table["subject"], table["against"]]).dropna().unique().tolist()
    found: dict[str, str] = {}
    for layer, column in VILLAGE_OF.items():
        about = {
            code: said
            for code, said in _about(session, layer, column, refs).items()
            if _village(f"{layer}:{code}") is None and said
        }
        issuers = _about(session, *_CONTRACT, [f"{_CONTRACT[0]}:{said}" for said in about.values()])
        for code, said in about.items():
            if village := _village(f"{layer}:{issuers.get(said) or said}"):
                found[f"{layer}:{code}"] = village
    return found


def _about(session: Session, layer: str, column: str, refs: Sequence[str]) -> dict[str, str]:
    """What one column says in the rows of a table that are named among these references, by their codes."""
    codes = [ref.removeprefix(f"{layer}:") for ref in refs if ref.startswith(f"{layer}:")]
    if not codes:
        return {}
    kept = FACTS[layer]
    rows = session.execute(select(kept.code, getattr(kept, column)).where(among(kept.code, codes), *then(kept)))
    return {code: said for code, said in rows}


def _holders(session: Session, table: pd.DataFrame) -> dict[str, list[str]]:
    """Who holds the parcels that are parties of findings."""
    refs = pd.concat([table["subject"], table["against"]]).dropna().unique().tolist()
    codes = [ref.removeprefix("parcel:") for ref in refs if ref.startswith("parcel:")]
    if not codes:
        return {}
    held = (
        select(ParcelRight.parcel_code, func.array_agg(ParcelRight.contractor_code.distinct()))
        .where(among(ParcelRight.parcel_code, codes), ParcelRight.contractor_code.is_not(None), *then(ParcelRight))
        .group_by(ParcelRight.parcel_code)
    )
    return {f"parcel:{code}": who for code, who in session.execute(held)}


def _known(session: Session, detection: Detection, areas: Sequence[str], keys: Sequence[str]) -> dict[str, _Known]:
    """The findings that this run speaks of: those it found, and those it looked for and did not find."""
    judged = [rule for rule, told in detection.rules.items() if told["status"] == "run"]
    left_out = list(detection.not_compared)
    here = or_(places.under(FindingVersion.village, areas), places.under(FindingVersion.other_village, areas))
    looked_for = and_(
        here,
        FindingVersion.presence == "present",
        Finding.rule.in_(judged),
        ~among(Finding.subject, left_out),
        func.coalesce(~among(Finding.against, left_out), True),
    )
    query = _versions().where(func.upper_inf(FindingVersion.known), or_(among(Finding.key, keys), looked_for))
    return {
        row["key"]: _Known({name: row[name] for name in _KEPT}, row["state"], row["seq"])
        for row in session.execute(query).mappings()
    }


def _when_settled(session: Session, keys: Sequence[str]) -> dict[str, Row]:
    """What was said of each finding at its last decision: growth is measured from there, not from the last run."""
    decided = and_(Event.key == Finding.key, Event.seq == Finding.seq, Event.action != "reopen")
    query = _versions().join(Event, decided).where(among(Finding.key, keys), FindingVersion.known.op("@>")(Event.at))
    return {row["key"]: dict(row) for row in session.execute(query).mappings()}


def _versions() -> Select[Any]:
    """Versions with their finding; shapes as they are copied back in."""
    plain_columns = [getattr(FindingVersion, name) for name in _KEPT if name not in _PLACE]
    shapes = [func.encode(func.ST_AsEWKB(getattr(FindingVersion, name)), "hex").label(name) for name in _PLACE]
    return select(*plain_columns, *shapes, Finding.state, Finding.seq).join(Finding, Finding.key == FindingVersion.key)


def _differs(now: Row, before: Row) -> bool:
    """Whether a run says something else than the one before."""
    return any(now[name] != before[name] for name in _SAID)


def _reopened(key: str, now: Row, before: _Known, settled: Row | None) -> Event | None:
    """The event that re-opens a settled finding which has grown, or whose parcels have changed hands."""
    if settled is None:
        return None
    grown = (settled["firm_m2"] or 0.0, now["firm_m2"] or 0.0)
    least = float(now["thresholds"].get("min_area_m2", 0.0))
    other_hands = bool(settled["holders"]) and now["holders"] != settled["holders"]
    if not finding.reopens(before.state, *grown, least, other_hands):
        return None
    reason = (
        "承包方已变更 The parcels have changed hands"
        if other_hands
        else f"面积由 {grown[0]:.2f} 增至 {grown[1]:.2f} 平方米 Grown from {grown[0]:.2f} to {grown[1]:.2f} m²"
    )
    after = finding.move(before.state, "reopen")
    return Event(key=key, seq=before.seq + 1, from_state=before.state, action="reopen", to_state=after, reason=reason)


def _write(
    session: Session, run_id: int, detection: Detection, written: dict[str, Row], outcomes: dict[str, str]
) -> None:
    """Name the new, close and open versions, and note what this run meant for each finding."""
    current = and_(among(FindingVersion.key, written), func.upper_inf(FindingVersion.known))
    before = func.max(func.lower(FindingVersion.known)) + func.make_interval(0, 0, 0, 0, 0, 0, 0.000001)
    moment: datetime = session.execute(
        select(func.greatest(func.clock_timestamp(), before)).where(current)
    ).scalar_one()
    until = func.tstzrange(func.lower(FindingVersion.known), moment)
    session.execute(
        update(FindingVersion).where(current).values(known=until).execution_options(synchronize_session=False)
    )
    refs = detection.findings.set_index("key")[["rule", "subject", "against"]]
    fresh = (key for key, outcome in outcomes.items() if outcome == "new")
    named = ((key, *(plain(refs.at[key, name]) for name in refs.columns), run_id) for key in fresh)
    known = TimestamptzRange(moment, None)
    rows = ((run_id, known, *(_cell(row[name]) for name in _KEPT)) for row in written.values())
    seen = ((run_id, *pair) for pair in outcomes.items())
    with told_plainly(), connection_of(session).cursor() as cursor:
        copy_in(cursor, "finding", ("key", "rule", "subject", "against", "first_run_id"), named)
        copy_in(cursor, "finding_version", ("run_id", "known", *_KEPT), rows)
        copy_in(cursor, "sighting", ("run_id", "key", "outcome"), seen)


def _cell(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, dict) else value
