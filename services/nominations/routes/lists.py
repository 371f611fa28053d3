"""Lists of cases, searches, counts, and what waits for the caller."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from services.common.callers.tokens import Caller, CurrentCaller, caller_with
from services.common.db import Reading
from services.common.lists.paging import AfterId, PageKey, PageSize, page_key, page_token, parsed_key
from services.common.problem_schema import SIGNED_IN, DeclaringRouter, answers
from services.common.problems import (
    MalformedJson,
    Unavailable,
    Unprocessable,
)
from services.nominations.context import InContext
from services.nominations.domain.identity import normalise_number
from services.nominations.domain.workflow import Role, Status
from services.nominations.labels import ACTION, STATUS
from services.nominations.lists.list_files import ListingRoute
from services.nominations.lists.list_queries import CaseFilter, counts, fast_page_of_cases, is_office_only, page_by_name
from services.nominations.lists.work_items import begin_of_list, cases_to_review, work_at, work_items
from services.nominations.problems import ActionForbidden, CampaignNotFound
from services.nominations.reporting.balance import balance_panel
from services.nominations.reporting.progress import progress_board
from services.nominations.schemas.lists import (
    BalancePanel,
    NominationCount,
    NominationCounts,
    NominationPage,
    NominationRow,
    NominationSearch,
    WorkAction,
    WorkItem,
    WorkItemPage,
)
from services.nominations.schemas.progress import ProgressBoard

list_routes = DeclaringRouter(
    route_class=ListingRoute,
    tags=["nominations"],
    responses=SIGNED_IN | answers(Unavailable, Unprocessable),
)
_REVIEWERS = frozenset({Role.COUNTY_REVIEWER, Role.CITY_REVIEWER})
CampaignKey = Annotated[str, Query(max_length=80)]
Office = Annotated[
    Caller, caller_with(Role.COUNTY_OFFICER, Role.COUNTY_REVIEWER, Role.CITY_OFFICER, Role.CITY_REVIEWER)
]


@list_routes.get("/v1/nominations")
async def list_nominations(
    caller: CurrentCaller,
    context: InContext,
    campaign_key: CampaignKey,
    after: AfterId,
    stage: Annotated[str | None, Query(max_length=40)] = None,
    status: Status | None = None,
    category: Annotated[str | None, Query(max_length=80)] = None,
    quota_unit: Annotated[str | None, Query(max_length=40)] = None,
    unit_id: UUID | None = None,
    oldest_first: bool = False,
    page_size: PageSize = 20,
) -> NominationPage:
    """推荐列表（限本人权限范围）。Cases within the caller's scope by age; names and numbers are searched by POST."""
    wanted = CaseFilter(
        campaign_key, stage=stage, status=status, category=category, quota_unit=quota_unit, unit_id=unit_id
    )
    rows = await fast_page_of_cases(
        context.database, caller, wanted, oldest_first=oldest_first, after=after, limit=page_size + 1
    )
    items = [NominationRow.of(row) for row in rows[:page_size]]
    return NominationPage(items=items, next_page_token=page_token(items[-1].id) if len(rows) > page_size else None)


@list_routes.post("/v1/nominations/searches", responses=answers(MalformedJson))
async def search_nominations(
    wanted: NominationSearch, caller: CurrentCaller, context: InContext, session: Reading
) -> NominationPage:
    """按姓名开头或完整身份证号查找。By the beginning of the name, or by the whole identity number."""
    number = wanted.resident_id_number
    found = CaseFilter(
        wanted.campaign_key,
        stage=wanted.stage,
        status=wanted.status,
        category=wanted.category,
        quota_unit=wanted.quota_unit,
        name_starts=wanted.name_starts,
        identity_indexes=context.seal.indexes(normalise_number(number)) if number else None,
    )
    after = parsed_key(page_key(wanted.page_token), str, UUID)
    rows = await page_by_name(session, caller, found, after=after, limit=wanted.page_size + 1)
    items = [NominationRow.of(row._asdict()) for row in rows[: wanted.page_size]]
    more = page_token(items[-1].name, items[-1].id) if len(rows) > wanted.page_size else None
    return NominationPage(items=items, next_page_token=more)


@list_routes.get("/v1/nomination-counts")
async def get_nomination_counts(caller: CurrentCaller, session: Reading, campaign_key: CampaignKey) -> NominationCounts:
    """各状态件数（限本人权限范围）。How many cases stand where, in one call."""
    items = [
        NominationCount(**row._asdict(), status_label=STATUS[Status(row.status)])
        for row in await counts(session, caller, campaign_key=campaign_key)
    ]
    return NominationCounts(items=items, total=sum(item.cases for item in items))


@list_routes.get("/v1/work-items", responses=answers(CampaignNotFound))
async def list_work_items(
    caller: CurrentCaller,
    context: InContext,
    session: Reading,
    campaign_key: CampaignKey,
    after: PageKey,
    page_size: PageSize = 20,
) -> WorkItemPage:
    """待办事项。Cases that wait for the caller, with what can be done.

    Oldest first; for reviewers in a neutral order that begins elsewhere for each of them (R94).
    """
    campaign = await context.campaigns.latest(session, campaign_key)
    today = campaign.local_day(context.clock.now())
    reviews = is_office_only(caller) and not caller.roles.isdisjoint(_REVIEWERS)
    if reviews:
        begin = await begin_of_list(session, caller, campaign_key=campaign_key, now=context.clock.now())
        rows = await cases_to_review(
            session,
            caller,
            campaign_key=campaign_key,
            today=today,
            begins_at=begin,
            after=parsed_key(after, int, UUID),
            limit=page_size + 1,
        )
    else:
        parts = parsed_key(after, UUID)
        rows = await work_items(
            session,
            caller,
            campaign_key=campaign_key,
            today=today,
            after=parts[0] if parts else None,
            limit=page_size + 1,
        )
    items = [
        WorkItem.of(
            row,
            actions=[
                WorkAction(action=action.value, label=ACTION[action])
                for action in work_at(caller.roles, row["stage"], row["status"])
            ],
        )
        for row in rows[:page_size]
    ]
    more = None
    if len(rows) > page_size:
        last = rows[page_size - 1]
        more = page_token(last["neutral_key"], last["id"]) if reviews else page_token(last["id"])
    return WorkItemPage(items=items, next_page_token=more)


@list_routes.get("/v1/campaigns/{key}/balance", responses=answers(CampaignNotFound))
async def get_campaign_balance(key: str, caller: CurrentCaller, context: InContext, session: Reading) -> BalancePanel:
    """结构面板：女同志、少数民族、基层一线、领域、制造业企业（R16、R70–R73）。Facts within the caller's scope, no score."""
    return await balance_panel(session, caller, await context.campaigns.latest(session, key))


@list_routes.get("/v1/campaigns/{key}/progress", responses=answers(CampaignNotFound, ActionForbidden))
async def get_campaign_progress(key: str, caller: Office, context: InContext, session: Reading) -> ProgressBoard:
    """进度看板：各推荐单位到哪一步、是否按时、名额用了多少（R110–R111）。The city sees all, a county its own row."""
    campaign = await context.campaigns.latest(session, key)
    of_city = caller.roles & {Role.CITY_OFFICER, Role.CITY_REVIEWER}
    own = None if of_city else caller.jurisdiction
    return await progress_board(session, campaign, now=context.clock.now(), quota_unit=own)
