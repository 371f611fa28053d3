"""What a person holds and for whom: asked whenever a session begins, goes on, or is looked at."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.auth.domain.acting import Assignment, Organisation
from services.auth.domain.roles import Bureau, OrganisationKind, Role
from services.auth.queries import Person
from services.auth.tables import OrganisationRow, PersonRow, RoleAssignmentRow, SessionRow
from services.common.db import fetch
from services.common.prepared import Slot, prepare


async def assignments_of(session: AsyncSession, person_id: UUID) -> list[Assignment]:
    rows = await fetch(session, _HELD_BY.text, *_HELD_BY.given({"person_id": person_id}))
    return [_assignment(row) for row in rows]


async def hold_assignments(session: AsyncSession, person_id: UUID) -> None:
    """After whoever is ending one of them now, and before whoever does so next: that ends the session under it too."""
    await fetch(session, _HOLD, person_id)


async def in_own_session(
    session: AsyncSession, *, session_id: UUID, person_id: UUID
) -> tuple[Person, UUID, list[Assignment]] | None:
    """Whose session it is, the role assignment that it began under, and all that they hold. None: it has ended."""
    given = _HELD_IN_SESSION.given({"session_id": session_id, "person_id": person_id})
    rows = await fetch(session, _HELD_IN_SESSION.text, *given)
    if not rows:
        return None
    person = Person(person_id, rows[0]["full_name"], rows[0]["suspended_at"] is not None)
    return person, rows[0]["began_under"], [_assignment(row) for row in rows]


def _held() -> Any:
    """What a person holds, for whom, and whose it is while they stand in for a colleague."""
    origin, giver, taken_in = aliased(RoleAssignmentRow), aliased(PersonRow), aliased(OrganisationRow)
    predecessors = select(func.array_agg(aggregate_order_by(taken_in.id, taken_in.id)))
    return (
        select(
            RoleAssignmentRow.id,
            RoleAssignmentRow.role,
            RoleAssignmentRow.starts_at,
            RoleAssignmentRow.ends_at,
            OrganisationRow.id.label("organisation_id"),
            OrganisationRow.name,
            OrganisationRow.kind,
            OrganisationRow.jurisdiction,
            OrganisationRow.bureau,
            giver.full_name.label("acting_for"),
            predecessors.where(taken_in.merged_into == OrganisationRow.id).scalar_subquery().label("predecessors"),
        )
        .select_from(RoleAssignmentRow)
        .join(OrganisationRow, OrganisationRow.id == RoleAssignmentRow.organisation_id)
        .outerjoin(origin, origin.id == RoleAssignmentRow.delegated_from)
        .outerjoin(giver, giver.id == origin.person_id)
        .where(RoleAssignmentRow.person_id == Slot("person_id"))
    )


_HOLD = "SELECT id FROM auth.role_assignments WHERE person_id = $1 ORDER BY id FOR SHARE"
_HELD_BY = prepare(_held())
_HELD_IN_SESSION = prepare(
    _held()
    .add_columns(SessionRow.role_assignment_id.label("began_under"), PersonRow.full_name, PersonRow.suspended_at)
    .join(SessionRow, SessionRow.person_id == RoleAssignmentRow.person_id)
    .join(PersonRow, PersonRow.id == SessionRow.person_id)
    .where(SessionRow.id == Slot("session_id"), SessionRow.ended_at.is_(None))
)
"""At least one row while the session runs: the assignment that it began under, which nobody can delete."""


def _assignment(row: Mapping[str, Any]) -> Assignment:
    at = Organisation(
        row["organisation_id"],
        row["name"],
        OrganisationKind(row["kind"]),
        row["jurisdiction"],
        Bureau(row["bureau"]) if row["bureau"] is not None else None,
        tuple(row["predecessors"] or ()),
    )
    return Assignment(row["id"], Role(row["role"]), at, row["starts_at"], row["ends_at"], row["acting_for"] or "")
