"""From sRGB pixels to the numbers the rules speak in: CIE Lab (D65) and HSV."""

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]  # (n, 3), red green blue
Floats = NDArray[np.float32]

_LEVELS = np.arange(256) / 255
_LINEAR = np.where(_LEVELS <= 0.04045, _LEVELS / 12.92, ((_LEVELS + 0.055) / 1.055) ** 2.4).astype(np.float32)
_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE = np.array([0.95047, 1.0, 1.08883])
_TO_RELATIVE_XYZ = (_TO_XYZ / _WHITE[:, np.newaxis]).T.astype(np.float32)
_DARK = (6 / 29) ** 3


def lab(pixels: Pixels) -> Floats:
    """Lightness 0-100 and the two colour axes for each pixel."""
    relative = _LINEAR[pixels] @ _TO_RELATIVE_XYZ
    cubes = np.where(relative > _DARK, np.cbrt(relative), relative * ((29 / 6) ** 2 / 3) + 4 / 29)
    x, y, z = cubes[:, 0], cubes[:, 1], cubes[:, 2]
    return np.stack((116 * y - 16, 500 * (x - y), 200 * (y - z)), axis=1).astype(np.float32)


def distance(colours: Floats, colour: Floats, *, lightness: float) -> Floats:
    """How far each colour lies from the one given, in Lab, lightness counted at that weight."""
    apart = (colours - colour) * np.array([lightness, 1, 1], dtype=np.float32)
    distances: Floats = np.sqrt(np.einsum("ij,ij->i", apart, apart))
    return distances


def hue(pixels: Pixels) -> Floats:
    """HSV hue in degrees for each pixel; a grey pixel has hue 0."""
    red, green, blue = (pixels[:, channel].astype(np.float32) for channel in range(3))
    largest = np.maximum(np.maximum(red, green), blue)
    spread = largest - np.minimum(np.minimum(red, green), blue)
    divisor = np.where(spread == 0, 1, spread)
    sextant = np.where(
        largest == red,
        ((green - blue) / divisor) % 6,
        np.where(largest == green, (blue - red) / divisor + 2, (red - green) / divisor + 4),
    )
    return (60 * sextant).astype(np.float32)
