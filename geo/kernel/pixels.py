"""Loops over the pixels of two images, band by band: moving, smoothing, edges, and what changed into what.

Each answer of a pixel depends on its own neighbourhood alone, and is summed up in one order, so that a tile with enough
ground around it gives the same bits as the whole image. Pixels without data are NaN, and so is what they touch.
"""

import math

import numpy as np
from numpy.typing import NDArray

from geo.kernel import compiled

Bands = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Floats = NDArray[np.float64]

#: What a pixel turned into. Ground is seen but nothing of note happened; unseen is no data, cloud, or its shadow.
GROUND, ODD, SOIL, GREEN, DARK, UNSEEN = 0, 1, 2, 3, 4, 255
#: What is told of a pixel: deviations of change, tints against farmed soil (three), deviations from it, and those of
#: the highest step around it.
FACTS, STEP = 6, 5
#: Bits of a pixel's marks; an inner pixel lies well within its region; what was odd was so at the earlier date.
OLD_EDGE, NEW_EDGE, SHADE, INNER, WAS_ODD = 1, 2, 4, 8, 16


@compiled
def moved(values: Bands, down: float, right: float) -> Bands:
    """Give every pixel the value that lies so much further down and right, by cubic convolution (a = -1/2)."""
    bands, rows, columns = values.shape
    out = np.full(values.shape, np.nan, dtype=np.float32)
    row0, column0 = math.floor(down), math.floor(right)
    for_rows, for_columns = _cubic(down - row0), _cubic(right - column0)
    for band in range(bands):
        for row in range(rows):
            if row + row0 - 1 < 0 or row + row0 + 2 >= rows:
                continue
            for column in range(columns):
                if column + column0 - 1 < 0 or column + column0 + 2 >= columns:
                    continue
                total = 0.0
                for i in range(4):
                    part = 0.0
                    for j in range(4):
                        part += for_columns[j] * values[band, row + row0 - 1 + i, column + column0 - 1 + j]
                    total += for_rows[i] * part
                out[band, row, column] = total
    return out


@compiled
def _cubic(part: float) -> Floats:
    """Weights of the four values around a place that lies a part of the way from the second to the third."""
    weights = np.empty(4)
    for at in range(4):
        away = abs(part - (at - 1))
        if away <= 1.0:
            weights[at] = 1.5 * away**3 - 2.5 * away**2 + 1.0
        else:
            weights[at] = -0.5 * away**3 + 2.5 * away**2 - 4.0 * away + 2.0
    return weights


@compiled
def boxed(values: Bands, radius: int) -> Bands:
    """The mean of the square around each pixel; NaN where it leaves the image or holds a NaN."""
    bands, rows, columns = values.shape
    across = np.full(values.shape, np.nan, dtype=np.float32)
    out = np.full(values.shape, np.nan, dtype=np.float32)
    many = np.float32(2 * radius + 1)
    for band in range(bands):
        for row in range(rows):
            for column in range(radius, columns - radius):
                total = np.float32(0.0)
                for at in range(column - radius, column + radius + 1):
                    total += values[band, row, at]
                across[band, row, column] = total / many
        for row in range(radius, rows - radius):
            for column in range(columns):
                total = np.float32(0.0)
                for at in range(row - radius, row + radius + 1):
                    total += across[band, at, column]
                out[band, row, column] = total / many
    return out


@compiled
def cells(values: Bands, size: int) -> Bands:
    """The mean of each whole cell of `size` by `size` pixels, NaN where one has no data."""
    bands, rows, columns = values.shape
    out = np.empty((bands, rows // size, columns // size), dtype=np.float32)
    for band in range(bands):
        for row in range(rows // size):
            for column in range(columns // size):
                total = 0.0
                for i in range(size):
                    for j in range(size):
                        total += values[band, row * size + i, column * size + j]
                out[band, row, column] = total / (size * size)
    return out


@compiled
def steps(smooth: Bands, white: Floats, reach: int) -> Bands:
    """How many deviations the two sides of each pixel, `reach` off, differ by: across its column, across its row."""
    bands, rows, columns = smooth.shape
    out = np.zeros((2, rows, columns), dtype=np.float32)
    step = np.empty(bands)
    for row in range(reach, rows - reach):
        for column in range(reach, columns - reach):
            for way in range(2):
                down, right = (0, reach) if way == 0 else (reach, 0)
                for band in range(bands):
                    step[band] = smooth[band, row + down, column + right] - smooth[band, row - down, column - right]
                much = math.sqrt(_length2(step, white))
                out[way, row, column] = much if much >= 0.0 else 0.0
    return out


@compiled
def highest(step: Bands, radius: int) -> Bands:
    """The highest step of both ways in the square around each pixel."""
    _, rows, columns = step.shape
    across, out = np.zeros((rows, columns), dtype=np.float32), np.zeros((rows, columns), dtype=np.float32)
    for row in range(rows):
        for column in range(columns):
            for at in range(max(0, column - radius), min(columns, column + radius + 1)):
                across[row, column] = max(across[row, column], step[0, row, at], step[1, row, at])
    for row in range(rows):
        for column in range(columns):
            for at in range(max(0, row - radius), min(rows, row + radius + 1)):
                out[row, column] = max(out[row, column], across[at, column])
    return out


@compiled
def ridges(step: Bands, limit: float) -> Bytes:
    """Mark the lines along which both sides differ the most, by more than `limit` deviations."""
    _, rows, columns = step.shape
    lines = np.zeros((rows, columns), dtype=np.uint8)
    for row in range(1, rows - 1):
        for column in range(1, columns - 1):
            way = 0 if step[0, row, column] >= step[1, row, column] else 1
            here = step[way, row, column]
            before = step[0, row, column - 1] if way == 0 else step[1, row - 1, column]
            behind = step[0, row, column + 1] if way == 0 else step[1, row + 1, column]
            if here > limit and here >= before and here >= behind:
                lines[row, column] = 1
    return lines


@compiled
def _length2(step: Floats, white: Floats) -> float:
    """The squared length of a difference in deviations of what did not change."""
    total = 0.0
    for i in range(len(step)):
        part = 0.0
        for j in range(i + 1):
            part += white[i, j] * step[j]
        total += part * part
    return total


@compiled
def widened(mask: Bytes, radius: int) -> Bytes:
    """Grow a mask by a square."""
    return _passed(mask, radius, True)


@compiled
def narrowed(mask: Bytes, radius: int) -> Bytes:
    """Shrink a mask by a square; beyond the image it goes on as it is there."""
    return _passed(mask, radius, False)


@compiled
def _passed(mask: Bytes, radius: int, any_of: bool) -> Bytes:
    rows, columns = mask.shape
    across, out = np.empty_like(mask), np.empty_like(mask)
    wanted = 1 if any_of else 0
    for row in range(rows):
        for column in range(columns):
            found = 1 - wanted
            for at in range(max(0, column - radius), min(columns, column + radius + 1)):
                if mask[row, at] == wanted:
                    found = wanted
                    break
            across[row, column] = found
    for row in range(rows):
        for column in range(columns):
            found = 1 - wanted
            for at in range(max(0, row - radius), min(rows, row + radius + 1)):
                if across[at, column] == wanted:
                    found = wanted
                    break
            out[row, column] = found
    return out


@compiled
def mostly(mask: Bytes, radius: int) -> Bytes:
    """Whether more than half of the square around a pixel is marked."""
    rows, columns = mask.shape
    across, out = np.zeros(mask.shape, dtype=np.int32), np.empty_like(mask)
    for row in range(rows):
        for column in range(columns):
            total = 0
            for at in range(max(0, column - radius), min(columns, column + radius + 1)):
                total += mask[row, at]
            across[row, column] = total
    half = (2 * radius + 1) ** 2 // 2
    for row in range(rows):
        for column in range(columns):
            total = 0
            for at in range(max(0, row - radius), min(rows, row + radius + 1)):
                total += across[at, column]
            out[row, column] = 1 if total > half else 0
    return out


@compiled
def greenness(values: Floats) -> float:
    """How green: NDVI where there is an infrared band, otherwise excess green over the sum of the bands."""
    red, green, blue = values[0], values[1], values[2]
    if len(values) > 3:
        return float((values[3] - red) / max(values[3] + red, 1.0))
    return float((2 * green - red - blue) / max(red + green + blue, 1.0))


@compiled
def tint(values: Floats, out: Floats) -> None:
    """Logarithms of brightness, red over green, blue over green, and infrared over red where there is one."""
    red, green, blue = max(values[0], 1.0), max(values[1], 1.0), max(values[2], 1.0)
    out[0] = math.log((red + green + blue) / 3.0)
    out[1] = math.log(red / green)
    out[2] = math.log(blue / green)
    if len(values) > 3:
        out[3] = math.log(max(values[3], 1.0) / red)


@compiled
def judged(
    before: Bands,
    after: Bands,
    unseen: Bytes,
    white: Floats,
    dark: Floats,
    soil: Floats,
    soil_white: Floats,
    green: float,
    changed: float,
    odd: float,
    shade: float,
    deep: float,
    tones: Floats,
    reach: int,
) -> tuple[Bytes, Bytes, NDArray[np.int16]]:
    """Say of each pixel what it turned into, its marks, and how: deviations of change, tints against farmed soil.

    A pixel has changed if its new value differs from all old ones within `reach` by more than `changed` deviations
    (`white`) of what did not change: an image laid a pixel aside is no change. `dark` is what haze adds to each band.
    It is in shade if all bands fell below the part `shade` of what they were, or if it is darker than `deep`. Beside
    farmed soil (`tones`): what is bluer than the first is no leaf; what is darker than the second is wet soil, unless
    it is odd and bluer than the third; what is odd and bluer than the fourth, redder than the fifth or brighter than
    the sixth is no earth. Odd is what lies further than `odd` deviations from farmed soil.
    """
    bands, rows, columns = after.shape
    blue_leaf, wet, blue_dark, blue, red, bright = tones[0], tones[1], tones[2], tones[3], tones[4], tones[5]
    turned = np.zeros((rows, columns), dtype=np.uint8)
    marks = np.zeros((rows, columns), dtype=np.uint8)
    facts = np.zeros((FACTS, rows, columns), dtype=np.int16)
    new, old, step = np.empty(bands), np.empty(bands), np.empty(bands)
    tinted, was = np.empty(bands), np.empty(bands)
    for row in range(rows):
        for column in range(columns):
            if unseen[row, column] or not np.isfinite(before[0, row, column]) or not np.isfinite(after[0, row, column]):
                turned[row, column] = UNSEEN
                continue
            for band in range(bands):
                new[band] = max(after[band, row, column] - dark[band], 1.0)
                old[band] = max(before[band, row, column] - dark[band], 1.0)
            fell, rose = True, True
            for band in range(bands):
                fell = fell and new[band] < shade * old[band]
                rose = rose and old[band] < shade * new[band]
            light, was_light = (new[0] + new[1] + new[2]) / 3, (old[0] + old[1] + old[2]) / 3
            if fell or light < deep:
                marks[row, column] |= SHADE
            nearest = math.inf
            for at in range(max(0, row - reach), min(rows, row + reach + 1)):
                for beside in range(max(0, column - reach), min(columns, column + reach + 1)):
                    for band in range(bands):
                        step[band] = after[band, row, column] - before[band, at, beside]
                    nearest = min(nearest, _length2(step, white))
            far = math.sqrt(nearest)
            facts[0, row, column] = min(far * 10, 30_000.0)
            if not far > changed:
                continue
            tint(new, tinted)
            for band in range(bands):
                tinted[band] -= soil[band]
            # leaves take in blue light; painted roofs may be as bright as leaves in the infrared
            if greenness(new) > green and tinted[2] < blue_leaf:
                turned[row, column] = GREEN
                continue
            if fell or light < deep:
                continue
            # what was in the dark shows again
            if was_light < deep and rose and greenness(old) < green:
                continue
            facts[1, row, column] = min(max(tinted[0] * 1000, -30_000.0), 30_000.0)
            facts[2, row, column] = min(max(tinted[1] * 1000, -30_000.0), 30_000.0)
            facts[3, row, column] = min(max(tinted[2] * 1000, -30_000.0), 30_000.0)
            strange = math.sqrt(_length2(tinted, soil_white))
            facts[4, row, column] = min(strange * 10, 30_000.0)
            tint(old, was)
            for band in range(bands):
                was[band] -= soil[band]
            leaf = greenness(old) > green and was[2] < blue_leaf
            if not leaf and (was[2] > blue or was[1] > red or was[0] > bright):
                marks[row, column] |= WAS_ODD if math.sqrt(_length2(was, soil_white)) > odd else 0
            if tinted[0] < wet:
                # wet soil is darker and a little greyer
                turned[row, column] = DARK if strange > odd and tinted[2] > blue_dark else SOIL
            elif strange > odd and (tinted[2] > blue or tinted[1] > red or tinted[0] > bright):
                turned[row, column] = ODD
            else:
                turned[row, column] = SOIL
    return turned, marks, facts
