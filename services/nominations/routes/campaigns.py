"""Campaigns as anybody may read them, without signing in (R3): the notice, its quotas, its forms; and one's own seats."""

from collections.abc import Callable, Hashable
from typing import Annotated, Any, Literal

from fastapi import Query, Response

from services.common.answers.caching import PUBLIC
from services.common.callers.tokens import CurrentCaller
from services.common.db import Reading
from services.common.problem_schema import SIGNED_IN, DeclaringRouter, answers
from services.common.problems import Unavailable, Unprocessable
from services.nominations import queries
from services.nominations.campaigns.campaign_course import courses, latest_with_course
from services.nominations.campaigns.campaign_views import (
    campaign_body,
    form_schema,
    quota_table,
    requirements_body,
)
from services.nominations.context import Context, InContext
from services.nominations.domain.campaign import Campaign
from services.nominations.lists.list_files import ListingRoute
from services.nominations.prints.rendering import MEDIA_TYPES
from services.nominations.problems import CampaignNotFound, FormNotFound
from services.nominations.schemas.campaigns import (
    CampaignBody,
    CampaignList,
    CampaignRequirements,
    QuotaAccountBody,
    QuotaAccounts,
    QuotaTable,
)

campaign_routes = DeclaringRouter(
    route_class=ListingRoute,
    prefix="/v1/campaigns",
    tags=["public"],
    responses=answers(CampaignNotFound, Unprocessable, Unavailable),
)


@campaign_routes.get("", response_model=CampaignList)
async def list_campaigns(context: InContext, session: Reading) -> Response:
    """全部评选活动。Every campaign, in its newest version."""
    campaigns, course = await context.campaigns.every(session), await courses(session)
    told = [(campaign, course[campaign.key]) for campaign in campaigns]
    return context.made_once.answer(
        "campaigns",
        lambda: CampaignList(items=[campaign_body(*each) for each in told]),
        rests_on=tuple((campaign.key, campaign.version, course) for campaign, course in told),
    )


@campaign_routes.get("/{key}", response_model=CampaignBody)
async def get_campaign(key: str, context: InContext, session: Reading) -> Response:
    """评选活动：通知、类别、条件、期限、联系方式。The notice, its categories, conditions, deadlines and contact."""
    campaign, course = await latest_with_course(session, context.campaigns, key)
    return _once(context, campaign, "campaign", lambda: campaign_body(campaign, course), rests_on=course)


@campaign_routes.get("/{key}/requirements", response_model=CampaignRequirements)
async def get_campaign_requirements(key: str, context: InContext, session: Reading) -> Response:
    """通知条款（按编号）。The clauses of the notice: `requirement` of every refusal is one of these numbers."""
    campaign = await context.campaigns.latest(session, key)
    return _once(context, campaign, "requirements", lambda: requirements_body(campaign))


@campaign_routes.get("/{key}/quotas", response_model=QuotaTable)
async def get_campaign_quotas(key: str, context: InContext, session: Reading) -> Response:
    """名额分配表（附件2）。The seats of every recommending organisation."""
    campaign = await context.campaigns.latest(session, key)
    return _once(context, campaign, "quotas", lambda: quota_table(campaign))


def _once(
    context: Context, campaign: Campaign, what: Hashable, make: Callable[[], Any], *, rests_on: Hashable = None
) -> Response:
    return context.made_once.answer((campaign.key, campaign.version, what), make, rests_on=rests_on)


@campaign_routes.get("/{key}/quota-accounts", responses=SIGNED_IN)
async def list_quota_accounts(key: str, caller: CurrentCaller, context: InContext, session: Reading) -> QuotaAccounts:
    """本地名额使用情况。Where the seats of the caller's own organisation are; the city sees all."""
    await context.campaigns.latest(session, key)
    rows = await queries.quota_accounts(session, caller, campaign_key=key)
    return QuotaAccounts(
        items=[
            QuotaAccountBody(
                quota_unit=row.quota_unit,
                category=row.category,
                granted=row.granted,
                reserved=row.reserved,
                consumed=row.consumed,
                forfeited=row.forfeited,
                waived=row.waived,
                available=row.granted - row.reserved - row.consumed - row.forfeited - row.waived,
            )
            for row in rows
        ]
    )


@campaign_routes.get(
    "/{key}/forms/{form}",
    response_model=dict[str, Any],
    responses=answers(CampaignNotFound, FormNotFound)
    | {200: {"content": {media: {} for media in MEDIA_TYPES.values()}}},
)
async def get_campaign_form(
    key: str,
    form: str,
    context: InContext,
    session: Reading,
    wanted: Annotated[Literal["json", "pdf", "docx"], Query(alias="format")] = "json",
) -> Response:
    """表格：字段说明（json）或空白表（pdf、docx）。What the form asks, or the blank form to print."""
    campaign = await context.campaigns.latest(session, key)
    if form not in campaign.forms:
        raise FormNotFound
    if wanted == "json":
        return _once(context, campaign, ("form", form), lambda: form_schema(campaign, campaign.forms[form]))
    content = await context.blank_forms.get(campaign, form, wanted)
    return Response(content, media_type=MEDIA_TYPES[wanted], headers={"Cache-Control": PUBLIC})
