"""The official form of a case, drawn at any time: a draft says so, a case that went up does not."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.common.problem_schema import answers
from services.common.problems import (
    NotFound,
    TokenExpired,
    TokenMissing,
    Unauthenticated,
    Unavailable,
    Unprocessable,
)
from services.common.strict_json import StrictRoute
from services.common.tokens import CurrentCaller
from services.nominations import queries
from services.nominations.case_facts import Case, load_case
from services.nominations.content import opened_form
from services.nominations.context import Context, InContext
from services.nominations.domain.workflow import FIRST_STAGE
from services.nominations.forms.blocks import FormDocument
from services.nominations.problems import FormNotFound
from services.nominations.rendering import MEDIA_TYPES, Format, file_name, form_document, picture_places, printed_values
from services.nominations.routes.downloads import download
from services.nominations.sheet_forms import opinion_form

case_form_routes = APIRouter(
    route_class=StrictRoute,
    prefix="/v1/nominations/{nomination_id}/forms",
    tags=["forms"],
    responses=answers(TokenMissing, TokenExpired, Unauthenticated, NotFound, FormNotFound, Unprocessable, Unavailable),
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
        document = None if own else await opinion_form(session, context, case, form)
    if document is None:
        document = await _approval_form(context, case, form)
    content = await context.renderer.draw(document, wanted)
    name = file_name(campaign.forms[form].title, nomination.name, nomination_id, wanted)
    return download(content, name, MEDIA_TYPES[wanted])


async def _approval_form(context: Context, case: Case, form: str) -> FormDocument:
    nomination, campaign = case.nomination, case.campaign
    status: Literal["draft", "final"] = "draft" if nomination.stage == FIRST_STAGE else "final"
    return form_document(
        campaign,
        context.campaigns.print_layout(campaign, form),
        form,
        values=printed_values(campaign, nomination, opened_form(nomination, campaign.forms[form], context.seal)),
        images=await _pictures(context, nomination.id),
        signatures=case.signatures,
        status=status,
    )


async def _pictures(context: Context, nomination_id: UUID) -> dict[str, bytes]:
    """The pictures that the form shows, read in the service's own name; a missing one leaves its place empty."""
    places = picture_places(await context.documents.held(nomination_id))
    return {place: await context.documents.content(document_id) for place, document_id in places.items()}
