"""How far two images of one ground stand apart, to a part of a pixel, and whether all parts of them agree.

Chips spread over both images are compared by the directions of their edges, which neither light nor season turns: a
field that was dark and is bright has the same edge, so directions are taken to half a turn. This is correlation in the
frequency domain of the gradients, made finer around its peak.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geo.imagery.pair import ImagesRefused, Pair
from geo.imagery.settings import ChangeSettings

Complex = NDArray[np.complex128]

_CHIP, _ACROSS = 256, 6
#: Only the strongest gradients of a chip have a say.
_STRONG = 0.7
_FINE = 20
#: A chip whose peak stands less high over its noise says nothing; others must agree to this.
_SURE, _AGREE_PX = 8.0, 1.0


@dataclass(frozen=True)
class Registration:
    """What the chips said: metres that the earlier image lies east and north of the later one, and how sure that is."""

    east_m: float
    north_m: float
    #: mean distance (m) of what single chips say from what they say together
    residual_m: float
    chips: int
    agreeing: int


def registered(images: Pair, settings: ChangeSettings) -> tuple[Pair, Registration]:
    """Measure how far the images stand apart and have the earlier one moved; ImagesRefused beyond the settings."""
    said = [one for at in corners(images) if (one := _apart(images, *at)) is not None]
    if not said:
        return images, Registration(0.0, 0.0, 0.0, 0, 0)
    shifts = np.array(said)
    middle = np.median(shifts, axis=0)
    away = np.hypot(*(shifts - middle).T)
    agreed = shifts[away <= max(_AGREE_PX, 1.5 * float(np.median(away)))]
    middle = agreed.mean(axis=0)
    residual = float(np.sqrt(((agreed - middle) ** 2).sum(axis=1).mean())) * images.pixel_m
    down, right = (float(value) for value in middle)
    told = Registration(right * images.pixel_m, -down * images.pixel_m, residual, len(shifts), len(agreed))
    apart = float(np.hypot(down, right)) * images.pixel_m
    if apart > settings.max_shift_m:
        raise ImagesRefused("images_apart", shift=apart, allowed=settings.max_shift_m)
    if residual > settings.max_residual_m:
        raise ImagesRefused("images_warped", residual=residual, allowed=settings.max_residual_m)
    return replace(images, shift_px=(down, right)), told


def corners(images: Pair) -> list[tuple[int, int, int]]:
    """First row, first column and side of chips spread evenly over the images."""
    side = min(_CHIP, images.rows, images.columns)
    downs, acrosses = (
        np.unique(np.linspace(0, length - side, min(_ACROSS, length // side)).astype(int))
        for length in (images.rows, images.columns)
    )
    return [(int(row), int(column), side) for row in downs for column in acrosses]


def _apart(images: Pair, row: int, column: int, side: int) -> tuple[float, float] | None:
    """How much further down and right the earlier image has what a chip of the later one shows; None if unsure."""
    later = images.read_after(row, column, side, side).mean(axis=0)
    earlier = images.read_before(row, column, side, side, least_px=0.5).mean(axis=0)
    if np.isfinite(later).mean() < 0.9 or np.isfinite(earlier).mean() < 0.9:
        return None
    # what reading left of a part of a pixel, where the two grids do not fall together
    left = [images.ahead[at] - round(images.ahead[at]) for at in (0, 1)]
    product = np.fft.fft2(_turns(earlier)) * np.conj(np.fft.fft2(_turns(later)))
    surface = np.fft.ifft2(product).real
    peak = np.unravel_index(int(surface.argmax()), surface.shape)
    if (surface[peak] - surface.mean()) / (surface.std() + 1e-12) < _SURE:
        return None
    coarse = [at - side if at > side // 2 else at for at in (int(peak[0]), int(peak[1]))]
    fine = _refined(product, coarse)
    return fine[0] - left[0], fine[1] - left[1]


def _turns(grey: NDArray[np.float32]) -> Complex:
    """The directions of strong edges, twice their angle, fading out towards the rim."""
    filled = np.nan_to_num(grey, nan=float(np.nanmean(grey)))
    down, right = np.gradient(filled.astype(np.float64))
    slope = right + 1j * down
    strength = np.abs(slope)
    strong = strength > np.quantile(strength, _STRONG)
    window = np.hanning(len(grey))
    turns = np.where(strong, (slope / (strength + 1e-9)) ** 2, 0.0) * window[:, None] * window[None]
    return np.asarray(turns, dtype=np.complex128)


def _refined(product: Complex, coarse: list[int]) -> tuple[float, float]:
    """The peak within a pixel of a coarse one, on a finer grid: the inverse transform at just these places."""
    side = len(product)
    waves = np.fft.fftfreq(side)
    steps = np.arange(-_FINE, _FINE + 1) / _FINE
    rows, columns = (np.exp(2j * np.pi * np.outer(at + steps, waves)) for at in coarse)
    surface = (rows @ product @ columns.T).real
    down, right = np.unravel_index(int(surface.argmax()), surface.shape)
    return coarse[0] + float(steps[down]), coarse[1] + float(steps[right])
