"""Every SELECT on requests about one's data: the person's own, and those that wait for an office."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.domain.rights_requests import RightsHandler
from services.auth.domain.roles import Role
from services.auth.personal_data.rights_tables import RightsRequestRow
from services.auth.tables import PersonRow
from services.common.callers.tokens import Caller
from services.common.china_time import china_day


async def requests_of(
    session: AsyncSession, person_id: UUID, *, before: UUID | None, limit: int
) -> Sequence[RightsRequestRow]:
    """The newest first."""
    query = select(RightsRequestRow).where(RightsRequestRow.person_id == person_id)
    if before is not None:
        query = query.where(RightsRequestRow.id < before)
    return (await session.scalars(query.order_by(RightsRequestRow.id.desc()).limit(limit))).all()


async def open_requests_of(session: AsyncSession, person_id: UUID) -> int:
    still_open = (RightsRequestRow.person_id == person_id, RightsRequestRow.decided_at.is_(None))
    return await session.scalar(select(func.count()).select_from(RightsRequestRow).where(*still_open)) or 0


async def requests_for(
    session: AsyncSession, caller: Caller, *, after: tuple[date, UUID] | None, limit: int
) -> Sequence[tuple[RightsRequestRow, str]]:
    """Those that wait for the caller's office, the one due first at the top, with the person's name."""
    query = (
        select(RightsRequestRow, PersonRow.full_name)
        .join(PersonRow, PersonRow.id == RightsRequestRow.person_id)
        .where(RightsRequestRow.decided_at.is_(None), handled_by(caller))
        .order_by(RightsRequestRow.due_on, RightsRequestRow.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(RightsRequestRow.due_on, RightsRequestRow.id) > after)
    return [(row, name) for row, name in await session.execute(query)]


async def request_to_decide(session: AsyncSession, caller: Caller, request_id: UUID) -> RightsRequestRow | None:
    """Locked. None outside the caller's office."""
    query = select(RightsRequestRow).where(RightsRequestRow.id == request_id, handled_by(caller))
    return await session.scalar(query.with_for_update())


def handled_by(caller: Caller) -> ColumnElement[bool]:
    """The city's office answers its own and, when a county lets the day pass, the county's: the day as it is in China."""
    if Role.CITY_OFFICER in caller.roles:
        late = RightsRequestRow.due_on < china_day(datetime.now(UTC))
        return or_(RightsRequestRow.handler == RightsHandler.CITY, late)
    return and_(RightsRequestRow.handler == RightsHandler.COUNTY, RightsRequestRow.jurisdiction == caller.jurisdiction)
