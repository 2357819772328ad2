"""Which polygons are valid: told where the sign of every turn is certain, and left open where it is not.

A feature is *valid* here when its rings are simple and nowhere meet, its holes lie in their shell and not in each
other, and no part lies in another. It is *invalid* when an edge crosses another, a ring touches itself, or a hole lies
astray. What is left is *doubtful*: rings that touch each other, a part in another's hole, a turn too flat for the
numbers that tell it. These are the rules of OGC Simple Feature Access 1.2.1, 6.1.11 and 6.1.14, read one-sidedly.
"""

import numpy as np
from numpy.typing import NDArray

from geo.kernel import compiled
from geo.kernel.rings import boxes

Floats = NDArray[np.float64]
Starts = NDArray[np.int64]
Verdicts = NDArray[np.int8]

VALID, INVALID, DOUBTFUL = 0, 1, 2

#: What stands for the sign of a turn that cannot be told.
UNKNOWN = 2
#: Rounding of a turn as a share of its two products: Shewchuk, Adaptive Precision Floating-Point Arithmetic, 1997, 4.
ROUNDING = (3.0 + 16.0 * 2.0**-53) * 2.0**-53
#: Products outside these are rounded otherwise than in proportion, or not at all.
SMALLEST, LARGEST = 1e-270, 1e270
#: Multiplying with it cuts a double into two halves: Dekker, A floating-point technique, 1971.
HALVES = 2.0**27 + 1.0
#: Edges are compared with this many others on average; a feature that needs more has too many above each other.
COMPARED = 1000
#: A feature of more rings has too many to ask of each two which lies in which.
MOST_RINGS = 1000
#: As few edges are sorted by inserting them.
FEW_EDGES = 64


@compiled
def lost(a: float, b: float) -> float:
    """What rounding takes from the difference a - b."""
    difference = a - b
    back = a - difference
    return (a - (difference + back)) + (back - b)


@compiled
def lost_in_product(a: float, b: float, product: float) -> float:
    """What rounding took from the product of a and b."""
    cut = HALVES * a
    a_high = cut - (cut - a)
    a_low = a - a_high
    cut = HALVES * b
    b_high = cut - (cut - b)
    b_low = b - b_high
    return a_low * b_low - (((product - a_high * b_high) - a_low * b_high) - a_high * b_low)


@compiled
def turn(ax: float, ay: float, bx: float, by: float, cx: float, cy: float) -> int:
    """Which way a path turns that goes from a over b to c: 1 left, -1 right, 0 not at all, or UNKNOWN."""
    left, right = (ax - cx) * (by - cy), (ay - cy) * (bx - cx)
    size = abs(left) + abs(right)
    beyond = ROUNDING * size + SMALLEST
    if left - right > beyond:
        return 1
    if right - left > beyond:
        return -1
    return flat_turn(ax, ay, bx, by, cx, cy)


@compiled
def flat_turn(ax: float, ay: float, bx: float, by: float, cx: float, cy: float) -> int:
    """The same for a turn whose two products are nearly equal: told where all differences are exact."""
    if lost(ax, cx) != 0.0 or lost(ay, cy) != 0.0 or lost(bx, cx) != 0.0 or lost(by, cy) != 0.0:
        return UNKNOWN
    acx, acy, bcx, bcy = ax - cx, ay - cy, bx - cx, by - cy
    left, right = acx * bcy, acy * bcx
    if (acx == 0.0 or bcy == 0.0) and (acy == 0.0 or bcx == 0.0):
        return 0
    size = abs(left) + abs(right)
    if not SMALLEST < size < LARGEST:
        return UNKNOWN
    if left != right:
        return 1 if left > right else -1
    left, right = lost_in_product(acx, bcy, left), lost_in_product(acy, bcx, right)
    if left != right:
        return 1 if left > right else -1
    return 0


@compiled
def closed(xy: Floats, first: int, end: int) -> bool:
    """Tell whether a ring ends where it begins."""
    return end > first and bool(xy[first, 0] == xy[end - 1, 0] and xy[first, 1] == xy[end - 1, 1])


@compiled
def well_formed(xy: Floats, first: int, end: int) -> bool:
    """Tell whether a ring is closed, finite, and has three edges of some length."""
    edges = 0
    for at in range(first, end):
        # what is not finite has no difference from itself
        if xy[at, 0] - xy[at, 0] != 0.0 or xy[at, 1] - xy[at, 1] != 0.0:
            return False
        edges += at > first and (xy[at, 0] != xy[at - 1, 0] or xy[at, 1] != xy[at - 1, 1])
    return closed(xy, first, end) and edges >= 3


@compiled
def formed(xy: Floats, rings: Starts, parts: Starts, first: int, end: int) -> int:
    """Tell whether the rings of these parts are well formed; rings of no vertices are doubtful."""
    found = VALID
    for part in range(first, end):
        for ring in range(parts[part], parts[part + 1]):
            if rings[ring] == rings[ring + 1]:
                found = DOUBTFUL
            elif rings[parts[part]] == rings[parts[part] + 1] or not well_formed(xy, rings[ring], rings[ring + 1]):
                return INVALID
    return found


@compiled
def before(ax: float, ay: float, bx: float, by: float) -> bool:
    """Tell whether a lies west of b, or south of it where they are level."""
    return ax < bx or (ax == bx and ay < by)


@compiled
def two_chains(xy: Floats, first: int, end: int, axis: int) -> bool:
    """Tell whether a ring goes straight up an axis and straight down again, with one chain beside the other.

    Such a ring is simple: the distance between the chains is linear from vertex to vertex, nowhere nothing but at the
    ends. Level vertices are ordered by the other axis, which is the same as turning the axis a little. A vertex that is
    not finite has no turn that is known.
    """
    other, last, start = 1 - axis, end - 1, first
    for at in range(first + 1, last):
        if before(xy[at, axis], xy[at, other], xy[start, axis], xy[start, other]):
            start = at
    # one chain has come to a and goes on to c, the other has come to b and goes on to d
    c, d = start + 1 if start + 1 < last else first, start - 1 if start > first else last - 1
    ax, ay, bx, by = xy[start, axis], xy[start, other], xy[start, axis], xy[start, other]
    cx, cy, dx, dy = xy[c, axis], xy[c, other], xy[d, axis], xy[d, other]
    side = 0
    while c != d:
        if before(cx, cy, dx, dy):
            turned = turn(bx, by, dx, dy, cx, cy)
            ax, ay = cx, cy
            c = c + 1 if c + 1 < last else first
            cx, cy = xy[c, axis], xy[c, other]
            if before(cx, cy, ax, ay):
                return False
        else:
            turned = -turn(ax, ay, cx, cy, dx, dy)
            bx, by = dx, dy
            d = d - 1 if d > first else last - 1
            dx, dy = xy[d, axis], xy[d, other]
            if before(dx, dy, bx, by):
                return False
        if side == 0:
            side = turned
        if turned != side or side == 0 or abs(side) == UNKNOWN:
            return False
    return side != 0


@compiled
def laid_edges(xy: Floats, rings: Starts, first: int, end: int, reach: Floats, ends: Starts) -> int:
    """Note the edges of some length of these rings, and return how many there are.

    Rows of `reach`: west, south, east, north; rows of `ends`: vertex from, vertex to, ring. The last edge of a ring
    goes to the vertex that the first one comes from.
    """
    count = 0
    for ring in range(first, end):
        at = rings[ring]
        for vertex in range(at + 1, rings[ring + 1]):
            ax, ay, bx, by = xy[at, 0], xy[at, 1], xy[vertex, 0], xy[vertex, 1]
            if ax == bx and ay == by:
                continue
            reach[count, 0], reach[count, 1] = min(ax, bx), min(ay, by)
            reach[count, 2], reach[count, 3] = max(ax, bx), max(ay, by)
            ends[count, 0], ends[count, 1], ends[count, 2] = at, vertex, ring
            at = vertex
            count += 1
        ends[count - 1, 1] = rings[ring]
    return count


@compiled
def from_west(reach: Floats, order: Starts, count: int) -> None:
    """Order the edges by their western ends."""
    if count > FEW_EDGES:
        order[:count] = np.argsort(reach[:count, 0])
        return
    for edge in range(count):
        place = edge
        while place > 0 and reach[order[place - 1], 0] > reach[edge, 0]:
            order[place] = order[place - 1]
            place -= 1
        order[place] = edge


@compiled
def folded(ax: float, ay: float, bx: float, by: float, cx: float, cy: float) -> int:
    """Tell whether the edge from b to c runs back over the edge from a to b."""
    if (bx - ax) * (cx - bx) > 0.0 or (by - ay) * (cy - by) > 0.0:
        # it goes on east or west, north or south, as the one before it did
        return VALID
    turned = turn(ax, ay, bx, by, cx, cy)
    if turned == UNKNOWN:
        return DOUBTFUL
    if turned != 0:
        return VALID
    runs_on = (ax < bx) == (bx < cx) if ax != bx else (ay < by) == (by < cy)
    return VALID if runs_on else INVALID


@compiled
def unfolded(xy: Floats, ends: Starts, count: int) -> int:
    """Tell whether no edge runs back over the one before it in its ring."""
    first = 0
    for edge in range(count):
        follower = edge + 1
        if follower == count or ends[follower, 0] != ends[edge, 1]:
            follower, first = first, follower
        a, b, c = ends[edge, 0], ends[edge, 1], ends[follower, 1]
        found = folded(xy[a, 0], xy[a, 1], xy[b, 0], xy[b, 1], xy[c, 0], xy[c, 1])
        if found != VALID:
            return found
    return VALID


@compiled
def met(ax: float, ay: float, bx: float, by: float, cx: float, cy: float, dx: float, dy: float, one_ring: bool) -> int:
    """Tell whether the edge from a to b crosses the one from c to d, or touches it in one and the same ring.

    Edges of two rings that touch are doubtful: one point in common is allowed to two rings.
    """
    c, d = turn(ax, ay, bx, by, cx, cy), turn(ax, ay, bx, by, dx, dy)
    if c == d and abs(c) == 1:
        return VALID
    a, b = turn(cx, cy, dx, dy, ax, ay), turn(cx, cy, dx, dy, bx, by)
    if a == b and abs(a) == 1:
        return VALID
    if a == UNKNOWN or b == UNKNOWN or c == UNKNOWN or d == UNKNOWN:
        return DOUBTFUL
    return INVALID if one_ring or (a * b < 0 and c * d < 0) else DOUBTFUL


@compiled
def apart(xy: Floats, reach: Floats, ends: Starts, order: Starts, count: int) -> int:
    """Tell whether no edge meets another but its neighbours in the ring: a sweep from west to east."""
    compared = 0
    for place in range(count):
        one = order[place]
        south, east, north = reach[one, 1], reach[one, 2], reach[one, 3]
        a, b = ends[one, 0], ends[one, 1]
        at = place + 1
        while at < count and reach[order[at], 0] <= east:
            other = order[at]
            at += 1
            if reach[other, 1] > north or reach[other, 3] < south:
                continue
            c, d = ends[other, 0], ends[other, 1]
            # asked in one: neighbours come in either order, which could not be foretold
            if (b == c) | (d == a):
                continue
            one_ring = ends[one, 2] == ends[other, 2]
            found = met(xy[a, 0], xy[a, 1], xy[b, 0], xy[b, 1], xy[c, 0], xy[c, 1], xy[d, 0], xy[d, 1], one_ring)
            if found != VALID:
                return found
        compared += at - place
        if compared > COMPARED * count:
            return DOUBTFUL
    return VALID


@compiled
def surrounds(xy: Floats, rings: Starts, outer: int, inner: int) -> int:
    """Tell whether a ring lies in another that it does not meet: 1 or 0, or UNKNOWN."""
    x, y, inside = xy[rings[inner], 0], xy[rings[inner], 1], 0
    for at in range(rings[outer], rings[outer + 1] - 1):
        ax, ay, bx, by = xy[at, 0], xy[at, 1], xy[at + 1, 0], xy[at + 1, 1]
        if (ay > y) == (by > y) or max(ax, bx) < x:
            continue
        turned = turn(ax, ay, bx, by, x, y)
        if turned == UNKNOWN:
            return UNKNOWN
        inside ^= (turned > 0) == (by > ay)
    return int(inside)


@compiled
def one_in_other(xy: Floats, rings: Starts, around: Floats, a: int, b: int, base: int) -> int:
    """Tell whether one of two rings that do not meet lies in the other: 1 or 0, or UNKNOWN."""
    if around[a - base, 0] > around[b - base, 2] or around[b - base, 0] > around[a - base, 2]:
        return 0
    if around[a - base, 1] > around[b - base, 3] or around[b - base, 1] > around[a - base, 3]:
        return 0
    return max(surrounds(xy, rings, a, b), surrounds(xy, rings, b, a))


@compiled
def nested(xy: Floats, rings: Starts, parts: Starts, first: int, end: int) -> int:
    """Tell whether every hole lies in its shell, and no hole in a hole and no part in a part; the rings do not meet."""
    base = parts[first]
    many = parts[end] - base
    if many > MOST_RINGS:
        return DOUBTFUL
    around = np.empty((many, 4))
    boxes(xy, rings, np.arange(base, base + many + 1), around, 0, many)
    for part in range(first, end):
        shell = parts[part]
        if shell == parts[part + 1]:
            return DOUBTFUL
        for hole in range(shell + 1, parts[part + 1]):
            inside = surrounds(xy, rings, shell, hole)
            if inside != 1:
                return INVALID if inside == 0 else DOUBTFUL
            for other in range(hole + 1, parts[part + 1]):
                within = one_in_other(xy, rings, around, hole, other, base)
                if within != 0:
                    return INVALID if within == 1 else DOUBTFUL
        for later in range(part + 1, end):
            if one_in_other(xy, rings, around, shell, parts[later], base) != 0:
                return DOUBTFUL
    return VALID


@compiled
def plain(xy: Floats, first: int, end: int) -> bool:
    """Tell whether a ring is simple at first sight: two chains along one axis or the other."""
    return closed(xy, first, end) and (two_chains(xy, first, end, 0) or two_chains(xy, first, end, 1))


@compiled
def judged(
    xy: Floats, rings: Starts, parts: Starts, first: int, end: int, reach: Floats, ends: Starts, order: Starts
) -> int:
    """Judge one feature of these parts; the last three are room for its edges."""
    found = formed(xy, rings, parts, first, end)
    if found != VALID:
        return found
    count = laid_edges(xy, rings, parts[first], parts[end], reach, ends)
    found = unfolded(xy, ends, count)
    if found == VALID:
        from_west(reach, order, count)
        found = apart(xy, reach, ends, order, count)
    if found == VALID and parts[end] - parts[first] > 1:
        found = nested(xy, rings, parts, first, end)
    return found


@compiled
def judge(xy: Floats, rings: Starts, parts: Starts, features: Starts, first: int, end: int, out: Verdicts) -> None:
    """Note in `out` of each feature from `first` to `end` whether it is VALID, INVALID or DOUBTFUL."""
    most = 0
    for feature in range(first, end):
        most = max(most, rings[parts[features[feature + 1]]] - rings[parts[features[feature]]])
    reach, ends, order = np.empty((most, 4)), np.empty((most, 3), dtype=np.int64), np.empty(most, dtype=np.int64)
    for feature in range(first, end):
        begin, stop = features[feature], features[feature + 1]
        shell = parts[begin]
        if begin == stop or (parts[stop] - shell == 1 and plain(xy, rings[shell], rings[shell + 1])):
            out[feature] = VALID
        else:
            out[feature] = judged(xy, rings, parts, begin, stop, reach, ends, order)
