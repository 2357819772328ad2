"""What a whole scene looks like in cells of some metres: what is green, how farmed soil looks, what clouds hide."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.imagery.settings import ChangeSettings
from geo.kernel.pixels import highest, narrowed, widened
from geo.kernel.regions import numbered

Bands = NDArray[np.float32]
Floats = NDArray[np.float64]
Bytes = NDArray[np.uint8]

#: How far below the darkest cells the haze is taken to end (counts), and which cells are the darkest.
_BELOW_DARKEST, _DARKEST = 3.0, 0.001
#: Greenness that separates crops from soil is looked for between these, with an infrared band and without.
_GREEN = {4: (0.12, 0.42), 3: (0.02, 0.16)}
#: Farmed soil varies at least so much: brightness, red over green, blue over green, infrared over red (logarithms).
_SOIL_FLOOR = (0.15, 0.05, 0.05, 0.07)
_FEW_CELLS = 40
#: Brighter than this part of all ground as it looks at its darker date; shadows leave less than this part of all light.
_BRIGHT, _SHADOW = 0.90, 0.75
#: A cloud adds at least this part of it to every band, its fringe that.
_VEIL, _FRINGE = 0.35, 0.12
#: The bands of a cloud, and what its shadow leaves of them, differ by less than this part.
_WHITE = 0.45
#: At least this part of a cloud is so many times brighter than the brightest ground.
_CORE, _GLARE = 0.05, 1.8
#: A rim is soft where two cells across or beside it do not take this part of the whole step: of the cloud as it was
#: found, and with the fringe, that is with all it adds light to within so many cells.
_SOFT, _SOFT_FRINGE, _FRINGE_CELLS = 1.0, 0.9, 8
#: The same of shadows, across the rim alone: what lies beside it may be another shadow.
_SOFT_SHADOW = 0.75


@dataclass(frozen=True)
class Looks:
    """Thresholds that a scene sets itself: haze per band, greenness of crops, farmed soil and its spread, clouds."""

    dark: Floats
    green: float
    soil: Floats
    soil_white: Floats
    deep: float
    hidden: Bytes


def looked_at(before: Bands, after: Bands, settings: ChangeSettings) -> Looks:
    """Look at two scenes in cells, in one light (bands, rows, columns)."""
    valid = np.asarray(np.isfinite(before).all(axis=0) & np.isfinite(after).all(axis=0))
    hidden = _hidden(before, after, valid, settings)
    clear = valid & (hidden == 0)
    if clear.sum() < _FEW_CELLS:
        clear = valid
    both = [before[:, clear].astype(np.float64), after[:, clear].astype(np.float64)]
    dark = np.quantile(np.concatenate(both, axis=1), _DARKEST, axis=1) - _BELOW_DARKEST
    limits = _GREEN[len(before)]
    green = otsu(np.concatenate([greenness(one - dark[:, None]) for one in both]), *limits)
    soil, white = _soil([before, after], clear, dark, green)
    return Looks(dark, green, soil, white, settings.deep * float(np.exp(soil[0])), hidden)


def greenness(values: Floats) -> Floats:
    """NDVI, or excess green where there is no infrared band, by rows of bands; as `geo.kernel.pixels` has it."""
    red, green, blue = values[0], values[1], values[2]
    if len(values) > 3:
        return np.asarray((values[3] - red) / np.maximum(values[3] + red, 1.0))
    return np.asarray((2 * green - red - blue) / np.maximum(red + green + blue, 1.0))


def otsu(values: Floats, low: float, high: float) -> float:
    """The value that best parts two kinds, between two limits."""
    counts, rims = np.histogram(values, bins=256)
    middles = (rims[:-1] + rims[1:]) / 2
    below = np.cumsum(counts)
    above = below[-1] - below
    sums = np.cumsum(counts * middles)
    with np.errstate(invalid="ignore", divide="ignore"):
        between = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    return float(np.clip(rims[1 + int(np.nanargmax(np.nan_to_num(between)))], low, high))


def tints(values: Floats) -> Floats:
    """Logarithms of brightness and of bands over each other, by rows; as `geo.kernel.pixels.tint` has it."""
    red, green, blue = (np.maximum(values[at], 1.0) for at in (0, 1, 2))
    told = [np.log((red + green + blue) / 3), np.log(red / green), np.log(blue / green)]
    if len(values) > 3:
        told.append(np.log(np.maximum(values[3], 1.0) / red))
    return np.array(told)


def _soil(dates: list[Bands], clear: NDArray[np.bool_], dark: Floats, green: float) -> tuple[Floats, Floats]:
    """The middle of the tints of farmed soil on both dates, and what makes deviations of a difference from it.

    Farmed soil is what is bare, not dark, and wide: roads and roofs are narrower than fields.
    """
    found = []
    for values in dates:
        light = np.nan_to_num(values.astype(np.float64)) - dark[:, None, None]
        bare = clear & (greenness(light) < green)
        told = tints(light)
        if bare.any():
            bare &= told[0] > np.median(told[0][bare]) - 1.0
        for radius in (2, 1, 0):
            wide = narrowed(bare.astype(np.uint8), radius) > 0
            if wide.sum() >= _FEW_CELLS:
                break
        found.append(told[:, wide])
    told = np.concatenate(found, axis=1)
    bands = len(dates[0])
    floor = np.array(_SOIL_FLOOR[:bands])
    if told.shape[1] < _FEW_CELLS:
        light = np.concatenate([values[:, clear] for values in dates], axis=1).astype(np.float64) - dark[:, None]
        return np.median(tints(light), axis=1), np.diag(1 / (2 * floor))
    return _robust(told, floor)


def _robust(told: Floats, floor: Floats) -> tuple[Floats, Floats]:
    """Middle and spread of the bulk: what lies far off is left out, again and again."""
    middle = np.median(told, axis=1)
    spread = np.diag(np.maximum(1.4826 * np.median(np.abs(told - middle[:, None]), axis=1), floor) ** 2)
    for _ in range(10):
        white = np.linalg.inv(np.linalg.cholesky(spread))
        near = ((white @ (told - middle[:, None])) ** 2).sum(axis=0) < (3.2 if len(floor) == 4 else 2.9) ** 2
        if near.sum() < _FEW_CELLS:
            break
        middle = told[:, near].mean(axis=1)
        spread = np.cov(told[:, near]) + np.diag(floor**2)
    return middle, np.asarray(np.linalg.inv(np.linalg.cholesky(spread)), dtype=np.float64)


def _hidden(before: Bands, after: Bands, valid: NDArray[np.bool_], settings: ChangeSettings) -> Bytes:
    """Cells under clouds or their shadows at either date."""
    out = np.zeros(valid.shape, dtype=np.uint8)
    if not valid.any():
        return out
    lower = np.minimum(before, after)[:, valid]
    limit = np.quantile(lower, _BRIGHT, axis=1)[:, None, None]
    dark = np.quantile(lower, _DARKEST, axis=1)[:, None, None] - _BELOW_DARKEST
    wide = max(1, round(settings.cloud_width_m / settings.cell_m / 2))
    grown = max(1, round(settings.cloud_grow_m / settings.cell_m))
    with np.errstate(invalid="ignore", divide="ignore"):
        first, second = (np.asarray(date - dark, dtype=np.float32) for date in (before, after))
        for one, other in ((first, second), (second, first)):
            gained = one - other
            added = (gained / (limit - dark)).min(axis=0)
            veil = valid & _even(one, _WHITE) & (added > _VEIL)
            # leaves are as bright as clouds in the infrared
            glare = (one / (limit - dark))[:3].min(axis=0) > _GLARE
            clouds = _holding(_soft(_opened(veil, wide), one, added > _FRINGE), glare)
            if not clouds.any():
                continue
            left = np.asarray(one / np.maximum(other, 1.0), dtype=np.float32)
            shadows = _soft(_opened(valid & _even(left, _WHITE) & (left < _SHADOW).all(axis=0), wide), one)
            fringe = widened(clouds, 2 * grown) & (added > _FRINGE)
            out |= widened(clouds, grown) | widened(fringe, 1) | widened(shadows, grown // 2)
    return out


def _even(light: Bands, part: float) -> NDArray[np.bool_]:
    """Where all bands are about the same."""
    return np.asarray((light.max(axis=0) - light.min(axis=0)) < part * light.max(axis=0))


def _holding(mask: Bytes, inner: NDArray[np.bool_]) -> Bytes:
    """The regions of a mask that hold some of what is marked within."""
    labels, count = numbered(mask, 2)
    whole, held = (np.bincount(labels.ravel(), part, count + 1) for part in (None, inner.ravel().astype(np.float64)))
    kept = held >= _CORE * np.maximum(whole, 1)
    kept[0] = False
    return np.asarray(kept[labels], dtype=np.uint8)


def _opened(mask: NDArray[np.bool_], radius: int) -> Bytes:
    return np.asarray(widened(narrowed(mask.astype(np.uint8), radius), radius))


def _soft(mask: Bytes, values: Bands, fringe: NDArray[np.bool_] | None = None) -> Bytes:
    """The regions of a mask whose light fades over their rims; roofs, fields and moved earth end at once.

    With a fringe, the regions are clouds, and what they grow to within it has to fade too; without one, shadows.
    """
    labels, count = numbered(mask, 2)
    grey = values.mean(axis=0)
    step = np.zeros_like(grey)
    step[1:-1] = np.abs(grey[2:] - grey[:-2])
    step[:, 1:-1] = np.maximum(step[:, 1:-1], np.abs(grey[:, 2:] - grey[:, :-2]))
    out = np.zeros_like(mask)
    margin = 6 if fringe is None else 6 + _FRINGE_CELLS
    near = step if fringe is None else highest(np.stack([np.nan_to_num(step)] * 2), 1)
    for number in range(1, count + 1):
        rows, columns = np.nonzero(labels == number)
        where = (
            slice(max(0, rows.min() - margin), rows.max() + margin + 1),
            slice(max(0, columns.min() - margin), columns.max() + margin + 1),
        )
        region = (labels[where] == number).astype(np.uint8)
        if fringe is None:
            soft = _rim(region, grey[where], near[where]) < _SOFT_SHADOW
        else:
            grown = region
            for _ in range(_FRINGE_CELLS):
                grown = widened(grown, 1) & (fringe[where] | (region > 0))
            rims = (_rim(one, grey[where], near[where]) for one in (region, grown))
            soft = all(rim < limit for rim, limit in zip(rims, (_SOFT, _SOFT_FRINGE), strict=True))
        if soft:
            out[where] |= region
    return out


def _rim(region: Bytes, grey: NDArray[np.float32], step: NDArray[np.float32]) -> float:
    """The steps at the rim of a region as a part of the whole step from its inside to what lies around."""
    ring = (widened(region, 5) > 0) & (widened(region, 3) == 0)
    rim = (widened(region, 1) > 0) & (narrowed(region, 1) == 0)
    inside = float(np.nanmedian(grey[region > 0]))
    outside = float(np.nanmedian(grey[ring])) if np.isfinite(grey[ring]).any() else inside
    return float(np.nanmedian(step[rim])) / max(abs(inside - outside), 1e-6)
