"""Roles end: with their campaign, and with the role of whoever is stood in for. Access under them ends within five seconds."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.audit import Action, record
from services.auth.domain.roles import Role
from services.auth.sessions.ending_sessions import EndReason, end_sessions
from services.auth.tables import RoleAssignmentRow, SessionRow


async def end_roles_of_campaign(session: AsyncSession, campaign_key: str) -> int:
    """“本专班自行撤销” (R43): whoever worked for the campaign works for it no more; nominees keep their own affairs.

    Who stands in for one of them stands in no longer. Done twice it changes nothing. Gives how many roles ended.
    """
    number = 0
    while ended := await _of_campaign(session, campaign_key, now := datetime.now(UTC)):
        await end_terms(session, [*ended, *await _standing_in(session, ended, now)], now)
        number += len(ended)  # and again: one of them may have been handed over while this waited for it
    if number:
        await record(session, Action.ROLE_ENDED, person_id=None, origin=None, campaign=campaign_key, ended=number)
    return number


async def end_standing_in(session: AsyncSession, assignment_id: UUID, now: datetime) -> None:
    """Of everybody who acts, or is to act, for the holder of a role that ended."""
    await end_terms(session, await _standing_in(session, [assignment_id], now), now)


async def end_terms(session: AsyncSession, ids: Sequence[UUID], now: datetime) -> None:
    """What runs ends now, what was still to come is taken out; sessions under them end."""
    held = RoleAssignmentRow
    await session.execute(delete(held).where(held.id.in_(ids), held.starts_at >= now))
    await session.execute(update(held).where(held.id.in_(ids)).values(ends_at=now))
    await end_sessions(session, SessionRow.role_assignment_id.in_(ids), reason=EndReason.ROLE_ENDED)


async def _of_campaign(session: AsyncSession, campaign_key: str, now: datetime) -> Sequence[UUID]:
    held = RoleAssignmentRow
    query = select(held.id).where(held.campaign_key == campaign_key, held.role != Role.NOMINEE, held.starts_at < now)
    running = query.where(or_(held.ends_at.is_(None), held.ends_at > now))
    return (await session.scalars(running.order_by(held.id).with_for_update())).all()


async def _standing_in(session: AsyncSession, ids: Sequence[UUID], now: datetime) -> Sequence[UUID]:
    held = RoleAssignmentRow
    query = select(held.id).where(held.delegated_from.in_(ids), held.ends_at > now)
    return (await session.scalars(query.order_by(held.id).with_for_update())).all()
