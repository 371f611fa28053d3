"""From measured numbers to findings. Nothing is decoded here."""

from dataclasses import replace

import pytest

from services.documents.domain.colour_names import colour_name
from services.documents.domain.photo_findings import Finding, FindingCode, PhotoCheck, Severity, Verdict
from services.documents.domain.photo_measures import BackgroundMeasures, FileFault, FileMeasures, PhotoMeasures
from services.documents.domain.photo_verdict import judge
from tests.documents.faces import ONE_FACE

FILE = FileMeasures(
    byte_count=96_000,
    real_format="jpeg",
    fault=None,
    width=413,
    height=579,
    colour_model="rgb",
    tail=None,
    further_pictures=0,
    markup=False,
)
BLUE = BackgroundMeasures(
    hue=211.0, saturation=0.7, value=0.86, lightness=57.0, chroma=47.0, blue_share=0.99, spread=1.2
)
GOOD = PhotoMeasures(file=FILE, colour_difference=150.0, white_frame=False, background=BLUE, faces=ONE_FACE)


def outcome(check: PhotoCheck) -> list[tuple[str, str]]:
    return [(str(finding.code), str(finding.severity)) for finding in check.findings]


def with_file(**changes: object) -> PhotoMeasures:
    return replace(GOOD, file=replace(FILE, **changes))


def with_background(**changes: object) -> PhotoMeasures:
    return replace(GOOD, background=replace(BLUE, **changes))


def test_a_photo_without_fault_is_accepted(profile):
    assert judge(profile, GOOD) == PhotoCheck(Verdict.ACCEPT, (), not_checked=())


def test_a_photo_whose_face_could_not_be_looked_for_goes_to_a_person(profile):
    assert judge(profile, replace(GOOD, faces=None)) == PhotoCheck(Verdict.REVIEW, (), not_checked=("face",))


def test_a_refusal_stays_one_when_the_face_could_not_be_looked_for(profile):
    unseen = replace(with_file(byte_count=1000), faces=None)
    assert judge(profile, unseen).verdict is Verdict.REJECT


@pytest.mark.parametrize(
    ("byte_count", "verdict", "findings"),
    [
        (49_999, "reject", [("size_below_min", "refuse")]),
        (50_000, "review", [("size_below_min", "warn")]),
        (51_199, "review", [("size_below_min", "warn")]),
        (51_200, "accept", []),
        (500_000, "accept", []),
        (500_001, "review", [("size_above_max", "warn")]),
        (512_000, "review", [("size_above_max", "warn")]),
        (512_001, "reject", [("size_above_max", "refuse")]),
    ],
)
def test_r125_only_what_both_readings_of_kb_exclude_is_refused(profile, byte_count, verdict, findings):
    check = judge(profile, with_file(byte_count=byte_count))
    assert (check.verdict, outcome(check)) == (verdict, findings)


def test_a_finding_tells_value_limit_and_what_to_do(profile):
    (finding,) = judge(profile, with_file(byte_count=49_999)).findings
    message = "照片只有49.9KB，不足50KB，请上传原图或提高保存质量"
    assert finding == Finding(FindingCode.SIZE_BELOW_MIN, Severity.REFUSE, 49_999, 50_000, message)


@pytest.mark.parametrize("fault", list(FileFault))
def test_a_file_that_is_no_whole_jpeg_is_judged_on_that_alone(profile, fault):
    check = judge(profile, PhotoMeasures(replace(FILE, fault=fault, byte_count=3, width=None, height=None)))
    assert outcome(check) == [(fault.value, "refuse")]


@pytest.mark.parametrize(("real_format", "name"), [("png", "PNG"), ("unknown", "无法识别的格式")])
def test_r126_advice_names_the_real_format(profile, real_format, name):
    (finding,) = judge(profile, with_file(fault=FileFault.NOT_JPEG, real_format=real_format)).findings
    assert f"实际为{name}" in finding.message


def test_a_bomb_is_named_even_when_its_data_are_cut_off(profile):
    measures = PhotoMeasures(replace(FILE, fault=FileFault.TRUNCATED, width=64_000, height=64_000))
    assert outcome(judge(profile, measures)) == [("too_many_pixels", "refuse"), ("truncated", "refuse")]


@pytest.mark.parametrize(
    ("size", "findings"),
    [
        ((413, 579), []),  # 35×49
        ((413, 626), []),  # 35×53
        ((390, 567), []),  # 33×48
        ((413, 637), []),  # 35×54 lies within the tolerance
        ((826, 1158), []),
        ((412, 579), [("pixels_too_few", "warn")]),
        ((360, 520), [("pixels_too_few", "warn")]),
        ((359, 520), [("pixels_too_few", "refuse")]),
        ((295, 413), [("pixels_too_few", "refuse")]),  # one inch has the same aspect
        ((413, 531), [("aspect_wrong", "refuse")]),  # 35×45
        ((600, 800), [("aspect_wrong", "refuse")]),
        ((579, 413), [("aspect_wrong", "refuse")]),
        ((500, 500), [("aspect_wrong", "refuse"), ("pixels_too_few", "refuse")]),
    ],
)
def test_r124_size_and_aspect_are_those_of_two_inches(profile, size, findings):
    assert outcome(judge(profile, with_file(width=size[0], height=size[1]))) == findings


def test_the_aspect_may_be_off_by_the_tolerance_and_no_more(profile):
    near = replace(profile, print_sizes=profile.print_sizes[:1])
    assert outcome(judge(near, with_file(width=1000, height=1366))) == []
    assert outcome(judge(near, with_file(width=1000, height=1365))) == [("aspect_wrong", "refuse")]


@pytest.mark.parametrize(
    ("model", "code"), [("grey", "not_colour"), ("cmyk", "not_rgb"), ("ycck", "not_rgb"), ("other", "not_rgb")]
)
def test_r188_only_rgb_is_a_colour_photo(profile, model, code):
    measures = PhotoMeasures(replace(FILE, colour_model=model))
    assert outcome(judge(profile, measures)) == [(code, "refuse")]


def test_r188_grey_stored_in_three_channels_is_not_colour_and_says_nothing_of_blue(profile):
    measures = replace(with_background(chroma=0.0), colour_difference=0.0)
    assert outcome(judge(profile, measures)) == [("not_colour", "refuse")]


def test_a_campaign_may_admit_grey_photos(profile):
    lenient = replace(profile, colour=replace(profile.colour, required=False))
    assert judge(lenient, with_file(colour_model="grey")).verdict is Verdict.ACCEPT


@pytest.mark.parametrize(
    ("hue", "lightness", "chroma", "name"),
    [
        (0, 50, 80, "红色"),
        (30, 60, 50, "橙色"),
        (60, 90, 60, "黄色"),
        (120, 50, 60, "绿色"),
        (175, 60, 40, "青色"),
        (220, 50, 50, "蓝色"),
        (280, 40, 60, "紫色"),
        (350, 50, 60, "红色"),
        (210, 95, 3, "白色"),
        (210, 50, 3, "灰色"),
        (210, 5, 3, "黑色"),
    ],
)
def test_a_colour_has_the_name_a_nominee_would_use(hue, lightness, chroma, name):
    assert colour_name(hue=hue, lightness=lightness, chroma=chroma) == name


def test_r188_a_background_of_another_colour_is_named(profile):
    (finding,) = judge(profile, with_background(hue=358.0, chroma=81.0)).findings
    assert (finding.code, finding.message) == ("bg_not_blue", "背景不是蓝色（测得红色），请换蓝底重拍")


@pytest.mark.parametrize(
    ("changes", "severity"),
    [
        ({"hue": 187.9}, "refuse"),
        ({"hue": 250.1}, "refuse"),
        ({"chroma": 9.9}, "refuse"),
        ({"chroma": 10.0}, "warn"),
        ({"chroma": 21.9}, "warn"),
        ({"saturation": 0.32}, "warn"),
        ({"value": 0.33}, "warn"),
    ],
)
def test_r188_a_doubtful_blue_is_left_to_a_person_and_no_blue_refused(profile, changes, severity):
    assert outcome(judge(profile, with_background(**changes))) == [("bg_not_blue", severity)]


@pytest.mark.parametrize("changes", [{"hue": 188.0}, {"hue": 250.0}, {"chroma": 22.0}, {"blue_share": 0.75}])
def test_r188_blue_is_a_range_and_not_one_colour(profile, changes):
    assert judge(profile, with_background(**changes)).verdict is Verdict.ACCEPT


def test_a_blue_outside_a_narrower_range_is_not_called_another_colour(profile):
    narrow = replace(profile, background=replace(profile.background, blue=replace(profile.background.blue, hue_to=205)))
    (finding,) = judge(narrow, GOOD).findings
    assert finding.message == "背景不是蓝色（测得色相超出规定范围的蓝色），请换蓝底重拍"


@pytest.mark.parametrize("changes", [{"blue_share": 0.74}, {"spread": 8.1}])
def test_r188_an_uneven_blue_is_refused(profile, changes):
    assert outcome(judge(profile, with_background(**changes))) == [("bg_uneven", "refuse")]


@pytest.mark.parametrize(
    ("changes", "findings"),
    [
        ({"spread": 7.5}, []),
        ({"spread": 7.6}, [("bg_uneven", "warn")]),
        ({"spread": 13.1}, [("bg_uneven", "refuse")]),
        ({"blue_share": 0.89}, [("bg_uneven", "refuse")]),
    ],
)
def test_r188_a_faint_shadow_around_the_person_goes_to_a_person_and_a_deep_one_is_refused(profile, changes, findings):
    assert outcome(judge(profile, with_background(around_person=True, **changes))) == findings


def test_evenness_is_not_judged_in_a_picture_lying_on_its_side(profile):
    lying = replace(with_background(spread=40.0), file=replace(FILE, width=579, height=413))
    assert outcome(judge(profile, lying)) == [("aspect_wrong", "refuse")]


def test_a_white_frame_is_refused_by_its_own_name(profile):
    assert outcome(judge(profile, replace(GOOD, white_frame=True))) == [("white_border", "refuse")]


@pytest.mark.parametrize(
    ("changes", "verdict", "finding"),
    [
        ({"tail": "zip"}, "reject", ("trailing_data", "refuse")),
        ({"further_pictures": 1}, "review", ("multi_picture", "warn")),
        ({"markup": True}, "review", ("embedded_markup", "warn")),
    ],
)
def test_foreign_content_is_refused_and_what_phones_add_goes_to_a_person(profile, changes, verdict, finding):
    check = judge(profile, with_file(**changes))
    assert (check.verdict, outcome(check)) == (verdict, [finding])


def test_every_fault_is_named_at_once(profile):
    measures = replace(with_background(hue=0.0), file=replace(FILE, byte_count=20_000, width=300, height=300))
    assert outcome(judge(profile, measures)) == [
        ("size_below_min", "refuse"),
        ("aspect_wrong", "refuse"),
        ("pixels_too_few", "refuse"),
        ("bg_not_blue", "refuse"),
    ]


def test_a_size_that_no_header_told_is_not_judged(profile):
    assert outcome(judge(profile, with_file(width=None, height=None))) == []
