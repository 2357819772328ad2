"""Zip archives, unpacked as a stream under counted limits and under file names of our own."""

import errno
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from geo.intake.errors import refusal

#: What is unpacked; everything else in an archive is left where it is and reported.
WANTED: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg", ".gpkg", ".geojson")
_ARCHIVES: Final = (".zip", ".rar", ".7z", ".gz", ".tar", ".tgz", ".bz2", ".xz", ".kmz")
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_CHUNK: Final = 1 << 20
_LOCAL_HEADER: Final = struct.Struct("<4s5H3I2H")
_END_RECORD: Final = struct.Struct("<4s4H2IH")
_UTF8_FLAG: Final = 0x800
_ENCRYPTED_FLAGS: Final = 0x1 | 0x40
#: Marks that turn the reading direction of a name around.
_BIDI: Final = set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True)
class Limits:
    """What one archive may hold: bytes expanded, files, folders deep; ratio is judged past `free_bytes` only."""

    total_bytes: int = 512 << 20
    entries: int = 64
    depth: int = 1
    free_bytes: int = 256 << 20
    ratio: int = 200


LAYER_PROFILE: Final = Limits()


@dataclass(frozen=True)
class Member:
    """One unpacked file: what it was called in the archive (with its folder) and where it lies now."""

    name: str
    path: Path


def unpack(path: Path, folder: Path, limits: Limits = LAYER_PROFILE) -> tuple[list[Member], list[str]]:
    """Unpack the parts of layers into `folder`; returns them and the names that were passed over.

    Raises IntakeError for anything an honest archive does not do; what was unpacked by then stays in `folder`, which
    is the caller's to remove.
    """
    with path.open("rb") as raw:
        _expect_plain_zip(raw, limits)
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
    count = _END_RECORD.unpack_from(tail, at)[4]
    if count > limits.entries:
        raise refusal("zip_entries", most=limits.entries)


def _unpack(archive: zipfile.ZipFile, raw: BinaryIO, folder: Path, limits: Limits) -> tuple[list[Member], list[str]]:
    entries = archive.infolist()
    if len(entries) > limits.entries:
        raise refusal("zip_entries", most=limits.entries)
    named = [(entry, _name(entry)) for entry in entries]
    for entry, name in named:
        _expect_honest(entry, name, limits)
    _expect_apart(raw, archive, named)
    wanted = [(entry, name) for entry, name in named if not entry.is_dir() and _is_wanted(name)]
    ignored = [name for entry, name in named if not entry.is_dir() and not _is_wanted(name)]
    _expect_unique([name for _, name in wanted])
    budget = _Budget(limits)
    members = []
    for number, (entry, name) in enumerate(wanted):
        target = folder / f"{number}{PurePosixPath(name).suffix.lower()}"
        budget.begin(entry.compress_size)
        _copy(archive, entry, name, target, budget)
        members.append(Member(name, target))
    return members, ignored


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
        if PurePosixPath(parts[-1].lower()).suffix in _ARCHIVES:
            raise refusal("nested_archive", name=name)


def _is_junk(parts: list[str]) -> bool:
    """What file managers leave behind: `__MACOSX/`, names that begin with a point."""
    return parts[0] == "__MACOSX" or parts[-1].startswith(".")


def _is_wanted(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return PurePosixPath(parts[-1].lower()).suffix in WANTED and not _is_junk(parts)


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


def _copy(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, target: Path, budget: _Budget) -> None:
    """Write one entry; its checksum and size must be what the directory says."""
    try:
        with archive.open(entry) as source, target.open("xb") as sink:
            first = True
            while chunk := source.read(_CHUNK):
                if first and chunk[:4] == b"PK\x03\x04":
                    raise refusal("nested_archive", name=name)
                first = False
                budget.spend(len(chunk))
                sink.write(chunk)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        raise refusal("zip_broken", name=name) from None
    if target.stat().st_size != entry.file_size:
        raise refusal("zip_broken", name=name)
