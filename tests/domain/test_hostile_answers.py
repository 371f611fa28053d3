"""Answers that no form of ours would send: they are accepted or named, never a crash, a leak or a long wait."""

import json
import re
import unicodedata
from datetime import date
from time import process_time

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from services.nominations.domain import cross_checks, field_checks, form_drafts, text
from services.nominations.domain.form import accept_draft, check_form
from services.nominations.domain.form_definition import FieldDefinition, FieldType, FormDefinition
from services.nominations.domain.identity import normalise_number
from services.nominations.domain.parts import progress
from tests.domain.sample_forms import complete_individual_form
from tests.domain.the_campaign import the_campaign

TODAY = date(2025, 2, 7)
CAMPAIGN = the_campaign()
FORMS = (CAMPAIGN.forms["attachment_5"], CAMPAIGN.forms["attachment_6"])
FORM = CAMPAIGN.forms["attachment_6"]
FIELDS = [(form, definition.key) for form in FORMS for definition in form.fields]
LONGEST = 6000


def nested(times):
    value = []
    for _ in range(times):
        value = [value]
    return value


ODD = [
    None, "", [], {}, 0, 1, True, False, 1.5, float("nan"), float("inf"), 10**17, -(10**30), "无", ["无"], [""], [None],
    [[]], [{}], [{"from": ""}], [{"from": None}], [{"year": 10**17}], [{"year": True}], [{"level": ["x"]}], [{1: 2}],
    [{None: 1}], [{(1, 2): 1}], [{"\ud800": 1}], b"x", (1,), {1}, object(), "\ud800", ["\ud800"], "x" * 100_000, "\n",
    " 无 ", nested(50_000), "\u0390", "ﷺ" * 40,
]  # fmt: skip


@pytest.mark.parametrize(("form", "key"), FIELDS, ids=lambda it: it if isinstance(it, str) else it.key)
def test_an_odd_answer_is_kept_in_a_form_that_can_be_stored_or_it_is_named(form, key):
    for value in ODD:
        kept, findings = accept_draft(form, {key: value}, CAMPAIGN.enums)
        assert accept_draft(form, kept, CAMPAIGN.enums) == (kept, [])
        rfc8785.dumps(kept)
        findings += check_form(form, kept, today=TODAY)
        progress(form, kept)
        assert max(len(finding.pointer.encode()) + len(finding.message.encode()) for finding in findings) < 600


@pytest.mark.parametrize("key", [1, None, (1, 2), "\ud800", "", b"x", 1.5, True, "~/", "\n", "k" * 10_000])
def test_an_odd_key_is_unknown_and_its_pointer_can_be_sent(key):
    _, (finding,) = accept_draft(FORM, {key: 1}, CAMPAIGN.enums)
    assert (finding.code, len(json.loads(json.dumps(finding.pointer).encode())) < 100) == ("unknown_field", True)


@pytest.mark.parametrize(
    ("number", "codes"), [(2**53 - 1, []), (2**53, ["out_of_range"]), (-(2**53), ["out_of_range"])]
)
def test_a_number_that_json_readers_disagree_about_is_not_kept(number, codes):
    kept, findings = accept_draft(FORM, {"years_in_field": number}, CAMPAIGN.enums)
    assert ([finding.code for finding in findings], bool(kept)) == (codes, not codes)


@given(st.text(max_size=40) | st.sampled_from(["\u0390\u0301", "e \u0301x", "ª ŉ ﷺ", "ⓧ"]))
def test_normalising_an_identity_number_twice_changes_nothing(typed):
    once = normalise_number(typed)
    assert normalise_number(once) == once


def test_every_character_is_normalised_in_one_pass():
    letters = [chr(code) for code in range(0x250) if unicodedata.category(chr(code)) != "Cc"] + ["\u0390", "\u1fd3"]
    assert [each for each in letters if normalise_number(normalise_number(each)) != normalise_number(each)] == []


PATTERNS = [
    pattern
    for module in (field_checks, cross_checks, form_drafts, text)
    for pattern in vars(module).values()
    if isinstance(pattern, re.Pattern)
]
LONG = [
    "a" * LONGEST, "@" * LONGEST, "1" * LONGEST, " " * LONGEST, "\n" * LONGEST, "我" * LONGEST, "自我" * (LONGEST // 2),
    "a@" + "a." * (LONGEST // 2), "a@" + "a-" * (LONGEST // 2), "13" * (LONGEST // 2), "0350-" * (LONGEST // 5),
    "山西省" + "市" * LONGEST, "１" * LONGEST, "1x" * (LONGEST // 2), "_" * LONGEST,
]  # fmt: skip


@pytest.mark.parametrize(
    "pattern", PATTERNS, ids=lambda pattern: pattern.pattern[:20].encode("unicode_escape").decode()
)
def test_no_pattern_takes_long_over_the_longest_text(pattern):
    started = process_time()
    for each in LONG:
        pattern.search(each)
        pattern.fullmatch(each)
    assert process_time() - started < 1


@pytest.mark.parametrize(
    "definition", [d for form in FORMS for d in form.fields if d.pattern], ids=lambda definition: definition.key
)
def test_a_campaigns_pattern_takes_short_over_the_longest_answer_of_its_field(definition):
    answer = ("山西省" + "市县x" * 100)[: definition.max_length - 1] + "\n"
    started = process_time()
    assert re.fullmatch(definition.pattern, answer) is None
    assert process_time() - started < 0.5


def one_field(**settings):
    return FormDefinition("own", "own", (FieldDefinition("answer", "答案", requirement="R151", **settings),))


@pytest.mark.parametrize("key", ["full_name", "employer_name", "employer_contact_name", "deeds", "grounds"])
def test_wu_is_no_answer_where_something_must_be_told_r171(key):
    findings = check_form(FORM, complete_individual_form() | {key: "无"}, today=TODAY)
    label = FORM.get(key).label
    assert [(f.pointer, f.code, f.message) for f in findings] == [(f"/form/{key}", "required", f"“{label}”不能填“无”")]


def test_wu_may_stand_in_a_field_that_is_not_asked_r171():
    assert check_form(FORM, complete_individual_form() | {"rank_reason": "无"}, today=TODAY) == []


@pytest.mark.parametrize("day", ["20250207", "2025-W06-5", "2025-2-7", "2025-02-07T00:00", ""])
def test_a_date_is_written_one_way_only(day):
    codes = [f.code for f in check_form(one_field(type=FieldType.DATE), {"answer": day}, today=TODAY)]
    assert codes == (["invalid_date"] if day else ["required"])


@pytest.mark.parametrize(
    ("kind", "answer", "sentence"),
    [
        (FieldType.MOBILE, "0350-3000000", "“答案”应为11位手机号"),
        (FieldType.PHONE, "3000000", "“答案”应为11位手机号，或带区号的座机号"),
        (FieldType.LANDLINE, "3000000", "“答案”须填写区号"),
        (FieldType.LANDLINE, "x", "“答案”应为带区号的座机号"),
        (FieldType.POSTCODE, "x", "“答案”应为6位数字"),
        (FieldType.EMAIL, "x", "“答案”不是有效的电子邮箱"),
        (FieldType.ADDRESS, "忻州市", "“答案”要从省级行政区划开始填写，例如山西省忻州市"),
        (FieldType.REGION, "五台县", "“答案”填写格式为XX省XX县（市、区）"),
        (FieldType.YEAR_MONTH, "1985", "“答案”应为年月，例如1985-03"),
        (FieldType.YEAR_MONTH, "2025-03", "“答案”不能晚于今天"),
        (FieldType.DATE, "7.2.2025", "“答案”应为日期，例如2025-02-07"),
        (FieldType.RESIDENT_ID, "140922850312001", "15位旧身份证号已停用，请填写18位公民身份号码"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_r205(kind, answer, sentence):
    findings = check_form(one_field(type=kind), {"answer": answer}, today=TODAY)
    assert [(f.pointer, f.message, f.requirement) for f in findings] == [("/form/answer", sentence, "R151")]


PRIVATE = ["140922198503120019", "990922198503120018", "142201197502290012", "139000000001", "03503000000000000"]


@pytest.mark.parametrize("value", PRIVATE)
@pytest.mark.parametrize(
    "key", ["resident_id_number", "mobile_phone", "employer_contact_phone", "full_name", "deeds", "sex"]
)
def test_no_sentence_repeats_a_number_or_a_phone(key, value):
    kept, findings = accept_draft(FORM, {key: value}, CAMPAIGN.enums)
    sentences = " ".join(f.message + f.pointer for f in [*findings, *check_form(FORM, kept, today=TODAY)])
    assert value[:6] not in sentences


def test_a_form_without_fields_asks_nothing_of_anybody():
    assert progress(FormDefinition("own", "own", ()), {}) == {}
