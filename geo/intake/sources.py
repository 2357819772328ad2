"""What a file holds: shapefiles, tables and layers, told apart by their bytes and named by their names."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Final

from geo.fields import layer_of_file, layer_of_table
from geo.intake import mdb, package
from geo.intake.archive import LAYER_PROFILE, PACKAGE_PROFILE, Limits, Member, is_wanted, unpack
from geo.intake.errors import Said, note, refusal
from geo.intake.ogr import SQLITE_MAGIC, layer_names
from geo.intake.package import Listed
from geo.model import SHAPED, TABLES

#: The parts of a shapefile that are read.
SHAPEFILE: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg")
#: `file.gpkg:layer` chooses one layer; a drive letter is no layer.
_CHOICE: Final = re.compile(r"^(.+\.(?:gpkg|zip|geojson|json)):([^:/\\]+)$", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """One layer or table of a file: its name there, its parts by extension, and its layer inside a GeoPackage."""

    name: str
    parts: dict[str, Path]
    inner: str | None = None
    guess: str | None = None

    @property
    def is_shapefile(self) -> bool:
        """Whether it is a shapefile (complete or not) and no lone table."""
        return ".shp" in self.parts or ".shx" in self.parts


@dataclass(frozen=True)
class Contents:
    """The sources of a file and what there is to tell about the rest."""

    sources: list[Source]
    notes: list[Said] = field(default_factory=list)
    limits: Limits = LAYER_PROFILE
    files: list[Listed] = field(default_factory=list)

    @property
    def is_package(self) -> bool:
        """Whether it is a whole delivery of the standard, with all that genuine ones bring along."""
        return self.limits.listed


def split_choice(path: str | Path) -> tuple[Path, str | None]:
    """Split `file.gpkg:layer` into the file and the layer that is meant."""
    found = _CHOICE.match(str(path))
    if found and not Path(path).exists():
        return Path(found[1]), found[2]
    return Path(path), None


def beside(path: Path) -> list[Path]:
    """The file, or all parts of the shapefile that it is one of."""
    if path.suffix.lower() not in SHAPEFILE or not path.is_file():
        return [path]
    return [near for near in path.parent.iterdir() if near.stem == path.stem and near.suffix.lower() in SHAPEFILE]


def contents(path: Path, folder: Path) -> Contents:
    """Find the layers and tables of a file or folder; an archive is unpacked into `folder`."""
    if path.is_dir():
        return _tree(path)
    if not path.is_file():
        raise refusal("not_found", name=path.name)
    with path.open("rb") as file:
        magic = file.read(16)
    suffix = path.suffix.lower()
    if suffix == ".zip" or magic[:4] == b"PK\x03\x04":
        unpacked = unpack(path, folder)
        sources = _grouped(unpacked.members)
        return Contents(sources, _passed_over(unpacked.passed_over, unpacked.limits), unpacked.limits, unpacked.files)
    if magic[4:16] in (b"Standard Jet", b"Standard ACE"):
        return Contents(_database(path, path.stem), limits=PACKAGE_PROFILE, files=[package.listed(path.name, path)])
    if magic == SQLITE_MAGIC or suffix in (".gpkg", ".geojson", ".json"):
        return Contents(_inner(path, path.stem))
    if suffix in SHAPEFILE:
        wanted = [Member(near.name, near) for near in beside(path)]
        return Contents(_grouped(wanted if suffix in (".shp", ".shx", ".prj", ".cpg") else _table(path, wanted)))
    raise refusal("no_layer")


def _tree(root: Path) -> Contents:
    """The layers and tables of a folder; what an archive may not hold, a folder of one's own may."""
    found = list(package.walk(root))
    limits = PACKAGE_PROFILE if package.is_package([root.name, *(name for name, _ in found)]) else LAYER_PROFILE
    if len(found) > PACKAGE_PROFILE.entries:
        raise refusal("zip_entries", most=PACKAGE_PROFILE.entries)
    members = [Member(name, path) for name, path in found if is_wanted(name)]
    passed_over = [name for name, _ in found if not is_wanted(name)]
    files = [package.listed(name, path) for name, path in found] if limits.listed else []
    return Contents(_grouped(members), _passed_over(passed_over, limits), limits, files)


def _passed_over(names: Sequence[str], limits: Limits) -> list[Said]:
    """What is told of files that were not read: each by name, in a package how many of each kind."""
    if not names:
        return []
    if not limits.listed:
        return [note("ignored_files", names="、".join(sorted(names)))]
    kinds = Counter(PurePosixPath(name.replace("\\", "/").lower()).suffix or "-" for name in names)
    listed = "、".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
    return [note("files_listed", count=len(names), kinds=listed)]


def _database(path: Path, stem: str) -> list[Source]:
    """The attribute tables of an Access database that the standard knows."""
    return [
        Source(f"{stem}/{table}", {".mdb": path}, table, layer)
        for table in mdb.table_names(path, stem)
        if (layer := layer_of_table(table)) in TABLES
    ]


def _table(path: Path, beside: list[Member]) -> list[Member]:
    """A .dbf that was named itself: the table alone, with its .cpg, unless it is half of a shapefile."""
    if any(near.path.suffix.lower() == ".shp" for near in beside):
        return beside
    return [near for near in beside if near.path == path or near.path.suffix.lower() == ".cpg"]


def _grouped(members: Sequence[Member]) -> list[Source]:
    """Put the files of a shapefile together: same folder, same name, in whatever case."""
    groups: dict[str, dict[str, Member]] = {}
    sources: list[Source] = []
    for member in members:
        name = PurePosixPath(member.name.replace("\\", "/"))
        suffix = name.suffix.lower()
        if suffix in (".gpkg", ".geojson"):
            sources += _inner(member.path, name.stem)
            continue
        if suffix in package.DATABASES:
            sources += _database(member.path, name.stem)
            continue
        if suffix == ".csv":
            sources.append(Source(name.stem, {".csv": member.path}, guess=layer_of_file(name.name)))
            continue
        parts = groups.setdefault(str(name.with_suffix("")).casefold(), {})
        if suffix in parts:
            raise refusal("ambiguous_layer", names=f"{parts[suffix].name}, {member.name}")
        parts[suffix] = member
    for parts in groups.values():
        shown = PurePosixPath(parts.get(".shp", next(iter(parts.values()))).name.replace("\\", "/")).stem
        if parts.keys() & {".shp", ".shx", ".dbf"}:
            paths = {suffix: member.path for suffix, member in parts.items()}
            sources.append(Source(shown, paths, guess=layer_of_file(f"{shown}.shp")))
    return sources


def _inner(path: Path, stem: str) -> list[Source]:
    """The layers of a GeoPackage or GeoJSON, whose content must be what its name says."""
    suffix = ".gpkg" if path.suffix.lower() == ".gpkg" else ".geojson"
    with path.open("rb") as file:
        start = file.read(1 << 10)
    honest = start.startswith(SQLITE_MAGIC) if suffix == ".gpkg" else _opens_json(start)
    if not honest:
        raise refusal("magic", name=path.name)
    names = layer_names(path, stem)
    return [
        Source(
            name if suffix == ".gpkg" else stem,
            {suffix: path},
            name,
            layer_of_file(f"{name}.gpkg") or (layer_of_file(path.name) if len(names) == 1 else None),
        )
        for name in names
    ]


def _opens_json(start: bytes) -> bool:
    return start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def chosen(
    found: Contents, *, pick: str | None, layer: str | None, rest: bool, fallback: str | None
) -> tuple[list[tuple[str, list[Source]]], list[Said]]:
    """Choose what to read and as which layer; several files may make one layer together.

    `pick` names a source of the file. `layer` says what the file's layer is; in a file of several it chooses the one
    that is recognised as such, and with `rest` the others come along. `fallback` is what a lone source is taken for if
    its name tells nothing.
    """
    sources = found.sources
    if pick is not None:
        sources = [source for source in sources if pick in (source.name, source.inner)]
        if not sources:
            raise refusal("layer_not_found", name=pick, names=_names(found.sources))
    if not sources:
        raise refusal("no_layer")
    sources, told = _by_year(sources)
    told += [note("not_an_approval", name=source.name) for source in sources if source.guess == _UNDER_REVIEW]
    if len(sources) == 1:
        if sources[0].guess == _UNDER_REVIEW and layer in (None, "approval"):
            raise refusal("under_review", name=sources[0].name)
        name = layer or _known(sources[0]) or fallback
        if name is None:
            raise refusal("layer_unknown", name=sources[0].name)
        return [(name, [sources[0]])], told
    known = [(name, source) for source in sources if (name := _known(source))]
    if layer is not None and not rest:
        known = [(name, source) for name, source in known if name == layer]
    if not known or (layer is not None and layer not in (name for name, _ in known)):
        raise refusal("ambiguous_layer", names=_names(sources))
    together = {name: _parts([source for other, source in known if other == name]) for name, _ in known}
    used = [source for parts in together.values() for source in parts]
    unused = [source for source in sources if not any(source is one for one in used)]
    notes = told + ([note("ignored_layers", names=_names(unused))] if unused else [])
    order = (*SHAPED, *TABLES)
    return sorted(together.items(), key=lambda pair: order.index(pair[0])), notes


#: Sites that are under review are no approvals yet; nothing is held against them.
_UNDER_REVIEW: Final = "xs_xmkjfw"


def _by_year(sources: list[Source]) -> tuple[list[Source], list[Said]]:
    """Of land cover of several years the last is today's, the one before it the earlier; their names say the year."""
    of_year: dict[str, list[Source]] = {}
    for source in sources:
        year = package.named(source.inner or source.name).year if source.guess == "landcover" else None
        if year is not None:
            of_year.setdefault(year, []).append(source)
    if len(of_year) < 2 or any(source.guess == "landcover_before" for source in sources):
        return sources, []
    *_, before, last = sorted(of_year)
    earlier = [replace(source, guess="landcover_before") for source in of_year[before]]
    rest = [source for source in sources if not any(source is one for year in of_year.values() for one in year)]
    older = [replace(source, guess=None) for year in sorted(of_year)[:-2] for source in of_year[year]]
    told = note("two_years", last=_names(of_year[last]), last_year=last, before=_names(earlier), before_year=before)
    return [*rest, *of_year[last], *earlier, *older], [told]


#: Of one table in several forms the first counts: what the standard asks for, then what loses least.
_FORMS: Final = (".mdb", ".gpkg", ".shp", ".shx", ".dbf", ".geojson", ".csv")


def _parts(same: list[Source]) -> list[Source]:
    """The files that make a layer together: parts of one table by their numbers, and tables of different names."""
    first = min(map(_form, same))
    best = [source for source in same if _form(source) == first]
    named = [package.named(source.inner or source.name) for source in best]
    parts = {(name.table or source.name, name.part): source for name, source in zip(named, best, strict=True)}
    if len(parts) < len(best):
        raise refusal("ambiguous_layer", names=_names(best))
    return [parts[key] for key in sorted(parts, key=lambda key: (key[0], key[1] or 0))]


def _form(source: Source) -> int:
    return min(_FORMS.index(suffix) for suffix in source.parts if suffix in _FORMS)


def _known(source: Source) -> str | None:
    """The layer or table that a source's name tells, if it is one that we keep."""
    return source.guess if source.guess in SHAPED or source.guess in TABLES else None


def _names(sources: Sequence[Source]) -> str:
    return "、".join(source.name for source in sources)
