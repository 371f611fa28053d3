"""What the caller is told: addressed to them, or to a role they hold where they hold it; never of their own acts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, false, func, literal, select, union_all
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.common.db import fetch
from services.common.lists.paging import in_words, rows_to_fetch
from services.common.prepared import Slot, Statements
from services.common.problems import FieldError, Unprocessable
from services.nominations.domain.notifications import Audience
from services.nominations.domain.workflow import Role
from services.nominations.notifications.notification_tables import Notification, NotificationMark, Push

MOST_COUNTED = 99
"""A badge says 99+ beyond this: counting further costs and tells nothing."""


def _addresses_of(caller: Caller) -> list[ColumnElement[bool]]:
    """In the words of the partial indexes, one for each audience and body: nothing is addressed to two of them."""
    scopes: list[ColumnElement[bool]] = []
    if Role.NOMINEE in caller.roles:
        scopes.append(_is(Audience.NOMINEE, Notification.person_id == caller.person_id))
    for role, audience in ((Role.UNIT_CLERK, Audience.UNIT), (Role.UNIT_HEAD, Audience.UNIT_HEAD)):
        if role in caller.roles:
            scopes += [_is(audience, Notification.unit_id == each) for each in caller.organisations]
    if caller.roles & {Role.COUNTY_OFFICER, Role.COUNTY_REVIEWER}:
        scopes.append(_is(Audience.COUNTY, Notification.quota_unit == caller.jurisdiction))
    if caller.roles & {Role.CITY_OFFICER, Role.CITY_REVIEWER}:
        scopes.append(_said(Audience.CITY))
    return scopes


def _is(audience: Audience, at: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(_said(audience), at)


def _said(audience: Audience) -> ColumnElement[bool]:
    """As a word of the statement: a plan for whatever value comes cannot use an index of one of them."""
    return Notification.audience == literal(audience.value, literal_execute=True)


def _newest(caller: Caller, *conditions: ColumnElement[bool], limit: Any) -> Select[UUID]:
    """Ids of the newest that are addressed to the caller: so many of each address, each from its index, then of all."""
    by_others = Notification.actor_id.is_distinct_from(caller.person_id)
    newest = Notification.id.desc()
    of_each = [
        select(Notification.id).where(address, by_others, *conditions).order_by(newest).limit(limit).subquery()
        for address in _addresses_of(caller) or [false()]
    ]
    found = union_all(*(select(each.c.id) for each in of_each)).subquery()
    return select(found.c.id).order_by(found.c.id.desc()).limit(limit)


def _mark_of(caller: Caller) -> ScalarSelect[UUID]:
    """Up to where the caller has read."""
    return select(NotificationMark.read_up_to).where(NotificationMark.person_id == caller.person_id).scalar_subquery()


def _page(caller: Caller, *, size: int, before: bool) -> Select[Any]:
    earlier = [Notification.id < Slot("before")] if before else []
    ids = _newest(caller, *earlier, limit=in_words(size)).subquery()
    return (
        select(*_TOLD, _mark_of(caller).label("read_up_to"))
        .join(ids, ids.c.id == Notification.id)
        .order_by(Notification.id.desc())
    )


def _unread(caller: Caller) -> Select[int]:
    unread = Notification.id > func.coalesce(_mark_of(caller), literal(UUID(int=0), literal_execute=True))
    return select(func.count()).select_from(_newest(caller, unread, limit=in_words(MOST_COUNTED + 1)).subquery())


_TOLD = (
    Notification.id,
    Notification.kind,
    Notification.facts,
    Notification.campaign_key,
    Notification.nomination_id,
    Notification.audience,
    Notification.told_at,
)
_PAGES, _COUNTS = Statements(_page), Statements(_unread)


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that the caller is told."""

    id: UUID
    kind: str
    facts: Mapping[str, Any]
    campaign_key: str
    nomination_id: UUID | None
    audience: Audience
    told_at: datetime
    read: bool


async def page_of_notifications(
    session: AsyncSession, caller: Caller, *, before: UUID | None, limit: int
) -> Sequence[Told]:
    """The newest first."""
    statement = _PAGES.of(caller, size=rows_to_fetch(limit), before=before is not None)
    rows = await fetch(session, statement.text, *statement.filled(caller, {"before": before}))
    return [
        Told(
            id=row["id"],
            kind=row["kind"],
            facts=row["facts"],
            campaign_key=row["campaign_key"],
            nomination_id=row["nomination_id"],
            audience=Audience(row["audience"]),
            told_at=row["told_at"],
            read=row["read_up_to"] is not None and row["id"] <= row["read_up_to"],
        )
        for row in rows[:limit]
    ]


async def count_unread(session: AsyncSession, caller: Caller) -> int:
    """Up to `MOST_COUNTED` + 1."""
    statement = _COUNTS.of(caller)
    ((unread,),) = await fetch(session, statement.text, *statement.filled(caller, {}))
    return int(unread)


async def mark_read(session: AsyncSession, caller: Caller, notification_id: UUID) -> UUID:
    """Everything up to this one is read. A late request of another phone takes nothing back. Gives the mark.

    Raises Unprocessable for one that there is not: a mark ahead of time would hide all that is still to come.
    """
    if await session.get(Notification, notification_id) is None:
        raise Unprocessable(errors=[FieldError("/notification_id", "notification_unknown", "没有这条通知")])
    written = insert(NotificationMark).values(person_id=caller.person_id, read_up_to=notification_id)
    kept = written.on_conflict_do_update(
        index_elements=["person_id"],
        set_={"read_up_to": func.greatest(NotificationMark.read_up_to, written.excluded.read_up_to)},
    )
    mark: UUID = (await session.execute(kept.returning(NotificationMark.read_up_to))).scalar_one()
    return mark


async def told_about(session: AsyncSession, nomination_id: UUID) -> list[tuple[Notification, list[Push]]]:
    """Everything that was told of a case, oldest first, and how it reached phones."""
    query = select(Notification).where(Notification.nomination_id == nomination_id)
    found = (await session.scalars(query.order_by(Notification.id))).all()
    pushes: dict[UUID, list[Push]] = {each.id: [] for each in found}
    for push in await session.scalars(select(Push).where(Push.notification_id.in_(list(pushes))).order_by(Push.at)):
        pushes[push.notification_id].append(push)
    return [(each, pushes[each.id]) for each in found]
