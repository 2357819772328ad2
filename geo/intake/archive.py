"""Zip archives, unpacked as a stream under counted limits and under file names of our own."""

import errno
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, Final

from geo.intake.errors import refusal
from geo.intake.package import Listed, is_package, is_table, passed

#: What is unpacked; everything else in an archive is left where it is and reported.
WANTED: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg", ".gpkg", ".geojson", ".mdb", ".accdb")
_ARCHIVES: Final = (".zip", ".rar", ".7z", ".gz", ".tar", ".tgz", ".bz2", ".xz", ".kmz")
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_CHUNK: Final = 1 << 20
_LOCAL_HEADER: Final = struct.Struct("<4s5H3I2H")
_END_RECORD: Final = struct.Struct("<4s4H2IH")
_LOCATOR_64: Final = struct.Struct("<4sIQI")
_END_RECORD_64: Final = struct.Struct("<4sQ2H2I4Q")
#: More than any entry of a directory takes on average: its fixed part and a name of 255 characters.
_DIRECTORY_ENTRY: Final = 1 << 10
_UTF8_FLAG: Final = 0x800
_ENCRYPTED_FLAGS: Final = 0x1 | 0x40
#: Marks that turn the reading direction of a name around.
_BIDI: Final = set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True)
class Limits:
    """What one archive may hold: bytes expanded, files, folders deep; ratio is judged past `free_bytes` only.

    With `listed` the files that are not unpacked are hashed and counted all the same, byte by byte.
    """

    total_bytes: int = 512 << 20
    entries: int = 64
    depth: int = 1
    free_bytes: int = 256 << 20
    ratio: int = 200
    rows: int = 2_000_000
    listed: bool = False


LAYER_PROFILE: Final = Limits()
#: A whole delivery of the standard: a county or a township, pictures and papers with it.
PACKAGE_PROFILE: Final = Limits(total_bytes=4 << 30, entries=500_000, depth=6, rows=20_000_000, listed=True)


@dataclass(frozen=True)
class Member:
    """One unpacked file: what it was called in the archive (with its folder) and where it lies now."""

    name: str
    path: Path


@dataclass(frozen=True)
class Unpacked:
    """What an archive holds: the parts of layers, the names that were passed over, and with a package every file."""

    members: list[Member]
    passed_over: list[str]
    limits: Limits
    files: list[Listed] = field(default_factory=list)


def unpack(path: Path, folder: Path, limits: Limits | None = None) -> Unpacked:
    """Unpack the parts of layers into `folder`; its directory tells a package of the standard from a lone layer.

    Raises IntakeError for anything an honest archive does not do; what was unpacked by then stays in `folder`, which
    is the caller's to remove.
    """
    with path.open("rb") as raw:
        _expect_plain_zip(raw, limits or PACKAGE_PROFILE)
        try:
            with zipfile.ZipFile(raw) as archive:
                return _unpack(archive, raw, folder, limits)
        except (zipfile.BadZipFile, struct.error, EOFError, ValueError, NotImplementedError):
            raise refusal("not_zip") from None
        except OSError as error:
            if error.errno != errno.EINVAL:  # a full disk is not the archive's fault; a place before its start is
                raise
            raise refusal("not_zip") from None


def _expect_plain_zip(raw: BinaryIO, limits: Limits) -> None:
    """Look at the first and last bytes, before a library reads a directory that may hold millions of names."""
    start = raw.read(4)
    size = raw.seek(0, 2)
    raw.seek(max(0, size - 0xFFFF - _END_RECORD.size))
    tail = raw.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END_RECORD.size:
        raise refusal("not_zip")
    if start == b"PK\x05\x06":
        raise refusal("no_layer")
    if start != b"PK\x03\x04":
        raise refusal("zip_prepended")
    *_, count, directory, _, _ = _END_RECORD.unpack_from(tail, at)
    if count == 0xFFFF or directory == 0xFFFFFFFF:
        count, directory = _counted_64(raw, tail, at) or (count, directory)
    if count > limits.entries or directory > limits.entries * _DIRECTORY_ENTRY:
        raise refusal("zip_entries", most=limits.entries)


def _counted_64(raw: BinaryIO, tail: bytes, end: int) -> tuple[int, int] | None:
    """How many entries, and how large a directory, the record of a large archive says there are."""
    at = end - _LOCATOR_64.size
    if at < 0 or tail[at : at + 4] != b"PK\x06\x07":
        return None
    raw.seek(min(_LOCATOR_64.unpack_from(tail, at)[2], 1 << 62))
    record = raw.read(_END_RECORD_64.size)
    if len(record) < _END_RECORD_64.size or record[:4] != b"PK\x06\x06":
        raise refusal("not_zip")
    *_, count, directory, _ = _END_RECORD_64.unpack(record)
    return count, directory


def _unpack(archive: zipfile.ZipFile, raw: BinaryIO, folder: Path, limits: Limits | None) -> Unpacked:
    entries = archive.infolist()
    named = [(entry, _name(entry)) for entry in entries]
    if limits is None:
        limits = PACKAGE_PROFILE if is_package(name for _, name in named) else LAYER_PROFILE
    if len(entries) > limits.entries:
        raise refusal("zip_entries", most=limits.entries)
    for entry, name in named:
        _expect_honest(entry, name, limits)
    _expect_apart(raw, archive, named)
    wanted = [(entry, name) for entry, name in named if not entry.is_dir() and is_wanted(name)]
    ignored = [name for entry, name in named if not entry.is_dir() and not is_wanted(name)]
    _expect_unique([name for _, name in wanted])
    budget = _Budget(limits)
    members, files = [], []
    for number, (entry, name) in enumerate(wanted):
        target = folder / f"{number}{PurePosixPath(name).suffix.lower()}"
        budget.begin(entry.compress_size)
        with target.open("xb") as sink:
            files.append(_copy(archive, entry, name, sink, budget))
        members.append(Member(name, target))
    if not limits.listed:
        return Unpacked(members, ignored, limits)
    for entry, name in named:
        if not entry.is_dir() and not is_wanted(name):
            budget.begin(entry.compress_size)
            files.append(_copy(archive, entry, name, None, budget))
    return Unpacked(members, ignored, limits, sorted(files, key=lambda file: file.path))


def _name(entry: zipfile.ZipInfo) -> str:
    """Decode a name: UTF-8 where the flag says so, else strict UTF-8, else GB18030; refuse what people can't read."""
    name = entry.orig_filename
    if not entry.flag_bits & _UTF8_FLAG:
        given = name.encode("cp437")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = given.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
        else:
            raise refusal("zip_name", name=given.decode("ascii", "backslashreplace"))
    if len(name) > 255 or any(not c.isprintable() or c in _BIDI for c in name):
        raise refusal("zip_name", name=name[:80].encode("ascii", "backslashreplace").decode())
    return name


def _expect_honest(entry: zipfile.ZipInfo, name: str, limits: Limits) -> None:
    """Refuse paths that lead out, links and devices, passwords, rare methods and archives within."""
    parts = name.replace("\\", "/").rstrip("/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or "" in parts or ":" in parts[0]:
        raise refusal("zip_path", name=name)
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise refusal("zip_link", name=name)
    if entry.flag_bits & _ENCRYPTED_FLAGS:
        raise refusal("zip_encrypted")
    if entry.compress_type not in _METHODS:
        raise refusal("zip_method", name=name)
    if not _is_junk(parts):
        if len(parts) - 1 > limits.depth:
            raise refusal("zip_depth", name=name, most=limits.depth)
        if PurePosixPath(parts[-1].lower()).suffix in _ARCHIVES and not limits.listed:
            raise refusal("nested_archive", name=name)


def _is_junk(parts: list[str]) -> bool:
    """What file managers leave behind: `__MACOSX/`, names that begin with a point."""
    return parts[0] == "__MACOSX" or parts[-1].startswith(".")


def is_wanted(name: str) -> bool:
    """Whether a file holds a layer or table, or a part of one, by its name."""
    parts = name.replace("\\", "/").split("/")
    suffix = PurePosixPath(parts[-1].lower()).suffix
    return not _is_junk(parts) and (suffix in WANTED or (suffix == ".csv" and is_table(parts[-1])))


def _expect_apart(raw: BinaryIO, archive: zipfile.ZipFile, named: list[tuple[zipfile.ZipInfo, str]]) -> None:
    """Compare every entry with the header at its data: same name, at the start of the file, and none inside another."""
    end = 0
    for entry, name in sorted(named, key=lambda pair: pair[0].header_offset):
        raw.seek(entry.header_offset)
        header = raw.read(_LOCAL_HEADER.size)
        if len(header) < _LOCAL_HEADER.size or header[:4] != b"PK\x03\x04":
            raise refusal("zip_broken", name=name)
        fields = _LOCAL_HEADER.unpack(header)
        said = raw.read(fields[9])
        flagged = entry.flag_bits & _UTF8_FLAG
        if said != entry.orig_filename.encode("utf-8" if flagged else "cp437"):
            raise refusal("zip_names", name=name)
        if entry.header_offset < end:
            raise refusal("zip_overlap")
        end = entry.header_offset + _LOCAL_HEADER.size + fields[9] + fields[10] + entry.compress_size
    if end > archive.start_dir:
        raise refusal("zip_overlap")
    if named and min(entry.header_offset for entry, _ in named) != 0:
        raise refusal("zip_prepended")


def _expect_unique(names: list[str]) -> None:
    """Refuse two files whose names differ in nothing or in case only: either might be the one that was meant."""
    seen: dict[str, str] = {}
    for name in names:
        twin = seen.setdefault(name.casefold(), name)
        if twin is not name:
            raise refusal("ambiguous_layer", names=f"{twin}, {name}")


class _Budget:
    """Counts real bytes while they are written, whatever headers claim."""

    def __init__(self, limits: Limits):
        self.limits, self.packed, self.expanded = limits, 0, 0

    def begin(self, packed: int) -> None:
        self.packed += packed

    def spend(self, size: int) -> None:
        self.expanded += size
        if self.expanded > self.limits.free_bytes and self.expanded > self.limits.ratio * self.packed:
            raise refusal("zip_ratio", most=self.limits.ratio)
        if self.expanded > self.limits.total_bytes:
            raise refusal("zip_total", most_mb=self.limits.total_bytes >> 20)


def _copy(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, sink: BinaryIO | None, budget: _Budget
) -> Listed:
    """Write one entry, or only hash it; its checksum and size must be what the directory says."""
    try:
        with archive.open(entry) as source:
            listed = passed(name, _chunks(source, name, budget, sink))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        raise refusal("zip_broken", name=name) from None
    if listed.size_bytes != entry.file_size:
        raise refusal("zip_broken", name=name)
    return listed


def _chunks(source: IO[bytes], name: str, budget: _Budget, sink: BinaryIO | None) -> Iterator[bytes]:
    """The bytes of an entry as they are counted and written; what is written may be no archive itself."""
    first = True
    while chunk := source.read(_CHUNK):
        if first and sink and chunk[:4] == b"PK\x03\x04":
            raise refusal("nested_archive", name=name)
        first = False
        budget.spend(len(chunk))
        if sink:
            sink.write(chunk)
        yield chunk
