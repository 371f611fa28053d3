"""Automatic fixes, from the bytes that come in to those that go out."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageOps

from services.documents.domain.photo_findings import PhotoCheck
from services.documents.domain.photo_fix import BackgroundChoice, FixedPhoto
from services.documents.inspection.jpeg_structure import read_structure
from services.documents.inspection.photo_fixing import fix_photo
from tests.documents.papers import heic
from tests.documents.pictures import PHOTOS, drawing, encoded, labels, photo, portrait, turned, with_segment

KEEP, BLUE = BackgroundChoice.KEEP, BackgroundChoice.BLUE
ACCEPTED = [row["file"] for row in labels() if row["expected_verdict"] == "accept"]
FIXABLE = [row["file"] for row in labels() if row["fixable"] == "yes" and row["file"] != "d096_bdae.jpg"]


def fixed(content, profile, background=KEEP) -> FixedPhoto:
    result = fix_photo(content, profile, background)
    assert isinstance(result, FixedPhoto)
    return result


def changes(result: FixedPhoto) -> list[str]:
    return [str(change.code) for change in result.changes]


def pixels(content: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


@pytest.mark.parametrize("name", FIXABLE)
def test_a_photo_with_a_curable_fault_becomes_acceptable(name, profile):
    result = fixed((PHOTOS / name).read_bytes(), profile)
    assert (result.after.verdict, result.after.findings) == ("accept", ())
    assert profile.target.min_bytes <= len(result.content) <= profile.target.max_bytes


@pytest.mark.parametrize("background", list(BackgroundChoice))
@pytest.mark.parametrize("name", ACCEPTED)
def test_a_good_photo_keeps_every_pixel(name, background, profile):
    content = (PHOTOS / name).read_bytes()
    result = fixed(content, profile, background)
    assert result.after.verdict == "accept"
    if read_structure(content).orientation == 1:
        assert np.array_equal(pixels(result.content), pixels(content))


def phone_photo(*, background=(67, 142, 219), orientation=6) -> bytes:
    """12 megapixels, somebody standing a step away, stored turned with the place in its metadata."""
    scene = Image.new("RGB", (3024, 4032), background)
    scene.paste(drawing(background=background).resize((1652, 2316), Image.Resampling.LANCZOS), (700, 1716))
    return turned(scene, orientation)


def test_a_phone_photo_of_12_megapixels_becomes_two_inches(profile):
    result = fixed(phone_photo(), profile)
    assert (result.after.verdict, result.width, result.height) == ("accept", 826, 1158)
    assert changes(result) == ["rotated", "cropped", "resized", "re_encoded", "metadata_removed"]


def test_a_phone_photo_before_a_white_wall_becomes_blue_when_asked(profile):
    result = fixed(phone_photo(background=(235, 235, 232)), profile, BLUE)
    assert (result.after.verdict, "background_replaced" in changes(result)) == ("accept", True)


def test_a_background_is_left_alone_unless_asked(profile):
    result = fix_photo(portrait(background=(190, 30, 40)), profile, KEEP)
    assert (isinstance(result, PhotoCheck), [finding.code for finding in result.findings]) == (True, ["bg_not_blue"])


def test_a_background_that_is_good_already_is_not_replaced(profile):
    assert changes(fixed(photo("d087"), profile, BLUE)) == ["re_encoded", "metadata_removed"]


def test_an_uneven_blue_becomes_even_in_its_own_blue(profile):
    original, result = pixels(photo("d060")), fixed(photo("d060"), profile, BLUE)
    corner, before = pixels(result.content)[5:40, 5:40], original[5:40, 5:40]
    assert result.after.verdict == "accept"
    assert np.abs(np.median(corner, axis=(0, 1)) - np.median(before, axis=(0, 1))).max() < 30


def test_a_replaced_background_leaves_the_face_as_it_was(profile):
    result = fixed(photo("d044"), profile, BLUE)
    face = (slice(200, 380), slice(150, 260))
    difference = np.abs(pixels(result.content)[face].astype(int) - pixels(photo("d044"))[face])
    assert (result.after.verdict, float(difference.mean()) < 2) == ("accept", True)


def test_before_a_bookshelf_no_background_is_replaced(profile):
    assert isinstance(fix_photo(photo("d059"), profile, BLUE), PhotoCheck)


@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_photo_stored_turned_comes_out_upright_and_without_the_tag(orientation, profile):
    result = fixed(turned(drawing(), orientation), profile)
    assert read_structure(result.content).orientation == 1
    assert float(np.abs(pixels(result.content).astype(int) - np.asarray(drawing())).mean()) < 4


def test_place_and_comment_are_gone_and_the_picture_is_not(profile):
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    content = with_segment(portrait(), b"\xff\xe1", b"Exif\x00\x00" + exif.tobytes()[6:])
    result = fixed(with_segment(content, b"\xff\xfe", b"taken in Xinzhou"), profile)
    assert (changes(result), b"Exif" in result.content, b"Xinzhou" in result.content) == (
        ["metadata_removed"],
        False,
        False,
    )


def test_a_colour_profile_stays_because_colours_would_shift_without_it(profile):
    content = with_segment(portrait(), b"\xff\xe2", b"ICC_PROFILE\x00\x01\x01" + bytes(200))
    assert b"ICC_PROFILE" in fixed(content, profile).content


def test_a_tilted_head_is_set_straight_where_the_picture_is_large_enough(profile):
    scene = Image.new("RGB", (1400, 1800), (67, 142, 219))
    scene.paste(drawing().resize((826, 1158), Image.Resampling.LANCZOS), (287, 642))
    leaning = scene.rotate(-10, Image.Resampling.BICUBIC, fillcolor=(67, 142, 219))
    result = fixed(encoded(leaning), profile)
    assert ("straightened" in changes(result), result.after.verdict) == (True, "accept")


def test_a_white_frame_is_cut_off(profile):
    framed = ImageOps.expand(drawing(width=826, height=1158), border=40, fill="white")
    result = fixed(encoded(framed), profile)
    assert ("cropped" in changes(result), result.after.verdict) == (True, "accept")


def test_a_transparent_png_becomes_a_jpeg_on_white(profile):
    picture = drawing().convert("RGBA")
    picture.putpixel((0, 0), (0, 0, 0, 0))
    result = fixed(encoded(picture, "PNG"), profile)
    assert (changes(result)[0], result.after.verdict) == ("converted", "accept")


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.7 %%EOF", photo("d100"), photo("d101"), photo("d108"), photo("d066"), photo("d067"), photo("d111")],
    ids=["empty", "pdf", "truncated", "corrupt", "bomb", "nobody", "two people", "magic only"],
)
def test_of_what_shows_no_single_whole_face_no_fix_is_made(content, profile):
    result = fix_photo(content, profile, BLUE)
    assert (isinstance(result, PhotoCheck), getattr(result, "verdict", None)) == (True, "reject")


def test_an_animation_is_not_turned_into_a_portrait(profile):
    frames = io.BytesIO()
    drawing().save(frames, "GIF", save_all=True, append_images=[drawing(background=(200, 30, 30))])
    assert isinstance(fix_photo(frames.getvalue(), profile, KEEP), PhotoCheck)


def test_a_thumbnail_is_not_blown_up_to_feign_pixels(profile):
    result = fix_photo(encoded(drawing(width=295, height=413), quality=98), profile, KEEP)
    assert (isinstance(result, PhotoCheck), [finding.code for finding in result.findings]) == (True, ["pixels_too_few"])


def test_a_header_with_too_many_pixels_is_not_decoded(profile):
    small = replace(profile, pixels=replace(profile.pixels, max_pixels=1000))
    assert isinstance(fix_photo(encoded(drawing(), "PNG"), small, KEEP), PhotoCheck)


def test_a_phones_heic_becomes_two_inches_and_a_jpeg(profile):
    result = fixed(heic("portrait"), profile)
    assert (changes(result)[0], result.after.verdict, result.content[:2]) == ("converted", "accept", b"\xff\xd8")


def test_a_heic_that_cannot_be_decoded_is_not_fixed(profile):
    assert isinstance(fix_photo(heic("portrait")[:20_000], profile, KEEP), PhotoCheck)
