"""Bringing the light of two days together by the ground that looks alike on both.

Ground that did not change is found by iteratively reweighted multivariate alteration detection (Nielsen 2007): it does
not care for gain, haze and tint, since it compares what of both images correlates best. A line per band, and a slope
over the scene for uneven haze, is then fitted through that ground with errors on both sides.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.imagery.pair import ImagesRefused

Floats = NDArray[np.float64]

_ROUNDS, _SETTLED = 30, 1e-3
#: Ground counts as unchanged from this probability on; there must be some of it, and it must agree.
_UNCHANGED, _LEAST_CELLS, _LEAST_CORRELATION = 0.5, 50, 0.6


@dataclass(frozen=True)
class Light:
    """How an image is turned into the light of the other: gain and offset per band, and slopes down and across."""

    #: whether it is the later image that is turned
    later: bool
    gain: Floats
    offset: Floats
    #: per band, over the rows and over the columns, from -1 to 1
    slope: Floats
    #: how well the bands agree on unchanged ground, and how much of the ground that was
    correlation: Floats
    unchanged: float

    def lit(self, values: NDArray[np.float32], down: Floats, across: Floats) -> NDArray[np.float32]:
        """Values in the other light; `down` and `across` say where rows and columns lie, from -1 to 1."""
        out = np.empty_like(values)
        for band in range(len(values)):
            plane = self.offset[band] + self.slope[band, 0] * down[:, None] + self.slope[band, 1] * across[None]
            out[band] = values[band] * np.float32(self.gain[band]) + plane.astype(np.float32)
        return out


def unchanged(first: Floats, second: Floats) -> Floats:
    """The probability that each of some places did not change, from two tables of places by bands."""
    weights = np.ones(len(first))
    before = np.zeros(first.shape[1])
    for _ in range(_ROUNDS):
        a, b = (table - np.average(table, axis=0, weights=weights) for table in (first, second))
        total = weights.sum()
        own = [(table * weights[:, None]).T @ table / total + 1e-6 * np.eye(table.shape[1]) for table in (a, b)]
        across = (a * weights[:, None]).T @ b / total
        roots = [np.linalg.inv(np.linalg.cholesky(one)) for one in own]
        left, strength, right = np.linalg.svd(roots[0] @ across @ roots[1].T)
        strength = np.clip(strength, 0.0, 1.0 - 1e-9)
        apart = a @ roots[0].T @ left - b @ roots[1].T @ right.T
        weights = np.maximum(_beyond((apart**2 / (2 * (1 - strength))).sum(axis=1), len(strength)), 1e-9)
        if np.abs(strength - before).max() < _SETTLED:
            break
        before = strength
    return weights


def _beyond(squares: Floats, freedom: int) -> Floats:
    """The probability that a chi-square of 3 or 4 degrees of freedom is larger."""
    half = squares / 2
    if freedom == 4:
        return np.asarray(np.exp(-half) * (1 + half))
    tail = np.array([math.erfc(math.sqrt(value)) for value in half])
    return np.asarray(tail + 2 / math.sqrt(math.pi) * np.sqrt(half) * np.exp(-half))


def alike(first: Floats, second: Floats, down: Floats, across: Floats) -> tuple[Light, Floats]:
    """Fit the image with less contrast to the light of the other; gives also what did not change. ImagesRefused."""
    probability = unchanged(first, second)
    sure = probability > _UNCHANGED
    if sure.sum() < _LEAST_CELLS:
        raise ImagesRefused("images_not_alike")
    contrasts = [
        np.log(np.subtract(*np.quantile(table[sure], (0.95, 0.05), axis=0)) + 1e-6).sum() for table in (first, second)
    ]
    later = bool(contrasts[0] >= contrasts[1])
    given, wanted = (second, first) if later else (first, second)
    bands = first.shape[1]
    gain, offset, slope, agreement = np.ones(bands), np.zeros(bands), np.zeros((bands, 2)), np.zeros(bands)
    for band in range(bands):
        x, y = given[sure, band], wanted[sure, band]
        fitted = _line(x, y, probability[sure], down[sure], across[sure])
        gain[band], offset[band], slope[band], agreement[band] = fitted
    if agreement.min() < _LEAST_CORRELATION:
        raise ImagesRefused("images_not_alike")
    return Light(later, gain, offset, slope, agreement, float(sure.mean())), probability


def _line(x: Floats, y: Floats, weights: Floats, down: Floats, across: Floats) -> tuple[float, float, Floats, float]:
    """A line with errors on both sides and a plane, by turns; what lies far off counts less each time."""
    slope: Floats = np.zeros(2)
    gain, offset, correlation = 1.0, 0.0, 0.0
    robust = weights.copy()
    place = np.column_stack([down, across])
    for _ in range(8):
        flat = y - place @ slope
        mean_x, mean_y = np.average(x, weights=robust), np.average(flat, weights=robust)
        xx, yy, xy = (
            np.average(one, weights=robust)
            for one in ((x - mean_x) ** 2, (flat - mean_y) ** 2, (x - mean_x) * (flat - mean_y))
        )
        gain = float((yy - xx + np.hypot(yy - xx, 2 * xy)) / (2 * xy)) if xy > 0 else 1.0
        offset = float(mean_y - gain * mean_x)
        correlation = float(xy / np.sqrt(xx * yy + 1e-12))
        left = y - gain * x - offset
        root = np.sqrt(robust)
        slope = np.asarray(np.linalg.lstsq(place * root[:, None], left * root, rcond=None)[0], dtype=np.float64)
        left = left - place @ slope
        spread = 1.4826 * float(np.median(np.abs(left))) + 1e-6
        robust = weights * np.clip(1 - (left / (4.685 * spread)) ** 2, 0.0, 1.0) ** 2 + 1e-9
    return gain, offset, slope, correlation
