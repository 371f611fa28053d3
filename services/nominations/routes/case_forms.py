"""The official form of a case, drawn at any time: a draft says so, a case that went up does not."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import CurrentCaller
from services.common.problem_schema import SIGNED_IN, DeclaringRouter, answers
from services.common.problems import (
    NotFound,
    Unavailable,
    Unprocessable,
)
from services.nominations import queries
from services.nominations.cases.case_facts import load_case
from services.nominations.context import InContext
from services.nominations.domain.disclosures import Release
from services.nominations.personal_data.releasing_data import note_release
from services.nominations.prints.approval_forms import approval_form
from services.nominations.prints.printing import draw_for, of_case
from services.nominations.prints.rendering import MEDIA_TYPES, Format, file_name
from services.nominations.prints.sheet_forms import opinion_form
from services.nominations.problems import FormNotFound
from services.nominations.routes.downloads import download

case_form_routes = DeclaringRouter(
    route_class=StrictRoute,
    prefix="/v1/nominations/{nomination_id}/forms",
    tags=["forms"],
    responses=SIGNED_IN | answers(NotFound, FormNotFound, Unprocessable, Unavailable),
)


@case_form_routes.get(
    "/{form}",
    response_class=Response,
    responses={200: {"content": {m: {"schema": {"type": "string", "format": "binary"}} for m in MEDIA_TYPES.values()}}},
)
async def get_nomination_form(
    nomination_id: UUID,
    form: str,
    caller: CurrentCaller,
    context: InContext,
    wanted: Annotated[Format, Query(alias="format")] = "pdf",
) -> Response:
    """审批表（附件5、附件6）、征求意见表（附件7、附件8）。The case's forms as PDF or DOCX, with pictures and signed opinions."""
    async with context.database.reading() as session:
        nomination = await queries.get_nomination(session, caller, nomination_id)
        campaign = await context.campaigns.version(session, nomination.campaign_key, nomination.campaign_version)
        case = await load_case(session, nomination, campaign, now=context.clock.now())
        own = form == campaign.form_of(nomination.category).key
        document = None if own else opinion_form(context, case, form)
    if document is None:
        document = await approval_form(context, case)
    content = await draw_for(context, caller, document, wanted, of_case(nomination))
    if str(nomination.nominee_person_id) != caller.subject:
        await note_release(context, caller, Release.FORM, [nomination_id], form=form)
    name = file_name(campaign.forms[form].title, nomination.name, nomination_id, wanted)
    return download(content, name, MEDIA_TYPES[wanted])
