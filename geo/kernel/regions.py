"""Regions of equal pixels that touch along an edge: their numbers, and sums over each."""

import numpy as np
from numpy.typing import NDArray

from geo.kernel import compiled

Bytes = NDArray[np.uint8]
Numbers = NDArray[np.int64]

#: Columns of the sums of a region, beside those of the facts that follow.
PIXELS, RIM, ON_OLD, ON_NEW, BY_SHADE, FIRST, INSIDE, OLD_INSIDE, RIM_STEP, WERE_ODD = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9
SUMS = 10


@compiled
def root(parents: Numbers, at: int) -> int:
    """The first of all that are joined with one."""
    while parents[at] != at:
        parents[at] = parents[parents[at]]
        at = parents[at]
    return at


@compiled
def join(parents: Numbers, one: int, other: int) -> None:
    """Make two one, under the lower number."""
    a, b = root(parents, one), root(parents, other)
    if a < b:
        parents[b] = a
    elif b < a:
        parents[a] = b


@compiled
def numbered(kinds: Bytes, top: int) -> tuple[NDArray[np.int32], int]:
    """Number the regions of each kind from 1 to below `top`, in the order of their first pixels; the others have 0."""
    rows, columns = kinds.shape
    labels = np.zeros(kinds.shape, dtype=np.int32)
    parents = np.arange(rows * columns // 2 + 2)
    free = 1
    for row in range(rows):
        for column in range(columns):
            kind = kinds[row, column]
            if kind == 0 or kind >= top:
                continue
            above = labels[row - 1, column] if row and kinds[row - 1, column] == kind else 0
            beside = labels[row, column - 1] if column and kinds[row, column - 1] == kind else 0
            if above and beside:
                labels[row, column] = min(above, beside)
                join(parents, above, beside)
            elif above or beside:
                labels[row, column] = above + beside
            else:
                labels[row, column] = free
                free += 1
    final = np.zeros(free, dtype=np.int32)
    count = 0
    for at in range(1, free):
        first = root(parents, at)
        if first == at:
            count += 1
            final[at] = count
        else:
            final[at] = final[first]
    for row in range(rows):
        for column in range(columns):
            labels[row, column] = final[labels[row, column]]
    return labels, count


@compiled
def summed(
    labels: NDArray[np.int32],
    count: int,
    kinds: Bytes,
    marks: Bytes,
    facts: NDArray[np.int16],
    box: NDArray[np.int64],
    corner: NDArray[np.int64],
    width: int,
) -> Numbers:
    """Sums of the regions over the pixels in `box` (first row, first column, end row, end column).

    `labels` and `kinds` reach one pixel further where the image does, so that a rim is seen across the border of a box.
    A pixel of a rim has another kind beside it that is seen. `corner` is where in the image these arrays begin and
    `width` how wide it is: the first pixel of a region, counted along the rows, is its name. The last of the facts, the
    step at a pixel, is summed over the rim too.
    """
    rows, columns = labels.shape
    sums = np.zeros((count + 1, SUMS + len(facts)), dtype=np.int64)
    sums[:, FIRST] = 1 << 62
    for row in range(box[0], box[2]):
        for column in range(box[1], box[3]):
            at = labels[row, column]
            if at == 0:
                continue
            kind = kinds[row, column]
            rim, shaded = False, False
            for down, right in ((-1, 0), (1, 0), (0, -1), (0, 1)):
                r, c = row + down, column + right
                # what goes on beyond the image or under a cloud is not known
                if r < 0 or c < 0 or r >= rows or c >= columns or kinds[r, c] == 255:
                    continue
                if kinds[r, c] != kind:
                    rim = True
                    shaded = shaded or marks[r, c] & 4 > 0
            sums[at, PIXELS] += 1
            if rim:
                sums[at, RIM] += 1
                sums[at, RIM_STEP] += facts[-1, row, column]
                sums[at, ON_OLD] += marks[row, column] & 1
                sums[at, ON_NEW] += (marks[row, column] >> 1) & 1
                sums[at, BY_SHADE] += 1 if shaded else 0
            sums[at, WERE_ODD] += (marks[row, column] >> 4) & 1
            if marks[row, column] & 8:
                sums[at, INSIDE] += 1
                sums[at, OLD_INSIDE] += marks[row, column] & 1
            sums[at, FIRST] = min(sums[at, FIRST], (corner[0] + row) * width + corner[1] + column)
            for fact in range(len(facts)):
                sums[at, SUMS + fact] += facts[fact, row, column]
    return sums
