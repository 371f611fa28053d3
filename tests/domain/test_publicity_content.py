"""What a publicity notice shows: basic facts and deeds, never a number, a phone or an address (R48)."""

import json

import pytest

from services.nominations.domain.form_definition import FieldDefinition, FieldType, FormDefinition
from services.nominations.domain.publicity import masked_name, publicity_content
from tests.domain.sample_forms import complete_individual_form
from tests.domain.the_campaign import the_campaign

FORM = the_campaign().forms["attachment_6"]


def test_basic_facts_and_deeds_are_shown_r48():
    assert list(publicity_content(FORM, complete_individual_form())) == [
        "full_name", "sex", "education_level", "degree", "identity_category", "years_in_field", "employer_name", "post",
        "professional_title", "employer_nature", "administrative_rank", "awards_received", "deeds",
    ]  # fmt: skip


def test_no_number_phone_address_or_contact_is_shown_r48():
    values = complete_individual_form()
    shown = json.dumps(publicity_content(FORM, values), ensure_ascii=False)
    private = [
        "resident_id_number", "mobile_phone", "employer_contact_name", "employer_contact_phone", "employer_address",
        "employer_postcode", "birth_month", "native_place", "ethnicity", "political_status", "grounds",
    ]  # fmt: skip
    assert [key for key in private if values[key] in shown] == []


def test_what_is_not_filled_in_is_not_shown():
    assert publicity_content(FORM, {"full_name": "示例", "post": "", "awards_received": []}) == {"full_name": "示例"}


@pytest.mark.parametrize(
    "kind",
    [
        FieldType.PHONE,
        FieldType.MOBILE,
        FieldType.LANDLINE,
        FieldType.EMAIL,
        FieldType.ADDRESS,
        FieldType.POSTCODE,
        FieldType.RESIDENT_ID,
        FieldType.ATTESTATION,
    ],
)
def test_a_private_kind_of_field_classed_public_by_mistake_is_still_not_shown_r48(kind):
    form = FormDefinition("own", "own", (FieldDefinition("private", "栏目", kind, sensitivity="P0"),))
    assert publicity_content(form, {"private": "0350-3000000"}) == {}


def test_a_field_that_nobody_classed_is_not_shown_r48():
    form = FormDefinition("own", "own", (FieldDefinition("note", "备注", FieldType.TEXT),))
    assert publicity_content(form, {"note": "示例"}) == {}


@pytest.mark.parametrize(
    ("name", "masked"), [("王晓明", "王*明"), ("王明", "王*"), ("欧阳晓明", "欧**明"), ("王", "王"), ("", "")]
)
def test_a_name_is_masked_where_it_travels_r48(name, masked):
    assert masked_name(name) == masked


def test_a_phone_in_the_rows_of_a_public_list_is_not_shown_r48():
    items = (FieldDefinition("name", "姓名", FieldType.TEXT), FieldDefinition("phone", "电话", FieldType.PHONE))
    team = FieldDefinition("team", "团队", FieldType.LIST, sensitivity="P0", items=items)
    form = FormDefinition("own", "own", (team,))
    shown = publicity_content(form, {"team": [{"name": "示例甲", "phone": "0350-3000000"}]})
    assert (shown, publicity_content(form, {"team": "无"})) == ({"team": [{"name": "示例甲"}]}, {"team": "无"})


def test_a_public_field_that_does_not_stand_on_paper_is_not_shown_r48():
    form = FormDefinition(
        "own", "own", (FieldDefinition("scope", "范围", FieldType.TEXT, sensitivity="P0", printed=False),)
    )
    assert publicity_content(form, {"scope": "示例"}) == {}


def test_several_answers_of_a_public_list_of_choices_are_shown_as_they_are_r48():
    form = FormDefinition("own", "own", (FieldDefinition("fields", "领域", FieldType.ENUM_SET, sensitivity="P0"),))
    assert publicity_content(form, {"fields": ["foundry", "energy"]}) == {"fields": ["foundry", "energy"]}
