"""The first people of a city are appointed from the machine: no account is there by default, and nobody appoints themselves.

Everybody else is invited (0019). Administrators are appointed only here, each one a person of their own (三员分立).
"""

import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.auth.audit import Action, record
from services.auth.domain import invitation_codes
from services.auth.domain.acting import Organisation
from services.auth.domain.roles import ADMINISTRATORS, OrganisationKind, Role
from services.auth.keys.sealing import Vault
from services.auth.messages.phones import phone_columns
from services.auth.organisations.excluding_roles import refuse_conflict
from services.auth.queries import as_organisation
from services.auth.tables import InvitationRow, OrganisationRow, PersonRow, RoleAssignmentRow
from services.common.db import Database

APPOINTED = ADMINISTRATORS | {Role.CITY_OFFICER}


class NoSuchOffice(Exception):
    """There is no city office, or several and none was named."""


async def appoint(
    database: Database,
    vault: Vault,
    *,
    role: Role,
    full_name: str,
    phone: str | None,
    jurisdiction: str | None = None,
    lifetime: timedelta,
) -> str:
    """The invitation code, which is kept nowhere: handed over in person. Raises ValueError, NoSuchOffice, RolesConflict."""
    if role not in APPOINTED:
        raise ValueError(f"{role} is invited, not appointed")
    now, code = datetime.now(UTC), invitation_codes.spell(secrets.randbits(invitation_codes.BITS))
    known = phone_columns(vault, phone)
    async with database.transaction() as session:
        office = await _city_office(session, jurisdiction)
        mark = known.get("phone_mark")
        await refuse_conflict(
            session, role, office, person_id=None, full_name=full_name, phone_mark=mark, starts_at=now
        )
        person = PersonRow(id=uuid7(), full_name=full_name, **known)
        session.add(person)
        await session.flush()
        held = RoleAssignmentRow(id=uuid7(), person_id=person.id, organisation_id=office.id, role=role, starts_at=now)
        session.add(held)
        await session.flush()
        session.add(
            InvitationRow(
                id=uuid7(),
                code_hash=vault.fingerprint(code.replace("-", "")),
                person_id=person.id,
                invited_by=person.id,
                created_at=now,
                expires_at=now + lifetime,
                role_assignment_id=held.id,
            )
        )
        await session.flush()
        await record(session, Action.ADMINISTRATOR_APPOINTED, person_id=person.id, origin=None, role=role)
    return code


async def _city_office(session: AsyncSession, jurisdiction: str | None) -> Organisation:
    query = select(OrganisationRow).where(OrganisationRow.kind == OrganisationKind.CITY_OFFICE)
    if jurisdiction is not None:
        query = query.where(OrganisationRow.jurisdiction == jurisdiction)
    found = (await session.scalars(query.limit(2))).all()
    if len(found) != 1:
        raise NoSuchOffice
    return as_organisation(found[0])
