"""The decision table of 正文 五（三）: whose opinion is asked about whom, every combination."""

import itertools

import pytest

from services.nominations.domain.consultation import (
    NomineeFacts,
    Replaced,
    needs_sealed_sheet,
    outstanding,
    replaced_by,
    required_opinions,
)
from tests.domain.the_campaign import the_campaign

CAMPAIGN = the_campaign()
LABELS = {choice.value: choice.label for choice in CAMPAIGN.enums["employer_nature"]}

POLICE = ("public_security",)
PUBLIC = ("public_security", "personnel", "discipline_inspection")
FIRM = (
    "public_security", "emergency_management", "market_regulation", "taxation", "environment", "human_resources",
)  # fmt: skip
PUBLIC_NATURES = ("government_body", "civil_service_managed_institution", "public_institution")


def asked(subject, nature, enterprise_head=False):
    facts = NomineeFacts(subject, nature, LABELS.get(nature, ""), enterprise_head)
    return required_opinions(CAMPAIGN.consultation, CAMPAIGN.authorities, facts)


def expected(subject, nature, head):
    sheets = {"collective": ("attachment_7_1", "attachment_7_2"), "individual": ("attachment_8_1", "attachment_8_2")}
    if nature in PUBLIC_NATURES:
        return PUBLIC, sheets[subject][0], "管理权限所在级"
    if nature == "enterprise" and (subject == "collective" or head):
        return FIRM, sheets[subject][1], "企业所在地"
    return POLICE, None, "属地" if subject == "collective" else "属地或户籍所在地"


@pytest.mark.parametrize(
    ("subject", "nature", "head"), list(itertools.product(("individual", "collective"), LABELS, (True, False)))
)
def test_every_combination_is_asked_of_the_authorities_of_the_notice_r80_r81_r82(subject, nature, head):
    opinions = asked(subject, nature, head)
    authorities, sheet, jurisdiction = expected(subject, nature, head)
    assert tuple(opinion.authority for opinion in opinions) == authorities
    assert {(opinion.sheet, opinion.jurisdiction) for opinion in opinions} == {(sheet, jurisdiction)}


def test_nobody_is_asked_while_the_nature_is_not_filled_in():
    assert asked("individual", "") == ()


def test_the_reason_is_said_in_words_a_clerk_reads():
    (opinion,) = asked("individual", "enterprise")
    assert (opinion.label, opinion.reason) == (
        "公安部门",
        "推荐对象为个人，单位性质为企业一般职工：向属地或户籍所在地的1个部门征求意见",
    )


def test_the_head_of_an_enterprise_is_named_as_such_in_the_reason_r82():
    reasons = {opinion.reason for opinion in asked("individual", "enterprise", enterprise_head=True)}
    assert reasons == {"推荐对象为个人，单位性质为企业负责人：向企业所在地的6个部门征求意见"}


def test_a_collective_is_named_as_such_in_the_reason_r81():
    reasons = {opinion.reason for opinion in asked("collective", "government_body")}
    assert reasons == {"推荐对象为集体，单位性质为机关：向管理权限所在级的3个部门征求意见"}


def test_staff_of_public_bodies_are_asked_about_on_sheet_8_1_r200():
    assert {opinion.sheet for opinion in asked("individual", "government_body")} == {"attachment_8_1"}


def test_an_authority_that_says_not_applicable_has_given_no_opinion_r58_r80():
    needs = asked("individual", "public_institution")
    said = {"public_security": "favourable", "personnel": "not_applicable", "discipline_inspection": "unfavourable"}
    assert (outstanding(needs, said), outstanding(needs, {})) == (
        ("组织人事部门（答复“不适用”，请另向有管理权限的部门征求）",),
        ("公安部门", "组织人事部门", "纪检监察部门"),
    )


NO, YES = Replaced("link", "unfavourable"), Replaced("link", "favourable")
PAPER_YES, BATCH_YES = Replaced("paper", "favourable"), Replaced("batch", "favourable")


@pytest.mark.parametrize(
    ("source", "before", "of_before", "replaced"),
    [
        ("paper", None, None, None),
        ("link", None, None, None),
        ("paper", NO, None, NO),
        ("batch", NO, None, NO),
        ("paper", NO, PAPER_YES, NO),
        ("link", PAPER_YES, None, PAPER_YES),
        ("link", BATCH_YES, None, BATCH_YES),
        ("link", PAPER_YES, NO, PAPER_YES),
        ("paper", PAPER_YES, None, None),
        ("paper", BATCH_YES, None, None),
        ("paper", PAPER_YES, NO, NO),
        ("batch", PAPER_YES, NO, NO),
        ("link", NO, None, None),
        ("link", YES, PAPER_YES, PAPER_YES),
    ],
)
def test_an_answer_takes_the_place_of_what_the_other_side_said_last_r97(source, before, of_before, replaced):
    assert replaced_by(source, before, of_before) == replaced


@pytest.mark.parametrize(
    ("source", "replaced", "needed"),
    [
        ("paper", NO, True),
        ("batch", YES, True),
        ("paper", Replaced("link", "not_applicable"), False),
        ("paper", PAPER_YES, False),
        ("paper", None, False),
        ("link", PAPER_YES, False),
        ("link", NO, False),
    ],
)
def test_only_who_contradicts_the_authority_itself_brings_its_seal_and_a_reason_r97_r130(source, replaced, needed):
    assert needs_sealed_sheet(source, replaced) is needed
