"""A case that names another person or firm is about somebody else (R50–R52, R80–R82)."""

from datetime import UTC, datetime

import pytest

from services.nominations.domain.subject import Subject, collective_key, entity_code, has_been_reported

NOON = datetime(2025, 2, 27, 4, tzinfo=UTC)
CODE, OTHER_CODE = "9114090012345678XH", "91110000600037341L"


def firm(name: str = "山西省忻州市五台县示例有限公司", code: str = CODE) -> Subject:
    return Subject(None, code, code, name)


def workshop(name: str = "山西省忻州市五台县示例有限公司铸造车间", code: str = CODE) -> Subject:
    """It states the code of its firm."""
    return Subject(None, code, None, name)


def person(number: bytes | None = b"a", code: str | None = None) -> Subject:
    return Subject(number, code, code, None)


def bureau(name: str = "山西省忻州市五台县示例局") -> Subject:
    return Subject(None, None, None, name)


NOBODY = Subject(None, None, None, None)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (person(), person(b"b")),
        (person(), person(None)),
        (person(code=CODE), person(code=OTHER_CODE)),
        (person(code=CODE), person()),
        (firm(), firm(code=OTHER_CODE)),
        (firm(), workshop()),
        (firm(), workshop(firm().collective or "")),
        (workshop(), firm()),
        (workshop(), firm(workshop().collective or "")),
        (workshop(), workshop("山西省忻州市五台县示例有限公司机修班")),
        (workshop(), workshop(code=OTHER_CODE)),
        (bureau(), bureau("山西省忻州市五台县另一示例局")),
    ],
)
def test_another_number_another_firm_or_another_body_is_another_subject_r80_r82(before, after):
    assert before.is_replaced_by(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (person(), person()),
        (person(), person(code=CODE)),
        (firm(), firm("山西省忻州市五台县示例股份有限公司")),
        (workshop(), workshop()),
        (bureau(), bureau()),
    ],
)
def test_a_corrected_name_and_a_first_answer_are_the_same_subject_r80_r82(before, after):
    assert not before.is_replaced_by(after)


@pytest.mark.parametrize("after", [person(), person(code=CODE), firm(), workshop(), bureau()])
def test_a_case_that_named_nobody_yet_is_about_nobody_else_once_it_does_r80_r82(after):
    assert not NOBODY.is_replaced_by(after)


@pytest.mark.parametrize(
    "typed",
    [
        "示例（忻州）有限公司",
        "示例(忻州)有限公司",
        " 示例 （忻州）　有限公司",
        "示例〔忻州〕有限公司",
        "示例【忻州】有限公司",
        "示例［忻州］有限公司",
    ],
)
def test_a_collective_is_the_same_by_any_width_space_and_shape_of_brackets(typed):
    assert collective_key(typed) == "示例(忻州)有限公司"


def test_another_legal_form_is_another_firm():
    assert collective_key("示例有限公司") != collective_key("示例有限责任公司")


@pytest.mark.parametrize(
    ("answers", "known_by"),
    [
        ({}, CODE),
        ({"is_inner_office": None}, CODE),
        ({"is_inner_office": False}, CODE),
        ({"is_inner_office": True}, None),
    ],
)
def test_a_code_names_the_legal_entity_and_none_of_its_inner_offices_r6(answers, known_by):
    assert (entity_code(CODE, answers), entity_code(None, answers)) == (known_by, None)


@pytest.mark.parametrize(
    ("first_reported_at", "replaced_at", "reported"),
    [(None, None, False), (NOON, None, True), (NOON, NOON, False), (None, NOON, False)],
)
def test_only_whom_the_case_is_about_now_can_have_been_reported_r112_r113(first_reported_at, replaced_at, reported):
    assert has_been_reported(first_reported_at=first_reported_at, replaced_at=replaced_at) is reported
