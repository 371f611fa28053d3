"""Points that somebody goes through: the four gates of self-review, the three dimensions of a review."""

import pytest

from services.nominations.domain.checklist import dimensions, gates
from tests.domain.the_campaign import the_campaign

CAMPAIGN = the_campaign()
GATES = dict.fromkeys(CAMPAIGN.gates, True)


def faults(checklist, passed):
    return [(fault.member, fault.code, fault.requirement) for fault in checklist.faults(passed)]


def test_the_campaign_asks_the_four_gates_of_the_notice_r78():
    assert list(CAMPAIGN.gates.values()) == ["政治关", "条件关", "事迹关", "廉政关"]


def test_a_review_looks_at_procedure_authenticity_and_content_and_the_three_dimensions_r55_r56_r57_r60_r75():
    assert list(CAMPAIGN.review_dimensions.values()) == [
        "推荐程序的规范性",
        "推荐材料的真实性（已核对原件）",
        "推荐对象的基本情况和事迹",
        "政治表现",
        "工作业绩",
        "贡献大小",
    ]


def test_reviewers_are_reminded_of_what_a_nominee_should_be_r76():
    reminded = "".join(CAMPAIGN.review_prompts)
    assert [word in reminded for word in ("代表性", "先进性", "示范性")] == [True, True, True]


def test_four_passed_gates_are_a_self_review_r77():
    assert faults(gates(CAMPAIGN.gates), GATES) == []


def test_a_gate_that_nobody_looked_at_is_named_r78():
    passed = {key: True for key in GATES if key != "integrity"}
    assert faults(gates(CAMPAIGN.gates), passed) == [("gates/integrity", "point_missing", "R78")]


def test_a_gate_that_was_not_passed_is_named_r78():
    passed = GATES | {"deeds": False}
    assert faults(gates(CAMPAIGN.gates), passed) == [("gates/deeds", "point_not_passed", "R78")]


@pytest.mark.parametrize("passed", [True, False])
def test_a_gate_that_does_not_exist_is_named(passed):
    assert faults(gates(CAMPAIGN.gates), GATES | {"luck": passed}) == [("gates/luck", "unknown_field", "R78")]


def test_a_review_that_skips_a_dimension_is_named_r75():
    passed = {key: True for key in CAMPAIGN.review_dimensions if key != "contribution"}
    assert faults(dimensions(CAMPAIGN.review_dimensions), passed) == [
        ("assessment/contribution", "point_missing", "R75")
    ]
