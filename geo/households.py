"""Names as people write them beside a boundary: of a household, or of a thing on the ground."""

import re
import unicodedata

import pandas as pd

#: What a text about a neighbour may end in that is not its name.
_BESIDE_NAME = re.compile(r"(?:[(（].*[)）]|承包地|承包田|承包户|责任田|自留地|户|家|等)+$")
#: What a text ends in that speaks of a thing: it has no household to be wrong about.
_THING = re.compile(
    "(?:路|道|街|巷|渠|沟|圳|涌|溪|河|江|湖|海|塘|池|库|坝|堤|桥|井|泵站|山|岭|坡|坑|坎|埂|田|地|园|林|林带|树|竹|荒|坟|墓"
    "|屋|房|宅|墙|棚|厂|场|校|庙|村|组|社|界|边|处|线|杆|塔|站|公司|水|石|桩|空|无|集体|其他|道路|水渠)$"
)
#: How the name of a person looks: two to four characters, with the dot of names from other languages.
_PERSON = re.compile(r"[㐀-鿿·]{2,4}")


def said_names(texts: pd.Series) -> pd.Series:
    """What each text names, one row for each name: NFKC, no blanks, without what people put behind a name."""
    known = texts.dropna().astype(str)
    words = known.map(lambda text: unicodedata.normalize("NFKC", text)).str.split(r"[/,、;]", regex=True).explode()
    words = words.str.replace(r"\s+", "", regex=True).str.replace(_BESIDE_NAME, "", regex=True)
    return words[words.fillna("") != ""]


def is_thing(name: str) -> bool:
    """Whether a text speaks of a road, a ditch, a hill or another thing."""
    return _THING.search(name) is not None


def is_person(name: str) -> bool:
    """Whether a text looks like the name of a person."""
    return _PERSON.fullmatch(name) is not None
