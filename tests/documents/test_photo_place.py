"""A photo of a paper is kept without the place where it was taken; its picture stays bit for bit."""

import io

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from services.documents.domain.image_verdict import FileLimits, ImageFacts
from services.documents.inspection.image_file import inspect_image
from services.documents.inspection.photo_place import without_place
from services.documents.inspection.png_place import png_without_place
from tests.documents.pictures import drawing, encoded, photo, with_segment

PICTURE = drawing(width=80, height=60)


def with_exif(*, orientation: int = 1, place: bool = True, **options: object) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Example phone"
    if place:
        exif.get_ifd(0x8825).update({1: "N", 2: (38.0, 24.0, 0.0), 3: "E", 4: (112.0, 44.0, 0.0)})
    return encoded(PICTURE, exif=exif.tobytes(), **options)


def pixels(content: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(content)))


@pytest.mark.parametrize("orientation", [1, 6, 8])
@pytest.mark.parametrize("progressive", [False, True])
def test_the_place_goes_and_picture_and_orientation_stay(orientation, progressive):
    content = with_exif(orientation=orientation, progressive=progressive)
    bare = without_place(content, orientation=orientation)
    left = Image.open(io.BytesIO(bare)).getexif()
    assert dict(left) == ({} if orientation == 1 else {0x0112: orientation})
    assert np.array_equal(pixels(bare), pixels(content))


@pytest.mark.parametrize("content", [encoded(PICTURE), with_exif(place=False), photo("d001")])
def test_a_photo_that_tells_no_place_stays_byte_for_byte(content):
    assert without_place(content, orientation=1) is None


def test_a_place_in_xmp_is_found():
    packet = b"http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta exif:GPSLatitude='38,24N'/>"
    bare = without_place(with_segment(encoded(PICTURE), b"\xff\xe1", packet), orientation=1)
    assert b"GPS" not in bare


def test_a_place_in_the_part_of_xmp_that_did_not_fit_is_found():
    packet = b"http://ns.adobe.com/xmp/extension/\x00" + bytes(40) + b"<x:xmpmeta exif:GPSLatitude='38,24N'/>"
    bare = without_place(with_segment(encoded(PICTURE), b"\xff\xe1", packet), orientation=1)
    assert b"GPS" not in bare


def as_png(**options: object) -> bytes:
    written = io.BytesIO()
    Image.fromarray(np.asarray(PICTURE)).save(written, "PNG", **options)
    return written.getvalue()


def with_text(keyword: str, text: str, *, packed: bool = False) -> bytes:
    texts = PngInfo()
    texts.add_itxt(keyword, text, zip=packed)
    return as_png(pnginfo=texts)


@pytest.mark.parametrize("orientation", [1, 6])
def test_the_place_goes_from_a_png_too_and_picture_and_orientation_stay(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif.get_ifd(0x8825).update({1: "N", 2: (38.0, 24.0, 0.0)})
    content = as_png(exif=exif.tobytes())
    facts = inspect_image(content, FileLimits(frozenset({"png"}), 1_000_000, 1_000_000, 1))
    left = Image.open(io.BytesIO(facts.converted)).getexif()
    assert dict(left) == ({} if orientation == 1 else {0x0112: orientation})
    assert np.array_equal(pixels(facts.converted), pixels(content))


@pytest.mark.parametrize(
    "content",
    [
        with_text("XML:com.adobe.xmp", "<x:xmpmeta exif:GPSLatitude='38,24N'/>"),
        with_text("XML:com.adobe.xmp", "<x:xmpmeta exif:GPSLatitude='38,24N'/>", packed=True),
        with_text("Raw profile type exif", "exif 12 457869660000"),
    ],
    ids=["xmp", "packed xmp", "written out"],
)
def test_a_place_in_the_texts_of_a_png_goes_with_them(content):
    assert png_without_place(content) == as_png()


@pytest.mark.parametrize(
    "content", [as_png(), with_text("XML:com.adobe.xmp", "<x:xmpmeta/>"), with_text("Title", "GPS")]
)
def test_a_png_that_tells_no_place_stays_byte_for_byte(content):
    assert png_without_place(content) is None


def test_an_exif_that_cannot_be_read_is_taken_for_one_with_a_place():
    broken = with_segment(encoded(PICTURE), b"\xff\xe1", b"Exif\x00\x00II*\x00\xff\xff\xff\x7f")
    assert without_place(broken, orientation=1) == encoded(PICTURE)


def test_further_pictures_behind_it_go_with_their_places():
    content = with_exif()
    assert without_place(content + content, orientation=1) == without_place(content, orientation=1)


def test_a_paper_is_kept_without_its_place():
    limits = FileLimits(frozenset({"jpeg"}), 1_000_000, 1_000_000, 1)
    facts = inspect_image(with_exif(orientation=6), limits)
    assert isinstance(facts, ImageFacts)
    assert (facts.width, facts.height, 0x8825 in Image.open(io.BytesIO(facts.converted)).getexif()) == (60, 80, False)
