"""What the notice's campaign says, and every fault that keeps a campaign from being published."""

from datetime import UTC, date, datetime

import pytest

from services.nominations.domain.campaign import CampaignInvalid, CampaignProblem
from services.nominations.domain.campaign_parsing import parse_campaign
from services.nominations.domain.form_definition import FieldType
from tests.domain.the_campaign import campaign_data, field_data, the_campaign

CAMPAIGN = the_campaign()


def problems(change):
    data = campaign_data()
    change(data)
    with pytest.raises(CampaignInvalid) as caught:
        parse_campaign(data)
    return [(problem.path, problem.message) for problem in caught.value.problems]


def test_the_quota_table_is_the_notices_r15():
    assert [(row.name, *row.seats.values()) for row in CAMPAIGN.quotas] == [
        ("市级", 1, 2), ("忻府区", 1, 2), ("原平市", 1, 2), ("定襄县", 1, 2), ("五台县", 1, 1), ("代县", 1, 1),
        ("繁峙县", 1, 1), ("宁武县", 0, 1), ("静乐县", 0, 1), ("神池县", 0, 1), ("五寨县", 0, 1), ("岢岚县", 0, 1),
        ("河曲县", 0, 1), ("保德县", 0, 1), ("偏关县", 0, 1), ("忻州经济开发区", 1, 1),
    ]  # fmt: skip


def test_the_quotas_add_up_to_eight_collectives_and_twenty_individuals_a1():
    totals = {key: sum(row.seats[key] for row in CAMPAIGN.quotas) for key in CAMPAIGN.category_keys}
    assert totals == {"advanced_individual": 20, "advanced_collective": 8}


def test_the_city_reports_four_and_eight_r18():
    assert {each.key: each.final_quota for each in CAMPAIGN.categories} == {
        "advanced_individual": 8,
        "advanced_collective": 4,
    }


def test_each_category_has_five_conditions_and_the_form_offers_as_many_r22_r31():
    offered = [len(CAMPAIGN.enums[f"{each.key}.conditions"]) for each in CAMPAIGN.categories]
    assert [len(each.conditions) for each in CAMPAIGN.categories] + offered == [5, 5, 5, 5]


def test_materials_are_late_from_midnight_in_beijing_a17():
    assert CAMPAIGN.materials_deadline == datetime(2025, 2, 28, 16, 0, tzinfo=UTC)


def test_the_campaigns_day_begins_at_midnight_in_beijing():
    assert CAMPAIGN.local_day(datetime(2025, 2, 28, 16, 0, tzinfo=UTC)) == date(2025, 3, 1)


def test_a_county_goes_through_three_stages_r45():
    assert CAMPAIGN.path_of("140922") == ("unit", "county", "city")


def test_a_city_level_unit_skips_the_county_a13():
    assert CAMPAIGN.path_of("city_direct") == ("unit", "city")


def test_a_form_prints_the_name_in_the_quota_table_where_no_other_is_given_r165_r189():
    assert [CAMPAIGN.printed_name_of(unit) for unit in ("city_direct", "140922")] == ["市级", "五台县"]


def test_a_form_prints_the_name_that_the_campaign_gives_a_row_which_names_no_body_r165_a13():
    data = campaign_data() | {"printed_unit_names": {"city_direct": "忻州市示例局"}}
    campaign = parse_campaign(data)
    assert [campaign.printed_name_of(unit) for unit in ("city_direct", "140922")] == ["忻州市示例局", "五台县"]


def test_eleven_reasons_bar_an_enterprise_r83():
    assert [each.requirement for each in CAMPAIGN.disqualifiers] == [f"R{number}" for number in range(83, 94)]


def test_publicity_is_five_working_days_first_day_not_counted_r49_a16():
    rules = CAMPAIGN.publicity.values()
    assert {(rule.working_days, rule.count_first_day) for rule in rules} == {(5, False)}


def test_fifty_six_peoples_are_on_the_list():
    assert len({choice.label for choice in CAMPAIGN.enums["ethnicity"] if choice.label.endswith("族")}) == 56


def test_a_certificate_is_asked_of_whoever_claims_a_title_r177():
    kinds = [need.kind for need in CAMPAIGN.documents_required("advanced_individual", {"professional_title": "工程师"})]
    assert kinds == ["portrait", "id_card_front", "id_card_back", "professional_title_certificate"]


def test_no_certificate_is_asked_of_whoever_claims_none_r177():
    kinds = [need.kind for need in CAMPAIGN.documents_required("advanced_individual", {"professional_title": "无"})]
    assert kinds == ["portrait", "id_card_front", "id_card_back"]


def test_whoever_tells_of_an_award_shows_a_certificate_of_whichever_kind_r185():
    told = {"awards_received": [{"level": "national", "title": "示例奖"}]}
    needs = CAMPAIGN.documents_required("advanced_individual", told)
    needed = next(need for need in needs if need.requirement == "R185")
    shown = {
        kind: needed.is_met_by({"portrait", kind})
        for kind in ("honour_certificate", "professional_title_certificate", "degree_certificate", "id_card_front")
    }
    assert shown == {
        "honour_certificate": True,
        "professional_title_certificate": True,
        "degree_certificate": True,
        "id_card_front": False,
    }


def test_whoever_tells_of_no_award_shows_no_certificate_of_one_r185():
    kinds = [need.kind for need in CAMPAIGN.documents_required("advanced_individual", {"awards_received": "无"})]
    assert "honour_certificate" not in kinds


def test_a_category_leads_to_its_form():
    assert CAMPAIGN.form_of("advanced_individual").key == "attachment_6"


def test_an_unknown_category_is_a_key_error():
    with pytest.raises(KeyError):
        CAMPAIGN.category("best_dog")


def set_at(*path):
    """A change of the data: the last element is the new value, the ones before lead to its place."""
    *steps, last, value = path

    def change(data):
        for step in steps:
            data = data[step]
        data[last] = value

    return change


def without(*path):
    *steps, last = path

    def change(data):
        for step in steps:
            data = data[step]
        del data[last]

    return change


def in_field(name, **members):
    return lambda data: field_data(data, name).update(members)


NO_TIME = "must be a local time such as 2025-02-28 24:00, in a known time zone"
ONE_COMPARISON = "takes exactly one of equals, differs_from, one_of"
NOT_ABOVE = "no such field above this one"
RULE = ("categories", 1, "scope_rules", 0)
SCOPE_RULE = "categories.advanced_collective.scope_rules[0]"
TITLE_NEED = "document_needs.professional_title_certificate"


@pytest.mark.parametrize(
    ("change", "path", "message"),
    [
        (without("title"), "title", "is missing"),
        (set_at("title", 5), "title", "must be a text"),
        (set_at("spelt_wrong", 1), "spelt_wrong", "is not known here"),
        (set_at("version", 0), "version", "must be at least 1"),
        (set_at("version", True), "version", "must be a whole number"),
        (set_at("issued_on", "26.1.2025"), "issued_on", "must be a date such as 2025-01-26"),
        (set_at("issuers", [1]), "issuers", "must be a list of texts"),
        (set_at("contact", "phone", 350), "contact", "must be a mapping of texts"),
        (set_at("enums", "sex", {False: "否"}), "enums.sex", "must be a mapping of texts"),
        (without("enums"), "enums", "is missing"),
        (set_at("forms", "attachment_6", "a text"), "forms.attachment_6", "must be a mapping"),
        (set_at("timezone", "Asia"), "materials_deadline", NO_TIME),
        (set_at("timezone", "Moon/Base"), "materials_deadline", NO_TIME),
        (set_at("materials_deadline", "2025-02-28 25:00"), "materials_deadline", NO_TIME),
        (set_at("categories", 0, "subject", "robot"), "categories[0].subject", "must be one of individual, collective"),
        (set_at("categories", 0, "form", "attachment_66"), "categories.advanced_individual.form", "no form attachment_66"),
        (set_at("categories", 0, "nature_field", "post"), "categories.advanced_individual.nature_field", "no enum field post"),
        (lambda data: data["categories"].append(data["categories"][0]), "categories.advanced_individual", "stands twice"),
        (lambda data: data["quotas"].append(data["quotas"][0]), "quotas.city_direct", "stands twice"),
        (set_at("quotas", 0, "seats", "advanced_individual", -1), "quotas[0].seats", "must be whole numbers by category"),
        (set_at("quotas", 0, "seats", "best_dog", 1), "quotas.city_direct", "no category best_dog"),
        (without("quotas", 0, "seats", "advanced_individual"), "quotas.city_direct", "no seats for advanced_individual"),
        (set_at("paths", {}), "paths.default", "is missing"),
        (set_at("paths", "default", []), "paths.default", "must begin with unit"),
        (set_at("paths", "default", ["unit", "moon"]), "paths.default", "no stage moon"),
        (set_at("paths", "default", ["unit", "city", "city"]), "paths.default.city", "stands twice"),
        (set_at("paths", "149999", ["unit", "city"]), "paths.149999", "no such quota unit"),
        (set_at("printed_unit_names", {"149999": "示例局"}), "printed_unit_names.149999", "no such quota unit"),
        (set_at("printed_unit_names", ["示例局"]), "printed_unit_names", "must be a mapping of texts"),
        (without("publicity", "unit"), "publicity", "no rule for unit"),
        (set_at("publicity", "unit", "working_days", 0), "publicity.unit.working_days", "must be at least 1"),
        (set_at("publicity", "unit", "count_first_day", "no"), "publicity.unit.count_first_day", "must be true or false"),
        (set_at("consultation", 0, "authorities", ["weather"]), "consultation[0]", "no authority weather"),
        (set_at("consultation", 0, "natures", ["circus"]), "consultation[0]", "no nature circus"),
        (set_at("consultation", 0, "sheet", 7), "consultation[0].sheet", "must be a text"),
        (set_at("disqualifiers", 1, "window_years", "five"), "disqualifiers[1].window_years", "must be a whole number"),
        (set_at("document_needs", 0, "category", "best_dog"), "document_needs.portrait", "no category best_dog"),
        (set_at("document_needs", 3, "only_if", "field", "moon"), TITLE_NEED, "no field moon"),
        (set_at(*RULE, "scope", "bakery"), SCOPE_RULE, "no scope bakery"),
        (set_at(*RULE, "needs", 0, "field", "moon"), SCOPE_RULE, "no field moon"),
        (set_at(*RULE, "needs", 0, "equals", "enterprize"), SCOPE_RULE, "collective_nature never holds 'enterprize'"),
        (set_at(*RULE, "needs", []), f"{SCOPE_RULE}.needs", "must have at least 1 item"),
        (set_at(*RULE, "requirement", "R999"), f"{SCOPE_RULE}.requirement", "no requirement R999"),
        (set_at(*RULE, "severity", "notice"), "categories[1].scope_rules[0].severity", "must be one of error, warning"),
        (in_field("post", part="boss"), "forms.attachment_6.fields[12].part", "must be one of nominee, unit"),
        (in_field("post", pattern="("), "forms.attachment_6.post.pattern", "is not a regular expression"),
        (in_field("post", blank_as=0), "forms.attachment_6.fields[12].blank_as", "must be a text"),
        (in_field("post", key="full_name"), "forms.attachment_6.full_name", "stands twice"),
        (in_field("sex", enum="genders"), "forms.attachment_6.sex.enum", "no enum genders"),
        (in_field("sex", enum=None), "forms.attachment_6.sex.enum", "no enum None"),
        (in_field("resume", items=[]), "forms.attachment_6.resume.items", "are what a list has, and only a list"),
        (in_field("deeds", max_count=1000), "forms.attachment_6.deeds.max_count", "differs from deeds_limit"),
        (in_field("is_state_owned", required_if={"field": "deeds"}), "forms.attachment_6.fields[29].required_if", ONE_COMPARISON),
        (in_field("sex", required_if={"field": "deeds", "equals": "无"}), "forms.attachment_6.sex.required_if", NOT_ABOVE),
    ],
)  # fmt: skip
def test_a_broken_campaign_is_refused_by_path_and_reason(change, path, message):
    assert (path, message) in problems(change)


def test_a_row_of_a_list_holds_single_values_only():
    def change(data):
        field_data(data, "resume")["items"][0]["required_if"] = {"field": "sex", "equals": "female"}

    path = "forms.attachment_6.resume.from"
    assert problems(change) == [(path, "is too much for a row: single values without conditions only")]


def test_all_faults_are_found_in_one_pass():
    def change(data):
        data["paper_copies"] = "three"
        data["forms"]["attachment_6"]["subtitle"] = "x"

    assert problems(change) == [
        ("paper_copies", "must be a whole number"),
        ("forms.attachment_6.subtitle", "is not known here"),
    ]


def test_a_category_without_its_form_does_not_hide_other_faults():
    paths = [path for path, _ in problems(lambda data: data["forms"].pop("attachment_5"))]
    assert "categories.advanced_collective.form" in paths


def test_the_error_says_each_fault():
    assert str(CampaignInvalid((CampaignProblem("a", "is missing"), CampaignProblem("b", "stands twice")))) == (
        "a: is missing; b: stands twice"
    )


def test_a_deadline_may_have_an_hour_a17():
    data = campaign_data()
    data["materials_deadline"] = "2025-02-28 18:00"
    assert parse_campaign(data).materials_deadline == datetime(2025, 2, 28, 10, 0, tzinfo=UTC)


def test_a_field_that_nobody_classed_is_not_public_r48():
    data = campaign_data()
    del field_data(data, "deeds")["sensitivity"]
    deeds = parse_campaign(data).forms["attachment_6"].get("deeds")
    assert deeds is not None
    assert deeds.sensitivity == "P1"


def test_a_case_is_named_by_the_field_that_its_category_names():
    assert CAMPAIGN.name_of("advanced_collective", {"collective_name": "示例公司"}) == "示例公司"


@pytest.mark.parametrize(
    ("category", "values", "is_one"),
    [
        ("advanced_individual", {"is_enterprise_head": True}, True),
        ("advanced_individual", {"is_enterprise_head": False}, False),
        ("advanced_collective", {"collective_nature": "enterprise"}, True),
        ("advanced_collective", {"collective_nature": "government_body"}, False),
    ],
)
def test_an_enterprise_and_its_head_are_barred_together_r83(category, values, is_one):
    assert CAMPAIGN.is_enterprise(category, values) is is_one


def test_the_identity_number_is_found_by_its_kind_not_by_its_key():
    found = [CAMPAIGN.forms[form].of_type(FieldType.RESIDENT_ID) for form in ("attachment_5", "attachment_6")]
    assert [definition and definition.key for definition in found] == [None, "resident_id_number"]
