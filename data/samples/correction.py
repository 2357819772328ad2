"""Plan the second delivery: one village again, with what was mended, and new codes on ground that has one already."""

import itertools
from collections.abc import Callable

import numpy as np
import shapely
from shapely.geometry import Polygon

from data.samples.conflicts import halves
from data.samples.site import Parcel, Site, Wish
from data.samples.township import CORRECTED

_OTHERS = (0, 1, 3)


def plant_correction(site: Site) -> None:
    """Plant new parcels that claim ground of the first delivery, and others that say what they replace.

    A parcel that is named as a predecessor ends with the delivery. The parcels that are claimed without being named
    are not part of it: they are active, and from the first delivery.
    """
    shapes = site.parcels["geometry"].to_numpy()
    standing = shapely.STRtree(shapes)
    corrected = shapes[(site.parcels["village"] == CORRECTED).to_numpy()]
    _across_the_stream(site, standing, shapely.STRtree(corrected))
    _within_the_village(site, standing)
    _replacements(site)
    _without_papers(site)


def _new(site: Site, shape: Polygon, like: Parcel, *predecessors: Parcel) -> Parcel:
    """A parcel that only the second delivery has; those it names, and `like`, are not repeated in it."""
    site.left_out.update(predecessors)
    return site.add(shape, like, delivery=2, predecessors=predecessors or None)


def _across_the_stream(site: Site, standing: shapely.STRtree, home: shapely.STRtree) -> None:
    """New land at the stream, drawn into a parcel of the village on the other bank."""

    def reaches(shape: Polygon) -> bool:
        return bool(len(home.query(shape, predicate="dwithin", distance=30.0)))

    for village in _OTHERS:
        for at in site.free("quad strip terrace", village):
            if not len(home.query(site.shape(at), predicate="dwithin", distance=50.0)):
                continue
            ground = _outcrop(site, at, standing, 18.0, reaches)
            if ground is not None:
                site.take(at)
                nearest = int(home.nearest(shapely.centroid(ground)))
                like = int(site.parcels.index[site.parcels["village"] == CORRECTED][nearest])
                new = _new(site, ground, like)
                site.plant(
                    "OV-05-across-the-stream",
                    "A new parcel of the corrected village lies 3 m deep in a parcel of its neighbour village",
                    Wish("OV-02", at, new, "high", delivery=2),
                    Wish("OV-05", at, new, "high", delivery=2),
                )
                return
    raise ValueError("no parcel lies at the stream")


def _within_the_village(site: Site, standing: shapely.STRtree) -> None:
    """New codes on ground of the same group that nobody gave up."""
    for at in site.free("quad strip", CORRECTED):
        ground = _outcrop(site, at, standing, 2.0, lambda shape: True)
        if ground is not None:
            break
    else:
        raise ValueError("no parcel lies at a road")
    site.take(at)
    site.left_out.add(at)
    new = _new(site, ground, at)
    site.plant(
        "OV-05-same-group",
        "A new parcel at the road lies 3 m deep in one of the first delivery, which it does not name",
        Wish("OV-01", at, new, "high", delivery=2),
        Wish("OV-05", at, new, "high", delivery=2),
    )


def _outcrop(
    site: Site, at: Parcel, standing: shapely.STRtree, reach: float, fits: Callable[[Polygon], bool]
) -> Polygon | None:
    """A rectangle 6 m wide, 3 m inside the parcel and `reach` outside, where nobody else's land is; None if nowhere."""
    corners = shapely.get_coordinates(site.shape(at))
    for start, end in itertools.pairwise(corners):
        along = (end - start) / np.hypot(*(end - start))
        middle, out = (start + end) / 2, np.array([along[1], -along[0]])
        if not shapely.is_ccw(shapely.LinearRing(corners)):
            out = -out
        box = [middle + side * 3 * along + far * out for side, far in ((-1, -3), (1, -3), (1, reach), (-1, reach))]
        ground = Polygon(box)
        others = standing.query(ground, predicate="intersects")
        if len(others) == 1 and fits(ground):
            return ground
    return None


def _replacements(site: Site) -> None:
    """New codes that say what they replace: a division, a merger, a new number."""
    whole = site.one(village=CORRECTED)
    parts = [_new(site, half, whole, whole) for half in halves(site.shape(whole), 0.5)]
    site.plant("replaced-division", "A parcel was divided, and both halves name it", parties=(whole, *parts))
    a, b = site.pair(village=CORRECTED)
    merged = _new(site, shapely.union(site.shape(a), site.shape(b)), a, a, b)
    site.plant("replaced-merger", "Two parcels were merged, and the new one names both", parties=(a, b, merged))
    old = site.one(village=CORRECTED)
    site.plant(
        "replaced-number",
        "A parcel got a new number, and names the old one",
        parties=(old, _new(site, site.shape(old), old, old)),
    )
    old = site.one(village=CORRECTED)
    site.left_out.add(old)
    new = _new(site, site.shape(old), old)
    site.plant(
        "OV-05-new-number",
        "A parcel got a new number that does not name the old one",
        Wish("OV-03", old, new, "high", delivery=2),
        Wish("OV-05", old, new, "high", delivery=2),
    )


def _without_papers(site: Site) -> None:
    """The correction brings parcels alone: new ones have no right yet; rights in those they replace end with them."""
    new = site.parcels[(site.parcels["delivery"] == 2) & (site.parcels["category"] == "10")]
    site.plant(
        "QC-R01-no-papers",
        "New parcels came without their papers",
        *(Wish("QC-R01", int(at), None, "high", delivery=2) for at in new.index),
    )
