"""Pictures as people are shown them: upright, reduced, bare of camera data, marked all over."""

import io
import zlib

import numpy as np
import pytest
from PIL import Image

from services.documents.domain.image_verdict import FileLimits, ImageFacts
from services.documents.inspection.image_file import inspect_image
from services.documents.showing.pictures import shown
from tests.documents.pictures import drawing, encoded, turned, with_segment

CARD = Image.new("RGB", (860, 540), (200, 210, 220))
LIMITS = FileLimits(frozenset({"jpeg", "png"}), 10_000_000, 50_000_000, 10)
MARK = ("仅供示例评选活动的全体推荐材料审核使用", "示例甲 查看", "2025-02-07 09:00")


def chunk(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4)


def opened(content: bytes, *, longest: int = 2000, watermark: tuple[str, ...] = ()) -> Image.Image:
    return Image.open(io.BytesIO(shown(content, longest=longest, watermark=watermark)))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_shown_upright(orientation):
    upright = np.asarray(drawing(width=120, height=160)).astype(int)
    seen = np.asarray(opened(turned(drawing(width=120, height=160), orientation))).astype(int)
    assert seen.shape == upright.shape
    assert np.abs(seen - upright).mean() < 6


def test_a_large_picture_is_reduced_and_a_small_one_is_not_blown_up():
    assert opened(encoded(CARD), longest=320).size == (320, 201)
    assert opened(encoded(CARD), longest=2000).size == (860, 540)


def test_camera_data_and_comments_stay_behind():
    exif = Image.Exif()
    exif[0x010F] = "Example phone"
    content = with_segment(encoded(CARD, exif=exif.tobytes()), b"\xff\xfe", b"a comment")
    seen = opened(content)
    assert (dict(seen.getexif()), {"comment", "exif", "xmp", "icc_profile"} & seen.info.keys()) == ({}, set())


def test_what_is_transparent_becomes_white():
    assert min(opened(encoded(Image.new("RGBA", (40, 40), (0, 0, 0, 0)), "PNG")).getpixel((20, 20))) > 250


@pytest.mark.parametrize("ground", [(0, 0, 0), (255, 255, 255), (200, 210, 220)])
def test_the_mark_stands_out_on_any_ground_in_every_part(ground):
    """A sixth of the picture on either side is what somebody might cut out."""
    clean = Image.new("RGB", (860, 540), ground)
    marked = np.asarray(opened(encoded(clean), watermark=MARK)).astype(int)
    changed = np.abs(marked - np.array(ground)).max(axis=2) > 30
    parts = [
        changed[top : top + 180, left : left + 215].mean() for top in range(0, 540, 180) for left in range(0, 860, 215)
    ]
    assert min(parts) > 0.01


@pytest.mark.parametrize("size", [(12, 9), (1, 1), (5000, 1), (1, 5000)])
def test_a_picture_of_any_shape_is_shown(size):
    assert max(opened(encoded(CARD.resize(size)), longest=320, watermark=MARK).size) == min(320, max(size))


@pytest.mark.parametrize("exif", [b"nothing that a camera wrote", b"MM", b"MM\x00*\x00\x00\x00\x08\xff\xff", b""])
def test_a_picture_with_broken_camera_data_is_taken_as_it_lies_and_shown(exif):
    """Phones and editors write such: the picture was accepted, so whoever may see it sees it."""
    body = b"Exif\x00\x00" + exif
    photo = with_segment(encoded(CARD), b"\xff\xe1", body)
    drawn = encoded(CARD, "PNG")
    drawn = drawn[:33] + chunk(b"eXIf", exif) + drawn[33:]
    for content in (photo, drawn):
        assert isinstance(inspect_image(content, LIMITS), ImageFacts)
        assert opened(content, longest=320, watermark=MARK).size == (320, 201)
