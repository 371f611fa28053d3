"""A phone's HEIC becomes a JPEG: upright, in sRGB, without the place where it was taken."""

import io

import pytest
from PIL import Image, ImageCms

from services.documents.domain.photo_measures import FileFault
from services.documents.inspection.heic_picture import HeicPicture, jpeg_of_heic
from tests.documents.papers import heic

LIMIT = 1_000_000


def opened(content: bytes) -> Image.Image:
    picture = jpeg_of_heic(content, max_pixels=LIMIT)
    assert picture.jpeg is not None
    return Image.open(io.BytesIO(picture.jpeg))


def test_the_picture_stands_upright_as_its_orientation_says():
    picture = jpeg_of_heic(heic(), max_pixels=LIMIT)
    red = opened(heic()).getpixel((119, 1))
    assert (picture.fault, picture.width, picture.height) == (None, 120, 160)
    assert (red[0] > 180, red[2] < 90) == (True, True)


def test_the_jpeg_carries_neither_camera_nor_place():
    picture = opened(heic())
    assert (picture.format, dict(picture.getexif()), {"exif", "xmp", "icc_profile"} & picture.info.keys()) == (
        "JPEG",
        {},
        set(),
    )


def test_a_wide_colour_space_becomes_srgb(monkeypatch):
    """The blue that a phone stores in a wide space is measured as the blue that people see."""
    from services.documents.inspection import heic_picture  # noqa: PLC0415

    gamma = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    with pytest.raises(ImageCms.PyCMSError):
        heic_picture._in_srgb(Image.new("RGB", (4, 4)), gamma)
    same = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert heic_picture._in_srgb(Image.new("RGB", (4, 4), (67, 142, 219)), same).getpixel((1, 1)) == (67, 142, 219)


def test_several_pictures_in_one_file_are_counted_and_not_decoded():
    assert jpeg_of_heic(heic("two"), max_pixels=LIMIT) == HeicPicture(None, 160, 120, 2)


def test_the_pixel_limit_holds_before_decoding():
    assert jpeg_of_heic(heic(), max_pixels=120 * 160 - 1) == HeicPicture(None, 120, 160)


@pytest.mark.parametrize("kept", [-1, -200, 1000])
def test_a_heic_without_its_end_is_cut_off(kept):
    assert jpeg_of_heic(heic()[:kept], max_pixels=LIMIT).fault is FileFault.TRUNCATED


def test_a_broken_box_is_damage():
    broken = heic().replace(b"hvcC", b"xxxx")
    assert jpeg_of_heic(broken, max_pixels=LIMIT).fault is FileFault.CORRUPT
