"""A first draft of a county's report, before there is one."""

from typing import Annotated

from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import Caller, caller_with
from services.common.db import Reading
from services.common.problem_schema import SIGNED_IN, DeclaringRouter, answers
from services.common.problems import Unavailable, Unprocessable
from services.nominations.context import InContext
from services.nominations.domain.workflow import Role
from services.nominations.problems import ActionForbidden, CampaignNotFound
from services.nominations.reporting.report_proposals import propose
from services.nominations.schemas.reports import ReportProposal

report_proposal_routes = DeclaringRouter(
    route_class=StrictRoute,
    tags=["reports"],
    responses=SIGNED_IN | answers(ActionForbidden, CampaignNotFound, Unprocessable, Unavailable),
)


@report_proposal_routes.get("/v1/campaigns/{key}/county-report-proposal")
async def propose_county_report(
    key: str, caller: Annotated[Caller, caller_with(Role.COUNTY_OFFICER)], context: InContext, session: Reading
) -> ReportProposal:
    """推荐工作报告初稿（R114）。The five sections written from the cases, a ranking to change, and the open gates (R69)."""
    return await propose(session, context, caller, await context.campaigns.latest(session, key))
