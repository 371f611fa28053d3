"""People that a test may suspend, reset or promote without harm to other tests."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from services.auth.domain.roles import Bureau, OrganisationKind, Place, Role
from services.auth.queries import organisation_ids
from services.auth.sessions.passwords import Passwords
from services.auth.tables import PasswordCredentialRow, PersonRow, RoleAssignmentRow
from services.common.db import Database
from tests.auth.steps import PASSWORD, fresh

UNIT = Place("140922", OrganisationKind.UNIT)
ELSEWHERE = Place("140928", OrganisationKind.UNIT)
"""A unit whose people may have phones: no other test asks whom a message reached there."""
IIT = Place("140922", OrganisationKind.COUNTY_BUREAU, Bureau.IIT)
HRSS = Place("140922", OrganisationKind.COUNTY_BUREAU, Bureau.HRSS)
CITY = Place("140900", OrganisationKind.CITY_OFFICE)


async def new_person(
    database: Database, *roles: tuple[Role, Place], must_change: bool = False, changed_days_ago: int = 0
) -> tuple[UUID, str]:
    """The id and username of a new person with these roles, the first one held longest."""
    person_id, username, now = uuid4(), fresh("person"), datetime.now(UTC)
    async with database.transaction() as session:
        places = await organisation_ids(session)
        session.add(PersonRow(id=person_id, full_name="示例人员乙"))
        await session.flush()
        session.add(
            PasswordCredentialRow(
                person_id=person_id,
                username=username,
                password_hash=await Passwords().hash(PASSWORD),
                must_change=must_change,
                changed_at=now - timedelta(days=changed_days_ago),
            )
        )
        for turn, (role, place) in enumerate(roles or ((Role.UNIT_CLERK, UNIT),)):
            starts_at = now - timedelta(days=30 - turn)
            session.add(
                RoleAssignmentRow(person_id=person_id, organisation_id=places[place], role=role, starts_at=starts_at)
            )
    return person_id, username
