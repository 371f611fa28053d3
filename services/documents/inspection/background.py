"""Colour and evenness of what stands behind the person (R188 “蓝底”), around them or, without a mask, along the border."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.documents.domain.photo_measures import BackgroundMeasures
from services.documents.domain.photo_profile import (
    AroundPersonLimits,
    BackgroundLimits,
    BlueRange,
    BorderLimits,
    WhiteFrame,
)
from services.documents.inspection.colour_space import Floats, Pixels, distance, hue, lab
from services.documents.inspection.regions import Region, brightest_channel, darkest_channel, pixels_of, shrunk

Picture = NDArray[np.uint8]  # (height, width, 3), upright


_EVERY = 2  # of the pixels of the region is enough


class Weights(NamedTuple):
    """How distances from the median colour become one number."""

    percentile: float
    lightness: float


def border_region(*, height: int, width: int, limits: BorderLimits) -> Region:
    """The band across the top and the bands down both sides as far as above the shoulders."""
    top, side = max(1, round(height * limits.top_share)), max(1, round(width * limits.side_share))
    depth = max(1, round(height * limits.side_depth_share))
    region = np.zeros((height, width), dtype=np.bool_)
    region[:top] = True
    region[:depth, :side] = True
    region[:depth, -side:] = True
    return region


def around_person_region(person: Floats, limits: AroundPersonLimits) -> Region | None:
    """Everything but the person and a margin around them; None when too little of it is left to judge by."""
    height, width = person.shape
    region = shrunk(person < limits.person_below, max(1, round(height * limits.margin_share)))
    return region if region.sum() >= limits.least_share * height * width else None


def background_of(picture: Picture, person: Floats | None, limits: BackgroundLimits) -> BackgroundMeasures:
    """Looks around the person where the mask is given and leaves enough, else along the border."""
    region = None if person is None else around_person_region(person, limits.around_person)
    if region is not None:
        around = limits.around_person
        weights = Weights(around.spread_percentile, around.lightness_weight)
        return measure_background(picture, region, limits.blue, weights, around_person=True)
    border = limits.border
    region = border_region(height=picture.shape[0], width=picture.shape[1], limits=border)
    weights = Weights(border.spread_percentile, border.lightness_weight)
    return measure_background(picture, region, limits.blue, weights, around_person=False)


def measure_background(
    picture: Picture, region: Region, blue: BlueRange, weights: Weights, *, around_person: bool
) -> BackgroundMeasures:
    """Measures the median colour of the region and how far its pixels lie from it."""
    pixels: Pixels = pixels_of(picture, region, every=_EVERY)
    colours = lab(pixels)
    median = np.median(pixels, axis=0).astype(np.uint8).reshape(1, 3)
    median_colour = lab(median)[0]
    saturation, value = _saturation_and_value(median[0])
    return BackgroundMeasures(
        hue=float(hue(median)[0]),
        saturation=saturation,
        value=value,
        lightness=float(median_colour[0]),
        chroma=float(np.hypot(median_colour[1], median_colour[2])),
        blue_share=_blue_share(pixels, colours, blue),
        spread=_spread(colours, median_colour, weights),
        around_person=around_person,
    )


def has_white_frame(picture: Picture, frame: WhiteFrame) -> bool:
    """Whether all four edges are white: a white wall reaches three at most, the fourth shows the person's clothes."""
    rows = max(1, round(picture.shape[0] * frame.width_share))
    columns = max(1, round(picture.shape[1] * frame.width_share))
    edges = (picture[:rows], picture[-rows:], picture[:, :columns], picture[:, -columns:])
    return all(_is_white(edge, frame) for edge in edges)


def _is_white(edge: Picture, frame: WhiteFrame) -> bool:
    return float((darkest_channel(edge) >= frame.channel_at_least).mean()) >= frame.white_share


def white_frame_box(picture: Picture, frame: WhiteFrame) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what the white rows and columns surround; of everything where they leave nothing."""
    white = darkest_channel(picture) >= frame.channel_at_least
    rows = np.flatnonzero(white.mean(axis=1) < frame.white_share)
    columns = np.flatnonzero(white.mean(axis=0) < frame.white_share)
    if rows.size == 0 or columns.size == 0:
        return 0, 0, picture.shape[1], picture.shape[0]
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def without_white_frame(picture: Picture, frame: WhiteFrame) -> Picture:
    """Cuts the white rows and columns off, so that the background inside is judged by itself."""
    left, top, right, bottom = white_frame_box(picture, frame)
    return picture[top:bottom, left:right]


def colour_difference(picture: Picture) -> float:
    """95th percentile of the difference between the largest and the smallest channel, 0-255: near 0 is grey."""
    sample = picture[::4, ::4]
    return float(np.percentile(brightest_channel(sample) - darkest_channel(sample), 95))


def _saturation_and_value(pixel: Pixels) -> tuple[float, float]:
    largest, smallest = int(pixel.max()), int(pixel.min())
    return (largest - smallest) / largest if largest else 0.0, largest / 255


def _blue_share(pixels: Pixels, colours: Floats, blue: BlueRange) -> float:
    hues = hue(pixels)
    chromas = np.hypot(colours[:, 1], colours[:, 2])
    is_blue = (hues >= blue.hue_from) & (hues <= blue.hue_to) & (chromas >= blue.chroma_refuse_below)
    return float(is_blue.mean())


def _spread(colours: Floats, median_colour: Floats, weights: Weights) -> float:
    return float(np.percentile(distance(colours, median_colour, lightness=weights.lightness), weights.percentile))
