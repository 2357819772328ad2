"""The building site of a sample: the parcels as they stand, who is still free for a plant, and what was planted."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import shapely

from data.samples.township import CORRECTED, Township
from data.samples.truth import Expected, Planted

#: A party of a plant before codes are given: the parcel's place in the frame.
Parcel = int


@dataclass(frozen=True)
class Wish:
    """An expectation on parcels that have no code yet; `row` means that the row itself must be rejected."""

    rule: str
    subject: Parcel | str | None = None
    against: Parcel | str | None = None
    severity: str | None = None
    delivery: int = 1
    until: int | None = None
    row: Parcel | None = None


@dataclass(frozen=True)
class Plant:
    """A planted thing before codes are given; without wishes it is a distractor."""

    name: str
    story: str
    wishes: tuple[Wish, ...]
    parties: tuple[Parcel | str, ...]


@dataclass
class Site:
    """Parcels that can be changed and added, and a list of what was planted."""

    town: Township
    rng: np.random.Generator
    plants: list[Plant] = field(default_factory=list)
    #: What the second delivery says of a parcel instead: columns to change.
    mended: dict[Parcel, dict[str, Any]] = field(default_factory=dict)
    #: Parcels of the corrected village that the second delivery does not repeat.
    left_out: set[Parcel] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.parcels = self.town.parcels.assign(
            category="10",
            declared=np.nan,
            written_code=None,
            without_shape=False,
            issuer_known=True,
            delivery=1,
            predecessors=None,
        )
        #: Parcels whose shape was planted: what follows from it for them and their neighbours is in `effects`.
        self.drawn: set[Parcel] = set()
        self._taken = set(self.parcels.index[self.parcels["noisy"]])
        self._at = {key: at for at, key in enumerate(self.parcels[["field", "row", "column"]].itertuples(index=False))}

    def shape(self, parcel: Parcel) -> shapely.Polygon:
        """The parcel's shape as it stands."""
        return self.parcels.at[parcel, "geometry"]

    def reshape(self, parcel: Parcel, shape: shapely.Geometry) -> None:
        """Give a parcel another shape."""
        self.drawn.add(parcel)
        self.parcels.at[parcel, "geometry"] = shape

    def mend(self, parcel: Parcel, **columns: Any) -> None:
        """Note what the correction says of a parcel instead."""
        self.mended.setdefault(parcel, {}).update(columns)

    def add(self, shape: shapely.Geometry, like: Parcel, **columns: Any) -> Parcel:
        """Add a parcel of the same group as another one."""
        row = self.parcels.loc[like].to_dict() | {"geometry": shape, "row": -1, "column": -1} | columns
        added = int(self.parcels.index.max()) + 1
        self.parcels.loc[added] = row
        self.take(added)
        self.drawn.add(added)
        return added

    def stored(self, after: int) -> pd.DataFrame:
        """The parcels that stand once a delivery is in: rows that are sound, none that a later one names or repeats."""
        rows = self.parcels[self.parcels["delivery"] <= after].copy()
        if after > 1:
            named = {old for news in rows["predecessors"].dropna() for old in news}
            rows = rows[~rows.index.isin(named)]
            for parcel, columns in self.mended.items():
                for column, value in columns.items():
                    rows.at[parcel, column] = value
        twice = [written for written in rows["written_code"] if isinstance(written, Parcel)]
        return rows[rows["written_code"].isna() & ~rows["without_shape"] & ~rows.index.isin(twice)]

    def take(self, *parcels: Parcel) -> None:
        """Mark parcels as used, so that no two plants share a party."""
        self._taken.update(parcels)

    def sprinkle(self, categories: tuple[str, ...], share: float) -> None:
        """Make some untouched parcels private plots, flexible land and the like."""
        some = self.untouched() & (self.rng.random(len(self.parcels)) < share)
        self.parcels.loc[some, "category"] = self.rng.choice(categories, int(some.sum()))

    def untouched(self) -> pd.Series:
        """Which parcels no plant has used so far."""
        return pd.Series(~self.parcels.index.isin(self._taken), index=self.parcels.index)

    def free(self, kind: str = "quad", village: int | None = None) -> Iterator[Parcel]:
        """Free contracted parcels of some kinds in random order, those of the corrected village only when asked for."""
        frame = self.parcels
        wanted = frame["kind"].isin(kind.split()) & (frame["category"] == "10") & (frame["column"] >= 0)
        wanted &= (frame["village"] != CORRECTED) if village is None else (frame["village"] == village)
        return (int(at) for at in self.rng.permutation(frame.index[wanted]) if at not in self._taken)

    def one(
        self, kind: str = "quad", village: int | None = None, fits: Callable[[Parcel], bool] | None = None
    ) -> Parcel:
        """Take the first free parcel that fits."""
        found = next((at for at in self.free(kind, village) if fits is None or fits(at)), None)
        if found is None:
            raise ValueError("the township is too small for all that is to be planted in it")
        self.take(found)
        return found

    def pair(
        self, kind: str = "quad", village: int | None = None, same_group: bool = True, edge_m: float = 0.0
    ) -> tuple[Parcel, Parcel]:
        """Take two free neighbours of one row of a field, of one group or of two, whose common edge is so long."""
        group = self.parcels["group"]

        def fits(at: Parcel) -> bool:
            other = self.right_of(at)
            if other is None or other in self._taken or (group.at[at] == group.at[other]) != same_group:
                return False
            return bool(shapely.intersection(self.shape(at).boundary, self.shape(other).boundary).length >= edge_m)

        first = self.one(kind, village, fits)
        second = self.right_of(first)
        assert second is not None
        self.take(second)
        return first, second

    def right_of(self, parcel: Parcel) -> Parcel | None:
        """The next parcel in the same row of the field."""
        at = self.parcels.loc[parcel]
        return self._at.get((at["field"], at["row"], at["column"] + 1))

    def plant(self, name: str, story: str, *wishes: Wish, parties: tuple[Parcel | str, ...] = ()) -> None:
        """Write down what was planted and what must come of it."""
        self.plants.append(Plant(name, story, wishes, parties))

    def resolved(self, codes: pd.Series, rows: pd.Series) -> tuple[list[Planted], list[Planted]]:
        """Put codes and row numbers into the plants; gives what must be found, and the distractors."""
        done = [
            Planted(
                plant.name,
                plant.story,
                tuple(_expected(wish, codes, rows) for wish in plant.wishes),
                tuple(_reference(party, codes) or "" for party in plant.parties),
            )
            for plant in self.plants
        ]
        return [plant for plant in done if plant.expected], [plant for plant in done if not plant.expected]


def _reference(party: Parcel | str | None, codes: pd.Series) -> str | None:
    """`parcel:code` for a parcel; anything else has its reference already."""
    return f"parcel:{codes[party]}" if isinstance(party, int) else party


def _expected(wish: Wish, codes: pd.Series, rows: pd.Series) -> Expected:
    """Name both sides, the lower first where both are of one layer."""
    if wish.row is not None:
        return Expected(
            wish.rule, wish.delivery, wish.until, layer="parcel", row=int(rows[wish.row]), code=codes[wish.row]
        )
    subject, against = _reference(wish.subject, codes), _reference(wish.against, codes)
    if subject and against and subject.split(":")[0] == against.split(":")[0]:
        subject, against = sorted((subject, against))
    return Expected(wish.rule, wish.delivery, wish.until, subject, against, wish.severity)
