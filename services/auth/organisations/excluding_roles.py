"""A role is refused to whoever holds one that excludes it: also when the same person was written down twice."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, false, func, or_, select
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
    """The same name and the same number are the same person. Raises RolesConflict."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"roles of {person_id}", 0))))
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
