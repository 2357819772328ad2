"""Which encoding the text of a DBF is in: decided on its bytes, strictly; what the file says of itself may lie."""

import codecs
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.intake.errors import Said, refusal


@dataclass(frozen=True)
class Cells:
    """The bytes of a column: what is written there, in the order in which it first comes, and which each row holds."""

    distinct: list[bytes]
    of_row: NDArray[np.int64]

    def row(self, cell: int) -> int:
        """The first row that holds one of the distinct cells."""
        return int(np.argmax(self.of_row == cell))


#: Goes through the columns of a table, one after the other: their names and their cells.
Columns = Callable[[], Iterator[tuple[str, Cells]]]
#: Language bytes of DBF headers that name an encoding; others (0, 0x57 "ANSI") say nothing.
LANGUAGES: Final = {0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0x4D: "gb18030", 0x7A: "gb18030", 0x78: "big5"}
#: Names of encodings as .cpg files write them, where Python has another name for them.
_NAMES: Final = {
    "65001": "utf-8",
    "936": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "88591": "latin-1",
    "8859_1": "latin-1",
    "950": "big5",
    "1252": "cp1252",
    "ansi1252": "cp1252",
}
_SHOWN: Final = {"utf-8": "UTF-8", "gb18030": "GB18030", "iso8859-1": "ISO-8859-1"}


@dataclass(frozen=True)
class Encoding:
    """The encoding of a table and what speaks for it."""

    name: str
    evidence: list[Said]

    @property
    def shown(self) -> str:
        """The name as reports write it."""
        return _SHOWN.get(self.name, self.name.upper())


def known(name: str) -> str | None:
    """Python's name of an encoding, by any of the names in use; every GBK is read as its superset GB18030."""
    plain = name.strip().lower().replace(" ", "").removeprefix("cp").replace("iso-8859-1", "latin-1")
    try:
        found = codecs.lookup(_NAMES.get(plain, name.strip() or "?")).name
    except LookupError:
        return None
    return "gb18030" if found in ("gbk", "gb2312", "cp936") else found


def decide(columns: Columns, cpg: bytes | None, language: int, given: str | None, source: str) -> Encoding:
    """Decide the encoding of a table's text: strict UTF-8, else what it declares or GB18030, else refused.

    Every byte of text must decode; only a character cut in two at the end of a cell is let pass. A single-byte encoding
    decodes anything, so that its name alone is no evidence against a text that reads well as Chinese.
    """
    if given is not None:
        return _as_given(columns, given, source)
    said = _declared(cpg, language)
    evidence = [_says(cpg, language)]
    counted = _counted(columns)
    if not counted:
        return Encoding(said or "utf-8", [*evidence, {"zh": "全部文字为 ASCII", "en": "all text is ASCII"}])
    name = _by_bytes(list(counted), said)
    if name is None:
        column, row = _first_failure(columns, "gb18030")
        raise refusal("encoding", name=source, column=column, row=row)
    shown = Encoding(name, []).shown
    sample = _decoded(counted.most_common(1)[0][0], name)[:20]  # the commonest word is nobody's name
    evidence.append(
        {
            "zh": f"全部字节按 {shown} 严格解码成功，例：{sample}",
            "en": f"every byte decodes strictly as {shown}: {sample}",
        }
    )
    if said and said != name:
        declared = Encoding(said, []).shown
        evidence.append(
            {"zh": f"文件自称 {declared}，与字节不符", "en": f"the file claims {declared}; its bytes do not"}
        )
    return Encoding(name, evidence)


def _counted(columns: Columns) -> Counter[bytes]:
    """How often each cell comes that is more than ASCII."""
    counted: Counter[bytes] = Counter()
    for _, cells in columns():
        if all(cell.isascii() for cell in cells.distinct):
            continue
        for cell, times in zip(cells.distinct, np.bincount(cells.of_row).tolist(), strict=True):
            if not cell.isascii():
                counted[cell] += times
    return counted


def _as_given(columns: Columns, given: str, source: str) -> Encoding:
    """Take the encoding that a person chose, if every byte decodes in it."""
    name = known(given)
    if name is None:
        raise refusal("encoding_unknown", encoding=given)
    column, row = _first_failure(columns, name)
    if column:
        raise refusal("encoding", name=source, column=column, row=row)
    shown = Encoding(name, []).shown
    return Encoding(name, [{"zh": f"指定编码 {shown}", "en": f"{shown} was chosen by a person"}])


def _declared(cpg: bytes | None, language: int) -> str | None:
    """What the file says of itself: its .cpg, else its language byte."""
    if cpg is not None:
        return known(cpg.decode("ascii", "replace").strip("\ufeff\0 \t\r\n"))
    return LANGUAGES.get(language)


def _says(cpg: bytes | None, language: int) -> Said:
    """What the file says of itself, as evidence."""
    if cpg is None:
        return {"zh": f"没有 .cpg；语言标识 0x{language:02X}", "en": f"no .cpg; language byte 0x{language:02X}"}
    name = cpg[:40].decode("ascii", "replace").strip()
    return {
        "zh": f".cpg 写明 {name}；语言标识 0x{language:02X}",
        "en": f".cpg says {name}; language byte 0x{language:02X}",
    }


def _by_bytes(blobs: list[bytes], said: str | None) -> str | None:
    """Choose by what decodes: UTF-8 if it reads plausibly, else Chinese, else what the file says."""
    as_utf8, as_chinese = _joined(blobs, "utf-8"), _joined(blobs, "gb18030")
    if as_utf8 is not None and (as_chinese is None or said == "utf-8" or _plausible_utf8(as_utf8, said)):
        return "utf-8"
    if said in (None, "utf-8", "gb18030"):
        return "gb18030" if as_chinese is not None else None
    if as_chinese is not None and _reads_as_chinese(as_chinese):
        return "gb18030"
    return said if _joined(blobs, said) is not None else None


def _plausible_utf8(text: str, said: str | None) -> bool:
    """Whether text that decodes as UTF-8 was meant so: a short Chinese word in GBK can pass for Cyrillic."""
    rare = [char for char in text if char > "\x7f"]
    if any(char >= "\u0800" for char in rare):
        return True
    return said != "gb18030" and all(char < "\u0180" for char in rare)


def _reads_as_chinese(text: str) -> bool:
    """Whether text decoded as GB18030 is made of everyday characters (GB 2312), not of letters read in pairs."""
    rare = [char for char in text if char > "\x7f"]
    everyday = 0
    for char in rare:
        try:
            char.encode("gb2312")
        except UnicodeEncodeError:
            continue
        everyday += 1
    return everyday >= 0.9 * len(rare)


def _joined(blobs: Sequence[bytes], name: str) -> str | None:
    """Decode all texts strictly; None if one of them does not decode. Only a cut last character may be missing."""
    try:
        return b"\n".join(blobs).decode(name)
    except UnicodeDecodeError:
        pass
    try:
        return "\n".join(_decoded(blob, name) for blob in blobs)
    except UnicodeDecodeError:
        return None


def _decoded(blob: bytes, name: str) -> str:
    """Decode one text strictly, but for a last character of which only the first bytes are there."""
    decoder = codecs.getincrementaldecoder(name)()
    return decoder.decode(blob)


def _first_failure(columns: Columns, name: str) -> tuple[str, int]:
    """The first column and row that do not decode; an empty name if all do."""
    for column, cells in columns():
        if _joined(cells.distinct, name) is not None:
            continue
        for at, cell in enumerate(cells.distinct):
            try:
                _decoded(cell, name)
            except UnicodeDecodeError:
                return column, cells.row(at)
    return "", 0


def decoded(cells: Sequence[bytes], name: str) -> tuple[list[str], list[int]]:
    """Decode cells; also which of them are cut in mid-character, where that character is left out."""
    try:
        whole = b"\n".join(cells).decode(name).split("\n")
        if len(whole) == len(cells):
            return whole, []
    except UnicodeDecodeError:
        pass
    read, cut = [], []
    for at, cell in enumerate(cells):
        try:
            read.append(cell.decode(name))
        except UnicodeDecodeError:
            read.append(_decoded(cell, name))
            cut.append(at)
    return read, cut
