"""A body gets another name, other details, or is taken in by another; who, why and by which paper stays on record.

The row of a merged body stays, and so do the papers and cases that name it: whoever acts for the successor sees them too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.auth.audit import Action, record
from services.auth.domain.bodies import Body, BodyFault, keeps, merger_faults, rename_fault
from services.auth.domain.roles import Role
from services.auth.machines.credential_queries import pass_credentials_on
from services.auth.organisations.body_problems import BodyNotChanged
from services.auth.organisations.organisation_tables import OrganisationChangeRow
from services.auth.queries import as_organisation
from services.auth.sessions.ending_sessions import EndReason, end_sessions
from services.auth.sessions.origin import Origin
from services.auth.tables import OrganisationRow, RoleAssignmentRow, SessionRow
from services.common.callers.tokens import Caller
from services.common.problems import NotFound


@dataclass(frozen=True, slots=True)
class Why:
    """The reason, and the 文号 of the decision where there is one."""

    reason: str
    document_number: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What changed, as it is kept."""

    kind: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


async def rename(
    session: AsyncSession, caller: Caller, organisation_id: UUID, name: str, why: Why, *, origin: Origin
) -> OrganisationRow:
    """Raises NotFound, BodyNotChanged."""
    row = await _kept(session, caller, organisation_id)
    fault = rename_fault(_body(row), name, taken=await _name_taken(session, row, name))
    if fault is not None:
        raise BodyNotChanged.because([fault], "/name")
    before, row.name = row.name, name
    try:
        await session.flush()
    except IntegrityError:  # another body took the name at this moment
        raise BodyNotChanged.because([BodyFault.NAME_TAKEN], "/name") from None
    await _note(session, caller, row, Change("renamed", {"name": before}, {"name": name}), why, origin=origin)
    return row


async def change_details(
    session: AsyncSession,
    caller: Caller,
    organisation_id: UUID,
    details: Mapping[str, Any],
    why: Why,
    *,
    origin: Origin,
) -> OrganisationRow:
    """All of `details`; what is None is taken out. Raises NotFound."""
    row = await _kept(session, caller, organisation_id)
    before = {name: getattr(row, name) for name in details}
    for name, value in details.items():
        setattr(row, name, value)
    changed = [name for name, value in details.items() if before[name] != value]
    if changed:
        was, now = {name: before[name] for name in changed}, {name: details[name] for name in changed}
        await _note(session, caller, row, Change("details_changed", was, now), why, origin=origin)
    return row


async def merge(
    session: AsyncSession, caller: Caller, organisation_id: UUID, into_id: UUID, why: Why, *, origin: Origin
) -> OrganisationRow:
    """Roles and the credentials of its systems pass to the successor at once; it also sees the cases of the body of before.

    Raises NotFound, BodyNotChanged with every reason.
    """
    rows = {row.id: row for row in await _locked(session, organisation_id, into_id)}
    row, into = rows.get(organisation_id), rows.get(into_id)
    if row is None or into is None or not (_keeps(caller, row) and _keeps(caller, into)):
        raise NotFound
    faults = merger_faults(_body(row), _body(into))
    if faults:
        raise BodyNotChanged.because(faults, "/into_id")
    now = datetime.now(UTC)
    row.merged_into, row.ended_at = into.id, now
    earlier = update(OrganisationRow).where(OrganisationRow.merged_into == row.id)
    await session.execute(earlier.values(merged_into=into.id))
    moved = await _pass_roles_on(session, row.id, into.id, now)
    await pass_credentials_on(session, row.id, into.id)
    after = {"merged_into": str(into.id), "name": into.name, "roles_passed_on": moved}
    await _note(session, caller, row, Change("merged", {"name": row.name}, after), why, origin=origin)
    return row


async def _pass_roles_on(session: AsyncSession, old: UUID, new: UUID, now: datetime) -> int:
    """Whoever holds the same role at both keeps the one at the successor; standing in for somebody goes on as it is."""
    held, other = RoleAssignmentRow, aliased(RoleAssignmentRow)
    runs = or_(held.ends_at.is_(None), held.ends_at > now)
    twice = exists().where(
        other.person_id == held.person_id,
        other.role == held.role,
        other.organisation_id == new,
        other.delegated_from.is_(None),
        or_(other.ends_at.is_(None), other.ends_at > now),
    )
    own = held.delegated_from.is_(None)
    both = update(held).where(held.organisation_id == old, own, runs, twice).values(ends_at=now).returning(held.id)
    ended = (await session.scalars(both)).all()
    await end_sessions(session, SessionRow.role_assignment_id.in_(ended), reason=EndReason.ROLE_ENDED)
    moved = update(held).where(held.organisation_id == old, runs).values(organisation_id=new).returning(held.id)
    return len((await session.scalars(moved)).all())


async def _kept(session: AsyncSession, caller: Caller, organisation_id: UUID) -> OrganisationRow:
    rows = await _locked(session, organisation_id)
    if not rows or not _keeps(caller, rows[0]):
        raise NotFound
    return rows[0]


async def _locked(session: AsyncSession, *ids: UUID) -> list[OrganisationRow]:
    """In one order, so that two mergers never wait for each other."""
    query = select(OrganisationRow).where(OrganisationRow.id.in_(ids)).order_by(OrganisationRow.id)
    return list(await session.scalars(query.with_for_update()))


def _keeps(caller: Caller, row: OrganisationRow) -> bool:
    return any(keeps(Role(role), caller.jurisdiction, as_organisation(row)) for role in caller.roles)


def _body(row: OrganisationRow) -> Body:
    return Body(as_organisation(row), row.ended_at is not None)


async def _name_taken(session: AsyncSession, row: OrganisationRow, name: str) -> bool:
    same_place = (
        OrganisationRow.jurisdiction == row.jurisdiction,
        OrganisationRow.kind == row.kind,
        OrganisationRow.bureau.is_not_distinct_from(row.bureau),
    )
    found = select(exists().where(*same_place, OrganisationRow.name == name, OrganisationRow.id != row.id))
    return bool(await session.scalar(found))


async def _note(
    session: AsyncSession, caller: Caller, row: OrganisationRow, change: Change, why: Why, *, origin: Origin
) -> None:
    session.add(
        OrganisationChangeRow(
            organisation_id=row.id,
            kind=change.kind,
            before=dict(change.before),
            after=dict(change.after),
            reason=why.reason,
            document_number=why.document_number,
            changed_by=caller.person_id,
            changed_by_name=caller.name,
            at=datetime.now(UTC),
        )
    )
    await session.flush()
    await record(
        session,
        Action.ORGANISATION_CHANGED,
        person_id=caller.person_id,
        origin=origin,
        organisation=str(row.id),
        change=change.kind,
    )
