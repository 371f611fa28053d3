"""The official form of a case, drawn at any time: a draft says so, a case that went up does not."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import BearerToken, CurrentCaller
from services.common.problem_schema import SIGNED_IN, Answers, DeclaringRouter, answers
from services.common.problems import (
    NotFound,
    Unavailable,
    Unprocessable,
)
from services.nominations import queries
from services.nominations.cases.case_facts import load_case
from services.nominations.context import InContext
from services.nominations.domain.disclosures import Release
from services.nominations.domain.withheld import reads_opinions
from services.nominations.personal_data.releasing_data import note_release
from services.nominations.prints.approval_forms import approval_form
from services.nominations.prints.erasure_certificates import erasure_certificate
from services.nominations.prints.printing import draw_for, of_case
from services.nominations.prints.rendering import MEDIA_TYPES, Format, file_name
from services.nominations.prints.sheet_forms import opinion_form
from services.nominations.problems import FormNotFound, NothingErased
from services.nominations.routes.downloads import download

_FILES = Answers(
    {200: {"content": {m: {"schema": {"type": "string", "format": "binary"}} for m in MEDIA_TYPES.values()}}}
)
case_form_routes = DeclaringRouter(
    route_class=StrictRoute,
    prefix="/v1/nominations/{nomination_id}",
    tags=["forms"],
    responses=SIGNED_IN | answers(NotFound, Unprocessable, Unavailable),
)


@case_form_routes.get("/forms/{form}", response_class=Response, responses=_FILES | answers(FormNotFound))
async def get_nomination_form(
    nomination_id: UUID,
    form: str,
    caller: CurrentCaller,
    context: InContext,
    wanted: Annotated[Format, Query(alias="format")] = "pdf",
) -> Response:
    """审批表（附件5、附件6）、征求意见表（附件7、附件8）。The case's forms as PDF or DOCX, with pictures.

    征求意见表 carry the authorities' opinions for offices alone; nominee and unit get the sheet that goes out to be signed.
    """
    async with context.database.reading() as session:
        nomination = await queries.get_nomination(session, caller, nomination_id)
        campaign = await context.campaigns.version(session, nomination.campaign_key, nomination.campaign_version)
        case = await load_case(session, nomination, campaign, now=context.clock.now())
        own = form == campaign.form_of(nomination.category).key
        with_opinions = reads_opinions(caller.roles)
        document = None if own else opinion_form(context, case, form, with_opinions=with_opinions)
    if document is None:
        document = await approval_form(context, case)
    content = await draw_for(context, caller, document, wanted, of_case(nomination))
    if str(nomination.nominee_person_id) != caller.subject:
        await note_release(context, caller, Release.FORM, [nomination_id], form=form)
    name = file_name(campaign.forms[form].title, nomination.name, nomination_id, wanted)
    return download(content, name, MEDIA_TYPES[wanted])


@case_form_routes.get("/erasure-certificate", response_class=Response, responses=_FILES | answers(NothingErased))
async def get_erasure_certificate(
    nomination_id: UUID,
    caller: CurrentCaller,
    token: BearerToken,
    context: InContext,
    wanted: Annotated[Format, Query(alias="format")] = "pdf",
) -> Response:
    """个人信息删除证明（个人信息保护法第四十七条）。Which papers were erased, when and why, to be sealed and handed out.

    As data: `GET /v1/documents/bundles/{bundle_id}/erasures`, the `bundle_id` being the nomination's id.
    """
    async with context.database.reading() as session:
        nomination = await queries.get_nomination(session, caller, nomination_id)
        campaign = await context.campaigns.version(session, nomination.campaign_key, nomination.campaign_version)
    papers = await context.documents.erased_papers(token, nomination_id)
    if not papers:
        raise NothingErased
    today = campaign.local_day(context.clock.now())
    document = erasure_certificate(campaign, nomination, papers, today=today)
    content = await draw_for(context, caller, document, wanted, of_case(nomination))
    name = file_name(document.title, nomination.name, nomination_id, wanted)
    return download(content, name, MEDIA_TYPES[wanted])
