"""The dictionary of the delivery standard (NY/T 2539) and of survey layers: their names at the border, ours inside."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from geo.vocabulary import rows

#: These hold the same columns as another layer.
_SAME_COLUMNS = {"register": "parcel", "landcover_before": "landcover"}
#: Table name, then the digits of the county and the year, then a number where a big layer is split.
_FILE_NAME = re.compile(r"^([A-Z][A-Z_]*?)_?(?:[0-9]+)?(?:-[0-9]+)?$")
#: Change patches as they are sent out month by month: `2026_1_change_landuse`.
_CHANGES = re.compile(r"^[0-9]{4}(?:_[0-9]+)?_change_landuse", re.IGNORECASE)


class UnknownLayer(Exception):
    """A layer or table that the dictionary does not hold."""


@dataclass(frozen=True)
class Field:
    """One field: our name, the standard's, other names it goes by, and what the standard asks of it."""

    layer: str
    table: str
    standard: str
    name: str
    zh: str
    en: str
    type: str
    length: int | None
    decimals: int | None
    constraint: str
    code_list: str | None
    ours: bool
    aliases: tuple[str, ...] = ()

    @property
    def mandatory(self) -> bool:
        """Whether the standard wants it in every row."""
        return self.constraint == "M"

    @property
    def kept_as(self) -> str:
        """Its type, `bigint` where a whole number has more digits than 32 bits hold."""
        return "bigint" if self.type == "int" and (self.length or 0) > 9 else self.type


@dataclass(frozen=True)
class Layer:
    """One layer or table: its name at the border, ours, labels, and what shapes it holds (None for tables)."""

    table: str
    layer: str
    zh: str
    en: str
    geometry: str | None
    element_code: str | None
    constraint: str
    ours: bool


@dataclass(frozen=True)
class Matching:
    """How the columns of a file answer to the dictionary."""

    columns: dict[str, str]
    missing: list[Field]
    ignored: list[str]
    unknown_overrides: list[str]


@cache
def layers() -> tuple[Layer, ...]:
    """Every layer and table of the dictionary, the standard's first."""
    return tuple(
        Layer(
            row["table"],
            row["layer"],
            row["zh"],
            row["en"],
            row["geometry"] or None,
            row["element_code"] or None,
            row["constraint"],
            row["ours"] == "1",
        )
        for row in rows("layers.csv")
    )


@cache
def dictionary() -> tuple[Field, ...]:
    """Every field of every table, in the order of the standard; those we do not keep have an empty name."""
    return tuple(
        Field(
            layer=row["layer"],
            table=row["table"],
            standard=row["standard"],
            name=row["name"],
            zh=row["zh"],
            en=row["en"],
            type=row["type"],
            length=int(row["length"]) if row["length"] else None,
            decimals=int(row["decimals"]) if row["decimals"] else None,
            constraint=row["constraint"],
            code_list=row["code_list"] or None,
            ours=row["ours"] == "1",
        )
        for row in rows("fields.csv")
    )


@cache
def fields(layer: str) -> tuple[Field, ...]:
    """The fields that we keep of a layer, one for each of our names; UnknownLayer if there is no such layer.

    Where several tables feed one layer (towns and villages, two editions of basic farmland), the first to name a
    field gives it and the others' names are its aliases.
    """
    source = _SAME_COLUMNS.get(layer, layer)
    kept: dict[str, list[Field]] = {}
    for field in dictionary():
        if field.layer == source and field.name:
            kept.setdefault(field.name, []).append(field)
    if not kept and source not in {known.layer for known in layers()}:
        raise UnknownLayer(layer)
    return tuple(_merged(layer, same) for same in kept.values())


def _merged(layer: str, same: list[Field]) -> Field:
    """One field out of those that carry the same name of ours; mandatory only if each table asks for it."""
    first = same[0]
    in_all = first.mandatory and all(field.mandatory for field in same if field.table != first.table)
    return Field(
        **{
            **vars(first),
            "layer": layer,
            "constraint": "M" if in_all else "O" if first.mandatory else first.constraint,
            "aliases": tuple(dict.fromkeys(f.standard for f in same[1:] if f.standard != first.standard)),
        }
    )


def table_of(layer: str) -> str:
    """The table name that a layer bears at the border (`parcel` is DK); of several, the standard's first."""
    source = "parcel" if layer == "register" else layer
    for known in layers():
        if known.layer == source:
            return known.table
    raise UnknownLayer(layer)


def shape_of(layer: str) -> str | None:
    """What shapes a layer holds (`Polygon`, `Point`, `Line`, `Annotation`), None for a table."""
    source = _SAME_COLUMNS.get(layer, layer)
    return next((known.geometry for known in layers() if known.layer == source), None)


def layer_of_table(table: str) -> str | None:
    """Our name of a table of the standard, in whatever case; None if the dictionary does not hold it."""
    return {known.table: known.layer for known in layers()}.get(table.upper())


def layer_of_file(name: str) -> str | None:
    """Tell the layer by a file's name: `DK4417812016-1.shp`, `dk.shp`, `CBF.dbf`, `DLTB_BEFORE.gpkg`; None if unknown.

    A file that bears our own name of a layer (`parcel.gpkg`) is that layer.
    """
    stem = re.split(r"[\\/]", name)[-1].rsplit(".", 1)[0]
    known = {layer.layer for layer in layers()} | _SAME_COLUMNS.keys()
    if stem.lower() in known:
        return stem.lower()
    if _CHANGES.match(stem):
        return "change_patch"
    found = _FILE_NAME.match(stem.upper())
    return layer_of_table(found[1]) if found else None


def match_columns(layer: str, columns: Sequence[str], overrides: Mapping[str, str] | None = None) -> Matching:
    """Find each field of a layer among the columns of a file.

    Standard names match in any case. `overrides` says OUR=THEIR, OUR being the standard's name; an override that
    names no field of the layer, or no column of the file, is reported and has no effect. `missing` lists the
    mandatory fields that were not found.
    """
    wanted = {(key.upper()): theirs for key, theirs in (overrides or {}).items()}
    unknown = dict(wanted)
    matched: dict[str, str] = {}
    for field in fields(layer):
        for standard in (field.standard, *field.aliases):
            theirs = _present(wanted.get(standard), columns)
            if theirs is not None:
                matched[field.name] = theirs
                del unknown[standard]
                break
    free = [column for column in columns if column not in matched.values()]
    for field in fields(layer):
        for standard in (field.standard, *field.aliases):
            theirs = _present(standard, free)
            if field.name not in matched and theirs is not None:
                matched[field.name] = theirs
    in_order = {field.name: matched[field.name] for field in fields(layer) if field.name in matched}
    return Matching(
        columns=in_order,
        missing=[field for field in fields(layer) if field.mandatory and field.name not in matched],
        ignored=[column for column in columns if column not in matched.values()],
        unknown_overrides=[f"{ours}={theirs}" for ours, theirs in unknown.items()],
    )


def _present(name: str | None, columns: Sequence[str]) -> str | None:
    """The column of that name, the same case first."""
    if name is None or name in columns:
        return name
    return next((column for column in columns if column.upper() == name.upper()), None)
