"""Whether text reads as Chinese of the trade, or as letters and bytes that were put together wrongly."""

from collections.abc import Sequence
from functools import cache
from typing import Final

from geo.vocabulary import rows

#: Text of which less is everyday Chinese reads as nonsense.
_EVERYDAY: Final = 0.9
#: So many characters tell.
_LOOKED_AT: Final = 100_000


@cache
def words() -> tuple[str, ...]:
    """Words of two characters and more that stand in deliveries everywhere: what lies at a parcel's edge, who owns."""
    return tuple(row["word"] for row in rows("words.csv"))


def found(text: str, known_words: Sequence[str]) -> list[str]:
    """The known words that a text holds."""
    return [word for word in known_words if len(word) > 1 and word in text]


def undone(text: str) -> str:
    """The text as it was before its UTF-8 was read as GBK and saved again; empty where that did not happen."""
    odd = [line for line in text.split("\n") if not line.isascii()]
    if not odd or is_everyday(text):
        return ""
    back = [_back(line) for line in odd]
    read = "\n".join(line for line in back if line)
    return read if 2 * sum(map(bool, back)) > len(odd) and is_everyday(read) else ""


def _back(line: str) -> str:
    try:
        return line.encode("gb18030").decode("utf-8")
    except UnicodeError:
        return ""


def is_everyday(text: str, charset: str = "gb2312") -> bool:
    """Whether nearly all text beyond ASCII is of everyday characters: GB 2312, or Big5 without its rare half."""
    rare = [char for char in text if char > "\x7f"][:_LOOKED_AT]
    return sum(map(_IS_EVERYDAY[charset], rare)) >= _EVERYDAY * len(rare)


@cache
def _in_gb2312(char: str) -> bool:
    return _lead_byte(char, "gb2312") > 0


@cache
def _in_common_big5(char: str) -> bool:
    """Big5 puts its 5,401 common characters before 0xC9."""
    return 0 < _lead_byte(char, "big5") < 0xC9


def _lead_byte(char: str, charset: str) -> int:
    """The first byte of a character; 0 if the charset does not have it."""
    try:
        return char.encode(charset)[0]
    except UnicodeEncodeError:
        return 0


_IS_EVERYDAY: Final = {"gb2312": _in_gb2312, "big5": _in_common_big5}
