"""The face in a portrait: from measured numbers to findings. Nothing is decoded here."""

from dataclasses import replace

import pytest

from services.documents.domain.face_rule import judge_faces
from services.documents.domain.limits import Ceiling, Floor, Span
from services.documents.domain.photo_measures import FaceSearch
from services.documents.domain.rule_records import InvalidRules
from tests.documents.faces import FACE, ONE_FACE


def outcome(profile, **changes):
    faces = FaceSearch(count=1, largest=replace(FACE, **changes))
    return [(str(finding.code), str(finding.severity)) for finding in judge_faces(profile, faces)]


def test_r188_one_frontal_face_has_no_fault(profile):
    assert list(judge_faces(profile, ONE_FACE)) == []


def test_r188_a_photo_without_a_face_is_refused_for_that_alone(profile):
    (finding,) = judge_faces(profile, FaceSearch(count=0))
    assert (finding.code, finding.severity, finding.measured) == ("no_face", "refuse", 0)


def test_r188_two_people_are_counted(profile):
    (finding,) = judge_faces(profile, replace(ONE_FACE, count=2))
    assert (finding.code, finding.message) == ("multiple_faces", "照片中有2张人脸，只能有本人一人，请重拍")


@pytest.mark.parametrize(("turns", "degrees", "message"), [(1, 90, "横放"), (2, 180, "上下颠倒"), (3, 270, "横放")])
def test_a_face_lying_on_its_side_is_refused_as_tilted(profile, turns, degrees, message):
    (finding,) = judge_faces(profile, replace(ONE_FACE, quarter_turns=turns))
    assert (finding.code, finding.measured, message in finding.message) == ("tilted", degrees, True)


@pytest.mark.parametrize(
    ("changes", "findings"),
    [
        ({"box_height": 0.19}, [("face_too_small", "refuse")]),
        ({"box_height": 0.27}, [("face_too_small", "warn")]),
        ({"box_height": 0.28}, []),
        ({"box_height": 0.57}, []),
        ({"box_height": 0.58}, [("face_too_large", "warn")]),
        ({"box_height": 0.63}, [("face_too_large", "refuse")]),
        ({"centre_x": 0.35}, [("face_off_centre", "refuse")]),
        ({"centre_x": 0.65}, [("face_off_centre", "refuse")]),
        ({"centre_y": 0.27}, [("face_off_centre", "refuse")]),
        ({"centre_y": 0.69}, [("face_off_centre", "refuse")]),
        ({"outside": 0.03}, [("face_cut", "warn")]),
        ({"outside": 0.09}, [("face_cut", "refuse")]),
    ],
)
def test_r188_the_head_has_its_size_and_place(profile, changes, findings):
    assert outcome(profile, **changes) == findings


def test_of_a_face_that_is_too_small_nothing_else_is_judged(profile):
    assert outcome(profile, box_height=0.1, centre_x=0.9, roll=40, edge_width=9) == [("face_too_small", "refuse")]


@pytest.mark.parametrize(
    ("changes", "findings"),
    [
        ({"roll": -10.0}, []),
        ({"roll": -10.1}, [("tilted", "warn")]),
        ({"roll": 15.1}, [("tilted", "refuse")]),
        ({"yaw": 17.0}, []),
        ({"yaw": -17.1}, [("not_frontal", "warn")]),
        ({"yaw": 22.1}, [("not_frontal", "refuse")]),
    ],
)
def test_r188_the_head_is_held_straight(profile, changes, findings):
    assert outcome(profile, **changes) == findings


@pytest.mark.parametrize(
    ("changes", "findings"),
    [
        ({"under_eye_brightness": 0.5}, [("eyes_covered", "warn")]),
        ({"under_eye_brightness": 0.3}, [("eyes_covered", "refuse")]),
        ({"eye_brightness": 0.39}, [("eyes_covered", "warn")]),
        ({"eye_contrast": 0.24}, [("eyes_covered", "warn")]),
        ({"eye_contrast": 0.11}, [("eyes_covered", "refuse")]),
        ({"eye_brightness": 0.39, "under_eye_brightness": 0.1}, [("eyes_covered", "refuse")]),
        ({"eye_brightness": 0.1, "under_eye_brightness": 0.5}, [("eyes_covered", "refuse")]),
        ({"eye_openness": 0.1}, [("eyes_covered", "warn")]),
        ({"mouth_contrast": 20.0}, [("mouth_covered", "warn")]),
        ({"mouth_contrast": 0.0, "mouth_yellow_shift": -30.0}, [("mouth_covered", "refuse")]),
        ({"mouth_red_shift": -17.0}, [("mouth_covered", "warn")]),
        ({"mouth_yellow_shift": -15.0}, [("mouth_covered", "warn")]),
        ({"head_colour_share": 0.2}, [("headwear", "warn")]),
        ({"cloth_beside_share": 0.1}, [("headwear", "warn")]),
        ({"cloth_beside_share": 0.1, "head_colour_share": 0.2}, [("headwear", "warn")]),
    ],
)
def test_r188_nothing_covers_eyes_mouth_or_head(profile, changes, findings):
    assert outcome(profile, **changes) == findings


def test_closed_eyes_are_told_from_covered_ones(profile):
    (finding,) = judge_faces(profile, FaceSearch(1, largest=replace(FACE, eye_openness=0.1)))
    assert finding.message == "眼睛可能闭着，请睁开双眼重拍"


@pytest.mark.parametrize(
    ("changes", "findings"),
    [
        ({"brightest": 94.0}, [("too_dark", "warn")]),
        ({"brightest": 69.0}, [("too_dark", "refuse")]),
        ({"clipped_share": 0.06}, [("too_bright", "warn")]),
        ({"clipped_share": 0.26}, [("too_bright", "refuse")]),
    ],
)
def test_the_face_is_neither_too_dark_nor_too_bright(profile, changes, findings):
    assert outcome(profile, **changes) == findings


@pytest.mark.parametrize(
    ("changes", "severity", "words"),
    [
        ({"edge_width": 2.1}, "warn", "照片模糊"),
        ({"edge_width": 2.9}, "refuse", "照片模糊"),
        ({"edge_width": 2.9, "edge_width_ratio": 1.8}, "refuse", "拖影"),
        ({"detail": -2.2}, "warn", "小图放大"),
        ({"detail": -2.2, "edge_width": 2.9}, "refuse", "照片模糊"),
    ],
)
def test_a_photo_that_is_not_sharp_is_told_why(profile, changes, severity, words):
    (finding,) = judge_faces(profile, FaceSearch(1, largest=replace(FACE, **changes)))
    assert (finding.code, finding.severity, words in finding.message) == ("blurred", severity, True)


@pytest.mark.parametrize(("changes", "code"), [({"edge_width": 5.0}, "blurred"), ({"brightest": 40.0}, "too_dark")])
def test_of_a_face_that_cannot_be_made_out_nothing_is_said_to_be_covered(profile, changes, code):
    assert outcome(profile, mouth_contrast=0.0, eye_contrast=0.0, **changes) == [(code, "refuse")]


def test_a_finding_tells_what_was_measured_and_the_limit_it_broke(profile):
    (finding,) = judge_faces(profile, FaceSearch(1, largest=replace(FACE, roll=-12.345)))
    assert (finding.measured, finding.limit) == (-12.35, 10.0)


@pytest.mark.parametrize(
    "limits",
    [
        lambda: Ceiling(warn_above=2, refuse_above=1),
        lambda: Floor(refuse_below=2, warn_below=1),
        lambda: Span(lowest=1, highest=1),
    ],
)
def test_limits_in_the_wrong_order_are_refused(limits):
    with pytest.raises(InvalidRules):
        limits()
