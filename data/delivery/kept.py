"""Where the books keep each table of the standard, and which of its rows belong to an area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Text,
    and_,
    any_,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.orm import Session

from data.session import srid_of
from data.store import places
from data.store.ground import HALO_M, Box, belongs, boxes
from data.store.versions import then
from data.tables import FACTS, DetailFeature, SurveyFeature, Upload, UploadLayer
from geo.fields import Field, Layer, dictionary, layers
from geo.model import DETAIL_LAYERS, SURVEY_LAYERS

NUMBER = "BSM"


@dataclass(frozen=True)
class Area:
    """The ground asked for: the prefixes of its codes (old ones too), and the boxes around its villages, metric."""

    prefixes: tuple[str, ...]
    boxes: tuple[Box, ...]
    srid: int
    #: Deliveries of this ground and no other.
    deliveries: tuple[int, ...]

    def holds(self, table: Any) -> ColumnElement[bool]:
        """The condition on a feature without a code: it meets the box of a village, or came with this ground alone."""
        met = (table.geom.op("&&")(func.ST_MakeEnvelope(*box, self.srid)) for box in self.boxes)
        return or_(false(), *met, table.upload_id == any_(literal(list(self.deliveries), ARRAY(BigInteger))))


def area(session: Session, scope: str) -> Area:
    """Make out the ground under a code; the empty code is all ground."""
    prefixes = tuple(places.prefixes(session, [scope]))
    touched = session.execute(select(Upload.id, Upload.report["villages"]).where(Upload.report.has_key("villages")))
    mine = (upload for upload, villages in touched if villages and all(code.startswith(prefixes) for code in villages))
    return Area(prefixes, boxes(session, prefixes, HALO_M), srid_of(session), tuple(mine))


@dataclass(frozen=True)
class Kept:
    """One table of the standard in the books: which table of ours, which columns, which rows, in which order."""

    table: Any
    columns: dict[str, ColumnElement[Any]]
    wanted: Sequence[ColumnElement[bool]]
    #: Whether its features are numbered by whole numbers.
    numbered: bool

    @property
    def told(self) -> bool:
        """Whether what was delivered is kept as a document, and not in columns of its own."""
        return self.table in (SurveyFeature, DetailFeature)

    @property
    def number(self) -> ColumnElement[Any]:
        """The feature number; null where the table has none, or it is a text."""
        if not self.numbered:
            return cast(null(), BigInteger)
        return cast(self.table.attributes["feature_number"].astext, BigInteger) if self.told else self.columns[NUMBER]

    @property
    def order(self) -> list[Any]:
        """The same in every house: features by number and by what they say, for our own names of them are not told.

        All else goes by code, and where equal codes were numbered (#2 … #10) by their numbers.
        """
        if not self.told:
            code = self.table.code
            return [func.split_part(code, "#", 1), func.length(code), code]
        said = self.table.attributes
        return [self.number, said["feature_number"].astext, cast(said, Text), self.table.delivered]


def kept(session: Session, where: Area, layer: Layer) -> Kept | None:
    """Tell where the rows of a table of the standard are for an area; None if the books do not keep it."""
    fields = [one for one in dictionary() if one.table == layer.table]
    numbered = any(one.standard == NUMBER and one.name and one.type == "int" for one in fields)
    if layer.layer in FACTS:
        table = FACTS[layer.layer]
        here = belongs(session, layer.layer, where.prefixes)
        return Kept(table, _columns(table, fields), [here, *then(table)], numbered)
    if layer.layer not in (*SURVEY_LAYERS, *DETAIL_LAYERS):
        return None
    table = SurveyFeature if layer.layer in SURVEY_LAYERS else DetailFeature
    # a column that bears a name of another table of its layer was read as that one's
    same = {one.standard: one.name for one in dictionary() if one.layer == layer.layer and one.name}
    names = _names([one if one.name else replace(one, name=same.get(one.standard, "")) for one in fields])
    columns = {standard: table.attributes[name].label(standard) for standard, name in names.items()}
    # a text with no collation of its own is what a shard takes over
    named = table.layer == literal(layer.layer, Text())
    return Kept(table, columns, [named, *_here(session, where, table, layer), *then(table)], numbered)


def _columns(table: Any, fields: Sequence[Field]) -> dict[str, ColumnElement[Any]]:
    return {standard: getattr(table, name) for standard, name in _names(fields).items()}


def _names(fields: Sequence[Field]) -> dict[str, str]:
    """Our name of each field that is kept; of several that we keep as one, the first has it."""
    names: dict[str, str] = {}
    for one in fields:
        if one.name and one.name not in names.values():
            names[one.standard] = one.name
    return names


def _here(session: Session, where: Area, table: Any, layer: Layer) -> list[ColumnElement[bool]]:
    """The condition that a feature belongs to the area: by its code, its issuer, or its place."""
    if table is DetailFeature:
        return [or_(places.under(table.area, where.prefixes), and_(table.area.is_(None), where.holds(table)))]
    if layer.layer == "boundary":
        return [_regions(where, table, layer)]
    return [where.holds(table), *_of_table(session, table, layer)]


def _regions(where: Area, table: Any, layer: Layer) -> ColumnElement[bool]:
    """Regions of one level (the length of their codes), in the area or around it."""
    own = next(one for one in dictionary() if one.table == layer.table and one.name == "code")
    around = [literal(prefix, Text()).startswith(table.code) for prefix in where.prefixes]
    return and_(func.length(table.code) == own.length, or_(places.under(table.code, where.prefixes), *around))


def _of_table(session: Session, table: Any, layer: Layer) -> list[ColumnElement[bool]]:
    """Where several tables feed one layer: the rows whose element code is this table's, or no other's.

    Rows that came without one are of the table whose columns their delivery brought.
    """
    tables = [known for known in layers() if known.layer == layer.layer]
    if len(tables) == 1:
        return []
    said = table.attributes["element_code"].astext
    others = [known.element_code for known in tables if known.element_code]
    first = next((known for known in tables if not known.element_code), None)
    own = said == layer.element_code if layer.element_code else said.not_in(others) if layer == first else false()
    return [or_(own, and_(said.is_(None), _by_columns(session, table, layer, [known.table for known in tables])))]


def _by_columns(session: Session, table: Any, layer: Layer, tables: Sequence[str]) -> ColumnElement[bool]:
    """The rows of those deliveries whose columns were mostly this table's; the first table has what is left."""
    own = {name: {one.standard for one in dictionary() if one.table == name and one.name} for name in tables}
    query = select(UploadLayer.upload_id, UploadLayer.columns).where(UploadLayer.layer == layer.layer)
    uploads: dict[str, list[int]] = {name: [] for name in tables}
    for upload, columns in session.execute(query):
        theirs = {str(name).upper() for name in (columns or {}).values()}
        uploads[max(tables, key=lambda name: len(own[name] & theirs))].append(upload)
    if layer.table == tables[0]:
        return table.upload_id.not_in([upload for name in tables[1:] for upload in uploads[name]])
    return table.upload_id.in_(uploads[layer.table])
