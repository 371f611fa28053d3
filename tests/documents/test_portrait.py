"""Portraits from their bytes to the verdict."""

import time
from dataclasses import replace

import pytest
from PIL import Image, ImageOps

from services.documents.domain.photo_findings import FindingCode
from services.documents.domain.photo_verdict import judge
from services.documents.inspection.portrait import inspect_portrait, measure_portrait
from services.documents.inspection.vision_models import load_vision_models
from tests.documents.pictures import (
    drawing,
    encoded,
    labels,
    mutations,
    of_size,
    photo,
    portrait,
    turned,
    with_claimed_size,
    with_segment,
)


def codes(content, profile):
    return [str(finding.code) for finding in inspect_portrait(content, profile).findings]


@pytest.mark.parametrize(
    ("name", "code"),
    [("d031", "bg_not_blue"), ("d034", "bg_not_blue"), ("d038", "size_below_min"), ("d107", "embedded_markup")],
)
def test_a_doubtful_photo_goes_to_a_person(name, code, profile):
    check = inspect_portrait(photo(name), profile)
    assert (check.verdict, [finding.code for finding in check.findings]) == ("review", [code])


def test_the_labelled_codes_are_codes_of_the_contract():
    named = {code for row in labels() for code in row["reasons"].replace("/", "|").split("|") if code}
    assert named - set(FindingCode) == set()


def test_without_models_a_good_photo_goes_to_a_person(profile):
    check = judge(profile, measure_portrait(photo("d001"), profile, None))
    assert (check.verdict, check.findings, check.not_checked) == ("review", (), ("face",))


def test_without_models_a_background_is_judged_by_its_border(profile):
    check = judge(profile, measure_portrait(photo("d044"), profile, None))
    assert (check.verdict, [finding.code for finding in check.findings]) == ("reject", ["bg_not_blue"])


def test_without_models_a_white_frame_is_still_seen(profile):
    check = judge(profile, measure_portrait(photo("d086"), profile, None))
    assert [finding.code for finding in check.findings] == ["white_border"]


@pytest.mark.parametrize(
    ("byte_count", "expected"),
    [
        (49_999, ["size_below_min"]),
        (50_000, ["size_below_min"]),
        (51_199, ["size_below_min"]),
        (51_200, []),
        (500_000, []),
        (512_000, ["size_above_max"]),
        (512_001, ["size_above_max"]),
    ],
)
def test_r125_bytes_are_those_of_the_file(byte_count, expected, profile):
    content = of_size(encoded(drawing(), quality=60), byte_count)
    assert (len(content), codes(content, profile)) == (byte_count, expected)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stored_turned_is_measured_upright(orientation, profile):
    models = load_vision_models()
    upright = measure_portrait(portrait(), profile, models)
    measures = measure_portrait(turned(drawing(), orientation), profile, models)
    assert (measures.file.width, measures.file.height) == (413, 579)
    assert measures.background.spread == pytest.approx(upright.background.spread, abs=0.5)


def test_the_background_is_looked_for_where_the_upright_picture_has_it(profile):
    picture = drawing()
    picture.paste((200, 30, 30), (0, 450, 413, 579))
    assert codes(of_size(turned(picture, 6), 60_000), profile) == []


@pytest.mark.parametrize(
    ("background", "colour"),
    [((250, 250, 250), "白色"), ((190, 30, 40), "红色"), ((120, 120, 120), "灰色"), ((40, 150, 60), "绿色")],
)
def test_r188_a_background_that_is_not_blue_is_named_by_its_colour(background, colour, profile):
    (finding,) = inspect_portrait(portrait(background=background), profile).findings
    assert (finding.code, finding.message) == ("bg_not_blue", f"背景不是蓝色（测得{colour}），请换蓝底重拍")


def test_a_background_in_two_blues_and_white_is_uneven(profile):
    picture = drawing()
    picture.paste((240, 240, 240), (0, 0, 140, 250))
    assert codes(encoded(picture), profile) == ["bg_uneven"]


def test_a_white_frame_is_the_only_fault_of_a_blue_photo_inside_it(profile):
    framed = ImageOps.expand(drawing(width=393, height=551), border=14, fill="white")
    assert codes(encoded(framed), profile) == ["white_border"]


def test_a_white_sheet_is_no_frame_around_nothing(profile):
    sheet = of_size(encoded(Image.new("RGB", (413, 579), "white")), 60_000)
    assert "not_colour" in codes(sheet, profile)


def test_a_phone_photo_of_12_megapixels_is_judged_like_a_small_one(profile):
    large = encoded(drawing().resize((2880, 4032)), quality=60)
    assert codes(of_size(large, 2_000_000), profile) == ["size_above_max"]


def test_a_header_that_claims_too_many_pixels_is_refused_without_decoding(profile):
    bomb = with_claimed_size(portrait(), width=64_000, height=64_000)
    started = time.process_time()
    assert "too_many_pixels" in codes(bomb, profile)
    assert time.process_time() - started < 0.1


def test_more_scans_than_a_camera_writes_are_refused_without_decoding(profile):
    limited = replace(profile, pixels=replace(profile.pixels, max_scans=9))
    assert codes(photo("d025"), limited) == ["corrupt"]


def test_overwritten_data_are_damage(profile):
    content = bytearray(photo("d001"))
    content[40_000:40_400] = b"\x5a\xa5" * 200
    assert codes(bytes(content), profile) in (["corrupt"], ["truncated"])


def test_a_second_picture_goes_to_a_person_and_an_archive_is_refused(profile):
    assert codes(portrait() + portrait(), profile) == ["multi_picture"]
    assert codes(portrait() + b"PK\x03\x04" + bytes(100), profile) == ["trailing_data"]


def test_location_in_the_metadata_is_no_fault(profile):
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    assert codes(with_segment(portrait(), b"\xff\xe1", b"Exif\x00\x00" + exif.tobytes()[6:]), profile) == []


@pytest.mark.parametrize("name", ["d001", "d025", "d026", "d103", "d113"])
def test_no_mutation_makes_the_inspection_raise(name, profile):
    for mutated in mutations(photo(name), count=40, first=2):
        assert inspect_portrait(mutated, profile).verdict in ("accept", "review", "reject")
