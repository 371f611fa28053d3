"""Every role at every action in every status and stage: allowed as the table below says, refused with a code otherwise.

The table is written out by hand on purpose: whoever changes the procedure changes it here too, and sees what that opens.
"""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from services.nominations.domain.facts import Actor, CaseFacts
from services.nominations.domain.permissions import blockers
from services.nominations.domain.workflow import Action, Role, Status

STAGES = ("unit", "county", "city")
ALLOWED = """
unit edit draft returned nominee unit_clerk
unit confirm draft returned in_publicity nominee unit_clerk
unit submit draft returned nominee unit_clerk
unit withdraw draft returned deliberation decided in_publicity nominee unit_clerk
unit record_staff_deliberation deliberation unit_clerk
unit record_inspection deliberation unit_clerk
unit record_leadership_decision deliberation unit_clerk
unit record_self_review deliberation decided in_publicity unit_clerk
unit open_publicity decided unit_clerk
unit correct in_publicity unit_clerk
unit sign_for_unit in_publicity unit_head
unit return deliberation decided in_publicity unit_clerk
unit disqualify returned deliberation decided in_publicity OFFICES
county withdraw under_review endorsed nominee unit_clerk
county record_opinion under_review endorsed county_officer authority
county endorse under_review county_reviewer
county return under_review endorsed county_reviewer
county reject under_review endorsed county_reviewer
county report endorsed county_officer
county disqualify under_review endorsed listed in_city_publicity ranked reported OFFICES
city withdraw under_review endorsed nominee unit_clerk
city record_opinion under_review endorsed city_officer authority
city approve_rank under_review endorsed city_reviewer
city second_rank under_review endorsed city_reviewer
city endorse under_review city_reviewer
city return under_review endorsed city_reviewer
city reject under_review endorsed city_reviewer
city list endorsed city_officer
city unlist listed in_city_publicity ranked city_officer
city open_city_publicity listed city_officer
city rank in_city_publicity ranked city_officer
city report_to_province ranked city_officer
city record_award reported city_officer
city record_no_award reported city_officer
city revoke awarded city_officer
city disqualify under_review endorsed listed in_city_publicity ranked reported OFFICES
"""
OFFICES = "county_officer county_reviewer city_officer city_reviewer"
FAVOURABLE = CaseFacts(
    stage="unit",
    status=Status.DRAFT,
    unit_id="unit-1",
    quota_unit="140922",
    nominee_person_id="nominee-1",
    today=date(2025, 2, 14),
    records=frozenset({"staff_deliberation", "inspection", "leadership_decision", "self_review"}),
    asked_parts=frozenset({"nominee", "unit"}),
    confirmed_parts=frozenset({"nominee", "unit"}),
    publicity_closes_on=date(2025, 2, 13),
    city_publicity_closes_on=date(2025, 2, 13),
)
"""A case against which nothing speaks: only the place, the status and the role decide."""
REFUSALS = {"role_not_allowed", "not_this_stage", "wrong_status", "own_case"}


def allowed_by_hand() -> set[tuple[str, str, str, str]]:
    statuses, roles = {each.value for each in Status}, {each.value for each in Role}
    found = set()
    for line in ALLOWED.replace("OFFICES", OFFICES).strip().splitlines():
        stage, action, *words = line.split()
        found |= set(product([stage], [action], statuses & set(words), roles & set(words)))
    return found


def actor_as(role: Role) -> Actor:
    in_unit = role in (Role.UNIT_CLERK, Role.UNIT_HEAD)
    person = "nominee-1" if role is Role.NOMINEE else f"somebody as {role.value}"
    return Actor(person, "unit-1" if in_unit else "office-1", "140922", "hrss", frozenset({role}))


def favourable_to(action: Action, stage: str, status: Status) -> CaseFacts:
    """A rank is agreed to only where it is in question, and seconded only where somebody proposed it."""
    in_question = action in {Action.APPROVE_RANK, Action.SECOND_RANK}
    proposed_by = "somebody else" if action is Action.SECOND_RANK else None
    return replace(
        FAVOURABLE, stage=stage, status=status, rank_awaits_approval=in_question, rank_proposed_by=proposed_by
    )


@pytest.fixture(scope="module")
def walked() -> dict[tuple[str, str, str, str], list[str]]:
    """Stage, action, status, role → the codes of everything that stands against it."""
    return {
        (stage, action.value, status.value, role.value): [
            blocker.code
            for blocker in blockers(action, actor=actor_as(role), case=favourable_to(action, stage, status))
        ]
        for stage, action, status, role in product(STAGES, Action, Status, Role)
    }


def test_what_is_allowed_is_what_the_table_says_and_nothing_else(walked):
    assert {pair for pair, codes in walked.items() if not codes} == allowed_by_hand()


def test_everything_else_is_refused_by_role_stage_status_or_recusal(walked):
    codes = {code for codes in walked.values() for code in codes}
    assert codes == REFUSALS


def test_whatever_bars_a_case_stops_every_step_forward_for_everybody():
    barred = replace(FAVOURABLE, disqualifiers=("严重失信",), open_objections=1, materials_closed=True)
    forward = {
        "submit",
        "sign_for_unit",
        "endorse",
        "report",
        "list",
        "open_city_publicity",
        "rank",
        "report_to_province",
    }
    passed = {
        (stage, action, status, role)
        for stage, action, status, role in allowed_by_hand()
        if action in forward
        and not blockers(
            Action(action), actor=actor_as(Role(role)), case=replace(barred, stage=stage, status=Status(status))
        )
    }
    assert passed == set()
