"""Forms made from the published description alone: what it allows passes, and each thing it forbids is named where it stands.

The description is that of `GET /v1/campaigns/{key}/forms/{form}`: a front end knows no more.
"""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.nominations.campaigns.campaign_views import form_schema
from services.nominations.domain.form import accept_draft, check_form
from services.nominations.domain.identity import check_digit
from tests.domain.the_campaign import the_campaign

TODAY = date(2025, 2, 7)
CAMPAIGN = the_campaign()
FORMS = ("attachment_5", "attachment_6")
WORDS = st.text(alphabet="示例铸造有限公司厂长班组一线工艺", min_size=6, max_size=12)
PHONES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


def digits(length: int) -> st.SearchStrategy[str]:
    return st.text(alphabet="0123456789", min_size=length, max_size=length)


def resident_ids() -> st.SearchStrategy[str]:
    births = st.dates(date(1950, 1, 1), date(2000, 12, 31))
    stems = st.builds(lambda day, serial: f"140922{day:%Y%m%d}{serial}", births, digits(3))
    return stems.map(lambda stem: stem + check_digit(stem))


def credit_codes() -> st.SearchStrategy[str]:
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

    def with_check(stem: str) -> str:
        total = sum(alphabet.index(character) * pow(3, place, 31) for place, character in enumerate(stem))
        return stem + alphabet[(31 - total % 31) % 31]

    return digits(9).map(lambda serial: with_check(f"91140900{serial}"))


VALID: dict[str, st.SearchStrategy[Any]] = {
    "long_text": WORDS,
    "year_month": st.dates(date(1990, 1, 1), date(2024, 12, 31)).map(lambda day: f"{day:%Y-%m}"),
    "date": st.dates(date(2000, 1, 1), date(2025, 2, 7)).map(date.isoformat),
    "phone": PHONES | digits(7).map(lambda number: f"0350-{number}"),
    "mobile": PHONES,
    "landline": digits(7).map(lambda number: f"0350-{number}"),
    "postcode": digits(6),
    "email": st.just("contact@example.cn"),
    "address": WORDS.map(lambda words: f"山西省忻州市{words}"),
    "region": st.sampled_from(["山西省五台县", "北京市海淀区", "内蒙古自治区土默特左旗"]),
    "resident_id": resident_ids(),
    "credit_code": credit_codes(),
    "boolean": st.booleans(),
    "attestation": st.just(True),
}


def answers(field: dict[str, Any]) -> st.SearchStrategy[Any]:
    """What the description of one field allows."""
    if "pattern" in field and field["key"] == "collective_name":
        return WORDS.map(lambda words: f"山西省忻州市五台县{words}")
    if "choices" in field:
        values = [choice["value"] for choice in field["choices"]]
        one = st.sampled_from(values)
        return one if field["type"] == "enum" else st.lists(one, min_size=1, unique=True)
    if field["type"] == "integer":
        highest = (
            TODAY.year - 1 if field["key"] == "year" else field.get("maximum", 100)
        )  # a year's help: no month to come
        return st.integers(field.get("minimum", 0), highest)
    if field["type"] == "list":
        row = st.fixed_dictionaries({item["key"]: answers(item) for item in field["items"] if item["required"]})
        return st.lists(row, min_size=1, max_size=3)
    if field["type"] == "text":
        return WORDS.map(lambda words: words[: field.get("max_length", 200)])
    return VALID[field["type"]]


def filled(form: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({field["key"]: answers(field) for field in schema(form)["fields"]})


def schema(form: str) -> dict[str, Any]:
    return form_schema(CAMPAIGN, CAMPAIGN.forms[form])


def errors(form: str, values: dict[str, Any]) -> list[tuple[str, str]]:
    definition = CAMPAIGN.forms[form]
    kept, refused = accept_draft(definition, values, CAMPAIGN.enums)
    found = [*refused, *check_form(definition, kept, today=TODAY)]
    return [(finding.pointer, finding.code) for finding in found if finding.severity == "error"]


SLOW = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@SLOW
@given(st.data())
@pytest.mark.parametrize("form", FORMS)
def test_what_the_description_allows_is_accepted(form, data):
    values = data.draw(filled(form))
    if values.get("is_state_owned") and not values.get("is_province_managed"):
        values["administrative_rank"] = "无"
    assert errors(form, values) == []


WRONG: dict[str, tuple[Any, str]] = {
    "integer": (10**6, "out_of_range"),
    "year_month": ("2025-13", "invalid_date"),
    "date": ("2025-02-30", "invalid_date"),
    "phone": ("12345", "invalid_phone"),
    "postcode": ("1234", "invalid_postcode"),
    "email": ("nobody", "invalid_email"),
    "address": ("五台县示例路1号", "address_without_province"),
    "region": ("五台", "invalid_native_place"),
    "resident_id": ("140922198503120019", "resident_id_checksum"),
    "credit_code": ("911409000000000000", "invalid_credit_code"),
    "attestation": (False, "attestation_missing"),
    "enum": ("no_such_value", "not_in_list"),
}
EVERY_FIELD = [
    pytest.param(form, field, id=f"{form}-{field['key']}")
    for form in FORMS
    for field in schema(form)["fields"]
    if field["type"] in WRONG
]


@settings(deadline=None, max_examples=5, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
@pytest.mark.parametrize(("form", "field"), EVERY_FIELD)
def test_what_the_description_forbids_is_named_where_it_stands(form, field, data):
    wrong, code = WRONG[field["type"]]
    values = data.draw(filled(form)) | {"is_enterprise_head": True, "employer_nature": "enterprise"}
    values |= {"collective_nature": "enterprise"} if form == "attachment_5" else {"is_state_owned": True}
    if form == "attachment_5":
        values = {key: value for key, value in values.items() if key not in ("is_enterprise_head", "employer_nature")}
    assert (f"/form/{field['key']}", code) in errors(form, values | {field["key"]: wrong})


@SLOW
@given(st.data())
@pytest.mark.parametrize("form", FORMS)
def test_whatever_is_left_out_is_asked_for_by_name(form, data):
    values = data.draw(filled(form))
    field = data.draw(st.sampled_from([each for each in schema(form)["fields"] if each["required"]]))
    del values[field["key"]]
    code = "attestation_missing" if field["type"] == "attestation" else "required"
    assert (f"/form/{field['key']}", code) in errors(form, values)
