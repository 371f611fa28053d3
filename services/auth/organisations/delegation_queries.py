"""Who stands in for whom, and who works at one's own body."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.auth.domain.delegation import Period
from services.auth.domain.roles import Role
from services.auth.tables import OrganisationRow, PersonRow, RoleAssignmentRow, SessionRow

_MOST = 200


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who holds a role at one's own body."""

    person_id: UUID
    full_name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Delegation:
    """One standing-in, as both sides see it."""

    id: UUID
    role: Role
    organisation_name: str
    from_person_id: UUID
    from_name: str
    to_person_id: UUID
    to_name: str
    starts_at: datetime
    ends_at: datetime
    reason: str


async def colleagues_at(
    session: AsyncSession, organisation_id: UUID, *, now: datetime, but: UUID
) -> Sequence[Colleague]:
    """People of the body with a role of their own, by name; nominees are not its staff."""
    held = RoleAssignmentRow
    rows = await session.execute(
        select(PersonRow.id, PersonRow.full_name, held.role)
        .join(held, held.person_id == PersonRow.id)
        .where(held.organisation_id == organisation_id, PersonRow.id != but, PersonRow.suspended_at.is_(None))
        .where(held.role != Role.NOMINEE, held.delegated_from.is_(None), held.starts_at <= now)
        .where(or_(held.ends_at.is_(None), held.ends_at > now))
        .order_by(PersonRow.full_name, PersonRow.id)
        .limit(_MOST)
    )
    return [Colleague(*row) for row in rows]


async def is_colleague(session: AsyncSession, organisation_id: UUID, person_id: UUID, *, now: datetime) -> bool:
    held = RoleAssignmentRow
    found = await session.scalar(
        select(held.id)
        .join(PersonRow, PersonRow.id == held.person_id)
        .where(held.organisation_id == organisation_id, held.person_id == person_id, PersonRow.suspended_at.is_(None))
        .where(held.role != Role.NOMINEE, held.delegated_from.is_(None), held.starts_at <= now)
        .where(or_(held.ends_at.is_(None), held.ends_at > now))
        .limit(1)
    )
    return found is not None


async def role_of_session(session: AsyncSession, session_id: UUID, person_id: UUID) -> UUID | None:
    """None: the session has ended."""
    own = (SessionRow.id == session_id, SessionRow.person_id == person_id, SessionRow.ended_at.is_(None))
    return await session.scalar(select(SessionRow.role_assignment_id).where(*own))


async def lock_assignment(session: AsyncSession, assignment_id: UUID) -> None:
    """Whoever passes one role on, lends it or ends it does so one after the other: what was read of it before is old."""
    query = select(RoleAssignmentRow.id).where(RoleAssignmentRow.id == assignment_id)
    await session.execute(query.with_for_update())


async def delegation_for_update(session: AsyncSession, delegation_id: UUID, *, now: datetime) -> UUID | None:
    """None for one that is over, or was taken back while this request waited."""
    query = select(RoleAssignmentRow.id).where(RoleAssignmentRow.id == delegation_id, RoleAssignmentRow.ends_at > now)
    return await session.scalar(query.with_for_update())


async def periods_taken(session: AsyncSession, assignment_id: UUID) -> list[Period]:
    rows = await session.execute(
        select(RoleAssignmentRow.starts_at, RoleAssignmentRow.ends_at).where(
            RoleAssignmentRow.delegated_from == assignment_id
        )
    )
    return [Period(starts_at, ends_at) for starts_at, ends_at in rows if ends_at is not None]


async def delegations_of(session: AsyncSession, person_id: UUID, *, now: datetime) -> Sequence[Delegation]:
    """Those that run or are to come, given by or to the person, the earliest first."""
    held, origin = RoleAssignmentRow, aliased(RoleAssignmentRow)
    giver, taker = aliased(PersonRow), aliased(PersonRow)
    rows = await session.execute(
        select(
            held.id,
            held.role,
            OrganisationRow.name,
            giver.id,
            giver.full_name,
            taker.id,
            taker.full_name,
            held.starts_at,
            held.ends_at,
            held.delegation_reason,
        )
        .join(origin, origin.id == held.delegated_from)
        .join(giver, giver.id == origin.person_id)
        .join(taker, taker.id == held.person_id)
        .join(OrganisationRow, OrganisationRow.id == held.organisation_id)
        .where(held.ends_at > now, or_(giver.id == person_id, taker.id == person_id))
        .order_by(held.starts_at, held.id)
        .limit(_MOST)
    )
    return [Delegation(*row) for row in cast("Sequence[Any]", rows.all())]
