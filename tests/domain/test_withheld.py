"""The history is written whole and read by role (R58, R64, R80–R82)."""

import pytest

from services.nominations.domain.withheld import as_told
from services.nominations.domain.workflow import Event, Role, Status


def told(
    event: Event,
    *roles: Role,
    status: Status = Status.RANKED,
    actor: Role = Role.CITY_OFFICER,
    reason: str = "",
    **details: object,
):
    written = {
        "event": event.value,
        "reason": reason,
        "actor": {"name": "示例警官", "roles": [actor.value], "organisation_name": "公安部门"},
        "details": details,
    }
    return as_told(written, roles=frozenset(roles), status=status)


@pytest.mark.parametrize("role", [Role.NOMINEE, Role.UNIT_CLERK, Role.UNIT_HEAD])
def test_nominee_and_unit_read_which_authority_answered_and_neither_what_nor_by_whom_r58_r80(role):
    read = told(Event.OPINION_RECORDED, role, actor=Role.AUTHORITY, authority="public_security", result="unfavourable")
    assert (read["details"], read["actor"]["name"]) == ({"authority": "public_security"}, "公安部门")


def test_a_unit_reads_which_officer_wrote_an_answer_on_paper_down_r58():
    read = told(Event.OPINION_RECORDED, Role.UNIT_CLERK, actor=Role.COUNTY_OFFICER, result="favourable")
    assert (read["details"], read["actor"]["name"]) == ({}, "示例警官")


@pytest.mark.parametrize("role", [Role.COUNTY_OFFICER, Role.COUNTY_REVIEWER, Role.CITY_OFFICER, Role.CITY_REVIEWER])
def test_offices_read_what_an_authority_answered_and_who_signed_r58(role):
    read = told(Event.OPINION_RECORDED, role, actor=Role.AUTHORITY, result="unfavourable")
    assert (read["details"], read["actor"]["name"]) == ({"result": "unfavourable"}, "示例警官")


@pytest.mark.parametrize("event", [Event.RANKED, Event.REPORTED_TO_PROVINCE])
@pytest.mark.parametrize(
    ("role", "details"),
    [
        (Role.NOMINEE, {"list_id": "1"}),
        (Role.UNIT_HEAD, {"list_id": "1"}),
        (Role.UNIT_CLERK, {"list_id": "1"}),
        (Role.COUNTY_OFFICER, {"list_id": "1"}),
        (Role.COUNTY_REVIEWER, {"list_id": "1"}),
        (Role.CITY_OFFICER, {"list_id": "1", "rank": 2}),
    ],
)
def test_the_citys_rank_is_told_to_nobody_below_before_the_province_has_decided_r64(event, role, details):
    assert told(event, role, list_id="1", rank=2)["details"] == details


@pytest.mark.parametrize(("role", "rank"), [(Role.UNIT_CLERK, None), (Role.COUNTY_REVIEWER, 1)])
def test_a_county_reads_the_order_that_it_made_itself_r64(role, rank):
    assert told(Event.REPORTED, role, rank=1)["details"].get("rank") == rank


@pytest.mark.parametrize("status", [Status.AWARDED, Status.NOT_AWARDED, Status.REVOKED])
def test_a_rank_is_told_once_the_province_has_decided_r64(status):
    assert told(Event.RANKED, Role.NOMINEE, status=status, rank=2)["details"] == {"rank": 2}


@pytest.mark.parametrize(
    ("role", "read"),
    [
        (Role.NOMINEE, ("", {})),
        (Role.UNIT_CLERK, ("", {})),
        (Role.COUNTY_REVIEWER, ("来函更正", {"replaces": {"source": "link", "result": "unfavourable"}})),
    ],
)
def test_what_an_answer_replaced_and_why_is_for_offices_as_the_answer_is_r58_r97(role, read):
    replaced = {"source": "link", "result": "unfavourable"}
    event = told(Event.OPINION_RECORDED, role, reason="来函更正", replaces=replaced)
    assert (event["reason"], event["details"]) == read


@pytest.mark.parametrize(("role", "name"), [(Role.NOMINEE, "公安部门"), (Role.CITY_OFFICER, "示例警官")])
def test_the_officer_of_an_authority_is_named_to_the_cases_side_by_no_event_r58(role, name):
    """A circumstance of R83–R93 that came with an opinion names them too."""
    event = told(Event.DISQUALIFIER_RECORDED, role, actor=Role.AUTHORITY, disqualifier="under_investigation")
    assert (event["actor"]["name"], event["details"]) == (name, {"disqualifier": "under_investigation"})


def test_why_a_case_was_returned_is_read_by_its_unit():
    assert told(Event.REVIEW_RETURNED, Role.UNIT_CLERK, reason="补充材料")["reason"] == "补充材料"
