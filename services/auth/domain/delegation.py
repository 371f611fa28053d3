"""Standing in for somebody: a colleague holds one's role for a period, in their own name; two-person rules stay two people's."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.auth.domain.acting import Assignment
from services.auth.domain.roles import Role

LONGEST = timedelta(days=90)
DELEGABLE = frozenset(
    {
        Role.UNIT_CLERK,
        Role.UNIT_HEAD,
        Role.COUNTY_OFFICER,
        Role.COUNTY_REVIEWER,
        Role.CITY_OFFICER,
        Role.CITY_REVIEWER,
    }
)
"""Not a nominee's, who answers for themselves, and not an administrator's (三员分立)."""


class DelegationFault(StrEnum):
    """Why somebody cannot stand in."""

    NOT_A_ROLE_TO_DELEGATE = "not_a_role_to_delegate"
    DELEGATED_ALREADY = "delegated_already"
    ONESELF = "oneself"
    NO_COLLEAGUE = "no_colleague"
    PERIOD_EMPTY = "period_empty"
    PERIOD_TOO_LONG = "period_too_long"
    OVERLAPS = "overlaps"
    HOLDS_IT_ALREADY = "holds_it_already"


@dataclass(frozen=True, slots=True)
class Period:
    """From one moment up to another."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: "Period") -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def fault_of(  # noqa: PLR0917  who hands what to whom, when
    own: Assignment, own_person: UUID, to_person: UUID, colleague: bool, period: Period, taken: list[Period]
) -> DelegationFault | None:
    """The first thing that speaks against it. `taken`: periods in which somebody stands in already."""
    checks = (
        (own.role not in DELEGABLE, DelegationFault.NOT_A_ROLE_TO_DELEGATE),
        (bool(own.acting_for), DelegationFault.DELEGATED_ALREADY),
        (own_person == to_person, DelegationFault.ONESELF),
        (not colleague, DelegationFault.NO_COLLEAGUE),
        (period.ends_at <= period.starts_at, DelegationFault.PERIOD_EMPTY),
        (period.ends_at - period.starts_at > LONGEST, DelegationFault.PERIOD_TOO_LONG),
        (any(period.overlaps(each) for each in taken), DelegationFault.OVERLAPS),
    )
    return next((fault for wrong, fault in checks if wrong), None)
