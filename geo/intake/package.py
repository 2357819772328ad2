"""Whole deliveries of the standard (NY/T 2539, 7): what folders and names say, and a folder read like an archive."""

import hashlib
import os
import re
import stat
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

import pandas as pd

from geo.fields import Field, dictionary, fields, layer_of_file
from geo.intake.reading import LayerReading, Reading
from geo.intake.table import Form, Table
from geo.model import TABLES

#: The folders by which a package is known, and the file that only packages bring.
FOLDERS: Final = ("矢量数据", "权属数据")
DATABASES: Final = (".mdb", ".accdb")
#: The parts of a shapefile, the one first by which it is named.
PARTS: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg")
#: The root folder of a package: `441781阳春市`.
_ROOT: Final = re.compile(r"^\d{6}\D")
#: Table, county and year, number of the part: `DK4417812016-1`, `JZD`, `DK_441781`.
_STEM: Final = re.compile(r"^([A-Za-z][A-Za-z_]*?)_?(\d{6})?(\d{4})?(?:-(\d+))?$")
_CHUNK: Final = 1 << 20
#: Every file of a delivery made from a folder bears this moment, so that the same tree gives the same bytes.
_STAMP: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Listed:
    """One file of a delivery: its path there, with `/` between folders, its size and the hash of its bytes."""

    path: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class Named:
    """What the name of a file says: table (upper case), county, year and part, as far as it says so."""

    table: str | None
    county: str | None
    year: str | None
    part: int | None


def is_package(names: Iterable[str]) -> bool:
    """Tell by the names in it whether an archive or folder is a whole delivery and no lone layer."""
    for name in names:
        *folders, file = name.replace("\\", "/").rstrip("/").split("/")
        if any(folder in FOLDERS for folder in (*folders, file)) or file.lower().endswith(DATABASES):
            return True
    return False


def is_table(file: str) -> bool:
    """Whether a file bears the name of an attribute table (`CBF.csv`)."""
    return layer_of_file(file) in TABLES


def named(file: str) -> Named:
    """Read the name of a file: `DK4417812016-1.shp`, `JZD.dbf`, `4417812016.mdb`."""
    stem = PurePosixPath(file.replace("\\", "/")).name.rsplit(".", 1)[0]
    if found := re.match(r"^(\d{6})(\d{4})?", stem):
        return Named(None, found[1], found[2], None)
    found = _STEM.match(stem)
    if not found or layer_of_file(stem) is None:
        return Named(None, None, None, None)
    return Named(found[1].upper(), found[2], found[3], int(found[4]) if found[4] else None)


def passed(path: str, chunks: Iterable[bytes]) -> Listed:
    """Count and hash a file as its bytes go by."""
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        digest.update(chunk)
        size += len(chunk)
    return Listed(path.replace("\\", "/"), size, digest.hexdigest())


def walk(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file below a folder by its path there, in one order on every machine; links and devices are passed by."""
    for place, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            path = Path(place, name)
            if stat.S_ISREG(path.lstat().st_mode):
                yield path.relative_to(folder).as_posix(), path


def listed(name: str, path: Path) -> Listed:
    """Count and hash a file that lies on the disk."""
    with path.open("rb") as file:
        return passed(name, iter(lambda: file.read(_CHUNK), b""))


def pack(folder: Path, target: Path) -> None:
    """Make one archive of a folder: the same tree gives the same bytes, whenever and wherever it is packed."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, path in walk(folder):
            entry = zipfile.ZipInfo(f"{folder.name}/{name}", _STAMP)
            entry.external_attr, entry.create_system = 0o644 << 16, 3
            with path.open("rb") as source, archive.open(entry, "w", force_zip64=True) as sink:
                while chunk := source.read(_CHUNK):
                    sink.write(chunk)


def digest(path: Path) -> str:
    """The hash of a file's bytes; of a folder, of all paths and bytes in it."""
    if not path.is_dir():
        return listed(path.name, path).sha256
    told = "".join(f"{file.sha256}  {file.path}\n" for file in (listed(name, at) for name, at in walk(path)))
    return hashlib.sha256(told.encode()).hexdigest()


def rows(files: Iterable[Listed], layers: Iterable[LayerReading] = ()) -> list[dict[str, Any]]:
    """One row for each file of a package; the parts of a shapefile are one file, named by its .shp.

    `folder` is the folder of the standard's tree that the file lies in, below the root folder if there is one; `crs`
    the system that was found for the layer that was read from it.
    """
    systems = {PurePosixPath(name).name: layer.crs for layer in layers for name in layer.source.split("、")}
    groups: dict[str, list[Listed]] = {}
    for file in files:
        stem, suffix = _split(file.path)
        groups.setdefault(stem if suffix in PARTS else file.path, []).append(file)
    return [row | {"crs": systems.get(row["name"])} for row in map(_row, groups.values())]


def _row(parts: list[Listed]) -> dict[str, Any]:
    by_suffix = {_split(part.path)[1]: part for part in parts}
    lead = next((by_suffix[suffix] for suffix in (*PARTS, *by_suffix) if suffix in by_suffix), parts[0])
    *folders, name = lead.path.split("/")
    said = named(name)
    is_shapefile = ".shp" in by_suffix or ".shx" in by_suffix
    return {
        "path": lead.path,
        "folder": next((folder for folder in folders if not _ROOT.match(folder)), None),
        "name": name,
        "suffix": _split(name)[1],
        "table": said.table,
        "layer": layer_of_file(name),
        "county": said.county,
        "year": said.year,
        "part": said.part,
        "size_bytes": sum(part.size_bytes for part in parts),
        "sha256": lead.sha256,
        "parts": "/".join(suffix for suffix in PARTS if suffix in by_suffix) if is_shapefile else None,
    }


def _split(path: str) -> tuple[str, str]:
    """A path without its suffix in one case, and the suffix in small letters."""
    pure = PurePosixPath(path)
    return str(pure.with_suffix("")).casefold(), pure.suffix.lower()


def forms(layer: str, table: Table, columns: Mapping[str, str], filled: Mapping[str, int]) -> list[dict[str, Any]]:
    """How a file declares its columns, and which fields of the standard it lacks: one row for each of either.

    `filled` counts the rows in which a field that was found holds anything; it is empty for a table without rows.
    """
    known = fields(layer)
    own = _own_fields(layer, known[0].table, {name.upper() for name in table.names})
    told = []
    for field in known:
        theirs = columns.get(field.name)
        if theirs is not None or not field.ours:
            wanted = own.get((theirs or field.standard).upper(), field)
            told.append(
                _form(wanted, theirs, table.form(theirs) if theirs else Form("")) | {"filled": filled.get(field.name)}
            )
    for name in table.names:
        if name not in columns.values():
            told.append(
                {
                    "layer": layer,
                    "table": known[0].table,
                    "name": name.upper(),
                    "found": name,
                    **_found(table.form(name)),
                }
            )
    return told


def _own_fields(layer: str, first: str, names: set[str]) -> dict[str, Field]:
    """The fields of the table that a file is, by their standard names, where others feed the same layer.

    The table is the one whose names the file bears most of; of the first one the layer's own fields tell all.
    """
    tables: dict[str, dict[str, Field]] = {}
    for field in dictionary():
        if field.layer == layer:
            tables.setdefault(field.table, {})[field.standard] = field
    most = max(tables, key=lambda name: len(tables[name].keys() & names), default=first)
    return {} if most == first else tables[most]


def _form(field: Field, theirs: str | None, form: Form) -> dict[str, Any]:
    return {
        "layer": field.layer,
        "table": field.table,
        "name": field.standard,
        "found": theirs,
        **_found(form),
        "wanted_type": field.type,
        "wanted_length": field.length,
        "wanted_decimals": field.decimals,
        "constraint": field.constraint,
    }


def _found(form: Form) -> dict[str, Any]:
    return {"type": form.type or None, "length": form.length, "decimals": form.decimals}


#: The columns of the tables `file` and `column`, by which rules on packages find their way.
FILE_COLUMNS: Final = (
    "path", "folder", "name", "suffix", "table", "layer", "county", "year", "part", "size_bytes", "sha256", "parts",
    "crs",
)  # fmt: skip
COLUMN_COLUMNS: Final = (
    "layer", "table", "name", "found", "type", "length", "decimals", "wanted_type", "wanted_length", "wanted_decimals",
    "constraint", "filled",
)  # fmt: skip


def described(files: Sequence[Mapping[str, Any]], columns: Sequence[Mapping[str, Any]]) -> dict[str, pd.DataFrame]:
    """The delivery itself as tables of the ground; those that hold nothing are left out."""
    tables = {
        "file": pd.DataFrame(list(files), columns=list(FILE_COLUMNS)),
        "column": pd.DataFrame(list(columns), columns=list(COLUMN_COLUMNS)),
    }
    return {name: frame.assign(row=range(len(frame))) for name, frame in tables.items() if len(frame)}


#: Images are listed one by one in the report; whatever holds no layer is only counted.
_IMAGES: Final = (".tif", ".tiff", ".img", ".jp2")
_RASTERS: Final = "栅格数据"
#: So many of them are listed at most.
_LISTED: Final = 2_000


def summary(reading: Reading) -> dict[str, Any] | None:
    """What a package holds, for its report: files by kind, images with their hashes, rows; None for other files."""
    if not reading.files:
        return None
    kinds = Counter(str(file["suffix"]) or "-" for file in reading.files)
    rasters = [file for file in reading.files if file["folder"] == _RASTERS or file["suffix"] in _IMAGES]
    return {
        "files": len(reading.files),
        "size_bytes": sum(int(file["size_bytes"]) for file in reading.files),
        "kinds": dict(sorted(kinds.items())),
        "rasters": [{name: file[name] for name in ("path", "size_bytes", "sha256")} for file in rasters[:_LISTED]],
        "rasters_total": len(rasters),
        "rows": {layer.layer: layer.read for layer in reading.layers},
        "columns": [form for layer in reading.layers for form in layer.forms],
    }
