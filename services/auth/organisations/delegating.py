"""Standing in for a colleague, and handing a role over for good. Both in the security log, both end the giver's doubt at once."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.auth.audit import Action, record
from services.auth.domain.acting import Assignment
from services.auth.domain.delegation import DELEGABLE, DelegationFault, Period, fault_of
from services.auth.organisations.body_problems import DelegationRefused
from services.auth.organisations.delegation_queries import (
    Delegation,
    delegation_for_update,
    delegations_of,
    is_colleague,
    lock_assignment,
    periods_taken,
    role_of_session,
)
from services.auth.organisations.ending_roles import end_standing_in, end_terms
from services.auth.organisations.excluding_roles import refuse_conflict
from services.auth.sessions.ending_sessions import EndReason, end_sessions
from services.auth.sessions.opening_session import acting_of
from services.auth.sessions.origin import Origin
from services.auth.tables import RoleAssignmentRow, SessionRow
from services.common.callers.tokens import Caller
from services.common.problems import NotFound, Unauthenticated


@dataclass(frozen=True, slots=True)
class WantedDelegation:
    """To whom, from when (None: now) until when, and why."""

    to_person_id: UUID
    starts_at: datetime | None
    ends_at: datetime
    reason: str


async def delegate(session: AsyncSession, caller: Caller, wanted: WantedDelegation, *, origin: Origin) -> Delegation:
    """The colleague may act under the role from then on, in their own name. Raises DelegationRefused, RolesConflict."""
    own, now = await _own(session, caller)
    period = Period(max(wanted.starts_at or now, now), wanted.ends_at)
    fault = fault_of(
        own,
        caller.person_id,
        wanted.to_person_id,
        await is_colleague(session, own.organisation.id, wanted.to_person_id, now=now),
        period,
        await periods_taken(session, own.id),
    )
    if fault is not None:
        raise DelegationRefused.because(fault)
    await refuse_conflict(
        session,
        own.role,
        own.organisation,
        person_id=wanted.to_person_id,
        starts_at=period.starts_at,
        ends_at=period.ends_at,
    )
    row = RoleAssignmentRow(
        id=uuid7(),
        person_id=wanted.to_person_id,
        organisation_id=own.organisation.id,
        role=own.role,
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        delegated_from=own.id,
        delegation_reason=wanted.reason,
    )
    session.add(row)
    await session.flush()
    made = await _seen(session, caller, row.id, now)
    await record(
        session,
        Action.ROLE_DELEGATED,
        person_id=wanted.to_person_id,
        origin=origin,
        by=caller,
        role=own.role,
        until=period.ends_at.isoformat(),
    )
    return made


async def end_delegation(session: AsyncSession, caller: Caller, delegation_id: UUID, *, origin: Origin) -> Delegation:
    """Either side ends it; its sessions end with it. Raises NotFound for what is over or somebody else's."""
    now = datetime.now(UTC)
    seen = await _seen(session, caller, delegation_id, now)
    if await delegation_for_update(session, delegation_id, now=now) is None:  # the other side ended it a moment ago
        raise NotFound
    await end_terms(session, [delegation_id], now)
    await record(session, Action.ROLE_ENDED, person_id=seen.to_person_id, origin=origin, by=caller, role=seen.role)
    return seen


async def hand_over(session: AsyncSession, caller: Caller, to_person_id: UUID, *, origin: Origin) -> Assignment:
    """The role passes to a colleague for good and leaves the giver, and whoever stands in for them, at once.

    Raises DelegationRefused, RolesConflict.
    """
    own, now = await _own(session, caller)
    fault = _fault_of_hand_over(
        own, caller, to_person_id, await is_colleague(session, own.organisation.id, to_person_id, now=now)
    )
    if fault is not None:
        raise DelegationRefused.because(fault)
    await refuse_conflict(
        session, own.role, own.organisation, person_id=to_person_id, starts_at=now, ends_at=own.ends_at
    )
    held = await session.get_one(RoleAssignmentRow, own.id)
    held.ends_at = now
    given = await session.scalar(
        insert(RoleAssignmentRow)
        .values(
            id=uuid7(),
            person_id=to_person_id,
            organisation_id=own.organisation.id,
            role=own.role,
            starts_at=now,
            ends_at=own.ends_at,
            campaign_key=held.campaign_key,
        )
        .on_conflict_do_nothing()  # two colleagues may hand over to the same person at once
        .returning(RoleAssignmentRow.id)
    )
    if given is None:
        raise DelegationRefused.because(DelegationFault.HOLDS_IT_ALREADY)
    await end_sessions(session, SessionRow.role_assignment_id == own.id, reason=EndReason.ROLE_ENDED)
    await end_standing_in(session, own.id, now)
    await record(session, Action.ROLE_HANDED_OVER, person_id=to_person_id, origin=origin, by=caller, role=own.role)
    return Assignment(given, own.role, own.organisation, now, own.ends_at)


async def _own(session: AsyncSession, caller: Caller) -> tuple[Assignment, datetime]:
    """The role of the caller's session, and since when nobody else can pass it on or end it.

    Raises Unauthenticated when somebody did so while this request waited: the session ended with the role.
    """
    session_id = UUID(caller.session_id)
    under = await role_of_session(session, session_id, caller.person_id)
    if under is None:
        raise Unauthenticated
    await lock_assignment(session, under)
    if await role_of_session(session, session_id, caller.person_id) != under:
        raise Unauthenticated
    now = datetime.now(UTC)
    return (await acting_of(session, caller.person_id, wanted=under, now=now)).under, now


async def _seen(session: AsyncSession, caller: Caller, delegation_id: UUID, now: datetime) -> Delegation:
    for each in await delegations_of(session, caller.person_id, now=now):
        if each.id == delegation_id:
            return each
    raise NotFound


def _fault_of_hand_over(own: Assignment, caller: Caller, to_person_id: UUID, colleague: bool) -> DelegationFault | None:
    checks = (
        (own.role not in DELEGABLE, DelegationFault.NOT_A_ROLE_TO_DELEGATE),
        (bool(own.acting_for), DelegationFault.DELEGATED_ALREADY),
        (str(to_person_id) == caller.subject, DelegationFault.ONESELF),
        (not colleague, DelegationFault.NO_COLLEAGUE),
    )
    return next((fault for wrong, fault in checks if wrong), None)
