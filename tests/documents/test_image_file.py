"""ID card copies, certificates and scans: a whole file of an accepted format."""

import pytest

from services.documents.domain.image_verdict import ImageFacts
from services.documents.inspection.image_file import inspect_image
from tests.documents.pictures import drawing, encoded, mutations, photo, turned, with_claimed_size

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = encoded(drawing(width=80, height=60), "PNG")
JPEG = encoded(drawing(width=80, height=60))


def inspect(content, *, formats=frozenset({"jpeg", "png", "pdf"}), max_bytes=1_000_000, max_pixels=1_000_000):
    return inspect_image(content, formats=formats, max_bytes=max_bytes, max_pixels=max_pixels)


def codes(content, **limits):
    return [str(finding.code) for finding in inspect(content, **limits)]


@pytest.mark.parametrize(
    ("content", "facts"),
    [
        (JPEG, ImageFacts("jpeg", "image/jpeg", len(JPEG), 80, 60)),
        (PNG, ImageFacts("png", "image/png", len(PNG), 80, 60)),
        (PDF, ImageFacts("pdf", "application/pdf", len(PDF), None, None)),
    ],
    ids=["jpeg", "png", "pdf"],
)
def test_r184_an_accepted_file_is_told_by_its_content(content, facts):
    assert inspect(content) == facts


def test_a_grey_copy_is_as_good_as_one_in_colour():
    grey = encoded(drawing(width=80, height=60).convert("L"))
    assert inspect(grey) == ImageFacts("jpeg", "image/jpeg", len(grey), 80, 60)


def test_the_size_of_a_turned_copy_is_that_of_the_upright_picture():
    facts = inspect(turned(drawing(width=80, height=60), 6))
    assert (facts.width, facts.height) == (80, 60)


@pytest.mark.parametrize(
    ("content", "name"),
    [(encoded(drawing(), "GIF"), "GIF"), (PDF, "PDF"), (b"MZ\x90\x00", "无法识别的格式")],
    ids=["gif", "pdf", "exe"],
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
        (photo("d102"), ["not_rgb"]),
        (photo("d101"), ["corrupt"]),
        (photo("d111"), ["corrupt"]),
    ],
)
def test_damage_and_disguise_have_a_code_each(content, expected):
    assert codes(content) == expected


def test_limits_hold_before_decoding():
    assert codes(JPEG, max_bytes=len(JPEG) - 1) == ["size_above_max"]
    assert codes(JPEG, max_pixels=80 * 60 - 1) == ["too_many_pixels"]
    assert codes(PNG, max_pixels=80 * 60 - 1) == ["too_many_pixels"]
    assert codes(with_claimed_size(JPEG, width=64_000, height=64_000)) == ["too_many_pixels"]


@pytest.mark.parametrize("content", [PNG, PDF], ids=["png", "pdf"])
def test_no_mutation_makes_the_inspection_raise(content):
    for mutated in mutations(content, count=200, first=0):
        assert isinstance(inspect(mutated), ImageFacts | tuple)
