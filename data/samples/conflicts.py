"""Plant parcels that claim each other's ground, and look-alikes that must not be reported."""

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon
from shapely.ops import substring

from data.samples.blocks import Floats
from data.samples.site import Parcel, Site, Wish
from data.samples.township import CORRECTED


def plant_overlaps(site: Site) -> None:
    """Plant every kind of overlap that one delivery can hold."""
    _bites(site)
    _long_thefts(site)
    _two_issuers(site)
    _twice_and_inside(site)
    _kept_land(site)
    _overlap_distractors(site)


def edge_between(site: Site, a: Parcel, b: Parcel) -> LineString:
    """The edge that two neighbours share."""
    shared = shapely.line_merge(shapely.intersection(site.shape(a).boundary, site.shape(b).boundary))
    if shared.geom_type != "LineString":
        raise ValueError("the parcels do not share one edge")
    return shared


def over_the_edge(site: Site, a: Parcel, b: Parcel, length: float, depth: float, start: float | None = None) -> Polygon:
    """Ground of `b` along its edge with `a`, so long and so deep, joined to half a metre of `a`."""
    edge = edge_between(site, a, b)
    begin = (edge.length - length) / 2 if start is None else start
    along = shapely.get_coordinates(substring(edge, begin, begin + length))
    across = along[-1] - along[0]
    normal = np.array([-across[1], across[0]]) / np.hypot(*across)
    if normal @ (_middle(site.shape(b)) - _middle(site.shape(a))) < 0:
        normal = -normal
    return Polygon(np.concatenate([along - 0.5 * normal, (along + depth * normal)[::-1]]))


def grow(site: Site, a: Parcel, *grounds: Polygon) -> None:
    """Let a parcel claim further ground."""
    site.reshape(a, shapely.union_all([site.shape(a), *grounds]))


def _middle(shape: Polygon) -> Floats:
    return np.asarray(shapely.get_coordinates(shapely.centroid(shape))[0])


def _bites(site: Site) -> None:
    """Neighbours of one issuer whose drawings cross."""
    for village, length, depth in ((0, 6.0, 3.0), (1, 9.0, 1.2), (3, 4.0, 0.4), (CORRECTED, 7.0, 2.0)):
        a, b = site.pair(village=village)
        grow(site, a, over_the_edge(site, a, b, length, depth))
        site.plant(
            f"OV-01-bite-{village}",
            f"A takes {length:g} by {depth:g} m of its neighbour's ground",
            Wish("OV-01", a, b, "high"),
        )
    a, b = site.pair(village=CORRECTED)
    site.mend(a, geometry=site.shape(a))
    grow(site, a, over_the_edge(site, a, b, 8.0, 2.5))
    site.plant(
        "OV-01-mended",
        "A takes 8 by 2.5 m of its neighbour's ground; the correction gives it back",
        Wish("OV-01", a, b, "high", until=2),
    )


def _long_thefts(site: Site) -> None:
    """Ground taken in a narrow strip along a common edge: little wide, but taken."""
    a, b = site.pair("strip", village=0)
    grow(site, a, over_the_edge(site, a, b, 60.0, 0.3))
    site.plant("OV-01-narrow-theft", "A ridge moved by 0.3 m over a length of 60 m: 18 m²", Wish("OV-01", a, b, "high"))
    a, b = site.pair("strip", village=1)
    whole = edge_between(site, a, b).length
    bite = over_the_edge(site, a, b, 1.5, 0.9)
    grow(site, a, bite, over_the_edge(site, a, b, 0.98 * whole, 0.001))
    site.plant(
        "OV-01-bite-and-shift",
        "A bite of 1.35 m² joined to a shift of 1 mm along the whole edge: 2A/P is 0.01 m, and the bite is real",
        Wish("OV-01", a, b, "high"),
    )


def _two_issuers(site: Site) -> None:
    """Neighbours of two groups whose drawings cross: nobody knows where the collective's land ends."""
    for length, depth in ((8.0, 2.0), (5.0, 4.0)):
        a, b = site.pair("quad strip terrace", same_group=False, edge_m=length)
        grow(site, a, over_the_edge(site, a, b, length, depth))
        site.plant(
            f"OV-02-groups-{length:g}x{depth:g}",
            f"A of one group takes {length:g} by {depth:g} m from B of another",
            Wish("OV-02", a, b, "high"),
        )


def _twice_and_inside(site: Site) -> None:
    """One piece of land under two codes, and a split that was drawn while the whole stayed."""
    for name, village in (("quad", None), ("terrace", CORRECTED)):
        a = site.one(name, village)
        twin = site.add(site.shape(a), a)
        site.plant(f"OV-03-twin-{name}", "The same shape was drawn under two codes", Wish("OV-03", a, twin, "high"))
    a = site.one()
    parts = [site.add(half, a) for half in halves(site.shape(a), 0.4)]
    site.plant(
        "OV-04-split",
        "A was split in two, and the whole was not retired",
        *(Wish("OV-04", a, part, "medium") for part in parts),
    )


def halves(shape: Polygon, share: float) -> tuple[Polygon, Polygon]:
    """Cut a four-cornered parcel across, at a share of two opposite edges."""
    p = shapely.get_coordinates(shape)[:4]
    left, right = p[0] + (p[3] - p[0]) * share, p[1] + (p[2] - p[1]) * share
    return Polygon([p[0], p[1], right, left]), Polygon([left, right, p[2], p[3]])


def _kept_land(site: Site) -> None:
    """Contracted land over flexible land of the collective."""
    a, b = site.pair(village=0)
    site.parcels.at[b, "category"] = "22"
    grow(site, a, over_the_edge(site, a, b, 6.0, 2.0))
    site.plant("OV-08-flexible-land", "A contracted parcel takes 12 m² of flexible land", Wish("OV-08", a, b, "medium"))


def _overlap_distractors(site: Site) -> None:
    """What looks like a conflict to a machine and is none."""
    a, b = site.pair(village=0)
    grow(site, a, over_the_edge(site, a, b, 1.0, 0.5))
    site.plant("half-a-square-metre", "A bite of 0.5 m² is below the gate", parties=(a, b))
    a, b = site.pair("strip", village=1)
    grow(site, a, over_the_edge(site, a, b, 0.95 * edge_between(site, a, b).length, 0.03))
    site.plant("thin-sliver", "Nearly 3 m² in a sliver 0.03 m wide: noise of drawing", parties=(a, b))
    for number in range(3):
        host = site.one(fits=lambda at: shapely.area(site.shape(at)) > 400)
        ring = _island(_middle(site.shape(host)), 2.5 + number, site.rng)
        site.reshape(host, Polygon(shapely.get_coordinates(site.shape(host)), [ring]))
        if number:
            story = ("A pond lies in the parcel", "A grave mound lies in the parcel")[number - 1]
            site.plant(f"island-{number}", story, parties=(host,))
        else:
            island = site.add(Polygon(ring), host, category="21")
            site.plant("island-filled", "A parcel of its own fills the hole of another", parties=(host, island))
    site.plant("shared-edges", "One parcel in twenty has its vertices moved by up to 0.1 mm against its neighbours'")
    site.plant("t-junctions", "Corners of bricks are vertices of the neighbours they meet, rounded to 1 mm")


def _island(middle: Floats, radius: float, rng: np.random.Generator) -> Floats:
    """A round, uneven ring."""
    turn = np.linspace(0, 2 * np.pi, 13)
    reach = radius * rng.uniform(0.8, 1.1, 13)
    reach[-1] = reach[0]
    ring = middle + np.stack([reach * np.cos(turn), reach * np.sin(turn)], axis=-1)
    ring[-1] = ring[0]
    return np.asarray(ring)
