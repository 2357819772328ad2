"""Plant parcels that a delivery should not hold: broken shapes, wrong areas, codes that cannot be."""

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon

from data.samples.conflicts import edge_between, halves
from data.samples.site import Site, Wish
from data.samples.township import CORRECTED


def plant_defects(site: Site) -> None:
    """Plant every defect of shape, area and code."""
    _crossed(site)
    _several_parts(site)
    _splinters(site)
    _areas(site)
    _codes(site)


def _crossed(site: Site) -> None:
    """Boundaries that cross themselves near a corner, with a lobe so small that the area stays within tolerance."""
    for number, village in enumerate((None, CORRECTED), 1):
        at = site.one(village=village)
        p = shapely.get_coordinates(site.shape(at))[:4]
        a, b = (p[2] + 2.0 * (end - p[2]) / np.hypot(*(end - p[2])) for end in (p[3], p[1]))
        site.reshape(at, Polygon([p[0], p[1], a, b, p[3]]))
        site.plant(
            f"QC-G01-bow-tie-{number}",
            "Two corners were entered in the wrong order: the boundary crosses itself",
            Wish("QC-G01", at, None, "high"),
            Wish("QC-G02", at, None, "high"),
        )


def _several_parts(site: Site) -> None:
    """One code for two pieces with a ditch between; in the corrected village it is mended."""
    for number, (village, until) in enumerate(((None, None), (CORRECTED, 2)), 1):
        at = site.one(village=village)
        whole = site.shape(at)
        lower, upper = halves(whole, 0.45)[0], halves(whole, 0.52)[1]
        site.reshape(at, MultiPolygon([lower, upper]))
        if until:
            site.mend(at, geometry=whole)
        site.plant(
            f"QC-G03-two-pieces-{number}",
            "A ditch divides the parcel, and both pieces kept one code",
            Wish("QC-G03", at, None, "high", until=until),
        )


def _splinters(site: Site) -> None:
    """Corners cut off under a code of their own."""
    for number, side in enumerate((1.1, 0.7), 1):
        at = site.one()
        p = shapely.get_coordinates(site.shape(at))[:4]
        a, b = (p[2] + side * (end - p[2]) / np.hypot(*(end - p[2])) for end in (p[1], p[3]))
        site.reshape(at, Polygon([p[0], p[1], a, b, p[3]]))
        splinter = site.add(Polygon([a, p[2], b]), at)
        site.plant(
            f"QC-G04-splinter-{number}",
            "A corner of less than one square metre became a parcel",
            Wish("QC-G04", splinter, None, "high"),
            # what is under 3.33 m² is no hundredth of a mu
            Wish("QC-A04", splinter, None, "high"),
        )


def _areas(site: Site) -> None:
    """Declared areas that are not the shape's, and one vendor's habit that is within tolerance."""
    at = site.one(village=1)
    site.parcels.at[at, "declared"] = round(shapely.area(site.shape(at)) * 1.12, 2)
    site.plant("QC-M01-twelve-percent", "12 % more was declared than drawn", Wish("QC-M01", at, None, "high"))
    at, gone = site.pair(village=CORRECTED)
    edge_between(site, at, gone)
    whole = shapely.union(site.shape(at), site.shape(gone))
    site.reshape(at, whole)
    site.parcels = site.parcels.drop(index=gone)
    site.parcels.at[at, "declared"] = round(shapely.area(whole) - 7.9, 2)
    site.mend(at, declared=np.nan)
    site.plant(
        "QC-M01-under-one-percent",
        "Two fields were joined, and 7.9 m² too little declared: under 1 %, over 0.011 mu; mended",
        Wish("QC-M01", at, None, "medium", until=2),
    )
    group = (site.parcels["village"] == 1) & (site.parcels["group"] == 2) & site.untouched()
    area = shapely.area(site.parcels.loc[group, "geometry"].to_numpy())
    site.parcels.loc[group, "declared"] = np.round(np.floor(area * 0.15) / 100 / 0.0015, 2)
    site.plant("area-cut-in-mu", "In one group a vendor's tool cut the mu at two decimals: up to 6.67 m² are lost")


def _codes(site: Site) -> None:
    """Codes that no parcel can have, one that two have, one of an issuer that nobody knows; a row with no shape."""
    for name, story in (
        ("short", "One digit of the code is missing"),
        ("letter", "A letter O stands in the code for a zero"),
    ):
        at = site.one(village=0)
        site.parcels.at[at, "written_code"] = name
        site.plant(f"QC-U01-{name}", story, Wish("QC-U01", row=at))
    first, second = site.pair(village=3)
    site.parcels.at[second, "written_code"] = first
    site.plant("QC-U01-twice", "Two parcels bear one code", Wish("QC-U01", row=first), Wish("QC-U01", row=second))
    at = site.one(village=1)
    site.parcels.at[at, "issuer_known"] = False
    site.plant(
        "QC-U01-issuer",
        "The group in the code is no issuer on record, so that nobody was given a right to the parcel",
        Wish("QC-U01", at, None, "high"),
        Wish("QC-R01", at, None, "high"),
    )
    at = site.one(village=CORRECTED)
    site.parcels.at[at, "without_shape"] = True
    site.mend(at, without_shape=False)
    site.plant(
        "QC-G01-no-shape",
        "The row has no shape; the correction brings it, and still nobody has a right to it",
        Wish("QC-G01", row=at),
        Wish("QC-R01", at, None, "high", delivery=2),
    )
