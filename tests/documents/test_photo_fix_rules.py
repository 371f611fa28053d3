"""What a fix may promise and where it cuts. Nothing is decoded here."""

from dataclasses import replace

import pytest

from services.documents.domain.photo_crop import Crop, Head, crop_around
from services.documents.domain.photo_findings import FindingCode, PhotoCheck, Verdict, refuse, warn
from services.documents.domain.photo_fix import fix_available, helps
from services.documents.domain.photo_measures import FileMeasures, PhotoMeasures
from services.documents.domain.photo_profile import parse_photo_profile
from services.documents.domain.rule_records import InvalidRules
from tests.documents.faces import ONE_FACE

FILE = FileMeasures(96_000, "jpeg", None, 413, 579, "rgb", None, 0, markup=False)
SEEN = PhotoMeasures(FILE, faces=ONE_FACE)
ASPECT = 826 / 1158


def fault(code, severity=refuse):
    return severity(code, 0, 1, "")


@pytest.mark.parametrize(
    ("findings", "available"),
    [
        ([], False),
        ([fault(FindingCode.SIZE_BELOW_MIN)], True),
        ([fault(FindingCode.ASPECT_WRONG), fault(FindingCode.SIZE_ABOVE_MAX)], True),
        ([fault(FindingCode.SIZE_BELOW_MIN), fault(FindingCode.BG_NOT_BLUE)], False),
        ([fault(FindingCode.SIZE_BELOW_MIN), fault(FindingCode.BG_UNEVEN, warn)], True),
        ([fault(FindingCode.BG_UNEVEN, warn)], False),
        ([fault(FindingCode.PIXELS_TOO_FEW), fault(FindingCode.SIZE_BELOW_MIN)], False),
        ([fault(FindingCode.BLURRED)], False),
    ],
)
def test_a_fix_is_offered_when_it_cures_every_refusal(findings, available):
    assert fix_available(findings, SEEN) is available


@pytest.mark.parametrize("faces", [None, replace(ONE_FACE, count=2)])
def test_nothing_is_cut_around_a_face_that_is_not_there_or_not_alone(faces):
    assert fix_available([fault(FindingCode.ASPECT_WRONG)], replace(SEEN, faces=faces)) is False


@pytest.mark.parametrize(("real_format", "available"), [("png", True), ("webp", True), ("pdf", False), ("heic", False)])
def test_another_format_is_converted_where_it_can_be(real_format, available):
    measures = PhotoMeasures(replace(FILE, real_format=real_format))
    assert fix_available([fault(FindingCode.NOT_JPEG)], measures) is available


def check(verdict, *codes, not_checked=()):
    return PhotoCheck(verdict, tuple(fault(code) for code in codes), not_checked)


@pytest.mark.parametrize(
    ("after", "before", "better"),
    [
        (check(Verdict.ACCEPT), check(Verdict.REJECT, "aspect_wrong"), True),
        (check(Verdict.REVIEW, "tilted"), check(Verdict.REJECT, "aspect_wrong"), True),
        (check(Verdict.REVIEW, "tilted"), check(Verdict.REVIEW, "tilted"), True),
        (check(Verdict.REVIEW, "blurred"), check(Verdict.ACCEPT), False),
        (check(Verdict.REJECT, "blurred"), check(Verdict.REJECT, "aspect_wrong"), False),
        (check(Verdict.REJECT, "blurred"), check(Verdict.REVIEW, "tilted"), False),
    ],
)
def test_only_what_may_be_uploaded_and_is_no_worse_is_proposed(after, before, better):
    assert helps(after, before) is better


def crop(head, *, width=3000, height=4000, least_width=413):
    return crop_around(head, picture=Crop(0, 0, width, height), aspect=ASPECT, least_width=least_width)


def test_the_head_stands_where_an_official_portrait_has_it():
    cut = crop(Head(middle_x=1500, middle_y=1800, face_height=900, hair_top=900))
    assert cut.width / cut.height == pytest.approx(ASPECT)
    assert 900 / cut.height == pytest.approx(0.46)
    assert (1500 - cut.left) / cut.width == pytest.approx(0.5)
    assert (900 - cut.top) / cut.height == pytest.approx(0.07)


def test_high_hair_does_not_push_the_face_out_of_the_frame():
    cut = crop(Head(middle_x=1500, middle_y=1800, face_height=900, hair_top=300))
    assert (1800 - cut.top) / cut.height == pytest.approx(0.60)


def test_a_bald_head_leaves_no_empty_third_above_it():
    cut = crop(Head(middle_x=1500, middle_y=1800, face_height=900, hair_top=1500))
    assert (1800 - cut.top) / cut.height == pytest.approx(0.48)


@pytest.mark.parametrize("middle", [(0, 0), (3000, 4000), (0, 4000), (1500, 100)])
def test_a_cut_never_leaves_the_picture(middle):
    left, top, right, bottom = crop(Head(*middle, face_height=1600, hair_top=0)).box
    assert left >= 0
    assert top >= 0
    assert right <= 3000
    assert bottom <= 4000


def test_a_small_face_is_cut_wider_to_reach_the_pixels_of_the_size():
    head = Head(middle_x=500, middle_y=500, face_height=220, hair_top=300)
    assert crop(head, width=1000, height=1400).width == pytest.approx(413)


def test_a_tiny_face_is_not_cut_so_wide_that_it_becomes_too_small():
    head = Head(middle_x=500, middle_y=500, face_height=100, hair_top=400)
    assert 100 / crop(head, width=1000, height=1400).height == pytest.approx(0.34)


@pytest.mark.parametrize("colour", [[1, 2], [1, 2, 256]])
def test_the_colour_of_a_replaced_background_is_red_green_and_blue(rules, colour):
    data = rules["photo_profiles"]["two_inch_blue"]
    with pytest.raises(InvalidRules, match=r"target\.background_rgb"):
        parse_photo_profile(data | {"target": data["target"] | {"background_rgb": colour}})
