"""The procedure tells when a campaign was decided and closed: from those days papers are kept for a time."""

from typing import Annotated

from fastapi import APIRouter, Path

from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import Caller, caller_with
from services.common.problem_schema import answers
from services.common.problems import Forbidden, MalformedJson, Unprocessable
from services.documents.domain.document_kind import RetentionStart
from services.documents.problems import CampaignUnknown
from services.documents.resources import TheResources
from services.documents.retention import set_event
from services.documents.routes.refusals import SIGNED_IN
from services.documents.schemas.campaign_events import CampaignEventDay

routes = APIRouter(tags=["bundles"], route_class=StrictRoute)


@routes.put(
    "/v1/documents/campaigns/{campaign_key}/events/{event}",
    responses=answers(*SIGNED_IN, MalformedJson, Forbidden, Unprocessable, CampaignUnknown),
)
async def set_campaign_event(
    campaign_key: Annotated[str, Path(max_length=80)],
    event: RetentionStart,
    wanted: CampaignEventDay,
    resources: TheResources,
    _: Annotated[Caller, caller_with("service")],
) -> CampaignEventDay:
    """登记保存期限起算日（仅供服务间调用）。

    Say when an event happened from which retention counts. For services only; the later word holds.
    """
    await set_event(resources, campaign_key=campaign_key, event=event, happened_on=wanted.happened_on)
    return wanted
