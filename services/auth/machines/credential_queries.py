"""Credentials of machines, scoped to the body of the caller; the system administrator sees every body's."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.domain.roles import Role
from services.auth.machines.credential_tables import ServiceCredentialRow
from services.auth.tables import OrganisationRow, RoleAssignmentRow
from services.common.callers.tokens import Caller


def _within_reach(caller: Caller) -> ColumnElement[bool]:
    if Role.SYSTEM_ADMIN in caller.roles:
        return true()
    return ServiceCredentialRow.organisation_id == UUID(caller.organisation_id)


async def credentials_of(
    session: AsyncSession, caller: Caller, *, after: UUID | None, limit: int
) -> Sequence[ServiceCredentialRow]:
    """The oldest first, revoked and expired ones too."""
    query = select(ServiceCredentialRow).where(_within_reach(caller)).order_by(ServiceCredentialRow.id).limit(limit)
    if after is not None:
        query = query.where(ServiceCredentialRow.id > after)
    return (await session.scalars(query)).all()


async def credential_to_revoke(
    session: AsyncSession, caller: Caller, credential_id: UUID
) -> ServiceCredentialRow | None:
    query = select(ServiceCredentialRow).where(ServiceCredentialRow.id == credential_id, _within_reach(caller))
    return await session.scalar(query.with_for_update())


async def open_credentials_at(session: AsyncSession, body: UUID, *, now: datetime) -> int:
    in_force = (ServiceCredentialRow.revoked_at.is_(None), ServiceCredentialRow.expires_at > now)
    query = select(func.count()).where(ServiceCredentialRow.organisation_id == body, *in_force)
    return await session.scalar(query) or 0


async def credential_and_body(
    session: AsyncSession, credential_id: UUID
) -> tuple[ServiceCredentialRow, OrganisationRow] | None:
    query = (
        select(ServiceCredentialRow, OrganisationRow)
        .join(OrganisationRow, OrganisationRow.id == ServiceCredentialRow.organisation_id)
        .where(ServiceCredentialRow.id == credential_id)
    )
    row = (await session.execute(query)).one_or_none()
    return None if row is None else (row[0], row[1])


async def somebody_holds(session: AsyncSession, role: Role, at: UUID, *, now: datetime) -> bool:
    """Whether the body still has a person in this role: a machine reaches what they reach (R43)."""
    held = RoleAssignmentRow
    running = (held.starts_at <= now, or_(held.ends_at.is_(None), held.ends_at > now))
    found = select(exists().where(held.organisation_id == at, held.role == role, *running))
    return bool(await session.scalar(found))


async def pass_credentials_on(session: AsyncSession, old: UUID, new: UUID) -> None:
    """The systems of a body that was taken in work for its successor, whose people see and revoke their credentials."""
    at_old = ServiceCredentialRow.organisation_id == old
    await session.execute(update(ServiceCredentialRow).where(at_old).values(organisation_id=new))


async def note_use(session: AsyncSession, credential_id: UUID, *, now: datetime) -> None:
    row = ServiceCredentialRow.id == credential_id
    await session.execute(update(ServiceCredentialRow).where(row).values(last_used_at=now))


async def credentials_revoked_since(session: AsyncSession, moment: datetime) -> Sequence[Any]:
    """As the feed of ended sessions says them: id and when."""
    columns = select(ServiceCredentialRow.id, ServiceCredentialRow.revoked_at.label("ended_at"))
    return (await session.execute(columns.where(ServiceCredentialRow.revoked_at >= moment))).all()


async def revoke_those_made_by(session: AsyncSession, person_id: UUID, *, now: datetime) -> int:
    revoked = await session.scalars(
        update(ServiceCredentialRow)
        .where(ServiceCredentialRow.created_by == person_id, ServiceCredentialRow.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(ServiceCredentialRow.id)
    )
    return len(revoked.all())
