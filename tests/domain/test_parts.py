"""Who fills what, and what a confirmation holds on to (A30)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.nominations.domain.form_definition import FieldDefinition, FieldType, FormDefinition, Part
from services.nominations.domain.parts import filled_with_nothing, foreign_findings, part_hash, progress
from tests.domain.sample_forms import complete_individual_form
from tests.domain.the_campaign import the_campaign

FORM = the_campaign().forms["attachment_6"]


def test_a_part_names_what_is_still_missing_in_the_order_of_the_form():
    values = complete_individual_form()
    del values["post"], values["full_name"]
    assert progress(FORM, values)[Part.NOMINEE].missing == ("full_name", "post")


def test_an_answer_that_hides_a_question_takes_it_off_the_list_r82():
    values = complete_individual_form() | {"employer_nature": "government_body"}
    del values["is_enterprise_head"], values["is_state_owned"]
    assert progress(FORM, values)[Part.UNIT].missing == ()


@given(st.permutations(list(complete_individual_form())))
def test_the_order_in_which_answers_come_changes_no_confirmation_a30(keys):
    values = complete_individual_form()
    shuffled = {key: values[key] for key in keys}
    assert part_hash(FORM, shuffled, Part.NOMINEE) == part_hash(FORM, values, Part.NOMINEE)


@pytest.mark.parametrize(("changed", "kept"), [("post", Part.UNIT), ("grounds", Part.NOMINEE)])
def test_a_change_ends_the_confirmation_of_its_own_part_only_a30(changed, kept):
    before = complete_individual_form()
    after = before | {changed: "另一个"}
    same = {part: part_hash(FORM, before, part) == part_hash(FORM, after, part) for part in Part}
    assert same == {part: part is kept for part in Part}


def test_a_nominee_may_fill_the_nominees_part_a30():
    assert foreign_findings(FORM, {}, {"full_name": "示例"}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [({}, {"grounds": "自荐"}), ({"grounds": "单位写的"}, {}), ({"grounds": "甲"}, {"grounds": "乙"})],
)
def test_what_a_nominee_changes_in_the_units_part_is_named_r79(before, after):
    findings = foreign_findings(FORM, before, after)
    assert [(f.pointer, f.code, f.message) for f in findings] == [
        ("/form/grounds", "not_your_part", "“符合条件的依据”由所在单位填写")
    ]


def test_wu_is_written_where_it_is_asked_for_and_allowed_r151_r171():
    filled = filled_with_nothing(FORM, {}, frozenset({"post", "sanctions_received"}))
    assert filled == {"post": "无", "sanctions_received": "无"}


def test_wu_is_never_written_over_an_answer_r151():
    assert filled_with_nothing(FORM, {"post": "车间主任"}, frozenset({"post"})) == {}


def test_wu_is_not_written_where_the_form_leaves_it_open_r151():
    note = FieldDefinition("note", "备注", FieldType.TEXT, required=False, blank_as="无")
    assert filled_with_nothing(FormDefinition("own", "own", (note,)), {}, frozenset({"note"})) == {}


@pytest.mark.parametrize("key", ["full_name", "deeds", "enterprise_type", "no_such_field"])
def test_wu_is_never_written_where_something_must_be_told_or_nothing_is_asked_r151(key):
    assert filled_with_nothing(FORM, {}, frozenset({key})) == {}
