"""A case that names another person or firm is about somebody else (R50–R52, R80–R82)."""

import pytest

from services.nominations.domain.subject import Subject, collective_key

PERSON = Subject(b"a", None, None)
HEAD = Subject(b"a", "9114090012345678XH", None)
NOBODY = Subject(None, None, None)
FIRM = Subject(None, "9114090012345678XH", "山西省忻州市五台县示例有限公司")
BUREAU = Subject(None, None, "山西省忻州市五台县示例局")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (PERSON, Subject(b"b", None, None)),
        (PERSON, Subject(None, None, None)),
        (HEAD, Subject(b"a", "91110000600037341L", None)),
        (HEAD, Subject(b"a", None, None)),
        (FIRM, Subject(None, "91110000600037341L", FIRM.collective)),
        (BUREAU, Subject(None, None, "山西省忻州市五台县另一示例局")),
    ],
)
def test_another_number_another_firm_or_another_body_is_another_subject_r80_r82(before, after):
    assert before.is_replaced_by(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (PERSON, PERSON),
        (PERSON, HEAD),
        (FIRM, Subject(None, FIRM.credit_code, "山西省忻州市五台县示例股份有限公司")),
        (BUREAU, BUREAU),
        (Subject(None, None, None), PERSON),
    ],
)
def test_a_corrected_name_and_a_first_answer_are_the_same_subject_r80_r82(before, after):
    assert not before.is_replaced_by(after)


@pytest.mark.parametrize("after", [PERSON, HEAD, FIRM, BUREAU])
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
