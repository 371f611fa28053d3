"""Rules about files are read strictly: what is misspelt is refused, never ignored."""

import copy
import pickle
from dataclasses import replace
from typing import Any

import pytest

from services.documents.campaign_rules import CampaignRules, DocumentRules
from services.documents.domain.document_kind import (
    FileFormat,
    Retention,
    RetentionStart,
    Sensitivity,
    parse_document_kinds,
)
from services.documents.domain.photo_profile import PixelSize, parse_photo_profile, parse_photo_profiles
from services.documents.domain.rule_records import InvalidRules
from services.documents.problems import CampaignUnknown


@pytest.fixture
def profile_data(rules: dict[str, Any]) -> dict[str, Any]:
    return copy.deepcopy(rules["photo_profiles"]["two_inch_blue"])


@pytest.fixture
def kind_data(rules: dict[str, Any]) -> dict[str, Any]:
    return copy.deepcopy(rules["document_kinds"]["id_card_front"])


def test_r124_two_inches_are_three_print_sizes_with_their_pixels_at_300_dpi(profile_data):
    sizes = parse_photo_profile(profile_data).print_sizes
    assert [(size.width_px, size.height_px) for size in sizes] == [(413, 579), (413, 626), (390, 567)]
    assert [round(size.width_mm / 25.4 * 300) for size in sizes] == [size.width_px for size in sizes]


def test_r125_the_target_of_a_fix_satisfies_both_readings_of_kb(profile_data):
    profile = parse_photo_profile(profile_data)
    assert (profile.target.min_bytes, profile.target.max_bytes) == (profile.bytes.warn_below, profile.bytes.warn_above)


def test_the_best_target_size_comes_first(profile_data):
    assert parse_photo_profile(profile_data).target.sizes == (PixelSize(826, 1158), PixelSize(413, 579))


def test_a_profile_travels_to_a_worker_process_unchanged(profile):
    assert pickle.loads(pickle.dumps(profile)) == profile  # noqa: S301  our own bytes


def test_a_misspelt_limit_is_refused_by_its_full_name(profile_data):
    profile_data["bytes"]["refuse_bellow"] = profile_data["bytes"].pop("refuse_below")
    with pytest.raises(InvalidRules, match=r"photo_profile\.bytes has unknown fields: refuse_bellow"):
        parse_photo_profile(profile_data)


def test_a_missing_limit_is_refused_by_its_full_name(profile_data):
    del profile_data["background"]["blue"]["hue_to"]
    with pytest.raises(InvalidRules, match=r"photo_profile\.background\.blue misses the fields: hue_to"):
        parse_photo_profile(profile_data)


@pytest.mark.parametrize("value", ["50000", 50000.0, True, None])
def test_a_byte_limit_must_be_a_whole_number(profile_data, value):
    profile_data["bytes"]["refuse_below"] = value
    with pytest.raises(InvalidRules, match=r"photo_profile\.bytes\.refuse_below must be int"):
        parse_photo_profile(profile_data)


def test_a_whole_number_serves_where_a_fraction_may_stand(profile_data):
    profile_data["background"]["blue"]["hue_from"] = 188
    assert parse_photo_profile(profile_data).background.blue.hue_from == 188.0


def test_limits_of_bytes_must_rise(profile_data):
    profile_data["bytes"]["warn_below"] = 49_999
    with pytest.raises(InvalidRules, match="must rise"):
        parse_photo_profile(profile_data)


def test_a_hue_range_must_run_upwards(profile_data):
    profile_data["background"]["blue"]["hue_from"] = 251
    with pytest.raises(InvalidRules, match="hue_from must be below hue_to"):
        parse_photo_profile(profile_data)


@pytest.mark.parametrize("sizes", [[], "413x579", None])
def test_a_profile_names_at_least_one_print_size(profile_data, sizes):
    profile_data["print_sizes"] = sizes
    with pytest.raises(InvalidRules, match=r"photo_profile\.print_sizes must be a list"):
        parse_photo_profile(profile_data)


@pytest.mark.parametrize("parse", [parse_photo_profiles, parse_document_kinds, parse_photo_profile])
def test_rules_that_are_no_mapping_are_refused(parse):
    with pytest.raises(InvalidRules, match="must be a mapping"):
        parse(["two_inch_blue"])


def test_the_campaign_defines_every_kind_of_document(rules):
    assert set(parse_document_kinds(rules["document_kinds"])) == {
        "portrait",
        "id_card_front",
        "id_card_back",
        "professional_title_certificate",
        "degree_certificate",
        "honour_certificate",
        "sealed_scan",
        "opinion_sheet",
        "meeting_minutes",
        "publicity_proof",
        "objection_attachment",
        "deeds_annex",
    }


@pytest.mark.parametrize("side", ["id_card_front", "id_card_back"])
def test_r184_an_id_card_copy_is_encrypted_needs_consent_and_goes_early(rules, side):
    kind = parse_document_kinds(rules["document_kinds"])[side]
    assert (kind.encrypted, kind.sensitivity) == (True, Sensitivity.SENSITIVE)
    assert kind.consent_purpose == "id_card_copies"
    assert kind.retention == Retention(RetentionStart.AWARD_DECISION, 30)


def test_r126_a_portrait_is_a_jpg_and_follows_the_campaigns_profile(rules):
    kind = parse_document_kinds(rules["document_kinds"])["portrait"]
    profile = parse_photo_profiles(rules["photo_profiles"])[kind.photo_profile]
    assert (kind.formats, kind.max_bytes) == (
        frozenset({FileFormat.JPEG, FileFormat.HEIC}),  # what is kept of a HEIC is the JPEG it becomes
        profile.bytes.refuse_above,
    )


def test_a_file_of_the_case_is_archived_with_it(rules):
    kind = parse_document_kinds(rules["document_kinds"])["sealed_scan"]
    assert kind.retention == Retention(RetentionStart.CAMPAIGN_CLOSED, None)


def test_objections_are_not_read_by_the_unit_they_are_about(rules):
    readers = parse_document_kinds(rules["document_kinds"])["objection_attachment"].readers
    assert readers == {"county_officer", "county_reviewer", "city_officer", "city_reviewer"}


def test_what_an_authority_sealed_is_kept_like_every_sealed_paper_and_read_by_offices_alone_r58_r130(rules):
    kinds = parse_document_kinds(rules["document_kinds"])
    sheet, offices = kinds["opinion_sheet"], {"county_officer", "county_reviewer", "city_officer", "city_reviewer"}
    told = replace(kinds["sealed_scan"], label=sheet.label, required_when=sheet.required_when, readers=offices)
    assert sheet == told


def test_an_unknown_format_is_refused_with_the_known_ones(kind_data):
    kind_data["formats"] = ["jpeg", "gif"]
    with pytest.raises(InvalidRules, match=r"document_kinds\.card\.formats\[1\] must be one of jpeg, heic, png, pdf"):
        parse_document_kinds({"card": kind_data})


@pytest.mark.parametrize("limit", ["max_bytes", "max_pixels", "max_pages", "max_count"])
def test_a_kind_that_admits_nothing_is_refused(kind_data, limit):
    kind_data[limit] = 0
    with pytest.raises(InvalidRules, match="must be at least 1"):
        parse_document_kinds({"card": kind_data})


def test_a_watermarked_kind_takes_no_pdf(kind_data):
    kind_data["formats"] = ["jpeg", "pdf"]
    with pytest.raises(InvalidRules, match="watermark"):
        parse_document_kinds({"card": kind_data})


def test_what_comes_into_being_after_submission_is_still_added_then(rules):
    kinds = parse_document_kinds(rules["document_kinds"])
    assert {key for key, kind in kinds.items() if kind.after_submission} == {
        "sealed_scan",
        "opinion_sheet",
        "meeting_minutes",
        "publicity_proof",
        "objection_attachment",
    }


def test_a_negative_retention_is_refused(kind_data):
    kind_data["retention"]["days"] = -1
    with pytest.raises(InvalidRules, match="retention days"):
        parse_document_kinds({"card": kind_data})


@pytest.mark.parametrize(
    ("named", "answered"),
    [(None, "craft-2026"), ("shanxi-2025", "shanxi-2025"), ("trial", "trial")],
)
def test_who_names_no_campaign_is_told_the_rules_of_the_latest(named, answered):
    rules = CampaignRules({key: rules_of(key) for key in ("craft-2026", "shanxi-2025", "trial")})
    assert rules.of_asked(named).campaign_key == answered


def test_where_there_is_no_campaign_nobody_is_told_the_rules_of_one():
    with pytest.raises(CampaignUnknown):
        CampaignRules({}).of_asked(None)


def rules_of(key: str) -> DocumentRules:
    return DocumentRules(key, "示例活动", kinds={}, photo_profiles={}, notice=None)
