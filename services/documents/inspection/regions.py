"""Regions of a picture as true-or-false arrays."""

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Region = NDArray[np.bool_]


def shrunk(region: Region, reach: int) -> Region:
    """Takes `reach` pixels away along every border of the region; what lies beyond the picture counts as region."""
    for axis in (0, 1):
        margins = [(reach, reach) if axis == padded_axis else (0, 0) for padded_axis in (0, 1)]
        padded = np.pad(region, margins, constant_values=True)
        length = region.shape[axis]
        region = np.take(padded, range(length), axis=axis)
        for start in range(1, 2 * reach + 1):
            region &= padded[start : start + length] if axis == 0 else padded[:, start : start + length]
    return region


def pixels_of(picture: Picture, region: Region, *, every: int = 1) -> NDArray[np.uint8]:
    """The region's pixels as (n, 3), row by row; only each `every`-th where that is enough."""
    return np.take(picture.reshape(-1, 3), np.flatnonzero(region)[::every], axis=0)


def darkest_channel(picture: Picture) -> NDArray[np.uint8]:
    """The smallest of red, green and blue for each pixel."""
    return np.minimum(np.minimum(picture[..., 0], picture[..., 1]), picture[..., 2])


def middle_channel(picture: Picture) -> NDArray[np.uint8]:
    """The middle one of red, green and blue for each pixel: where it is burnt out, the colour is lost."""
    red, green, blue = picture[..., 0], picture[..., 1], picture[..., 2]
    return np.maximum(np.minimum(red, green), np.minimum(np.maximum(red, green), blue))


def brightest_channel(picture: Picture) -> NDArray[np.uint8]:
    """The largest of red, green and blue for each pixel."""
    return np.maximum(np.maximum(picture[..., 0], picture[..., 1]), picture[..., 2])
