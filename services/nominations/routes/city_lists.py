"""The city's list: draw up, second, publish, rank, report to the province."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.answers.versions import IfMatch
from services.common.callers.tokens import Caller, caller_with
from services.common.db import Reading
from services.common.lists.paging import AfterId, PageSize, page_token
from services.common.problem_schema import SIGNED_IN, DeclaringRouter, answers
from services.common.problems import (
    IdempotencyKeyReused,
    MalformedJson,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
    Unavailable,
    Unprocessable,
)
from services.common.repeats.idempotency import Answer
from services.common.repeats.once import Once
from services.nominations.cases.hand_over import open_papers_of_list
from services.nominations.city_tables import CityList
from services.nominations.context import InContext
from services.nominations.domain.disclosures import Release
from services.nominations.domain.workflow import Role
from services.nominations.lists.list_files import ListingRoute
from services.nominations.personal_data.releasing_data import note_release
from services.nominations.prints.printing import draw_for, of_list
from services.nominations.prints.rendering import MEDIA_TYPES, XLSX, TableFormat
from services.nominations.problems import (
    ActionBlocked,
    ActionForbidden,
    CampaignNotFound,
    FormNotFound,
    ListExists,
    ListReported,
    NoChoice,
    NominationHeld,
    SecondPersonNeeded,
)
from services.nominations.reporting.city_lists import (
    draw_up_list,
    lists_of,
    publish_list,
    rank_list,
    report_list,
    second_list,
    take_off,
    version_of_list,
)
from services.nominations.reporting.list_forms import get_list, list_form, ranked_cases
from services.nominations.reporting.list_items import items_of
from services.nominations.routes.downloads import download
from services.nominations.schemas.city import (
    CityListBody,
    CityListItemBody,
    CityListPage,
    CityListRow,
    ListRemoval,
    NewCityList,
    Ranking,
)

city_list_routes = DeclaringRouter(
    route_class=ListingRoute,
    prefix="/v1/city-lists",
    tags=["city"],
    responses=SIGNED_IN
    | answers(NominationHeld, MalformedJson, ActionForbidden, NotFound, ListReported, Unprocessable, Unavailable),
)
Officer = Annotated[Caller, caller_with(Role.CITY_OFFICER)]
Second = Annotated[Caller, caller_with(Role.CITY_OFFICER, Role.CITY_REVIEWER)]


async def _body(session: AsyncSession, city_list: CityList) -> CityListBody:
    selection: dict[str, list[CityListItemBody]] = {}
    for item in await items_of(session, city_list.id):
        selection.setdefault(item.category, []).append(
            CityListItemBody(nomination_id=item.nomination_id, rank=item.rank)
        )
    return CityListBody(
        id=city_list.id,
        campaign_key=city_list.campaign_key,
        candidates=city_list.candidates,
        selection=selection,
        no_choice_reason=city_list.no_choice_reason,
        seconded=city_list.seconded_by is not None,
        ranked_at=city_list.ranked_at,
        reported_at=city_list.reported_at,
    )


async def _once(once: Once, caller: Caller, step: Callable[[AsyncSession], Awaitable[CityList]]) -> Response:
    async def perform(session: AsyncSession) -> Answer:
        city_list = await step(session)
        await session.flush()
        return Answer(201, await _body(session, city_list), {"ETag": version_of_list(city_list).etag})

    return await once.do(caller, perform)


@city_list_routes.post(
    "",
    status_code=201,
    response_model=CityListBody,
    responses=answers(CampaignNotFound, ActionBlocked, ListExists, NoChoice, IdempotencyKeyReused),
)
async def create_city_list(wanted: NewCityList, caller: Officer, context: InContext, once: Once) -> Response:
    """拟定推荐对象名单（R17–R18、R46、R61）。Chooses among reported cases: all of the list or nothing."""
    return await _once(once, caller, lambda session: draw_up_list(session, context, caller, wanted))


@city_list_routes.get("")
async def list_city_lists(
    caller: Second,
    session: Reading,
    campaign_key: Annotated[str, Query(max_length=80)],
    before: AfterId,
    page_size: PageSize = 20,
) -> CityListPage:
    """名单列表。The one on the way and those that were reported, the newest first."""
    del caller  # the role is what is asked
    rows = await lists_of(session, campaign_key=campaign_key, before=before, limit=page_size + 1)
    items = [
        CityListRow(
            id=city_list.id,
            campaign_key=city_list.campaign_key,
            cases=cases,
            seconded=city_list.seconded_by is not None,
            saved_at=city_list.saved_at,
            ranked_at=city_list.ranked_at,
            reported_at=city_list.reported_at,
        )
        for city_list, cases in rows[:page_size]
    ]
    return CityListPage(items=items, next_page_token=page_token(items[-1].id) if len(rows) > page_size else None)


@city_list_routes.get("/{list_id}")
async def get_city_list(list_id: UUID, caller: Second, session: Reading, response: Response) -> CityListBody:
    """读取名单。The list, its ranks, and how far it is."""
    del caller  # the role is what is asked
    city_list = await session.get(CityList, list_id)
    if city_list is None:
        raise NotFound
    response.headers["ETag"] = version_of_list(city_list).etag
    return await _body(session, city_list)


@city_list_routes.post(
    "/{list_id}/seconding",
    status_code=201,
    response_model=CityListBody,
    responses=answers(SecondPersonNeeded, PreconditionFailed, PreconditionRequired),
)
async def second_city_list(list_id: UUID, caller: Second, context: InContext, edited: IfMatch, once: Once) -> Response:
    """另一人复核非差额名单（R46、R97）。Another person agrees that the list they read stands without a choice."""
    return await _once(once, caller, lambda session: second_list(session, context, caller, list_id, edited=edited))


@city_list_routes.post(
    "/{list_id}/publicity-notices",
    status_code=201,
    response_model=CityListBody,
    responses=answers(ActionBlocked, SecondPersonNeeded),
)
async def publish_city_list(list_id: UUID, caller: Officer, context: InContext, once: Once) -> Response:
    """在全市范围内公示（R62）。Opens the notice of the whole city for every case of the list."""
    return await _once(once, caller, lambda session: publish_list(session, context, caller, list_id))


@city_list_routes.put("/{list_id}/ranking", responses=answers(ActionBlocked, PreconditionFailed, PreconditionRequired))
async def rank_city_list(
    list_id: UUID, wanted: Ranking, caller: Officer, context: InContext, edited: IfMatch, response: Response
) -> CityListBody:
    """排序（R64）。The strict order of each category; no ties, no gaps, nobody left out."""
    async with context.database.transaction() as session:
        city_list = await rank_list(session, context, caller, list_id, edited=edited, wanted=wanted)
        await session.flush()
        response.headers["ETag"] = version_of_list(city_list).etag
        return await _body(session, city_list)


@city_list_routes.post(
    "/{list_id}/removals", status_code=201, response_model=CityListBody, responses=answers(ActionBlocked)
)
async def remove_from_city_list(
    list_id: UUID, wanted: ListRemoval, caller: Officer, context: InContext, once: Once
) -> Response:
    """移出名单（须说明理由）。Takes one case off the list; its notice ends with it."""
    return await _once(
        once,
        caller,
        lambda session: take_off(session, context, caller, list_id, wanted.nomination_id, wanted.reason),
    )


@city_list_routes.post(
    "/{list_id}/submissions", status_code=201, response_model=CityListBody, responses=answers(ActionBlocked)
)
async def report_city_list(list_id: UUID, caller: Officer, context: InContext, once: Once) -> Response:
    """上报省评选表彰工作领导小组办公室（R65）。Reports the whole list, or nothing."""
    return await _once(once, caller, lambda session: report_list(session, context, caller, list_id))


@city_list_routes.get(
    "/{list_id}/forms/{form}",
    response_class=Response,
    responses=answers(FormNotFound) | {200: {"content": {media: {} for media in (*MEDIA_TYPES.values(), XLSX)}}},
)
async def get_city_list_table(
    list_id: UUID,
    form: str,
    caller: Officer,
    context: InContext,
    wanted: Annotated[TableFormat, Query(alias="format")] = "pdf",
) -> Response:
    """全市推荐对象汇总表（附件3、附件4，R64–R65）。The city's ranked list as it goes to the province."""
    async with context.database.reading() as session:
        document = await list_form(session, context, list_id, form)
        city_list = await get_list(session, list_id)
        ranked = await ranked_cases(session, list_id)
    if city_list.reported_at is not None:
        await open_papers_of_list(context, caller, city_list)
    content = await draw_for(context, caller, document, wanted, of_list(city_list))
    await note_release(context, caller, Release.REPORT_TABLE, ranked, form=form)
    return download(content, f"{document.title}.{wanted}", XLSX if wanted == "xlsx" else MEDIA_TYPES[wanted])
