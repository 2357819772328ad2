"""What a TIFF says of itself, read by ourselves before any library unpacks a pixel: sizes, blocks, and where they lie.

A file that promises more than it can hold, or that hides something behind its picture, is refused here.
"""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from geo.intake.errors import refusal

#: Pixels by bands: a township at 0.2 m in three colours, and a county at 1 m.
MOST_SAMPLES: Final = 8 << 30
MOST_BANDS: Final = 16
#: Directories of one file: the picture, its mask, and their overviews.
MOST_DIRECTORIES: Final = 64
#: What one compressed strip or tile may expand to; most files stay under one megabyte.
MOST_BLOCK_BYTES: Final = 128 << 20
#: Past so many bytes unpacked, more than so many times the file is a bomb. Deflate reaches 1032 on a blank picture.
RATIO_FROM_BYTES, MOST_RATIO = 256 << 20, 1000

_MOST_TAGS: Final = 512
_SIZES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_WHOLE: Final = {1: "u1", 3: "u2", 4: "u4", 13: "u4", 16: "u8", 18: "u8"}
#: None, LZW, JPEG, Deflate (two numbers), PackBits, LZMA, Zstandard, WebP, LERC.
_PACKED: Final = {1, 5, 7, 8, 32946, 32773, 34925, 50000, 50001, 34887}
_LOSSY: Final = {7, 50001, 34887}
_UNPACKED: Final = 1
#: Bits of tag 254: an overview, and a mask.
_REDUCED, _MASK = 1, 4
_PALETTE: Final = 3
#: Some writers fill up the last block, and GDAL repeats its last four bytes; nothing else may stand behind the picture.
_PADDING, _REPEATED = 4096, 16
_MOST_BLOCKS: Final = 1 << 23
_SUBFILE, _WIDE, _HIGH, _BITS, _COMPRESSION, _PHOTOMETRIC = 254, 256, 257, 258, 259, 262
_STRIPS, _SAMPLES, _ROWS, _STRIP_BYTES, _PLANAR = 273, 277, 278, 279, 284
_TILE_WIDE, _TILE_HIGH, _TILES, _TILE_BYTES, _FORMAT = 322, 323, 324, 325, 339

Numbers = NDArray[np.uint64]


@dataclass(frozen=True)
class Page:
    """One directory of a TIFF: a picture, an overview of it, or a mask."""

    wide: int
    high: int
    samples: int
    bits: int
    format: int
    compression: int
    palette: bool
    overview: bool
    mask: bool
    #: where its pixels end in the file
    end: int
    #: what one block holds, unpacked
    block_bytes: int

    @property
    def bytes(self) -> int:
        """The pixels of all bands, unpacked."""
        return self.wide * self.high * self.samples * max(self.bits, 8) // 8

    @property
    def lossy(self) -> bool:
        """Whether packing changed the values."""
        return self.compression in _LOSSY


def expected(path: Path) -> Page:
    """Read the directories of a TIFF and give that of its one picture; whatever is not as it must be is refused."""
    size = path.stat().st_size
    with path.open("rb") as file:
        tiff = _Tiff(file, size)
        pages = tiff.pages()
        end = tiff.end
    pictures = [page for page in pages if not page.overview and not page.mask]
    if len(pictures) != 1:
        raise refusal("raster_pages", pages=len(pictures))
    (picture,) = pictures
    for page in pages:
        _expect_small(page, size)
        if page.wide > picture.wide or page.high > picture.high:
            raise refusal("raster_broken", what=f"{page.wide} × {page.high} > {picture.wide} × {picture.high}")
    _expect_nothing_behind(path, end, size)
    return picture


def _expect_small(page: Page, size: int) -> None:
    """Refuse what would unpack to more than anybody needs."""
    if page.samples > MOST_BANDS:
        raise refusal("raster_bands", bands=page.samples, most=MOST_BANDS)
    if page.compression not in _PACKED:
        raise refusal("raster_compression", number=page.compression)
    if page.compression != _UNPACKED and page.block_bytes > MOST_BLOCK_BYTES:
        raise refusal("raster_block", mb=page.block_bytes >> 20, most_mb=MOST_BLOCK_BYTES >> 20)
    if page.bytes > RATIO_FROM_BYTES and page.bytes > MOST_RATIO * size:
        raise refusal("raster_ratio", most=MOST_RATIO)
    if page.end > size:
        raise refusal("raster_truncated", end=page.end, size=size)


def _expect_nothing_behind(path: Path, end: int, size: int) -> None:
    """Refuse a file that is something else as well: an archive, say, is read from its end."""
    if size <= end + _REPEATED:
        return
    with path.open("rb") as file:
        file.seek(end + _REPEATED)
        behind = file.read(_PADDING + 1)
    if len(behind) > _PADDING or behind.strip(b"\0"):
        raise refusal("raster_trailing", bytes=size - end)


class _Tiff:
    """The file, and how far it was referred to so far."""

    def __init__(self, file: BinaryIO, size: int):
        self.file, self.size, self.end = file, size, 0
        head = self.read(0, 16) if size >= 16 else b""
        self.order = {b"II": "<", b"MM": ">"}.get(head[:2], "")
        version = struct.unpack(f"{self.order}H", head[2:4])[0] if self.order else 0
        self.big = version == 43
        if version not in (42, 43) or (self.big and struct.unpack(f"{self.order}HH", head[4:8]) != (8, 0)):
            raise refusal("raster_magic")
        self.first = struct.unpack(f"{self.order}{'Q' if self.big else 'I'}", head[8:16] if self.big else head[4:8])[0]
        self.end = 16 if self.big else 8

    def pages(self) -> list[Page]:
        """All directories, in their order."""
        seen: set[int] = set()
        found = []
        at = self.first
        while at:
            if at in seen or len(seen) >= MOST_DIRECTORIES:
                raise refusal("raster_directories", most=MOST_DIRECTORIES)
            seen.add(at)
            tags, at = self._directory(at)
            found.append(self._page(tags))
        if not found:
            raise refusal("raster_broken", what="0 IFD")
        return found

    def read(self, at: int, length: int) -> bytes:
        """Some bytes of the file, all of them or the file is cut off."""
        if at + length > self.size:
            raise refusal("raster_truncated", end=at + length, size=self.size)
        self.end = max(self.end, at + length)
        self.file.seek(at)
        return self.file.read(length)

    def _directory(self, at: int) -> tuple[dict[int, tuple[int, int, bytes]], int]:
        """The tags of one directory (kind, count, the value or where it lies), and where the next one begins."""
        counted, long, width = ("Q", "Q", 20) if self.big else ("H", "I", 12)
        lead = struct.calcsize(counted)
        (count,) = struct.unpack(self.order + counted, self.read(at, lead))
        if count > _MOST_TAGS:
            raise refusal("raster_broken", what=f"{count} tags")
        body = self.read(at + lead, count * width)
        tags = {}
        for entry in range(count):
            part = body[entry * width : (entry + 1) * width]
            tag, kind, many = struct.unpack(self.order + "HH" + long, part[: 4 + struct.calcsize(long)])
            tags[tag] = (kind, many, part[4 + struct.calcsize(long) :])
            self._refer(kind, many, part[4 + struct.calcsize(long) :])
        (behind,) = struct.unpack(self.order + long, self.read(at + lead + count * width, struct.calcsize(long)))
        return tags, behind

    def _refer(self, kind: int, many: int, held: bytes) -> None:
        """Count what a tag keeps elsewhere as part of the file."""
        length = _SIZES.get(kind, 1) * many
        if length <= len(held):
            return
        (at,) = struct.unpack(self.order + ("Q" if self.big else "I"), held)
        if at + length > self.size:
            raise refusal("raster_truncated", end=at + length, size=self.size)
        self.end = max(self.end, at + length)

    def _numbers(self, tags: dict[int, tuple[int, int, bytes]], tag: int, most: int) -> Numbers:
        """The whole numbers of a tag; none where it is not there."""
        if tag not in tags:
            return np.empty(0, dtype=np.uint64)
        kind, many, held = tags[tag]
        if kind not in _WHOLE or many > most:
            raise refusal("raster_broken", what=f"tag {tag}: {many} × {kind}")
        length = _SIZES[kind] * many
        if length > len(held):
            held = self.read(struct.unpack(self.order + ("Q" if self.big else "I"), held)[0], length)
        return np.frombuffer(held[:length], dtype=self.order + _WHOLE[kind]).astype(np.uint64)

    def _one(self, tags: dict[int, tuple[int, int, bytes]], tag: int, default: int) -> int:
        """The one number of a tag; of several, the first."""
        found = self._numbers(tags, tag, _MOST_TAGS)
        return int(found[0]) if len(found) else default

    def _page(self, tags: dict[int, tuple[int, int, bytes]]) -> Page:
        """What a directory says of its picture, and where its pixels end."""
        wide, high = self._one(tags, _WIDE, 0), self._one(tags, _HIGH, 0)
        samples, bits = self._one(tags, _SAMPLES, 1), self._numbers(tags, _BITS, 1 << 16)
        if not (wide and high and samples) or len(np.unique(bits)) > 1:
            raise refusal("raster_broken", what=f"{wide} × {high} × {samples}, {np.unique(bits).tolist()} bit")
        deep = int(bits[0]) if len(bits) else 1
        planes = samples if self._one(tags, _PLANAR, 1) == 2 else 1
        tiled = _TILES in tags
        across = self._one(tags, _TILE_WIDE, wide) if tiled else wide
        down = self._one(tags, _TILE_HIGH, high) if tiled else min(self._one(tags, _ROWS, high), high)
        if not (across and down):
            raise refusal("raster_broken", what=f"{across} × {down}")
        # What a picture too large has to say of its blocks is not read at all.
        if wide * high * samples > MOST_SAMPLES:
            raise refusal("raster_pixels", wide=wide, high=high, bands=samples, most=MOST_SAMPLES)
        most = -(-wide // across) * -(-high // down) * planes
        if most > _MOST_BLOCKS:
            raise refusal("raster_broken", what=f"{most} > {_MOST_BLOCKS}")
        starts = self._numbers(tags, _TILES if tiled else _STRIPS, most)
        lengths = self._numbers(tags, _TILE_BYTES if tiled else _STRIP_BYTES, most)
        if len(starts) != most or len(lengths) != most:
            raise refusal("raster_broken", what=f"{len(starts)}, {len(lengths)} ≠ {most}")
        # As Python's numbers: two of 64 bits may add up to more.
        ends = [start + length for start, length in zip(starts.tolist(), lengths.tolist(), strict=True) if start]
        end = max(ends, default=0)
        self.end = max(self.end, min(end, self.size))
        subfile = self._one(tags, _SUBFILE, 0)
        return Page(
            wide=wide,
            high=high,
            samples=samples,
            bits=deep,
            format=self._one(tags, _FORMAT, 1),
            compression=self._one(tags, _COMPRESSION, 1),
            palette=self._one(tags, _PHOTOMETRIC, 1) == _PALETTE,
            overview=bool(subfile & _REDUCED),
            mask=bool(subfile & _MASK),
            end=end,
            block_bytes=across * down * (samples if planes == 1 else 1) * max(deep, 8) // 8,
        )
