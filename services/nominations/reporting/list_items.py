"""Who stands on the city's list, in which order, and how a case leaves it: those below it move up (R63–R64, R98)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.problems import Unavailable
from services.nominations.city_tables import CityList, CityListItem
from services.nominations.domain.workflow import Status
from services.nominations.tables import Nomination

_ON_A_LIST = (Status.LISTED, Status.IN_CITY_PUBLICITY, Status.RANKED)


async def items_of(session: AsyncSession, list_id: UUID) -> Sequence[CityListItem]:
    """What stands on the list, by category and rank."""
    query = select(CityListItem).where(CityListItem.list_id == list_id, CityListItem.removed_at.is_(None))
    return (
        await session.scalars(query.order_by(CityListItem.category, CityListItem.rank, CityListItem.nomination_id))
    ).all()


async def write_ranks(session: AsyncSession, list_id: UUID, ordered: Sequence[CityListItem]) -> None:
    """Of one category, the first to the last. Ranks are unique at every moment: all are lifted before they are set."""
    ids = [item.nomination_id for item in ordered]
    ours = (CityListItem.list_id == list_id, CityListItem.nomination_id.in_(ids))
    await session.execute(update(CityListItem).where(*ours).values(rank=None))
    for rank, item in enumerate(ordered, start=1):
        item.rank = rank


async def leave(session: AsyncSession, city_list: CityList, item: CityListItem, *, at: datetime) -> None:
    """An order without one of it is still the order that was decided: it closes up, without ties and gaps (R64)."""
    item.removed_at = at
    await session.flush()
    below = [each for each in await items_of(session, city_list.id) if each.category == item.category]
    if item.rank is not None:
        await write_ranks(session, city_list.id, below)
    city_list.revision += 1
    city_list.saved_at = at


async def lock_list_with(session: AsyncSession, nomination_id: UUID) -> tuple[CityList, CityListItem] | None:
    """The list on the way that names the case. Before the case itself: whoever moves both locks them in this order."""
    on_it = (CityListItem.nomination_id == nomination_id, CityListItem.removed_at.is_(None))
    query = select(CityList, CityListItem).join(CityListItem, CityListItem.list_id == CityList.id)
    found = await session.execute(query.where(*on_it, CityList.reported_at.is_(None)).with_for_update(of=CityList))
    row = found.one_or_none()
    return (row[0], row[1]) if row is not None else None


async def leave_when_disqualified(
    session: AsyncSession, listed: tuple[CityList, CityListItem] | None, nomination: Nomination, *, at: datetime
) -> None:
    """`listed`: what was locked before the case. A list that was reported stays as it went to the province.

    Raises Unavailable for a case that came onto a list at this very moment: asked again, it leaves it.
    """
    if listed is not None:
        await leave(session, *listed, at=at)
    elif nomination.status in _ON_A_LIST:
        raise Unavailable
