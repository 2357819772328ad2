"""Export: a county's delivery written back from the books, in the tree and with the files of the standard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pandas as pd
from pyproj import CRS
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.errors import Refused
from api.office import Office
from api.work.outgoing import taking_shape
from data.delivery import registry
from data.delivery.extract import Extract, extract
from data.delivery.kept import Area, area
from data.delivery.sums import sums
from data.store import places
from data.store.versions import then
from data.tables import Issuer, Parcel
from geo.codes import resolve_prefix
from geo.delivery import dbf, formats, metadata, shapefile, sheets, summary, tables, tree
from geo.delivery.defects import Defect
from geo.delivery.formats import Listed
from geo.fields import Layer

Tell = Callable[[str, str], None]
COLUMNS = ("kind", "table", "row", "code", "column", "value", "zh", "en")
_LEVELS = {6: "县 county", 9: "乡镇 town", 12: "村 village", 14: "组 group"}


@dataclass
class Written:
    """What went out: rows and files of each table, and what could not go out as it stands in the books."""

    path: Path
    rows: dict[str, int] = field(default_factory=dict)
    held: list[metadata.Held] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)


@dataclass(frozen=True)
class _Way:
    """What every step needs: the books at one moment, the ground, whose delivery it is, and its day."""

    session: Session
    where: Area
    county: tree.County
    root: Path
    day: date
    #: The system of layers that hold nothing.
    crs: str


def package(office: Office, out: Path, scope: str, county: str, year: str, tell: Tell) -> Written:
    """Write the delivery of a county, or of what a scope leaves of it, into a folder or a .zip that is not there yet.

    With names and identity numbers, as the standard has them: it is for those who hand it over. All of it is one
    moment of the books.
    """
    with office.begin() as session, taking_shape(out) as folder:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        whose = _county(session, scope, county, year)
        where = area(session, scope or whose.code)
        root = folder / whose.root
        # what holds nothing is said to be in the system of the parcels
        system = extract(session, where, "DK").crs or f"EPSG:{where.srid}"
        way = _Way(session, where, whose, root, session.scalar(select(func.current_date())), system)
        written = Written(out)
        _layers(way, written, tell)
        tell("权属数据", "attribute tables")
        _titles(way, written)
        tell("汇总表格", "summary tables")
        _summaries(way)
        _rest(way, written)
    return written


def _county(session: Session, scope: str, county: str, year: str) -> tree.County:
    """Whose delivery it is: the county asked for, that of the scope, or the only one in the books."""
    codes = {county or resolve_prefix(scope[:6])} - {""}
    if not codes:
        found = session.scalars(select(func.left(Parcel.code, 6)).where(*then(Parcel)).distinct())
        codes = {resolve_prefix(code) for code in found}
    if len(codes) != 1 or any(len(code) != 6 for code in codes):
        named = "、".join(sorted(codes))
        raise Refused(f"请用 --county 指明一个县：{named}", f"say which county with --county: {named}", "which_county")
    (code,) = codes
    if scope and not resolve_prefix(scope).startswith(code):
        raise Refused(f"范围 {scope} 不在县 {code} 内。", f"{scope} does not lie in county {code}.", "which_county")
    return tree.County(code, places.names(session).get(code, ""), year)


def _layers(way: _Way, written: Written, tell: Tell) -> None:
    """The layers of the standard, those it wants even where they hold nothing; then those beside it."""
    for layer, folder in _placed():
        found = extract(way.session, way.where, layer.table)
        if not (found.rows or (layer.constraint == "M" and folder == tree.VECTOR)):
            continue
        tell(f"{layer.zh} {layer.table}", layer.en)
        (way.root / folder).mkdir(parents=True, exist_ok=True)
        written.defects += _layer(way, found, way.root / folder)
        written.defects += [
            Defect("reprojected", layer.table, value=system[:40], size=rows) for system, rows in found.others.items()
        ]
        written.rows[layer.table] = found.rows
        written.held.append(metadata.Held(layer.table, layer.zh, found.rows, found.crs))


def _placed() -> Iterator[tuple[Layer, str]]:
    yield from ((layer, tree.VECTOR) for layer in tree.vector_layers())
    yield from ((layer, tree.BESIDE) for layer in tree.layers_beside())


def _layer(way: _Way, found: Extract, folder: Path) -> list[Defect]:
    """One layer in GBK; all of it once more in GB18030 where a character asks for that."""
    try:
        return _shapefile(way, found, folder, "gbk")
    except UnicodeEncodeError:
        for begun in folder.glob(f"{way.county.stem(found.layer.table)}*"):
            begun.unlink()
    return [Defect("gb18030", found.layer.table), *_shapefile(way, found, folder, "gb18030")]


def _shapefile(way: _Way, found: Extract, folder: Path, encoding: str) -> list[Defect]:
    table = found.layer.table
    writer = shapefile.Writer(
        folder,
        way.county.stem(table),
        shapefile.KINDS[found.shape or "Polygon"],
        dbf.columns(found.fields),
        encoding=encoding,
        prj=CRS.from_user_input(found.crs or way.crs).to_wkt("WKT1_ESRI"),
        day=way.day,
    )
    defects: list[Defect] = []
    for frame, shapes in found.batches(way.session):
        first = writer.rows
        defects += _coded(writer.append(frame, shapes), frame, found, first)
    writer.close()
    return _counted(defects)


def _coded(defects: list[Defect], frame: pd.DataFrame, found: Extract, first: int) -> list[Defect]:
    """Defects with the codes of their rows."""
    column = next((one.standard for one in found.fields if one.name in ("code", "parcel_code")), None)
    if column not in frame:
        return defects
    codes = frame[column]
    return [one if one.row is None else replace(one, code=codes.iloc[one.row - first]) for one in defects]


def _counted(defects: list[Defect]) -> list[Defect]:
    """Defects in which those that only count rows of a column are one."""
    counted: dict[tuple[str, str | None], Defect] = {}
    rows = []
    for one in defects:
        if one.row is not None:
            rows.append(one)
        else:
            before = counted.get((one.kind, one.column))
            counted[one.kind, one.column] = replace(one, size=(one.size or 0) + (before.size or 0 if before else 0))
    return [*rows, *counted.values()]


def _titles(way: _Way, written: Written) -> None:
    """The attribute tables as a GeoPackage, and each as CSV beside it."""
    folder = way.root / tree.TITLES
    folder.mkdir(parents=True)
    named = []
    for layer in tree.attribute_tables():
        found = extract(way.session, way.where, layer.table)
        if found.rows or layer.constraint == "M":
            written.defects += _table(way, found, folder)
            written.rows[layer.table] = found.rows
            written.held.append(metadata.Held(layer.table, layer.zh, found.rows, None))
            named.append(layer.table)
    (folder / tree.NOTE).write_text(tree.titles_note(way.county, named), encoding="utf-8")
    _registry(way)
    units = sheets.Sheet("权属单位", ["权属单位代码", "权属单位名称", "级别 level"], _units(way))
    sheets.write_xlsx(folder / f"{way.county.books}权属单位代码表.xlsx", [units])


def _table(way: _Way, found: Extract, folder: Path) -> list[Defect]:
    table, begun = found.layer.table, False
    names = [one.standard for one in found.fields]
    defects: list[Defect] = []
    rows = 0
    with (folder / f"{table}.csv").open("w", encoding="utf-8-sig", newline="") as file:
        sheets.write_csv(file, names, [])
        for frame, _ in found.batches(way.session) if found.rows else [(pd.DataFrame(), None)]:
            told = tables.arrow(frame, found.fields)
            tables.append(folder / f"{way.county.books}.gpkg", table, told, begun)
            sheets.write_csv(file, None, zip(*(column.to_pylist() for column in told.columns), strict=True))
            defects += _coded(tables.longer(frame, found.fields, rows), frame, found, rows)
            rows, begun = rows + len(frame), True
    return defects


def _registry(way: _Way) -> None:
    """Every right with its unit code and the fields of the real-estate register, for the hand-over to it."""
    folder = way.root / tree.REGISTRY
    folder.mkdir(parents=True)
    fields = registry.fields()
    listed = Listed(f"{way.county.books}不动产单元对照表", fields, registry.registry(way.session, way.where), way.day)
    for form in ("csv", "xlsx"):
        formats.write(listed, form, folder)


def _units(way: _Way) -> list[tuple[str, str, str]]:
    """The county, its towns and villages, and the issuers of the area."""
    names = places.names(way.session)
    prefixes = way.where.prefixes
    known = {code: name for code, name in names.items() if code.startswith(prefixes) or prefixes[0].startswith(code)}
    issuers = select(Issuer.code, Issuer.name).where(places.under(Issuer.code, prefixes), *then(Issuer))
    known |= dict(way.session.execute(issuers).all())
    return [(code, known[code] or "", _LEVELS.get(len(code), "")) for code in sorted(known)]


def _summaries(way: _Way) -> None:
    folder = way.root / tree.SUMMARIES
    folder.mkdir(parents=True)
    made = summary.summaries(sums(way.session, way.where), places.names(way.session))
    for name, sheet in made.items():
        sheets.write_xlsx(folder / f"{way.county.books}{name}.xlsx", [sheet])


def _rest(way: _Way, written: Written) -> None:
    """Metadata, the defects of this export, and the folders that we have nothing to put in."""
    (way.root / tree.METADATA).mkdir(parents=True)
    told = metadata.document(way.county, way.day, written.held, len(written.defects))
    (way.root / tree.METADATA / f"SL{way.county.books}.xml").write_bytes(told)
    for name, (zh, en) in tree.EMPTY.items():
        (way.root / name).mkdir(parents=True, exist_ok=True)
        (way.root / name / tree.NOTE).write_text(f"{zh}\n{en}\n", encoding="utf-8")
    with (way.root / tree.DEFECTS).open("w", encoding="utf-8-sig", newline="") as file:
        rows = ([getattr(one, name) for name in COLUMNS] for one in written.defects)
        sheets.write_csv(file, COLUMNS, rows)
