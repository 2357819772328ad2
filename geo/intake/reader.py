"""Reading a file from end to end: what is in it, which rows can be stored, and every reason where one cannot."""

import contextlib
import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo import codes, crs
from geo.codes import YANGJIANG_BOX
from geo.fields import Field, Matching, fields, match_columns
from geo.intake import rows as row_checks
from geo.intake import sources, units
from geo.intake.accepted import keep
from geo.intake.dbf import DbfTable
from geo.intake.displaced import MARKED, marks_of
from geo.intake.errors import IntakeError, Said, note, refusal, shown_rows
from geo.intake.evidence import Inspection
from geo.intake.ogr import OgrLayer
from geo.intake.reading import LayerReading, Reading, kept_in
from geo.intake.shapefile import read_shapes
from geo.intake.sources import Source
from geo.intake.table import Column, Shapes, Table
from geo.model import LAYERS, TABLES

#: Names of ours that dates of another kind fill: the last day of the year of a survey.
_YEAR, _DAY = "year", "surveyed_on"
#: Of a file in which no layer can be chosen, so many are shown, if they are no larger than this.
_SHOWN_SOURCES: Final = 6
_SHOWN_BYTES: Final = 64 << 20


def read(
    path: str | Path,
    *,
    layer: str | None = None,
    crs: int | None = None,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
    office: bool = True,
    box: crs.Box | None = YANGJIANG_BOX,
    places: Sequence[str] = (),
    rest: bool = False,
    fallback: str | None = None,
    judge_codes: bool = True,
    kept: Path | None = None,
) -> Reading:
    """Read a file: a shapefile zip or delivery, GeoPackage, GeoJSON, .shp with its parts, or DBF table.

    `layer` says what the file's layer is (in a delivery it chooses one, and `rest` lets the others come along);
    `fallback` is what a lone layer with a foreign name is taken for. `crs` (EPSG), `encoding`, `columns`
    ({OUR STANDARD FIELD: THEIRS}) and `units` ({STANDARD FIELD: m2, mu or ha}) are people's decisions; `places` are the
    names of the county, by which text is recognised. `office`: standard deliveries to a county whose land lies in
    `box`; without it foreign files and systems are welcome too. `judge_codes` off lets repeated codes pass.
    The rows that can be stored are kept in the folder `kept`, or in one that is gone afterwards.
    Raises IntakeError where the file as a whole is refused.
    """
    file, pick = sources.split_choice(path)
    with tempfile.TemporaryDirectory(prefix="dingxin-") as folder:
        found = sources.contents(file, Path(folder))
        ask = _Ask(crs, encoding, columns or {}, units or {}, office, box, places, judge_codes, Path(folder))
        try:
            known, notes = sources.chosen(found, pick=pick, layer=layer, rest=rest, fallback=fallback)
        except IntakeError as refused:
            refused.previews = [_unnamed(source, ask, refused) for source in found.sources[:_SHOWN_SOURCES]]
            raise
        ask.lone = len(known) == 1
        layers: list[LayerReading] = []
        for name, source in known:
            ask.rows = kept_in(kept or Path(folder), len(layers))
            layers.append(_read_layer(name, source, ask, by_person=name == layer))
        _expect_columns_map(ask, layers)
        with file.open("rb") as content:
            sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    return Reading(file.name, sha256, layers, [*found.notes, *notes])


class _Ask:
    """What is asked of every layer of one file."""

    def __init__(
        self,
        epsg: int | None,
        encoding: str | None,
        columns: Mapping[str, str],
        units: Mapping[str, str],
        office: bool,
        box: crs.Box | None,
        places: Sequence[str],
        judge_codes: bool,
        folder: Path,
    ):
        self.epsg, self.encoding, self.columns, self.units = epsg, encoding, columns, units
        self.office, self.box, self.places, self.judge_codes = office, box, places, judge_codes
        self.folder, self.lone, self.rows = folder, False, folder
        self.unknown: list[set[str]] = []


def _expect_columns_map(ask: _Ask, layers: list[LayerReading]) -> None:
    """Every entry of the column map must fit one of the layers at least."""
    unfit = set.intersection(*ask.unknown) if ask.unknown else set()
    if unfit:
        raise refusal("column_map", columns="、".join(sorted(unfit)))


def _read_layer(layer: str, source: Source, ask: _Ask, by_person: bool) -> LayerReading:
    """Read one layer or table; a refusal takes along what was seen of it."""
    seen = Inspection(layer, source.name, ask.box)
    seen.named(source.guess == layer, by_person)
    with seen.taken_along():
        return _inspected(layer, source, ask, seen)


def _inspected(layer: str, source: Source, ask: _Ask, seen: Inspection) -> LayerReading:
    """Read one layer or table, telling what is seen on the way."""
    table, shapes = _opened(layer, source, ask, seen)
    if ask.lone and table.rows == 0:
        raise refusal("empty_layer", name=source.name)
    matching = match_columns(layer, table.names, ask.columns)
    ask.unknown.append(set(matching.unknown_overrides))
    seen.matched(matching, table, given=bool(ask.columns))
    frame, notes = _typed(layer, table, matching)
    strict = _judges_codes(layer, frame, matching, ask)
    notes += _column_notes(layer, source, table, matching, strict, ask.office)
    notes += [note("empty_source")] * (table.rows == 0)
    defects = row_checks.Defects(table.rows)
    row_checks.judge_deleted(defects, table.deleted)
    if strict:
        row_checks.judge_codes(defects, layer, frame, matching.columns, table.deleted)
    wkb, decided = None, None
    if shapes is not None:
        wkb, notes = shapes.wkb, [*notes, *shapes.notes]
        frame, decided = _placed(defects, frame, shapes, table, ask, seen)
    if (marks := marks_of(frame, MARKED)) is not None:
        seen.marks = marks.plain()
    if (measured := units.judged(layer, frame, ask.units)) is not None:
        seen.decide(measured)
        frame, told = units.converted(layer, frame, measured["chosen"])
        notes += told
    named = None if decided is None else crs.named(decided.crs)
    return LayerReading(
        layer=layer,
        source=source.name,
        accepted=keep(ask.rows, [frame[~defects.flags()]], named),
        crs=named,
        crs_evidence=[] if decided is None else decided.evidence,
        encoding=table.encoding,
        encoding_evidence=table.encoding_evidence,
        columns=matching.columns,
        ignored=matching.ignored,
        read=table.rows,
        rejected=row_checks.rejected(defects, frame, wkb),
        notes=notes,
        strict=strict,
        preview=seen.preview(),
    )


def _opened(layer: str, source: Source, ask: _Ask, seen: Inspection) -> tuple[Table, Shapes | None]:
    """Open the rows of a source and, for a layer, its shapes."""
    table = _table(layer, source, ask)
    seen.opened(table)
    if layer not in LAYERS:
        return table, None
    shapes = (
        table.shapes()
        if isinstance(table, OgrLayer)
        else read_shapes(source.parts, source.name, table.rows, ask.folder)
    )
    seen.drawn(shapes, ask.epsg)
    return table, shapes


def _table(layer: str, source: Source, ask: _Ask) -> OgrLayer | DbfTable:
    """Open the rows of a source."""
    if source.inner is not None:
        inner = OgrLayer(next(iter(source.parts.values())), source.inner, source.name)
        if layer in LAYERS and not inner.has_shapes:
            raise refusal("geom_type", name=source.name, type="-")
        return inner
    needed = (".shp", ".shx", ".dbf") if layer in LAYERS or source.is_shapefile else (".dbf",)
    for part in needed:
        if part not in source.parts or source.parts[part].stat().st_size == 0:
            raise refusal("missing_part", name=source.name, part=part)
    cpg = source.parts[".cpg"].read_bytes()[:100] if ".cpg" in source.parts else None
    return DbfTable(source.parts[".dbf"], source.name, cpg, ask.encoding, ask.places)


def _unnamed(source: Source, ask: _Ask, why: IntakeError) -> dict[str, Any]:
    """What can be shown of a source of which nobody knows yet what it is."""
    seen = Inspection(None, source.name, ask.box)
    layer = "parcel" if source.inner is not None or source.is_shapefile else "issuer"
    if sum(part.stat().st_size for part in source.parts.values()) > _SHOWN_BYTES:
        return seen.preview()
    # What else is wrong with it is not the reason why the file is refused.
    with contextlib.suppress(IntakeError, OSError, RuntimeError, ValueError):
        table, _ = _opened(layer, source, ask, seen)
        seen.unnamed(table, among=LAYERS if layer in LAYERS else TABLES, why={"zh": why.zh, "en": why.en})
    return seen.preview()


def _typed(layer: str, table: Table, matching: Matching) -> tuple[pd.DataFrame, list[Said]]:
    """Every matched column under our name, as texts, numbers and days; what could not be read is told."""
    notes: list[Said] = []
    frame: dict[str, pd.Series] = {"row": pd.Series(np.arange(table.rows, dtype=np.int64))}
    for known in fields(layer):
        if known.name not in matching.columns:
            continue
        theirs = matching.columns[known.name]
        column = table.column(theirs, known.type)
        frame[known.name] = column.values
        notes += _cell_notes(column, theirs, known)
    if _YEAR in frame and layer in LAYERS:
        days = frame.get(_DAY, pd.Series([None] * table.rows, dtype="datetime64[s]"))
        frame[_DAY] = days.fillna(_last_days(frame[_YEAR]))
    return pd.DataFrame(frame), notes


def _last_days(years: pd.Series) -> pd.Series:
    """The last day of each year; a survey layer that only tells its year was right at its end."""
    days = [f"{year:04d}-12-31" if 1 <= year <= 9998 else "NaT" for year in years.fillna(0).astype(int)]
    return pd.Series(np.array(days, dtype="datetime64[s]"))


def _cell_notes(column: Column, theirs: str, known: Field) -> list[Said]:
    """What there is to tell about the cells of a column."""
    bad, cut = column.unreadable, column.cut
    code = "date_unreadable" if known.type == "date" else "number_unreadable"
    notes = [note(code, column=theirs, count=len(bad), rows=shown_rows(bad))] if bad else []
    return notes + ([note("text_cut", column=theirs, count=len(cut), rows=shown_rows(cut))] if cut else [])


def _judges_codes(layer: str, frame: pd.DataFrame, matching: Matching, ask: _Ask) -> bool:
    """Whether codes are held to the standard: in the office, and wherever a file brings codes of the standard.

    A foreign file may call anything its code. It is held to the standard if the column bears the standard's name or
    most of its values the standard's shape.
    """
    keys = row_checks.KEYS.get(layer, {})
    if not ask.judge_codes or not any(name in frame.columns for name in keys):
        return False
    if ask.office:
        return True
    standard = {known.name: (known.standard, *known.aliases) for known in fields(layer)}
    for name, of in keys.items():
        if name not in matching.columns:
            continue
        if matching.columns[name].upper() in standard[name]:
            return True
        given = frame[name].dropna()
        if 2 * int(codes.has_shape(given, codes.SHAPES[of]).sum()) > len(given):
            return True
    return False


def _column_notes(
    layer: str, source: Source, table: Table, matching: Matching, strict: bool, office: bool
) -> list[Said]:
    """Refuse a layer whose codes are missing or numeric; tell what else the standard asks for."""
    keys = row_checks.KEYS.get(layer, {})
    standard = {known.name: known.standard for known in fields(layer)}
    missing = [standard[name] for name in keys if name not in matching.columns]
    if office and missing:
        raise refusal("column_missing", name=source.name, columns="、".join(missing))
    notes: list[Said] = []
    for name in (name for name in keys if name in matching.columns):
        theirs = matching.columns[name]
        if table.is_numeric(theirs):
            if strict:
                raise refusal("column_type", name=source.name, column=theirs)
            notes.append(note("numeric_codes", column=theirs))
        if not strict:
            notes.append(note("foreign_codes", column=theirs))
    if office and matching.missing:
        names = "、".join(f"{known.standard}（{known.zh}）" for known in matching.missing)
        notes.append(note("columns_missing", columns=names))
    return notes


def _placed(
    defects: row_checks.Defects, frame: pd.DataFrame, shapes: Shapes, table: Table, ask: _Ask, seen: Inspection
) -> tuple[pd.DataFrame, crs.Decision]:
    """Judge the shapes, decide the coordinate system by where they fall, and give the frame its geometry."""
    drawn = row_checks.judge_shapes(defects, shapes.wkb, table.deleted)
    places = row_checks.centres(drawn)
    places[table.deleted] = np.nan
    decided = _decided(shapes, places[np.isfinite(places).all(axis=1)], ask, seen)
    seen.placed(decided)
    row_checks.judge_places(defects, places, decided.crs, ask.box, table.deleted)
    return gpd.GeoDataFrame(frame, geometry=drawn, crs=decided.crs), decided


def _decided(shapes: Shapes, places: NDArray[np.float64], ask: _Ask, seen: Inspection) -> crs.Decision:
    """Decide the system; the office wants others than CGCS2000 named by a person, and no other Chinese datum."""
    try:
        if shapes.crs_unreadable and ask.epsg is None:
            raise crs.CrsRefused("bad_prj")
        decided = crs.decide(shapes.crs, ask.epsg, places, ask.box)
        family = crs.family(decided.crs)
        if ask.office and family is None and ask.epsg is None:
            raise crs.CrsRefused("crs_unconfirmed", crs=crs.spoken(decided.crs))
        if ask.office and family in ("Xi'an 80", "Beijing 54"):
            raise crs.CrsRefused("crs_datum", crs=crs.spoken(decided.crs), target="CGCS2000")
    except crs.CrsRefused as refused:
        why = refusal(refused.code, **refused.facts)
        seen.refused(shapes.crs, {"zh": why.zh, "en": why.en})
        raise why from None
    return decided
