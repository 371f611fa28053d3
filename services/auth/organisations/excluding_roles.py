"""A role is refused to whoever holds one that excludes it: also when the same person was written down twice."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, and_, cast, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.domain.acting import Organisation
from services.auth.domain.role_conflicts import HeldRole, conflict_of
from services.auth.domain.roles import Role
from services.auth.organisations.body_problems import RolesConflict
from services.auth.tables import OrganisationRow, PersonRow, RoleAssignmentRow


async def refuse_conflict(
    session: AsyncSession,
    role: Role,
    at: Organisation,
    *,
    person_id: UUID | None,
    full_name: str = "",
    phone_mark: bytes | None = None,
    starts_at: datetime,
    ends_at: datetime | None = None,
) -> None:
    """The same name and the same number are the same person; `person_id` None: a new one. Raises RolesConflict."""
    if person_id is not None:
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"roles of {person_id}", 0))))
    elif phone_mark is not None:
        await take_turns(session, [phone_mark])
    else:
        return  # nobody whom anything tells to be the same
    twin = and_(PersonRow.full_name == full_name, PersonRow.phone_mark == phone_mark) if phone_mark else false()
    rows = await session.execute(
        select(RoleAssignmentRow.role, OrganisationRow.bureau, RoleAssignmentRow.starts_at, RoleAssignmentRow.ends_at)
        .join(PersonRow, PersonRow.id == RoleAssignmentRow.person_id)
        .join(OrganisationRow, OrganisationRow.id == RoleAssignmentRow.organisation_id)
        .where(or_(PersonRow.id == person_id, twin))
        .where(or_(RoleAssignmentRow.ends_at.is_(None), RoleAssignmentRow.ends_at > starts_at))
    )
    wanted = HeldRole(role, at.bureau, starts_at, ends_at)
    conflict = conflict_of(wanted, [HeldRole(*row) for row in rows])
    if conflict is not None:
        raise RolesConflict.because(conflict)


async def take_turns(session: AsyncSession, phone_marks: Iterable[bytes]) -> None:
    """Whoever writes down the same numbers waits until this is done; all in one order, so that none waits for the other."""
    keys = sorted({int.from_bytes(mark[:8], signed=True) for mark in phone_marks})
    await session.execute(select(func.pg_advisory_xact_lock(func.unnest(cast(keys, ARRAY(BigInteger))))))
