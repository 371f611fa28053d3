"""What a draft of 附件6 may hold: anything well-formed, normalised; the rest refused by name."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.nominations.domain.eligibility import eligibility_findings
from services.nominations.domain.form import accept_draft, check_form
from services.nominations.domain.form_definition import FieldDefinition, FieldType, FormDefinition
from services.nominations.domain.parts import progress
from tests.domain.sample_forms import complete_individual_form
from tests.domain.test_form import TODAY
from tests.domain.the_campaign import the_campaign

CAMPAIGN = the_campaign()
FORM = CAMPAIGN.forms["attachment_6"]
KEYS = [definition.key for definition in FORM.fields]


def accept(values):
    return accept_draft(FORM, values, CAMPAIGN.enums)


def accepted(key, value):
    values, findings = accept({key: value})
    assert findings == []
    return values.get(key)


def refusals(values):
    kept, findings = accept(values)
    assert kept == {}
    return [(finding.pointer, finding.code) for finding in findings]


def test_a_complete_form_passes_unchanged():
    assert accept(complete_individual_form()) == (complete_individual_form(), [])


def test_an_empty_draft_passes():
    assert accept({}) == ({}, [])


@pytest.mark.parametrize("value", [None, "", "  ", [], [{}]])
def test_an_emptied_answer_is_not_kept(value):
    key = "resume" if isinstance(value, list) else "full_name"
    assert accept({key: value}) == ({}, [])


@pytest.mark.parametrize("value", [None, ""])
@pytest.mark.parametrize("key", KEYS)
def test_any_field_may_be_left_open_in_a_draft(key, value):
    assert accept({key: value}) == ({}, [])


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("full_name", "示例" * 25),
        ("deeds", "事" * 6000),
        ("resume", [{"from": "2008-07"}] * 60),
    ],
)
def test_as_much_as_a_field_takes_is_kept(key, value):
    assert accepted(key, value) == value


@pytest.mark.parametrize(
    ("key", "typed", "kept"),
    [
        ("full_name", " 示例员工　", "示例员工"),
        ("full_name", "示例员工\r\n", "示例员工"),
        ("full_name", "e\u0301", "é"),
        ("full_name", "示例\u200b员工\ufeff", "示例员工"),
        ("full_name", "示例\t员工", "示例 员工"),
        ("deeds", "第一行\r\n第二行", "第一行\n第二行"),
        ("mobile_phone", "１３９００００００００", "13900000000"),
        ("employer_postcode", "０３５５００", "035500"),
        ("birth_month", "１９８５－０３", "1985-03"),
        ("resident_id_number", "11010519491231002x", "11010519491231002X"),
        ("resident_id_number", "１１０１０５ 19491231 002Ｘ", "11010519491231002X"),
        ("sanctions_received", "无", "无"),
        ("conditions", ["other_contribution", "other_contribution"], ["other_contribution"]),
        ("is_enterprise_head", False, False),
        ("years_in_field", 0, 0),
        ("years_in_field", "１５", 15),
        ("years_in_field", "十五", 15),
        ("birth_month", "1985年3月", "1985-03"),
        ("birth_month", "1985.3", "1985-03"),
        ("credit_code", " 9114090012345678xh ", "9114090012345678XH"),
        ("id_card_valid_until", "2035年3月12日", "2035-03-12"),
        ("id_card_valid_until", "长期", "长期"),
        ("full_name", "喆垚犇龑祎𠅤", "喆垚犇龑祎𠅤"),
        ("full_name", "阿依古丽•买买提", "阿依古丽·买买提"),
        ("full_name", "阿依古丽・买买提", "阿依古丽·买买提"),
        ("resident_id_number", "\u202a110105-19491231-002x\u202c", "11010519491231002X"),
        ("mobile_phone", "\u202d138 0350 1234\u202c", "13803501234"),
        ("employer_postcode", "０３４ ０００", "034000"),
        ("deeds", "一・二\n• 三", "一·二\n• 三"),
    ],
)
def test_what_phones_type_is_normalised_once_r150(key, typed, kept):
    assert accepted(key, typed) == kept


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (FieldType.PHONE, "（0350）3000000", "0350-3000000"),
        (FieldType.MOBILE, "１３９ 0000 0000", "13900000000"),
        (FieldType.LANDLINE, "（0350）3000000", "0350-3000000"),
        (FieldType.POSTCODE, "０３５５００", "035500"),
        (FieldType.EMAIL, "ａ＠example.cn", "a@example.cn"),
        (FieldType.RESIDENT_ID, "11010519491231002x", "11010519491231002X"),
        (FieldType.CREDIT_CODE, "9114090012345678xh", "9114090012345678XH"),
        (FieldType.YEAR_MONTH, "1985年3月", "1985-03"),
        (FieldType.DATE, "2035年3月12日", "2035-03-12"),
        (FieldType.TEXT, "ａ＠example.cn", "ａ＠example.cn"),
    ],
)
def test_each_kind_of_number_is_understood_in_its_own_way_and_words_are_left_alone_r150(kind, typed, kept):
    form = FormDefinition("own", "own", (FieldDefinition("answer", "答案", kind),))
    assert accept_draft(form, {"answer": typed}, {}) == ({"answer": kept}, [])


def test_a_value_that_is_merely_wrong_is_kept_for_the_checks():
    assert accepted("resident_id_number", "123") == "123"


def test_an_unfinished_row_is_kept():
    assert accepted("resume", [{"from": "2008-07"}]) == [{"from": "2008-07"}]


@pytest.mark.parametrize(
    ("key", "value", "pointer", "code"),
    [
        ("spelt_wrong", "x", "/form/spelt_wrong", "unknown_field"),
        ("a/b~c", "x", "/form/a~1b~0c", "unknown_field"),
        ("\ud800", "x", "/form/?", "unknown_field"),
        ("k" * 200, "x", "/form/" + "k" * 80, "unknown_field"),
        ("full_name", 5, "/form/full_name", "wrong_type"),
        ("full_name", ["x"], "/form/full_name", "wrong_type"),
        ("full_name", True, "/form/full_name", "wrong_type"),
        ("years_in_field", "fifteen", "/form/years_in_field", "wrong_type"),
        ("years_in_field", 15.0, "/form/years_in_field", "wrong_type"),
        ("years_in_field", True, "/form/years_in_field", "wrong_type"),
        ("is_enterprise_head", "true", "/form/is_enterprise_head", "wrong_type"),
        ("truth_declaration", 1, "/form/truth_declaration", "wrong_type"),
        ("resume", "无", "/form/resume", "wrong_type"),
        ("resume", {"from": "2008-07"}, "/form/resume", "wrong_type"),
        ("resume", ["2008-07"], "/form/resume/0", "wrong_type"),
        ("resume", [{"from": 2008}], "/form/resume/0/from", "wrong_type"),
        ("resume", [{}, {"salary": 1}], "/form/resume/1/salary", "unknown_field"),
        ("resume", [{"from": "2008-07"}] * 61, "/form/resume", "too_many_items"),
        ("awards_received", [{"level": "galactic"}], "/form/awards_received/0/level", "not_in_list"),
        ("sex", "男", "/form/sex", "not_in_list"),
        ("sex", "无", "/form/sex", "not_in_list"),
        ("conditions", "dedication", "/form/conditions", "wrong_type"),
        ("conditions", ["dedication", "luck"], "/form/conditions/1", "not_in_list"),
        ("conditions", [5], "/form/conditions/0", "wrong_type"),
        ("conditions", ["dedication"] * 101, "/form/conditions", "too_many_items"),
        ("full_name", "示例" * 26, "/form/full_name", "too_long"),
        ("deeds", "事" * 6001, "/form/deeds", "too_long"),
        ("full_name", "示例\n员工", "/form/full_name", "text_not_clean"),
        ("full_name", "示例\x00", "/form/full_name", "text_not_clean"),
        ("deeds", "事\x00迹", "/form/deeds", "text_not_clean"),
        ("deeds", "事\x85迹", "/form/deeds", "text_not_clean"),
        ("deeds", "事\u2028迹", "/form/deeds", "text_not_clean"),
        ("deeds", "事\ud800迹", "/form/deeds", "text_not_clean"),
        ("full_name", "abc\u202edef", "/form/full_name", "text_not_clean"),
        ("full_name", "abc\u2066def", "/form/full_name", "text_not_clean"),
    ],
)
def test_a_value_that_is_not_well_formed_is_refused_by_pointer_and_code_r128(key, value, pointer, code):
    assert refusals({key: value}) == [(pointer, code)]


def test_every_malformed_value_is_named_at_once():
    values = {"full_name": 5, "resume": [{"from": 1, "to": 2}, {"salary": 3}], "spelt_wrong": None}
    assert refusals(values) == [
        ("/form/full_name", "wrong_type"),
        ("/form/resume/0/from", "wrong_type"),
        ("/form/resume/0/to", "wrong_type"),
        ("/form/resume/1/salary", "unknown_field"),
        ("/form/spelt_wrong", "unknown_field"),
    ]


def test_a_refusal_never_repeats_the_answer():
    _, findings = accept({"resident_id_number": "140922198503120018" * 5, "mobile_phone": "13900000000\x00"})
    said = " ".join(finding.message for finding in findings)
    assert ("140922" in said, "13900" in said, len(findings)) == (False, False, 2)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
ROWS = st.lists(
    st.dictionaries(st.sampled_from(["from", "to", "organisation", "level", "year", "authority"]), JSON), max_size=3
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(KEYS), JSON | ROWS | st.sampled_from(["无", "1985-03", "enterprise"])))
def test_whatever_a_client_sends_is_accepted_or_named_and_what_was_accepted_can_be_checked(values):
    kept, findings = accept(values)
    assert accept(kept) == (kept, [])
    assert set(values) >= set(kept)
    assert len({finding.pointer for finding in findings}) == len(findings)
    check_form(FORM, kept, today=TODAY)
    eligibility_findings(CAMPAIGN, "advanced_individual", kept, today=TODAY)
    assert all(0 <= state.percent <= 100 for state in progress(FORM, kept).values())
