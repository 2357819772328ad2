"""How much of every pixel a polygon covers, summed by the class of the pixel.

Each edge covers all that lies east of it in the rows it crosses, as much of a pixel as it leaves to its east; on the
west side of a polygon this counts for it, on the east side against it. What an edge changes from one pixel to the next
is noted, and the running sum along a row is the part of each pixel that the polygon covers.

`change` holds what one feature changes from pixel to pixel, row by row, each row two pixels longer than it is; `west`
and `east` hold the first and last column that edges touch in each row. When a feature is done, all are as they were.
They are handed on one by one: as a tuple they took twice the time.
"""

import numpy as np
from numpy.typing import NDArray

from geo.kernel import compiled

Floats = NDArray[np.float64]
Starts = NDArray[np.int64]
Values = NDArray[np.integer]

#: Bits of a key that hold the class; those above hold the feature.
CLASS_BITS = 16
#: First column of a row that no edge touches.
UNTOUCHED = 1 << 62
#: Where pixels lie: west and north of the first one, and how wide and high each is (m). A plain tuple: what is compiled
#: and kept could not be read any more once a class of ours in it is gone.
Place = tuple[float, float, float, float]


@compiled
def by_tile(spans: Starts, high: int, wide: int, down: int, across: int) -> tuple[Starts, Starts]:
    """Where each tile begins in the list of features that reach into it, and that list.

    `spans` are first row, first column, end row and end column of each feature; tiles are `high` by `wide` pixels,
    `down` by `across` of them, numbered along their rows.
    """
    starts = np.zeros(down * across + 1, dtype=np.int64)
    for feature in range(len(spans)):
        row0, column0, row1, column1 = spans[feature, 0], spans[feature, 1], spans[feature, 2], spans[feature, 3]
        if row0 < row1 and column0 < column1:
            for row in range(row0 // high, (row1 - 1) // high + 1):
                for column in range(column0 // wide, (column1 - 1) // wide + 1):
                    starts[row * across + column + 1] += 1
    starts = np.cumsum(starts)
    free = starts[:-1].copy()
    who = np.empty(starts[-1], dtype=np.int64)
    for feature in range(len(spans)):
        row0, column0, row1, column1 = spans[feature, 0], spans[feature, 1], spans[feature, 2], spans[feature, 3]
        if row0 < row1 and column0 < column1:
            for row in range(row0 // high, (row1 - 1) // high + 1):
                for column in range(column0 // wide, (column1 - 1) // wide + 1):
                    who[free[row * across + column]] = feature
                    free[row * across + column] += 1
    return starts, who


@compiled
def note(
    change: Floats, west: Starts, east: Starts, row: int, columns: int, low: float, high: float, drop: float
) -> None:
    """Note in one row an edge that runs from `low` to `high` and down by `drop` (against the polygon if negative)."""
    first, last = int(low), int(high)
    at = row * (columns + 2)
    if first == last:
        beside = drop * ((low + high) / 2 - first)
        change[at + first] += drop - beside
        change[at + first + 1] += beside
    else:
        slope, before = drop / (high - low), 0.0
        for column in range(first, last + 1):
            enter, leave = max(low, float(column)), min(high, column + 1.0)
            covered = slope * ((enter + leave) / 2 - low) * (leave - enter) + drop * (column + 1 - leave)
            change[at + column] += covered - before
            before = covered
        change[at + last + 1] += drop - before
    west[row] = min(west[row], first)
    east[row] = max(east[row], last)


@compiled
def note_edge(
    change: Floats, west: Starts, east: Starts, rows: int, columns: int, ax: float, ay: float, bx: float, by: float
) -> None:
    """Note an edge in the rows it crosses: cut off above, below and in the east; what is west of all counts at the rim.

    Coordinates are in pixels, to the east and to the south.
    """
    sense = 1.0
    if ay > by:
        ax, ay, bx, by, sense = bx, by, ax, ay, -1.0
    y, end = max(ay, 0.0), min(by, float(rows))
    # flat, beyond, or no number
    if not y < end:
        return
    run = (bx - ax) / (by - ay)
    x = ax + (y - ay) * run if y > ay else ax
    for row in range(int(y), rows):
        next_y = min(row + 1.0, end)
        next_x = bx if next_y == by else ax + (next_y - ay) * run
        low, high, drop = min(x, next_x), max(x, next_x), sense * (next_y - y)
        if low >= 0.0 and high <= columns:
            note(change, west, east, row, columns, low, high, drop)
        elif high <= 0.0:
            note(change, west, east, row, columns, 0.0, 0.0, drop)
        elif low < columns:
            per_column = drop / (high - low)
            if low < 0.0:
                note(change, west, east, row, columns, 0.0, 0.0, -low * per_column)
                low = 0.0
            high = min(high, float(columns))
            note(change, west, east, row, columns, low, high, (high - low) * per_column)
        else:
            # it takes nothing away here: what is covered stays so up to the rim
            east[row] = columns
        if next_y >= end:
            return
        x, y = next_x, next_y


@compiled
def note_feature(
    change: Floats,
    west: Starts,
    east: Starts,
    xy: Floats,
    rings: Starts,
    first: int,
    end: int,
    place: Place,
    row0: int,
    column0: int,
    rows: int,
    columns: int,
) -> None:
    """Note all edges of the rings from `first` to `end` in a box of pixels."""
    west_rim, north_rim, wide, high = place
    # two subtractions: the first is exact, and the second leaves small numbers, that keep their digits
    right, down = column0 * wide, row0 * high
    for ring in range(first, end):
        at, stop = rings[ring], rings[ring + 1]
        if at == stop:
            continue
        ax = (xy[at, 0] - west_rim - right) / wide
        ay = (north_rim - xy[at, 1] - down) / high
        for vertex in range(at + 1, stop):
            bx = (xy[vertex, 0] - west_rim - right) / wide
            by = (north_rim - xy[vertex, 1] - down) / high
            note_edge(change, west, east, rows, columns, ax, ay, bx, by)
            ax, ay = bx, by


@compiled
def sum_up(
    change: Floats,
    west: Starts,
    east: Starts,
    rows: int,
    columns: int,
    values: Values,
    row0: int,
    column0: int,
    nothing: int,
    sums: Floats,
    known: NDArray[np.bool_],
    met: Starts,
) -> int:
    """Add up the noted cover by the class of the pixels and forget it; returns how many classes `met` lists."""
    count = 0
    for row in range(rows):
        column, end, at = west[row], min(east[row] + 1, columns), row * (columns + 2)
        stop = min(east[row] + 2, columns + 2)
        west[row], east[row] = UNTOUCHED, -1
        cover = 0.0
        while column < end:
            value, run = values[row0 + row, column0 + column], 0.0
            while column < end and values[row0 + row, column0 + column] == value:
                cover += change[at + column]
                run += cover
                change[at + column] = 0.0
                column += 1
            if value != nothing:
                sums[value] += run
                if not known[value]:
                    known[value] = True
                    met[count] = value
                    count += 1
        while column < stop:
            change[at + column] = 0.0
            column += 1
    return count


@compiled
def box_in_tile(span: Starts, row0: int, column0: int, high: int, wide: int) -> tuple[int, int, int, int]:
    """First row and column, rows and columns of what a feature reaches of a tile, counted within the tile."""
    top, left = max(span[0] - row0, 0), max(span[1] - column0, 0)
    return top, left, min(span[2] - row0, high) - top, min(span[3] - column0, wide) - left


@compiled
def shares_in_tile(
    xy: Floats,
    rings: Starts,
    features: Starts,
    spans: Starts,
    who: Starts,
    place: Place,
    values: Values,
    row0: int,
    column0: int,
    nothing: int,
    classes: int,
) -> tuple[Starts, Floats]:
    """Pixels that each feature of a list covers of each class in one tile, whose first pixel is in `row0`, `column0`.

    Returns keys (feature and class) and pixels; `nothing` is the value that is no class, all others are below
    `classes`. `features` tells where each begins in the rings, `spans` which pixels it reaches.
    """
    high, wide = values.shape
    room = 0
    for feature in who:
        _, _, rows, columns = box_in_tile(spans[feature], row0, column0, high, wide)
        room = max(room, rows * (columns + 2))
    change, west, east = np.zeros(room), np.full(high, UNTOUCHED), np.full(high, -1)
    sums, known, met = np.zeros(classes), np.zeros(classes, dtype=np.bool_), np.empty(classes, dtype=np.int64)
    keys, pixels, count = np.empty(4 * len(who), dtype=np.int64), np.empty(4 * len(who)), 0
    for feature in who:
        top, left, rows, columns = box_in_tile(spans[feature], row0, column0, high, wide)
        first, end = features[feature], features[feature + 1]
        note_feature(change, west, east, xy, rings, first, end, place, row0 + top, column0 + left, rows, columns)
        found = sum_up(change, west, east, rows, columns, values, top, left, nothing, sums, known, met)
        if count + found > len(keys):
            more = 2 * (count + found) - len(keys)
            keys, pixels = np.append(keys, np.empty(more, dtype=np.int64)), np.append(pixels, np.empty(more))
        for value in met[:found]:
            keys[count], pixels[count] = feature << CLASS_BITS | value, sums[value]
            sums[value], known[value] = 0.0, False
            count += 1
    return keys[:count], pixels[:count]
