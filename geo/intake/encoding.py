"""Which encoding the text of a DBF is in: decided on its bytes, strictly; what the file says of itself may lie."""

import codecs
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.intake import chinese
from geo.intake.errors import Said, refusal


@dataclass(frozen=True)
class Cells:
    """The bytes of a column: what is written there, in the order in which it first comes, and which each row holds."""

    distinct: list[bytes]
    of_row: NDArray[np.int64]
    #: The number of the first row.
    first: int = 0

    def row(self, cell: int) -> int:
        """The first row that holds one of the distinct cells."""
        return self.first + int(np.argmax(self.of_row == cell))


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
_SHOWN: Final = {"utf-8": "UTF-8", "gb18030": "GB18030", "iso8859-1": "ISO-8859-1", "big5": "Big5"}
#: What Chinese text comes in; another encoding is read where the file declares it or a person chooses it.
CANDIDATES: Final = ("utf-8", "gb18030", "big5")
#: So many characters of everyday Chinese are enough to tell without known words; fewer, where all else is nonsense.
_ENOUGH: Final = 12
_SOME: Final = 4
_CHARSET: Final = {"big5": "big5"}
#: Texts looked at for words, the commonest first.
_LOOKED_AT: Final = 2000


@dataclass(frozen=True)
class Encoding:
    """The encoding of a table and what speaks for it."""

    name: str
    evidence: list[Said]
    #: Whether nobody needs to look; and the other encodings in which every byte would decode.
    sure: bool = True
    others: list[str] = field(default_factory=list)

    @property
    def shown(self) -> str:
        """The name as reports write it."""
        return _spoken(self.name)


def _spoken(name: str) -> str:
    return _SHOWN.get(name, name.upper())


def known(name: str) -> str | None:
    """Python's name of an encoding, by any of the names in use; every GBK is read as its superset GB18030."""
    plain = name.strip().lower().replace(" ", "").removeprefix("cp").replace("iso-8859-1", "latin-1")
    try:
        found = codecs.lookup(_NAMES.get(plain, name.strip() or "?")).name
        b"text".decode(found)
    except (LookupError, ValueError):  # nothing of that name, a name with a NUL in it, or no encoding of texts
        return None
    return "gb18030" if found in ("gbk", "gb2312", "cp936") else found


def decide(
    columns: Columns, cpg: bytes | None, language: int, given: str | None, source: str, places: Sequence[str] = ()
) -> Encoding:
    """Decide the encoding of a table's text: strict UTF-8, else what it declares or GB18030, else refused.

    Every byte of text must decode; only a character cut in two at the end of a cell is let pass. A single-byte encoding
    decodes anything, so that its name alone is no evidence against a text that reads well as Chinese. Where several
    decode, everyday characters and known words decide: those of the trade, and `places`, the names of the county.
    """
    if given is not None:
        return _as_given(columns, given, source)
    said = _declared(cpg, language)
    evidence = [_says(cpg, language)]
    counted = _counted(columns)
    if not counted:
        return Encoding(said or "utf-8", [*evidence, {"zh": "全部文字为 ASCII", "en": "all text is ASCII"}])
    common = [cell for cell, _ in counted.most_common(_LOOKED_AT)]
    known_words = [*chinese.words(), *places]
    name = _by_bytes(list(counted), said, known_words)
    if name is None:
        column, row = _first_failure(columns, "gb18030")
        raise refusal("encoding", name=source, column=column, row=row)
    text = _joined(common, name) or ""
    found = chinese.found(text, known_words)
    commonest = "".join(filter(str.isprintable, _decoded(common[0], name)))  # the commonest word is nobody's name
    evidence += _read_as(name, commonest[:20], found)
    if said and said != name:
        evidence.append(
            {"zh": f"文件自称 {_spoken(said)}，与字节不符", "en": f"the file claims {_spoken(said)}; its bytes do not"}
        )
    if undone := chinese.undone(text):
        evidence.append(
            {
                "zh": f"文字在交来之前就已转坏（UTF-8 曾被当作 GBK 另存），本来应为：{undone[:20]}",
                "en": f"the text was spoilt before it came (UTF-8 once saved as GBK); it should read {undone[:20]}",
            }
        )
    others = {other: read for other in _others(name, said) if (read := _joined(common, other)) is not None}
    rivals = {other: others.get(other) for other in CANDIDATES if other != name}
    sure = said in (None, name) and not undone and _speaks_for(name, said, text, found, rivals)
    return Encoding(name, evidence, sure, [_spoken(other) for other in others])


def readable(columns: Columns) -> list[str]:
    """The encodings in which every byte of a table decodes, as reports write them."""
    blobs = list(_counted(columns))
    return [_spoken(name) for name in (*CANDIDATES, "iso8859-1") if _joined(blobs, name) is not None]


def _read_as(name: str, sample: str, found: Sequence[str]) -> list[Said]:
    """What speaks for the encoding that was chosen."""
    evidence = [
        {
            "zh": f"全部字节按 {_spoken(name)} 严格解码成功，例：{sample}",
            "en": f"every byte decodes strictly as {_spoken(name)}: {sample}",
        }
    ]
    if found:
        shown = "、".join(found[:3])
        zh, en = f"读出 {len(found)} 个已知的地名或用词，如：{shown}", f"{len(found)} known words are read: {shown}"
        evidence.append({"zh": zh, "en": en})
    return evidence


def _others(name: str, said: str | None) -> list[str]:
    """The encodings that stand beside the chosen one."""
    return [other for other in dict.fromkeys((*CANDIDATES, said)) if other and other != name]


def _speaks_for(name: str, said: str | None, text: str, found: Sequence[str], rivals: Mapping[str, str | None]) -> bool:
    """Whether the text itself proves its encoding: nothing else decodes, known words, or enough everyday Chinese."""
    if name == "big5":
        return said == name and bool(found)
    if found or not any(rivals.values()):
        return True
    rare = sum(char > "\x7f" for char in text)
    plausible = any(read and chinese.is_everyday(read, _CHARSET.get(other, "gb2312")) for other, read in rivals.items())
    return chinese.is_everyday(text) and rare >= (_ENOUGH if plausible else _SOME)


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
    shown = _spoken(name)
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


def _by_bytes(blobs: list[bytes], said: str | None, known_words: Sequence[str]) -> str | None:
    """Choose by what decodes: UTF-8 if it reads plausibly, else Chinese, else what the file says."""
    as_utf8, as_chinese = _joined(blobs, "utf-8"), _joined(blobs, "gb18030")
    if as_utf8 is not None and (as_chinese is None or said == "utf-8" or _plausible_utf8(as_utf8, said)):
        return "utf-8"
    if said in (None, "utf-8", "gb18030"):
        if said is None and _rather_big5(blobs, as_chinese, known_words):
            return "big5"
        return "gb18030" if as_chinese is not None else None
    if as_chinese is not None and chinese.is_everyday(as_chinese):
        return "gb18030"
    return said if _joined(blobs, said) is not None else None


def _rather_big5(blobs: list[bytes], as_chinese: str | None, known_words: Sequence[str]) -> bool:
    """Whether text that says nothing of itself reads as nonsense in GB18030, and in Big5 it does not."""
    if as_chinese is not None and chinese.is_everyday(as_chinese):
        return False
    as_big5 = _joined(blobs, "big5")
    if as_big5 is None or not chinese.is_everyday(as_big5, "big5"):
        return False
    return as_chinese is None or len(chinese.found(as_big5, known_words)) >= len(chinese.found(as_chinese, known_words))


def _plausible_utf8(text: str, said: str | None) -> bool:
    """Whether text that decodes as UTF-8 was meant so: a short Chinese word in GBK can pass for Cyrillic."""
    rare = [char for char in text if char > "\x7f"]
    if any(char >= "\u0800" for char in rare):
        return True
    return said != "gb18030" and all(char < "\u0180" for char in rare)


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
