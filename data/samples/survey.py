"""What surveys and approvals say of the same ground: reserved land, buildings, land cover, basic farmland, approvals.

Houses and reserved land lie in the settlements; what stands on parcels was planted.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import shapely
from shapely.affinity import scale
from shapely.geometry import Polygon

from data.samples.conflicts import halves
from data.samples.site import Parcel, Site, Wish
from data.samples.township import TOWN, VILLAGES, Cell, issuer_code, plot

#: Land cover shows the end of a year, buildings the day they were drawn from imagery.
COVER_YEAR, BUILDINGS_ON = 2025, date(2026, 3, 20)
_HOUSE_M, _HOUSE_SPACING_M = (10.0, 12.0), 19.0


@dataclass
class Survey:
    """Rows of the survey layers, with the columns of the delivery standard and a geometry."""

    site: Site
    rows: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {table: [] for table in ("LYD", "JZW", "PZFW", "DLTB", "YJJBNTTB")}
    )

    def frame(self, table: str) -> pd.DataFrame:
        """One layer as a frame."""
        return pd.DataFrame(self.rows[table])

    def reserved(self, shape: Polygon, village: int, **facts: Any) -> str:
        """Add a piece of reserved land; returns its reference."""
        code = f"{issuer_code(village, 0)}L{len(self.rows['LYD']) + 1:04d}"
        area = round(shapely.area(shape), 2)
        row = {
            "LYDBH": code,
            "FBFBM": code[:14],
            "ZDPZWH": f"粤府土审〔2019〕{200 + len(self.rows['LYD'])}号",
            "ZDMJ": round(area / 0.1, 2),
            "LYBL": 0.1,
            "HDMJ": area,
            "LSFS": "1",
            "LSMJ": area,
            "TDXZ": "J",
            "GHYT": "村集体物业",
            "NZYPW": f"粤府农转〔2020〕{80 + len(self.rows['LYD'])}号",
            "ZT": "3",
            "QDRQ": date(2020, 6, 1),
            "geometry": shape,
        }
        self.rows["LYD"].append(row | facts)
        return f"reserved:{code}"

    def building(self, shape: Polygon, name: str, surveyed_on: date = BUILDINGS_ON) -> str:
        """Add a building; returns its reference."""
        code = f"JZW{TOWN[0]}{len(self.rows['JZW']) + 1:05d}"
        self.rows["JZW"].append({"JZWBH": code, "JZWMC": name, "DCRQ": surveyed_on, "geometry": shape})
        return f"building:{code}"

    def approval(self, shape: Polygon, kind: str, name: str, begins: date, ends: date | None = None) -> str:
        """Add an approval; returns its number."""
        number = f"春府审〔{begins.year}〕{len(self.rows['PZFW']) + 11}号"
        area = round(shapely.area(shape), 2)
        row = {"PZWH": number, "PZLX": kind, "XMMC": name, "PZRQ": begins, "PZJSRQ": ends, "PZMJ": area}
        self.rows["PZFW"].append(row | {"geometry": shape})
        return number

    def cover(self, shape: Polygon, code: str, name: str, village: int) -> None:
        """Add a patch of land cover."""
        number, area = len(self.rows["DLTB"]) + 1, round(shapely.area(shape), 2)
        place = {"QSXZ": "30", "MSSM": "00", "SJNF": COVER_YEAR, "DCRQ": date(COVER_YEAR, 12, 31)}
        for prefix in ("QSDW", "ZLDW"):
            place |= {f"{prefix}DM": VILLAGES[village][0] + "0000000", f"{prefix}MC": VILLAGES[village][1]}
        size = {"TBMJ": area, "KCMJ": 0.0, "TBDLMJ": area}
        names = {"BSM": f"{number:018d}", "YSDM": "2001010100", "TBYBH": f"{number:06d}", "TBBH": f"{number:06d}"}
        self.rows["DLTB"].append(names | {"DLBM": code, "DLMC": name, "geometry": shape} | place | size)


def survey(site: Site) -> Survey:
    """Draw the survey of a township, and plant in it what must and what must not be found."""
    drawn = Survey(site)
    for cell in site.town.cells:
        if cell.use == "settlement":
            _settle(drawn, cell)
    _reserved_conflicts(drawn)
    _construction(drawn)
    _lawful_construction(drawn)
    _buildings(drawn)
    _lawful_buildings(drawn)
    _cover_the_rest(drawn)
    _basic_farmland(drawn)
    return drawn


def within(site: Site, parcel: Parcel, area_m2: float) -> Polygon:
    """A shape like the parcel's, so large, around its middle."""
    whole = site.shape(parcel)
    factor = float(np.sqrt(area_m2 / shapely.area(whole)))
    return scale(whole, factor, factor, origin=shapely.centroid(whole))


def _settle(drawn: Survey, cell: Cell) -> None:
    """Houses in the upper part of a settlement, plots of reserved land in the lower one: one plot was granted twice."""
    x0, y0, x1, y1 = cell.box
    split = y0 + 0.4 * (y1 - y0)
    for x in np.arange(x0 + 6, x1 - 14, _HOUSE_SPACING_M):
        for y in np.arange(split + 8, y1 - 16, _HOUSE_SPACING_M + 4):
            if drawn.site.rng.random() < 0.8:
                wide, deep = drawn.site.rng.uniform(*_HOUSE_M, 2)
                drawn.building(plot((x, y, x + wide, y + deep), 1), "住宅")
    drawn.cover(plot((x0, split, x1, y1)), "0702", "农村宅基地", cell.village)
    third = (x1 - x0) / 3
    for number in range(2):
        left = x0 + number * third
        drawn.reserved(plot((left + 3, y0 + 4, left + third - 3, split - 6)), cell.village)
    last = (x0 + 2 * third + 3, y0 + 4, x1 - 4, split - 6)
    if cell.village == 0:
        first = drawn.reserved(plot(last), cell.village)
        second = drawn.reserved(plot((last[0] + 9, last[1] + 5, last[2], last[3])), cell.village, ZT="2")
        drawn.site.plant(
            "OV-10-granted-twice",
            "The same plot was granted for two expropriations",
            Wish("OV-10", first, second, "high"),
        )


def _reserved_conflicts(drawn: Survey) -> None:
    """Reserved land over parcels whose contracts nobody changed, and reserved land that only touches."""
    site = drawn.site
    a, b = site.pair(village=1)
    joined = shapely.union(site.shape(a), site.shape(b))
    ground = drawn.reserved(scale(joined, 0.8, 0.8, origin=shapely.centroid(joined)), 1)
    site.plant(
        "OV-09-reserved-land",
        "Reserved land was granted on two parcels that are still contracted",
        *(Wish("OV-09", at, ground, "high") for at in (a, b)),
        Wish("OV-14", ground, "basic_farmland", "high"),
    )
    a = site.one(village=3)
    ground = drawn.reserved(within(site, a, 30.0), 3)
    site.plant(
        "OV-09-corner",
        "30 m² of reserved land lie in a parcel, on basic farmland",
        Wish("OV-09", a, ground, "high"),
        Wish("OV-14", ground, "basic_farmland", "high"),
    )
    a = site.one(village=3)
    ground = drawn.reserved(within(site, a, 0.6), 3, ZT="2")
    site.plant("reserved-below-gate", "0.6 m² of reserved land are below the gate", parties=(a, ground))


def _construction(drawn: Survey) -> None:
    """Construction land on parcels that nobody approved, or not for that day."""
    site = drawn.site

    def stands(
        name: str,
        story: str,
        severity: str,
        *parts: float,
        kind: str = "0702",
        also: Callable[[Parcel], tuple[Wish, ...]] = lambda at: (),
    ) -> None:
        at = site.one(fits=lambda one: shapely.area(site.shape(one)) > 380)
        grounds = (site.shape(at),) if len(parts) == 1 else halves(site.shape(at), 0.5)
        for ground, part in zip(grounds, parts, strict=True):
            factor = float(np.sqrt(part / shapely.area(ground)))
            patch = scale(ground, factor, factor, origin=shapely.centroid(ground))
            drawn.cover(
                patch, kind, "农村宅基地" if kind == "0702" else "工业用地", int(site.parcels.at[at, "village"])
            )
        site.plant(name, story, Wish("ZZ-01", at, "landcover", severity), *_on_basic_farmland(at), *also(at))

    def kept_after_its_end(at: Parcel) -> tuple[Wish, ...]:
        number = drawn.approval(within(site, at, 200.0), "6", "临时堆场", date(2021, 5, 1), date(2023, 5, 1))
        return (Wish("ZZ-08", at, f"approval:{number}#PZLX6", "high"),)

    def beyond_approval(at: Parcel) -> tuple[Wish, ...]:
        drawn.approval(within(site, at, 100.0), "4", "宅基地", date(2019, 8, 1))
        return (Wish("ZZ-07", at, "landcover", "high"),)

    stands("ZZ-01-workshop", "A workshop of 260 m²", "high", 260.0, kind="0601")
    stands("ZZ-01-yard", "A yard of 120 m²", "medium", 120.0)
    stands("ZZ-01-two-patches", "Two patches of 32 m² each, judged as one", "medium", 32.0, 32.0)
    ended = "A yard of 140 m² whose approval ended before the survey"
    stands("ZZ-01-expired", ended, "medium", 140.0, also=kept_after_its_end)
    stands("ZZ-01-over-approval", "230 m² stand, 100 m² of them approved", "medium", 230.0, also=beyond_approval)


def _on_basic_farmland(at: Parcel) -> tuple[Wish, ...]:
    """Any construction on a quad without approval is on basic farmland, which has no gate but that of a sliver."""
    return (Wish("ZZ-02", at, "landcover", "high"),)


def _lawful_construction(drawn: Survey) -> None:
    """Construction land that was approved, is too small, too thin, or is farmland after all."""
    site = drawn.site
    for name, story, area, begins, ends in (
        ("approved", "A house of 240 m² stands where one was approved", 250.0, date(2018, 3, 1), None),
        ("approved-then", "Approved on the survey's day, expired since", 250.0, date(2024, 2, 1), date(2026, 2, 1)),
        (
            "nearly-approved",
            "Of 240 m² all but 45 m² were approved: a fifth too many, on basic farmland",
            195.0,
            date(2020, 9, 1),
            None,
        ),
    ):
        at = site.one(fits=lambda one: shapely.area(site.shape(one)) > 380)
        drawn.cover(within(site, at, 240.0), "0702", "农村宅基地", int(site.parcels.at[at, "village"]))
        drawn.approval(within(site, at, area), "4", "宅基地", begins, ends)
        wishes = (*_on_basic_farmland(at), Wish("ZZ-07", at, "landcover", "high")) if area < 240.0 else ()
        site.plant(f"construction-{name}", story, *wishes, parties=(at,))
    for name, story, area, code, words in (
        ("below-gate", "49 m² of construction are below the gate, but on basic farmland", 49.0, "0702", "农村宅基地"),
        ("farm-road", "A farm road is farmland", 90.0, "1006", "农村道路"),
        ("facilities", "Agricultural facilities are farmland, and were filed", 150.0, "1202", "设施农用地"),
        ("pond", "A pond is no construction", 210.0, "1104", "坑塘水面"),
    ):
        at = site.one()
        drawn.cover(within(site, at, area), code, words, int(site.parcels.at[at, "village"]))
        if code == "1202":
            drawn.approval(within(site, at, area), "5", words, date(2023, 4, 1))
        wishes = _on_basic_farmland(at) if code == "0702" else ()
        site.plant(f"cover-{name}", story, *wishes, parties=(at,))
    at = site.one("strip")
    whole = site.shape(at)
    thin = shapely.intersection(whole, shapely.buffer(_long_edge(whole), 0.4, cap_style="flat"))
    patch = max(shapely.get_parts(thin), key=shapely.area)
    drawn.cover(patch, "1003", "公路用地", int(site.parcels.at[at, "village"]))
    site.plant("cover-thin", "A road 0.4 m into the parcel along its whole edge is a shift of drawing", parties=(at,))


def _long_edge(shape: Polygon) -> Any:
    """One long side of a strip."""
    points = shapely.get_coordinates(shape)
    return shapely.LineString(points[1:6])


def _buildings(drawn: Survey) -> None:
    """Buildings on parcels."""
    site = drawn.site

    def stands(name: str, story: str, area: float, what: str = "棚房") -> Parcel:
        at = site.one()
        building = drawn.building(within(site, at, area), what)
        site.plant(name, story, Wish("ZZ-05", at, building, "high"))
        return at

    stands("ZZ-05-house", "A house of 96 m² on a field", 96.0, "住宅")
    stands("ZZ-05-hut", "A hut of 12 m²", 12.0)
    at = stands("ZZ-05-expired", "A shed of 60 m² whose approval ended", 60.0)
    drawn.approval(within(site, at, 90.0), "6", "临时看护房", date(2020, 1, 10), date(2022, 1, 10))
    at = stands("ZZ-05-later-approved", "A shed of 45 m², approved only after the survey", 45.0)
    drawn.approval(within(site, at, 80.0), "5", "育秧棚", date(2026, 6, 1))


def _lawful_buildings(drawn: Survey) -> None:
    """Buildings that were approved, or are too small."""
    site = drawn.site
    for name, story, area, approved in (
        ("hut", "A hut of 9.5 m² is below the gate", 9.5, None),
        ("approved", "A seedling shed of 70 m² was approved", 70.0, 75.0),
        ("nearly-approved", "Of a shed of 70 m² all but 8 m² were approved", 70.0, 62.0),
    ):
        at = site.one()
        building = drawn.building(within(site, at, area), "农具房")
        if approved:
            drawn.approval(within(site, at, approved), "5", "设施农用地", date(2019, 4, 1))
        site.plant(f"building-{name}", story, parties=(at, building))


def _cover_the_rest(drawn: Survey) -> None:
    """Fields are paddy or dry land, ponds are ponds; what was mapped already is cut out."""
    town = drawn.site.town
    mapped = shapely.STRtree([row["geometry"] for row in drawn.rows["DLTB"]])
    for cell in town.cells:
        if cell.use == "settlement":
            continue
        ground = cell.outline()
        inside = mapped.geometries.take(np.sort(mapped.query(ground, predicate="intersects")))
        ground = shapely.difference(ground, shapely.union_all(inside)) if len(inside) else ground
        code, name = {"pond": ("1104", "坑塘水面"), "terrace": ("0103", "旱地")}.get(cell.use, ("0101", "水田"))
        drawn.cover(ground, code, name, cell.village)


def _basic_farmland(drawn: Survey) -> None:
    """Whole fields of quads and strips are permanent basic farmland."""
    for cell in drawn.site.town.fields:
        if cell.use in ("quad", "strip"):
            ground = cell.outline(-1.0)
            row = {
                "BSM": f"{cell.index + 1:018d}",
                "YSDM": "2003010200",
                "XZQDM": VILLAGES[cell.village][0],
                "XZQMC": VILLAGES[cell.village][1],
                "YJJBNTTBBH": f"{TOWN[0]}{cell.index + 1:04d}",
                "DLBM": "0101",
                "DLMC": "水田",
                "YJJBNTMJ": round(shapely.area(ground), 2),
                "SJNF": COVER_YEAR,
                "geometry": ground,
            }
            drawn.rows["YJJBNTTB"].append(row)
