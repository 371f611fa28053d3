"""ID card copies, certificates and scans: a whole file of an accepted format."""

import io
import zipfile

import pytest
from PIL import Image

from services.documents.domain.image_verdict import FileLimits, ImageFacts
from services.documents.inspection.image_file import inspect_image
from tests.documents.papers import HEIC, heic, pdf
from tests.documents.pictures import drawing, encoded, photo, turned, with_claimed_size, with_segment

PDF = pdf()
PNG = encoded(drawing(width=80, height=60), "PNG")
JPEG = encoded(drawing(width=80, height=60))


ALL = frozenset({"jpeg", "heic", "png", "pdf"})


def inspect(content, *, formats=ALL, max_bytes=1_000_000, max_pixels=1_000_000, max_pages=2):
    return inspect_image(content, FileLimits(formats, max_bytes, max_pixels, max_pages))


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", b"hidden")
    return file.getvalue()


def with_comment_of(archive: bytes, length: int) -> bytes:
    """The archive's own comment swallows what follows it: an unpacker reads the whole file as one archive."""
    return archive[:-2] + length.to_bytes(2, "little")


def jpeg_that_is_an_archive() -> bytes:
    return with_segment(JPEG, b"\xff\xfe", with_comment_of(zipped(), len(JPEG) - 2))


def pdf_that_is_an_archive() -> bytes:
    archive = zipped()
    content = pdf(extra=(b"<</Length %d>>\nstream\n%b\nendstream" % (len(archive), archive),))
    behind = len(content) - content.index(archive) - len(archive)
    return content.replace(archive, with_comment_of(archive, behind))


def animation(name: str) -> bytes:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    return encoded(frames[0], name, save_all=True, append_images=frames[1:])


def codes(content, **limits):
    return [str(finding.code) for finding in inspect(content, **limits)]


@pytest.mark.parametrize(
    ("content", "facts"),
    [
        (JPEG, ImageFacts("jpeg", "image/jpeg", len(JPEG), 80, 60)),
        (PNG, ImageFacts("png", "image/png", len(PNG), 80, 60)),
        (PDF, ImageFacts("pdf", "application/pdf", len(PDF), None, None, 1)),
    ],
    ids=["jpeg", "png", "pdf"],
)
def test_r184_an_accepted_file_is_told_by_its_content(content, facts):
    assert inspect(content) == facts


def test_a_heic_is_kept_as_the_jpeg_it_becomes():
    facts = inspect(heic())
    assert (facts.real_format, facts.media_type, facts.width, facts.height) == ("heic", "image/jpeg", 120, 160)
    assert inspect(facts.converted) == ImageFacts("jpeg", "image/jpeg", len(facts.converted), 120, 160)


def test_a_grey_copy_is_as_good_as_one_in_colour():
    grey = encoded(drawing(width=80, height=60).convert("L"))
    assert inspect(grey) == ImageFacts("jpeg", "image/jpeg", len(grey), 80, 60)


def test_the_size_of_a_turned_copy_is_that_of_the_upright_picture():
    facts = inspect(turned(drawing(width=80, height=60), 6))
    assert (facts.width, facts.height) == (80, 60)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (encoded(drawing(), "GIF"), "GIF"),
        (encoded(drawing(), "WEBP"), "WEBP"),
        ((HEIC / "picture.avif").read_bytes(), "AVIF"),
        (heic(), "HEIC"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isommp42", "MP4"),
        (PDF, "PDF"),
        (b"MZ\x90\x00", "无法识别的格式"),
    ],
    ids=["gif", "webp", "avif", "heic", "mp4", "pdf", "exe"],
)
def test_a_format_that_the_kind_does_not_accept_is_named(content, name):
    (finding,) = inspect(content, formats=frozenset({"jpeg", "png"}))
    assert finding.code == "format_not_accepted"
    assert finding.message == f"文件实际为{name}，只接受JPEG、PNG；只改扩展名无效"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", ["empty"]),
        (JPEG[:-200], ["truncated"]),
        (PNG[:-6], ["truncated"]),
        (PNG[:20], ["truncated"]),
        (PDF[:-7], ["truncated"]),
        (PNG[:300] + bytes(40) + PNG[340:], ["corrupt"]),
        (PNG[:12] + b"JUNK" + PNG[16:], ["corrupt"]),
        (PNG + b"PK\x03\x04", ["trailing_data"]),
        (JPEG + b"<?php", ["trailing_data"]),
        (PDF + zipped(), ["trailing_data"]),
        (pdf_that_is_an_archive(), ["trailing_data"]),
        (jpeg_that_is_an_archive(), ["trailing_data"]),
        (with_segment(JPEG, b"\xff\xfe", zipped()), ["trailing_data"]),
        (pdf(extra=(b"<</Length %d>>\nstream\n%b\nendstream" % (len(zipped()), zipped()),)), ["trailing_data"]),
        (animation("PNG"), ["animated"]),
        (heic("two"), ["animated"]),
        (heic()[:-40], ["truncated"]),
        (pdf(pages=3), ["pdf_too_many_pages"]),
        (pdf(catalog="/OpenAction <</S /Launch>>"), ["pdf_active_content"]),
        (pdf(extra=(b"null",) * 20_001), ["pdf_too_complex"]),
        (pdf(trailer="/Encrypt <</Filter /Standard /V 1 /R 2 /O () /U () /P -4>>"), ["pdf_encrypted"]),
        (photo("d102"), ["not_rgb"]),
        (photo("d101"), ["corrupt"]),
        (photo("d111"), ["corrupt"]),
    ],
)
def test_damage_and_disguise_have_a_code_each(content, expected):
    assert codes(content) == expected


def test_the_mark_of_an_archive_alone_is_no_archive():
    assert inspect(with_segment(JPEG, b"\xff\xfe", b"PK\x05\x06" + bytes(30))).real_format == "jpeg"


def test_limits_hold_before_decoding():
    assert codes(JPEG, max_bytes=len(JPEG) - 1) == ["size_above_max"]
    assert codes(JPEG, max_pixels=80 * 60 - 1) == ["too_many_pixels"]
    assert codes(PNG, max_pixels=80 * 60 - 1) == ["too_many_pixels"]
    assert codes(heic(), max_pixels=120 * 160 - 1) == ["too_many_pixels"]
    assert codes(with_claimed_size(JPEG, width=64_000, height=64_000)) == ["too_many_pixels"]
