"""Metadata of a delivery as XML: what it holds, in which system of coordinates, and what is known of its quality."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from xml.etree import ElementTree

from pyproj import CRS

from geo.delivery.tree import County

#: The standard's codes of systems (coorRSID) by datum; EPSG numbers of 3° zones (coorFDKD 002).
_DATUMS = {"China 2000": "001", "Xian 1980": "002"}
_THREE_DEGREES = (range(4513, 4555), range(2349, 2391))


@dataclass(frozen=True)
class Held:
    """One layer of the delivery: its table, its labels, its rows and its system."""

    table: str
    zh: str
    rows: int
    crs: str | None


def document(county: County, day: date, held: Sequence[Held], defects: int) -> bytes:
    """Describe a delivery in the blocks of the standard; what is not known is left out, not invented."""
    root = ElementTree.Element("Metadata")
    known = ElementTree.SubElement(root, "dataIdInfo")
    _put(
        known,
        title=f"{county.name}农村土地承包经营权数据",
        date=day.isoformat(),
        geoID=county.code,
        dataYear=county.year,
    )
    _put(known, dataLang="zh", dataChar="GBK")
    refs = ElementTree.SubElement(root, "refSysInfo")
    for system in dict.fromkeys(one.crs for one in held if one.crs and one.rows):
        _system(ElementTree.SubElement(refs, "system"), CRS.from_user_input(system))
    content = ElementTree.SubElement(root, "contInfo")
    for one in held:
        _put(ElementTree.SubElement(content, "layer"), layerName=one.table, layerAlias=one.zh, rows=str(one.rows))
    quality = ElementTree.SubElement(root, "dqInfo")
    _put(quality, exportDefects=str(defects), dqDescription="导出自定心数据库；几何坐标按原始成果原样输出。")
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _system(at: ElementTree.Element, crs: CRS) -> None:
    """A system by the standard's codes where it has one, and by name and EPSG number."""
    datum = crs.datum.name if crs.datum else ""
    code = next((code for name, code in _DATUMS.items() if name in datum), None)
    number = crs.to_epsg()
    told = {"coorRSID": code, "coorName": crs.name, "EPSG": str(number) if number else None}
    wide = number is not None and any(number in numbers for numbers in _THREE_DEGREES)
    _put(at, **{name: value for name, value in (told | {"coorFDKD": "002" if wide else None}).items() if value})


def _put(at: ElementTree.Element, **told: str) -> None:
    for name, text in told.items():
        ElementTree.SubElement(at, name).text = text
