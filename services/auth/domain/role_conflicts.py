"""Roles that exclude one another in one person: 三员分立, the two bureaus, whoever judges and whoever is judged."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.auth.domain.roles import ADMINISTRATORS, Bureau, Role

REVIEWERS = frozenset({Role.COUNTY_REVIEWER, Role.CITY_REVIEWER})
JUDGES = REVIEWERS | {Role.COUNTY_OFFICER, Role.CITY_OFFICER}


class RoleConflict(StrEnum):
    ADMINISTRATOR = "administrator_is_nothing_else"  # 三员分立
    BOTH_BUREAUS = "both_bureaus"  # 人社、工信两部门审核人须为两人（R4）
    JUDGES_AND_IS_JUDGED = "judges_and_is_judged"  # 审核人不能同时是推荐对象


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role for a time; `ends_at` None: until further notice."""

    role: Role
    bureau: Bureau | None
    starts_at: datetime
    ends_at: datetime | None = None

    def overlaps(self, other: "HeldRole") -> bool:
        begins_before = other.ends_at is None or self.starts_at < other.ends_at
        return begins_before and (self.ends_at is None or other.starts_at < self.ends_at)


def conflict_of(wanted: HeldRole, held: Iterable[HeldRole]) -> RoleConflict | None:
    """The first conflict with a role that runs at the same time. The database refuses the same, by a trigger."""
    return next(
        (conflict for each in held if wanted.overlaps(each) if (conflict := _between(wanted, each)) is not None), None
    )


def _between(one: HeldRole, other: HeldRole) -> RoleConflict | None:
    roles = {one.role, other.role}
    if len(roles) == 2 and roles & ADMINISTRATORS:
        return RoleConflict.ADMINISTRATOR
    if roles <= REVIEWERS and one.bureau is not other.bureau:
        return RoleConflict.BOTH_BUREAUS
    if Role.NOMINEE in roles and roles & JUDGES:
        return RoleConflict.JUDGES_AND_IS_JUDGED
    return None
