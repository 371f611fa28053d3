"""The city's list: chosen among reported cases, shown to the city, ranked without ties, reported (R17–R18, R46, R60–R65)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.common.answers.versions import Version, require_same_version
from services.common.callers.tokens import Caller
from services.common.problems import FieldError, NotFound, Unprocessable
from services.nominations.cases.case_facts import Case, actor_of
from services.nominations.cases.saving import locked_case
from services.nominations.cases.transition import take
from services.nominations.city_tables import CityList, CityListItem
from services.nominations.context import Context
from services.nominations.domain.city_selection import (
    LIST_IS_EMPTY,
    SelectionFault,
    ranking_faults,
    selection_faults,
    without_choice,
)
from services.nominations.domain.permissions import blockers
from services.nominations.domain.second_person import may_second
from services.nominations.domain.workflow import Action
from services.nominations.problems import ListExists, ListReported, NoChoice, SecondPersonNeeded, refusal
from services.nominations.procedure_tables import PublicityNotice
from services.nominations.publicity.publicity_notices import open_publicity
from services.nominations.reporting.candidates import count_candidates
from services.nominations.reporting.list_items import items_of, leave, write_ranks
from services.nominations.schemas.city import NewCityList, Ranking


def version_of_list(city_list: CityList) -> Version:
    return Version(city_list.revision, city_list.saved_at)


async def draw_up_list(session: AsyncSession, context: Context, caller: Caller, wanted: NewCityList) -> CityList:
    """Every chosen case is endorsed by the city, unbarred and without open objection, or nothing is listed (R17).

    A list on the way that everybody has left is drawn up anew. Raises Unprocessable, NoChoice without a reason where nobody
    was left out, ActionBlocked with every reason, ListExists.
    """
    campaign = await context.campaigns.latest(session, wanted.campaign_key)
    _require(selection_faults(campaign, wanted.selection))
    city_list = await _list_to_draw_up(session, campaign.key)
    candidates = await count_candidates(session, context, caller, campaign)
    categories = without_choice(campaign, candidates, wanted.selection)
    if categories and not wanted.no_choice_reason:
        raise NoChoice(
            errors=[FieldError(f"/selection/{key}", "no_choice", "候选数不多于拟推荐数") for key in categories]
        )
    city_list.candidates = candidates
    city_list.no_choice_reason = wanted.no_choice_reason if categories else None
    city_list.created_by, city_list.seconded_by, city_list.ranked_at = caller.person_id, None, None
    _touch(city_list, context)
    session.add(city_list)
    try:
        await session.flush()
    except IntegrityError:
        raise ListExists from None
    # Counted while this is the one list on the way: the list before it has been reported, or not been drawn up.
    _require(selection_faults(campaign, wanted.selection, reported=await _reported(session, campaign.key)))
    await _put_on(session, context, caller, city_list, wanted.selection)
    return city_list


async def second_list(
    session: AsyncSession, context: Context, caller: Caller, list_id: UUID, *, edited: Version
) -> CityList:
    """Another person agrees that the list stands without a choice (R46, R97), as they read it: reason, names and all.

    Raises SecondPersonNeeded, PreconditionFailed where it was drawn up anew or changed since.
    """
    city_list = await _open_list(session, list_id)
    if not may_second(caller.person_id, proposed_by=city_list.created_by):
        raise SecondPersonNeeded
    require_same_version(edited=edited, current=version_of_list(city_list))
    city_list.seconded_by = caller.person_id
    _touch(city_list, context)
    return city_list


async def publish_list(session: AsyncSession, context: Context, caller: Caller, list_id: UUID) -> CityList:
    """Opens the notice of the whole city for every case of the list (R62). Raises SecondPersonNeeded, ActionBlocked."""
    city_list = await _open_list(session, list_id)
    if city_list.no_choice_reason is not None and city_list.seconded_by is None:
        raise SecondPersonNeeded
    cases = await _cases(session, context, caller, city_list)
    _require_all(Action.OPEN_CITY_PUBLICITY, caller, cases)
    for case in cases.values():
        await open_publicity(session, context, caller, case, action=Action.OPEN_CITY_PUBLICITY)
    _touch(city_list, context)
    return city_list


async def rank_list(
    session: AsyncSession, context: Context, caller: Caller, list_id: UUID, *, edited: Version, wanted: Ranking
) -> CityList:
    """“公示无异议后，将推荐对象排序上报” (R63–R64). Two people who rank at once: the second is told (412)."""
    city_list = await _open_list(session, list_id)
    require_same_version(edited=edited, current=version_of_list(city_list))
    cases = await _cases(session, context, caller, city_list)
    listed: dict[str, set[object]] = {}
    for item in cases:
        listed.setdefault(item.category, set()).add(item.nomination_id)
    _require(ranking_faults({key: frozenset(ids) for key, ids in listed.items()}, wanted.ranking))
    _require_all(Action.RANK, caller, cases)
    items = {item.nomination_id: item for item in cases}
    for ranked in wanted.ranking.values():
        await write_ranks(session, list_id, [items[nomination_id] for nomination_id in ranked])
    for item, case in cases.items():
        details = {"list_id": str(list_id), "rank": item.rank}
        await take(session, Action.RANK, caller=caller, case=case, details=details)
    city_list.ranked_at = context.clock.now()
    _touch(city_list, context)
    return city_list


async def report_list(session: AsyncSession, context: Context, caller: Caller, list_id: UUID) -> CityList:
    """“上报经省评选表彰工作领导小组办公室” (R65): all of the list or nothing. Raises ActionBlocked with every reason."""
    city_list = await _open_list(session, list_id)
    cases = await _cases(session, context, caller, city_list)
    _require_all(Action.REPORT_TO_PROVINCE, caller, cases)
    for item, case in cases.items():
        details = {"list_id": str(list_id), "rank": item.rank}
        await take(session, Action.REPORT_TO_PROVINCE, caller=caller, case=case, details=details)
    city_list.reported_at = context.clock.now()
    _touch(city_list, context)
    return city_list


async def take_off(  # noqa: PLR0917  who takes which case off which list, and why
    session: AsyncSession, context: Context, caller: Caller, list_id: UUID, nomination_id: UUID, reason: str
) -> CityList:
    """Takes a case off the list again, for a reason: an objection that was found true, for one. Its notice ends with it.

    Those ranked below it move up. Raises NotFound, ListReported, ActionBlocked.
    """
    city_list = await _open_list(session, list_id)
    cases = await _cases(session, context, caller, city_list)
    item, case = next(((i, c) for i, c in cases.items() if i.nomination_id == nomination_id), (None, None))
    if item is None or case is None:
        raise NotFound
    _require_all(Action.UNLIST, caller, {item: case})
    await leave(session, city_list, item, at=case.now)
    await session.execute(
        update(PublicityNotice)
        .where(
            PublicityNotice.nomination_id == nomination_id,
            PublicityNotice.level == "city",
            PublicityNotice.superseded_at.is_(None),
        )
        .values(superseded_at=case.now)
    )
    await take(session, Action.UNLIST, caller=caller, case=case, reason=reason, details={"list_id": str(list_id)})
    return city_list


async def lists_of(
    session: AsyncSession, *, campaign_key: str, before: UUID | None, limit: int
) -> Sequence[tuple[CityList, int]]:
    """The newest first, each with how many cases stand on it."""
    cases = (
        select(func.count())
        .where(CityListItem.list_id == CityList.id, CityListItem.removed_at.is_(None))
        .scalar_subquery()
    )
    query = select(CityList, cases).where(CityList.campaign_key == campaign_key)
    if before is not None:
        query = query.where(CityList.id < before)
    return [(row[0], row[1]) for row in await session.execute(query.order_by(CityList.id.desc()).limit(limit))]


async def _put_on(
    session: AsyncSession,
    context: Context,
    caller: Caller,
    city_list: CityList,
    selection: Mapping[str, Sequence[UUID]],
) -> None:
    before = await session.scalars(select(CityListItem).where(CityListItem.list_id == city_list.id))
    left = {item.nomination_id: item for item in before}
    chosen = sorted((nomination_id, category) for category, ids in selection.items() for nomination_id in ids)
    items = {
        left.get(nomination_id)
        or CityListItem(list_id=city_list.id, nomination_id=nomination_id, category=category): nomination_id
        for nomination_id, category in chosen
    }
    cases = {item: await locked_case(session, context, caller, nomination_id) for item, nomination_id in items.items()}
    wrong = [item for item, case in cases.items() if case.nomination.category != item.category]
    if wrong:
        raise NotFound
    _require_all(Action.LIST, caller, cases)
    for item, case in cases.items():
        item.removed_at, item.rank = None, None
        session.add(item)
        await take(session, Action.LIST, caller=caller, case=case, details={"list_id": str(city_list.id)})


async def _list_to_draw_up(session: AsyncSession, campaign_key: str) -> CityList:
    """A new one, or the one on the way that everybody has left. Raises ListExists where it names somebody."""
    on_the_way = (CityList.campaign_key == campaign_key, CityList.reported_at.is_(None))
    found = await session.scalar(select(CityList).where(*on_the_way).with_for_update())
    if found is None:
        return CityList(id=uuid7(), campaign_key=campaign_key, revision=0)
    if await items_of(session, found.id):
        raise ListExists
    return found


async def _reported(session: AsyncSession, campaign_key: str) -> dict[str, int]:
    """Category → how many went to the province on lists before (R18). Who was disqualified there is not replaced (R99)."""
    query = (
        select(CityListItem.category, func.count().label("cases"))
        .join(CityList, CityList.id == CityListItem.list_id)
        .where(
            CityList.campaign_key == campaign_key,
            CityList.reported_at.is_not(None),
            CityListItem.removed_at.is_(None),
        )
        .group_by(CityListItem.category)
    )
    return {row.category: row.cases for row in await session.execute(query)}


async def _open_list(session: AsyncSession, list_id: UUID) -> CityList:
    city_list = await session.get(CityList, list_id, with_for_update=True)
    if city_list is None:
        raise NotFound
    if city_list.reported_at is not None:
        raise ListReported
    return city_list


async def _cases(
    session: AsyncSession, context: Context, caller: Caller, city_list: CityList
) -> dict[CityListItem, Case]:
    """Every case of the list, locked in one order before anything moves."""
    items = sorted(await items_of(session, city_list.id), key=lambda item: item.nomination_id)
    return {item: await locked_case(session, context, caller, item.nomination_id) for item in items}


def _require(faults: list[SelectionFault]) -> None:
    if faults:
        raise Unprocessable(
            errors=[FieldError(f.pointer, f.code, f.message, requirement=f.requirement) for f in faults]
        )


def _require_all(action: Action, caller: Caller, cases: Mapping[CityListItem, Case]) -> None:
    against = [] if cases else [LIST_IS_EMPTY]
    against += [
        replace(blocker, pointer=f"/nominations/{item.nomination_id}")
        for item, case in cases.items()
        for blocker in blockers(action, actor=actor_of(caller), case=case.facts)
    ]
    if against:
        raise refusal(against)


def _touch(city_list: CityList, context: Context) -> None:
    city_list.revision += 1
    city_list.saved_at = context.clock.now()
