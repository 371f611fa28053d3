"""Who may stand in for whom: the rule alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.auth.domain.acting import Assignment, Organisation
from services.auth.domain.delegation import DelegationFault, Period, fault_of
from services.auth.domain.roles import OrganisationKind, Role

NOW = datetime(2025, 2, 10, tzinfo=UTC)
WEEK = Period(NOW, NOW + timedelta(days=7))
UNIT = Organisation(UUID(int=1), "示例单位", OrganisationKind.UNIT, "140922", None)
OWN = Assignment(UUID(int=2), Role.UNIT_HEAD, UNIT, NOW - timedelta(days=300), None)
ME, COLLEAGUE = UUID(int=3), UUID(int=4)


def fault(own=OWN, to=COLLEAGUE, colleague=True, period=WEEK, taken=()):
    return fault_of(own, ME, to, colleague, period, list(taken))


def test_a_head_lets_a_colleague_stand_in_for_a_week():
    assert fault() is None


@pytest.mark.parametrize(
    "role", [Role.UNIT_CLERK, Role.COUNTY_OFFICER, Role.COUNTY_REVIEWER, Role.CITY_OFFICER, Role.CITY_REVIEWER]
)
def test_clerks_officers_and_reviewers_let_a_colleague_stand_in_too(role):
    assert fault(own=replace(OWN, role=role)) is None


@pytest.mark.parametrize("role", [Role.NOMINEE, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_nobody_stands_in_for_a_nominee_or_an_administrator(role):
    assert fault(own=replace(OWN, role=role)) is DelegationFault.NOT_A_ROLE_TO_DELEGATE


def test_whoever_stands_in_passes_the_role_on_to_nobody():
    assert fault(own=replace(OWN, acting_for="示例负责人")) is DelegationFault.DELEGATED_ALREADY


def test_nobody_stands_in_for_themselves():
    assert fault(to=ME) is DelegationFault.ONESELF


def test_only_people_of_the_own_body_stand_in():
    assert fault(colleague=False) is DelegationFault.NO_COLLEAGUE


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (timedelta(0), DelegationFault.PERIOD_EMPTY),
        (timedelta(microseconds=1), None),
        (timedelta(days=90), None),
        (timedelta(days=90, microseconds=1), DelegationFault.PERIOD_TOO_LONG),
    ],
)
def test_a_delegation_lasts_at_most_ninety_days(length, expected):
    assert fault(period=Period(NOW, NOW + length)) is expected


@pytest.mark.parametrize(("days", "expected"), [(6, DelegationFault.OVERLAPS), (7, None)])
def test_two_people_never_stand_in_at_the_same_time(days, expected):
    later = Period(NOW + timedelta(days=days), NOW + timedelta(days=20))
    assert fault(period=later, taken=[WEEK]) is expected


@pytest.mark.parametrize(("hours", "expected"), [(0, None), (1, DelegationFault.OVERLAPS)])
def test_whoever_stands_in_earlier_is_done_before_the_next_begins(hours, expected):
    earlier = Period(NOW - timedelta(days=2), NOW + timedelta(hours=hours))
    assert fault(period=earlier, taken=[WEEK]) is expected
