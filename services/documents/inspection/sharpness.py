"""How sharp a patch of a picture is: the width of its edges, and how much fine detail it has."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_FINE, _COARSE = 0.8, 1.6  # sigmas in pixels of the two blurs that are compared
_FROM_FINE = (_COARSE**2 - _FINE**2) ** 0.5  # blurs add up by their squares
_EDGE_SHARE = 1.0  # percent of the pixels, those with the strongest edges
_WIDEST = 9.9
_FFT_STEP = 8  # a Fourier transform over a prime number of pixels takes several times as long
_DETAIL_BAND, _BASE_BAND, _NOISE_BAND = (0.30, 0.45), (0.08, 0.20), (0.80, 1.00)  # shares of the highest frequency


@dataclass(frozen=True, slots=True)
class Sharpness:
    edge_width: float
    edge_width_ratio: float
    detail: float


def measure_sharpness(luma: Floats) -> Sharpness:
    """Expects the face at print size. A patch too small to say anything counts as sharp."""
    if min(luma.shape) < 24:
        return Sharpness(edge_width=0.0, edge_width_ratio=1.0, detail=0.0)
    widths = _edge_widths(luma)
    return Sharpness(
        edge_width=max(widths), edge_width_ratio=max(widths) / max(0.5, min(widths)), detail=_fine_detail(luma)
    )


def _edge_widths(luma: Floats) -> list[float]:
    """Sigma of the picture's own blur for edges across four directions.

    Blurring an edge of width s by f and by c leaves slopes in the ratio sqrt((s² + c²) / (s² + f²)), whatever the edge's
    height; solved for s. Taking the slope's sign from the coarse picture lets noise cancel out.
    """
    fine_picture = _blurred(luma, _FINE)
    return [
        _edge_width(fine, coarse)
        for fine, coarse in zip(_slopes(fine_picture), _slopes(_blurred(fine_picture, _FROM_FINE)), strict=True)
    ]


def _edge_width(fine: Floats, coarse: Floats) -> float:
    strength = np.abs(coarse)
    least = np.percentile(strength[::2, ::2], 100 - _EDGE_SHARE)  # a quarter of the pixels tells as well
    edges = np.flatnonzero(strength >= least)
    slopes = np.take(coarse, edges)
    along = np.take(fine, edges) * np.sign(slopes)
    ratio = float(along.mean() / max(float(np.abs(slopes).mean()), 1e-6)) ** 2
    squared = max(0.0, _COARSE**2 - ratio * _FINE**2) / max(ratio - 1, 1e-3)
    return min(float(np.sqrt(squared)), _WIDEST)


def _slopes(picture: Floats) -> tuple[Floats, ...]:
    return (
        picture[1:-1, 2:] - picture[1:-1, :-2],
        picture[2:, 1:-1] - picture[:-2, 1:-1],
        picture[2:, 2:] - picture[:-2, :-2],
        picture[2:, :-2] - picture[:-2, 2:],
    )


def _blurred(picture: Floats, sigma: float) -> Floats:
    kernel = _kernel(sigma)
    reach, steps = len(kernel) // 2, range(len(kernel))
    for axis in (0, 1):
        padded = np.pad(picture, [(reach, reach) if axis == padded_axis else (0, 0) for padded_axis in (0, 1)], "edge")
        length = picture.shape[axis]
        moved = [padded[start : start + length] if axis == 0 else padded[:, start : start + length] for start in steps]
        total = kernel[reach] * moved[reach]
        for start in range(reach):
            total += kernel[start] * (moved[start] + moved[-1 - start])
        picture = total
    return picture


@cache
def _kernel(sigma: float) -> tuple[np.float32, ...]:
    reach = int(3 * sigma + 0.5)
    weights = np.exp(-((np.arange(-reach, reach + 1) / sigma) ** 2) / 2)
    return tuple((weights / weights.sum()).astype(np.float32))


def _fine_detail(luma: Floats) -> float:
    """Decimal logarithm of the power of fine detail, noise taken off, against that of coarse detail."""
    height, width = (length - length % _FFT_STEP for length in luma.shape)
    luma = luma[:height, :width]
    window = np.outer(np.hanning(height), np.hanning(width)).astype(np.float32)
    power = np.abs(np.fft.rfft2((luma - luma.mean()) * window)) ** 2
    squared_frequency = np.add.outer((2 * np.fft.fftfreq(height)) ** 2, (2 * np.fft.rfftfreq(width)) ** 2)

    def mean_power(band: tuple[float, float]) -> float:
        return float(power[(squared_frequency >= band[0] ** 2) & (squared_frequency < band[1] ** 2)].mean())

    detail = max(mean_power(_DETAIL_BAND) - mean_power(_NOISE_BAND), 1e-3)
    return float(np.log10(detail / max(mean_power(_BASE_BAND), 1e-3)))
