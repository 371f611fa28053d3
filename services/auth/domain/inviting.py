"""Who invites whom: the city the counties, a county its units, a unit its nominees; nobody beyond their own jurisdiction."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from services.auth.domain.acting import Organisation
from services.auth.domain.roles import Role, may_be_held_at


class Reach(StrEnum):
    OWN_BODY = "own_body"  # 本机构
    OWN_JURISDICTION = "own_jurisdiction"  # 本县
    CITY = "city"  # 市级机构和各县评选机构
    CITY_UNITS = "city_units"  # 市级单位


INVITES: Mapping[Role, Mapping[Role, Reach]] = {
    Role.CITY_OFFICER: {
        Role.CITY_OFFICER: Reach.OWN_BODY,
        Role.CITY_REVIEWER: Reach.CITY,
        Role.COUNTY_OFFICER: Reach.CITY,
        Role.COUNTY_REVIEWER: Reach.CITY,
        Role.UNIT_CLERK: Reach.CITY_UNITS,
        Role.UNIT_HEAD: Reach.CITY_UNITS,
    },
    Role.COUNTY_OFFICER: {
        Role.COUNTY_OFFICER: Reach.OWN_BODY,
        Role.COUNTY_REVIEWER: Reach.OWN_JURISDICTION,
        Role.UNIT_CLERK: Reach.OWN_JURISDICTION,
        Role.UNIT_HEAD: Reach.OWN_JURISDICTION,
    },
    Role.UNIT_HEAD: {Role.UNIT_CLERK: Reach.OWN_BODY, Role.NOMINEE: Reach.OWN_BODY},
    Role.UNIT_CLERK: {Role.NOMINEE: Reach.OWN_BODY},
}
INVITERS = frozenset(INVITES)


@dataclass(frozen=True, slots=True)
class Inviter:
    role: Role
    organisation_id: UUID
    jurisdiction: str


def may_invite(inviter: Inviter, role: Role, at: Organisation, *, under_county: bool) -> bool:
    """`under_county`: the body's jurisdiction has an award office of its own, which answers for its units (R40)."""
    reach = INVITES.get(inviter.role, {}).get(role)
    if reach is None or not may_be_held_at(role, at.kind):
        return False
    within = {
        Reach.OWN_BODY: at.id == inviter.organisation_id,
        Reach.OWN_JURISDICTION: at.jurisdiction == inviter.jurisdiction,
        Reach.CITY: True,
        Reach.CITY_UNITS: not under_county,
    }
    return within[reach]
