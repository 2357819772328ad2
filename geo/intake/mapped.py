"""Big files by the stretch: what is looked at is copied, and no more of a mapped file counts as our memory."""

import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

#: So many rows are held at a time.
STRETCH: Final = 32_768
#: What holds for a layer as a whole is decided on so many rows, spread over the file.
DECIDED_ON: Final = 8_192
#: So many records that lie apart are looked at together: the system maps a stretch of the file around each.
_SCATTERED: Final = 128


class Mapped:
    """A file as an array of records, of which any can be copied out; the pages that were touched are let go."""

    def __init__(self, path: Path, kind: Any, start: int = 0, count: int | None = None):
        size = path.stat().st_size - start if count is None else count * np.dtype(kind).itemsize
        self._all: Any = np.memmap(path, kind, "r", start, count) if size > 0 else np.zeros(0, kind)

    def __len__(self) -> int:
        return len(self._all)

    def __getitem__(self, rows: Any) -> NDArray[Any]:
        """A copy of some records."""
        if isinstance(rows, np.ndarray) and rows.ndim == 1 and len(rows) > _SCATTERED:
            return np.concatenate([self[rows[at : at + _SCATTERED]] for at in range(0, len(rows), _SCATTERED)])
        found: NDArray[Any] = np.array(self._all[rows])
        if isinstance(self._all, np.memmap):
            self._all._mmap.madvise(mmap.MADV_DONTNEED)  # type: ignore[attr-defined]
        return found


def stretches(rows: int) -> Iterator[range]:
    """So many rows, a stretch at a time; one stretch there is at least."""
    for start in range(0, max(rows, 1), STRETCH):
        yield range(start, min(start + STRETCH, rows))


def deciding(rows: int) -> range | NDArray[np.int64]:
    """Row numbers evenly spread over the file; all of them where they are few."""
    if rows <= DECIDED_ON:
        return range(rows)
    return np.unique(np.linspace(0, rows - 1, DECIDED_ON).astype(np.int64))
