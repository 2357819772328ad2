"""Which unit a column of areas is in: its values are compared with the shapes, or with the partner column in 亩."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.crs import reprojected, working_crs
from geo.fields import fields
from geo.intake.decided import Alternative, Decision, decision
from geo.intake.errors import Said, note
from geo.intake.evidence import spread

#: How much of each unit makes one square metre: 1 亩 is 2000/3 m², 1 hectare 10,000 m².
PER_M2: Final = {"m2": 1.0, "mu": 0.0015, "ha": 0.0001}
_SPOKEN: Final = {"m2": ("平方米", "m²"), "mu": ("亩", "mu"), "ha": ("公顷", "hectares")}
#: Areas that are those of the shape beside them; what is owed or was expropriated is no measure of any shape.
OF_THE_SHAPE: Final = ("surveyed_m2", "surveyed_mu", "declared_m2", "declared_mu")
#: A value is in a unit if it is within a quarter of the area in that unit; old contract areas differ by so much.
_NEAR: Final = np.log(1.25)
#: A unit is taken where nearly all rows speak for it, and there are rows enough to speak.
_MOST: Final = 0.9
_FEWEST: Final = 3
#: Rows compared, spread over the file.
_COMPARED: Final = 2000


@dataclass(frozen=True)
class Speech:
    """What the rows say about a column: how many speak for each unit, of how many, and the middle of the ratios."""

    votes: Mapping[Any, int]
    rows: int
    ratio: float

    @property
    def winner(self) -> Any:
        """What nearly all rows speak for; None if nothing, or too few rows."""
        best = max(self.votes, key=lambda one: self.votes[one], default=None)
        return best if self.rows >= _FEWEST and self.votes.get(best, 0) >= _MOST * self.rows else None


def areas(layer: str) -> dict[str, str]:
    """The areas among the fields of a layer: our name and the standard's."""
    return {
        known.name: known.standard
        for known in fields(layer)
        if known.type == "float" and known.name.endswith(("_m2", "_mu"))
    }


def own(name: str) -> str:
    """The unit in which a field is kept and which the standard prescribes."""
    return "mu" if name.endswith("_mu") else "m2"


def judged(layer: str, frame: pd.DataFrame, given: Mapping[str, str]) -> Decision | None:
    """Decide in which unit the areas of a layer came, by standard name; None for one that has no areas.

    A column that a person gave a unit has that unit. What is not of its field's own unit is not sure until then.
    """
    there = {name: standard for name, standard in areas(layer).items() if name in frame.columns}
    if not there:
        return None
    some = frame.iloc[spread(len(frame), _COMPARED)]
    said = _by_shapes(some, there) if isinstance(frame, gpd.GeoDataFrame) else _by_partner(some, there)
    chosen, sure, evidence = {}, True, []
    for name, standard in there.items():
        speech = said.get(name)
        found = given.get(standard) or (speech and speech.winner) or own(name)
        unclear = speech is not None and speech.rows >= _FEWEST and speech.winner is None
        chosen[standard] = found
        sure &= standard in given or (found == own(name) and not unclear)
        evidence += _evidence(standard, found, speech, standard in given, isinstance(frame, gpd.GeoDataFrame))
    others: list[Alternative] = [
        {"value": {standard: unit}, "zh": f"{standard}：{_SPOKEN[unit][0]}", "en": f"{standard}: {_SPOKEN[unit][1]}"}
        for standard, unit in product(there.values(), PER_M2)
        if unit != chosen[standard]
    ]
    return decision("units", chosen, sure, evidence, others)


def converted(layer: str, frame: pd.DataFrame, chosen: Mapping[str, str]) -> tuple[pd.DataFrame, list[Said]]:
    """Bring areas that came in another unit into that of their field, and tell it with the factor that undoes it."""
    notes, moved = [], {}
    for name, standard in areas(layer).items():
        unit = chosen.get(standard, own(name))
        if name not in frame.columns or unit == own(name):
            continue
        factor = PER_M2[own(name)] / PER_M2[unit]
        moved[name] = frame[name] * factor
        (zh, en), (own_zh, own_en) = _SPOKEN[unit], _SPOKEN[own(name)]
        facts = {"from_zh": zh, "from_en": en, "to_zh": own_zh, "to_en": own_en}
        notes.append(note("units_converted", column=standard, factor=f"{factor:.10g}", **facts))
    return (frame.assign(**moved) if moved else frame), notes


def _by_shapes(frame: gpd.GeoDataFrame, there: Mapping[str, str]) -> dict[str, Speech]:
    """What the areas of the shapes, in the plane they came in or an equal-area one, say of each column."""
    real = frame[~(frame.geometry.isna() | frame.geometry.is_empty)]
    if real.empty or real.crs is None:
        return {}
    metric = reprojected(real, working_crs(real.crs, tuple(real.total_bounds)))
    measured = metric.area.to_numpy()
    return {name: _speech(real[name].to_numpy(dtype=float), measured, PER_M2) for name in there if name in OF_THE_SHAPE}


def _by_partner(frame: pd.DataFrame, there: Mapping[str, str]) -> dict[str, Speech]:
    """What the two columns of one area, in m² and in 亩, say of each other's unit.

    Their ratio tells which two units they are in, where that leaves one answer: a ratio of one says no more than that
    both are in the same.
    """
    said: dict[str, Speech] = {}
    for name in there:
        partner = name.removesuffix("_m2") + "_mu"
        if not name.endswith("_m2") or partner not in there:
            continue
        pairs: dict[tuple[str, str], float] = {
            (one, two): PER_M2[two] / PER_M2[one] for one, two in product(PER_M2, PER_M2) if one != two
        }
        both = _speech(frame[partner].to_numpy(dtype=float), frame[name].to_numpy(dtype=float), pairs)
        said[name] = Speech(_of_side(both.votes, 0), both.rows, both.ratio)
        said[partner] = Speech(_of_side(both.votes, 1), both.rows, both.ratio)
    return said


def _of_side(votes: Mapping[Any, int], side: int) -> dict[str, int]:
    """Votes for pairs of units as votes for the unit of one of the two."""
    counted: Counter[str] = Counter()
    for pair, count in votes.items():
        counted[pair[side]] += count
    return dict(counted)


def _speech(values: NDArray[np.float64], against: NDArray[np.float64], ratios: Mapping[Any, float]) -> Speech:
    """Let each row speak for the ratio that is nearest to its own, if it is near at all."""
    usable = np.isfinite(values) & np.isfinite(against) & (values > 0) & (against > 0)
    own_ratio = values[usable] / against[usable]
    if len(own_ratio) == 0:
        return Speech({}, 0, float("nan"))
    names = list(ratios)
    away = np.abs(np.log(own_ratio)[:, None] - np.log(np.array([ratios[name] for name in names]))[None, :])
    nearest = away.argmin(axis=1)
    near = away.min(axis=1) <= _NEAR
    counted = Counter(nearest[near].tolist())
    return Speech({names[at]: count for at, count in counted.items()}, len(own_ratio), float(np.median(own_ratio)))


def _evidence(standard: str, unit: str, speech: Speech | None, given: bool, drawn: bool) -> list[Said]:
    """Say what speaks for a unit, with the figures."""
    zh, en = _SPOKEN[unit]
    if given:
        return [{"zh": f"{standard}：单位由人指定为{zh}", "en": f"{standard}: a person says it is in {en}"}]
    if speech is None or speech.rows < _FEWEST:
        return [{"zh": f"{standard}：无从比较，按{zh}", "en": f"{standard}: nothing to compare, taken as {en}"}]
    against_zh, against_en = ("图形面积", "the area of the shape") if drawn else ("另一面积列", "its partner column")
    votes = speech.votes.get(unit, 0)
    ratio = f"{speech.ratio:.4g}"
    if speech.winner is None:
        return [
            {
                "zh": f"{standard} 与{against_zh}之比（中位数 {ratio}）不指向任何单位，暂按{zh}",
                "en": f"{standard} against {against_en} (median ratio {ratio}) fits no unit; taken as {en}",
            }
        ]
    return [
        {
            "zh": f"{standard} 与{against_zh}之比中位数 {ratio}，{speech.rows} 行中 {votes} 行符合{zh}",
            "en": f"{standard} against {against_en}: median ratio {ratio}, {votes} of {speech.rows} rows fit {en}",
        }
    ]
