"""Several files that make one layer, read as one: parts of a big layer, and regions of four kinds (XJXZQ to ZJQY)."""

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
import pandas as pd

from geo.crs import same, spoken
from geo.fields import fields, match_columns
from geo.intake.errors import Said, note, refusal
from geo.intake.table import Column, Flags, Form, Shapes, Table, in_memory


class JoinedTable:
    """The rows of several tables one behind the other, under the standard's names where each has another."""

    def __init__(self, layer: str, parts: Sequence[Table]):
        self._parts = parts
        self._standard = {known.standard: known.name for known in fields(layer)}
        self._matched = [match_columns(layer, part.names).columns for part in parts]
        self.encoding = "、".join(dict.fromkeys(part.encoding for part in parts))
        evidence = [said for part in parts for said in part.encoding_evidence]
        self.encoding_evidence: list[Said] = list({said["zh"]: said for said in evidence}.values())
        self.sure_of_encoding = all(part.sure_of_encoding for part in parts)
        others = [set(part.other_encodings) for part in parts if part.rows]
        self.other_encodings: Sequence[str] = sorted(set.intersection(*others)) if others else ()

    @property
    def rows(self) -> int:
        """How many rows the parts hold together."""
        return sum(part.rows for part in self._parts)

    @property
    def counts(self) -> list[int]:
        """How many rows each part holds."""
        return [part.rows for part in self._parts]

    @property
    def names(self) -> Sequence[str]:
        """The standard's name of each column that is known in any part, and all other columns as they are called."""
        known = [name for name, ours in self._standard.items() if any(ours in matched for matched in self._matched)]
        rest = [
            name
            for part, matched in zip(self._parts, self._matched, strict=True)
            for name in part.names
            if name not in matched.values()
        ]
        return list(dict.fromkeys([*known, *rest]))

    @property
    def deleted(self) -> Flags:
        """Which rows are marked as deleted."""
        return np.concatenate([part.deleted for part in self._parts])

    def is_numeric(self, name: str) -> bool:
        """Whether a column holds numbers in any part."""
        return any(part.is_numeric(theirs) for part, theirs in self._of(name) if theirs)

    def form(self, name: str) -> Form:
        """How a column is declared in the first part that has it."""
        return next(part.form(theirs) for part, theirs in self._of(name) if theirs)

    def column(self, name: str, kind: str) -> Column:
        """Read a column as `char`, `int`, `float` or `date`; empty in parts that do not have it."""
        starts = accumulate((part.rows for part in self._parts), initial=0)
        read = [part.column(theirs, kind) if theirs else None for part, theirs in self._of(name)]
        like = next(column.values.dtype for column in read if column is not None)
        values, unreadable, cut = [], [], []
        for part, column, start in zip(self._parts, read, starts, strict=False):
            if column is None:
                values.append(pd.Series([None] * part.rows, dtype=like))
                continue
            values.append(column.values)
            unreadable += [start + row for row in column.unreadable]
            cut += [start + row for row in column.cut]
        return Column(pd.concat(values, ignore_index=True), unreadable, cut)

    def texts(self, rows: Sequence[int], encoding: str | None = None) -> list[list[str | None]]:
        """What stands in some rows, column by column, as delivered; or as another encoding would read it."""
        starts = list(accumulate((part.rows for part in self._parts), initial=0))
        columns = [self._of(name) for name in self.names]
        told: list[list[str | None]] = []
        for row in rows:
            at = next(n for n in range(len(self._parts)) if starts[n] <= row < starts[n + 1])
            said = dict(zip(self._parts[at].names, self._parts[at].texts([row - starts[at]], encoding)[0], strict=True))
            told.append([said.get(parts[at][1] or "") for parts in columns])
        return told

    def _of(self, name: str) -> list[tuple[Table, str | None]]:
        """What each part calls a column; None where it has none."""
        ours = self._standard.get(name)
        return [
            (part, matched.get(ours) if ours else name if name in part.names else None)
            for part, matched in zip(self._parts, self._matched, strict=True)
        ]


def joined_shapes(parts: Sequence[Shapes], names: Sequence[str]) -> Shapes:
    """The shapes of several files as those of one layer; they must be in one system of coordinates."""
    told = [(name, part.crs) for name, part in zip(names, parts, strict=True) if part.crs is not None]
    for name, crs in told[1:]:
        if not same(crs, told[0][1]):
            raise refusal("crs_differ", one=f"{told[0][0]} {spoken(told[0][1])}", other=f"{name} {spoken(crs)}")
    wkb = np.concatenate([part.wkb for part in parts])
    notes = list({said["zh"]: said for part in parts for said in part.notes}.values())
    return Shapes(len(wkb), in_memory(wkb), told[0][1] if told else None, notes)


def joined_rows(names: Sequence[str], rows: Sequence[int]) -> list[Said]:
    """Tell which rows of the layer came from which file."""
    starts = list(accumulate(rows, initial=0))
    spans = "、".join(
        f"{name} {start}-{start + count - 1}" for name, start, count in zip(names, starts, rows, strict=False) if count
    )
    return [note("joined", rows=spans)] if spans else []
