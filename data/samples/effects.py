"""What follows from planting: corners of a plant that lie on a neighbour's edge, parcels left over, sums that changed.

All of it is read off the drawing by plain GEOS, pair by pair and without any rule of ours, for the parcels whose shape
was planted and whoever lies next to them.
"""

from collections.abc import Callable, Iterator

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from data.samples.blocks import Floats
from data.samples.books import Books
from data.samples.site import Parcel, Site, Wish

#: What a vertex may be off (m) before it is another one, and from where on two are the same point.
_NEAR_M, _SAME_M = 0.05, 0.001
#: The gates of a dispute and of a slight overlap: square metres, and half the width (m).
_DISPUTE, _SLIGHT = (1.0, 0.025), (0.01, 0.001)
_THIN_M, _THIN_ROUNDNESS = 0.5, 0.02
_OUTSIDE_M2, _OUTSIDE_SHARE = 1.0, 0.01

#: Rule, story and severity, and who stands on its sides.
STORIES = {
    "QC-G06": ("Corners that were planted lie under 5 cm from another of the same parcel", "high"),
    "QC-G08": ("Common ground too small or too narrow for a dispute is still no clean boundary", "high"),
    "QC-G09": ("Corners that were planted nearly meet a neighbour's", "medium"),
    "QC-G10": ("Corners that were planted, or left alone, lie on a neighbour's edge", "medium"),
    "QC-G12": ("A parcel that was cut off is narrower than half a metre on average", "medium"),
    "QC-G13": ("A parcel lies in the village of others", "medium"),
    "OV-06": ("A parcel takes ground of a village that is not its own", "medium"),
}
Found = set[tuple[str, Parcel, Parcel | None]]


def note_effects(site: Site, books: Books) -> None:
    """Enter all that follows from the shapes that were planted, and the contracts that no longer add up."""
    first, second = _of_drawing(site, 1), _of_drawing(site, 2)
    for rule, (story, severity) in STORIES.items():
        wishes = [
            Wish(
                *one,
                severity,
                delivery=1 if one in first else 2,
                until=None if one in second else 2,
            )
            for one in sorted(first | second, key=str)
            if one[0] == rule
        ]
        if wishes:
            site.plant(f"{rule}-by-planting", story, *wishes)
    papers = books.tables["CBJYQZ"]
    waiting = papers.loc[papers["QZSFLQ"] == "2", "CBJYQZBM"]  # all were issued years ago
    if len(waiting):
        wishes = (Wish("QY-04", f"certificate:{code}", None, "low") for code in waiting)
        site.plant("QY-04-not-collected", "A certificate that was issued years ago lies at the office", *wishes)
    named = [old for news in site.parcels["predecessors"].dropna() for old in news]
    contracts = sorted({f"{books.holders[at]}J" for at in named if at in books.holders})
    site.plant(
        "QC-R06-replaced",
        "The contracts of parcels that were replaced count one parcel more than still has a right",
        *(Wish("QC-R06", f"contract:{code}", None, "high", delivery=2) for code in contracts),
    )


def _of_drawing(site: Site, after: int) -> Found:
    """Everything that follows from the shapes as they stand after a delivery."""
    parcels = site.stored(after)
    shapes = dict(zip(parcels.index.tolist(), parcels["geometry"], strict=True))
    drawn = sorted(site.drawn & shapes.keys())
    found: Found = set()
    for at in drawn:
        found |= {(rule, at, None) for rule in alone(shapes[at], site.town.boundaries[parcels.at[at, "village"]])}
    for a, b in neighbours(shapes, drawn):
        found |= {(rule, a, b) for rule in together(shapes[a], shapes[b])}
    return found


def neighbours(shapes: dict[Parcel, BaseGeometry], drawn: list[Parcel]) -> Iterator[tuple[Parcel, Parcel]]:
    """Pairs that come near each other, of which one at least was planted."""
    every = list(shapes)
    tree = shapely.STRtree(shapely.box(*shapely.bounds(list(shapes.values())).T))
    boxes = shapely.box(*shapely.bounds([shapes[at] for at in drawn]).T)
    near = {
        (min(drawn[one], every[other]), max(drawn[one], every[other]))
        for one, other in tree.query(boxes, "dwithin", _NEAR_M).T.tolist()
    }
    return ((a, b) for a, b in sorted(near) if a != b)


def alone(shape: BaseGeometry, village: BaseGeometry | None = None) -> Iterator[str]:
    """What a planted parcel shows by itself."""
    corners = _corners(shape)
    apart = shapely.distance(corners[:, None], corners[None, :])
    if (apart[np.triu_indices(len(corners), 1)] < _NEAR_M).any():
        yield "QC-G06"
    whole = _sound(shape)
    width, roundness = 2 * whole.area / whole.length, 4 * np.pi * whole.area / whole.length**2
    if width < _THIN_M or roundness < _THIN_ROUNDNESS:
        yield "QC-G12"
    if village:
        outside, least = shapely.difference(whole, village), max(_OUTSIDE_M2, _OUTSIDE_SHARE * whole.area)
        if outside.area > least:
            yield "QC-G13"
        if _opened(outside, _DISPUTE[1]) >= least:
            yield "OV-06"


def together(a: BaseGeometry, b: BaseGeometry) -> Iterator[str]:
    """What two neighbours show."""
    cut = shapely.intersection(_sound(a), _sound(b))
    if _opened(cut, _DISPUTE[1]) < _DISPUTE[0] and _opened(cut, _SLIGHT[1]) >= _SLIGHT[0]:
        yield "QC-G08"
    ours, theirs = _corners(a), _corners(b)
    # a coordinate in millions of metres says nothing of what is less than a micrometre
    apart = np.round(shapely.distance(ours[:, None], theirs[None, :]), 6)
    nearest = (apart == apart.min(axis=1, keepdims=True)) & (apart == apart.min(axis=0, keepdims=True))
    if (nearest & (apart <= _NEAR_M) & (apart > _SAME_M)).any():
        yield "QC-G09"
    alone_a = (apart.min(axis=1) > _NEAR_M) & (shapely.distance(ours, b.boundary) <= _NEAR_M)
    alone_b = (apart.min(axis=0) > _NEAR_M) & (shapely.distance(theirs, a.boundary) <= _NEAR_M)
    if alone_a.any() or alone_b.any():
        yield "QC-G10"


def _opened(cut: BaseGeometry, half_m: float) -> float:
    """The ground that is left of a cut where it is twice so wide."""
    near = shapely.transform(cut, _to_origin(cut))
    return float(shapely.buffer(shapely.buffer(near, -half_m, join_style="mitre"), half_m, join_style="mitre").area)


def _to_origin(shape: BaseGeometry) -> Callable[[Floats], Floats]:
    corner = np.nan_to_num(np.array(shape.bounds[:2]))
    return lambda xy: xy - corner


def _sound(shape: BaseGeometry) -> BaseGeometry:
    """The shape, or where its boundary crosses itself a copy that is mended."""
    return shape if shape.is_valid else shapely.make_valid(shape, method="structure", keep_collapsed=False)


def _corners(shape: BaseGeometry) -> np.ndarray:
    """The vertices of all rings, without those that only close them."""
    rings = shapely.get_rings(shapely.get_parts(shape))
    return np.concatenate([shapely.points(shapely.get_coordinates(ring)[:-1]) for ring in rings])
