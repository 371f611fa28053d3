"""The authority's officer: no account, one sheet, one answer. Link and key travel in the body, never in an address."""

from fastapi import Response
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.answers.strict_json import StrictRoute
from services.common.messages.text_messages import TextMessageNotSent, TextMessagesOff
from services.common.problem_schema import DeclaringRouter, answers
from services.common.problems import MalformedJson, Unavailable, Unprocessable
from services.common.repeats.once import OnceForAnybody
from services.nominations.cases.case_facts import Case
from services.nominations.consultation.consultation_sheets import answer_sheet, open_sheet, scan_shows, send_code
from services.nominations.context import InContext
from services.nominations.documents_client import UploadGrant
from services.nominations.domain.consultation import RequiredOpinion
from services.nominations.forms.summary import summary_row
from services.nominations.prints.rendering import vocabulary
from services.nominations.problems import (
    ActionBlocked,
    ConsultationLinkInvalid,
    ConsultationOver,
    SheetClosed,
    TextCodeWrong,
    TooManyCodes,
)
from services.nominations.publicity.guest_files import grant_for_sheet
from services.nominations.schemas.city import UploadGrantBody
from services.nominations.schemas.consultations import (
    OpenedSheet,
    SheetAnswer,
    SheetAnswered,
    SheetCodeRequest,
    SheetCodeSent,
    SheetDisqualifier,
    SheetOpening,
    SheetRow,
)

consultation_sheet_routes = DeclaringRouter(
    route_class=StrictRoute,
    prefix="/v1/consultation-sheets",
    tags=["public"],
    responses=answers(MalformedJson, Unprocessable, Unavailable),
)
_BY_LINK = answers(ConsultationLinkInvalid, ConsultationOver)


@consultation_sheet_routes.post(
    "/codes",
    status_code=201,
    responses=_BY_LINK | answers(TooManyCodes, TextMessagesOff, TextMessageNotSent),
)
async def send_sheet_code(wanted: SheetCodeRequest, context: InContext) -> SheetCodeSent:
    """获取验证码：发送到征求意见时登记的手机。The code goes to the phone that is bound to the link, and to no other."""
    return SheetCodeSent(phone_masked=await send_code(context, wanted.link_code))


@consultation_sheet_routes.post("/openings", status_code=201, responses=_BY_LINK | answers(TextCodeWrong))
async def open_opinion_sheet(wanted: SheetOpening, context: InContext) -> OpenedSheet:
    """凭链接和验证码打开意见表。What the sheet shows, and nothing else of the case."""
    key, consultation, case, need = await open_sheet(context, wanted.link_code, wanted.code)
    return _sheet(key, case, need, await grant_for_sheet(context, consultation))


@consultation_sheet_routes.post(
    "/answers", status_code=201, response_model=SheetAnswered, responses=answers(SheetClosed, ActionBlocked)
)
async def answer_opinion_sheet(wanted: SheetAnswer, context: InContext, once: OnceForAnybody) -> Response:
    """提交部门意见。The opinion, signed by the officer's name; the sheet closes with it."""
    answered = await once.given(None)
    if answered is not None:
        return answered
    shown = await scan_shows(context, wanted)

    async def perform(session: AsyncSession) -> SheetAnswered:
        authority = await answer_sheet(session, context, wanted, shown)
        return SheetAnswered(authority=authority, recorded_at=context.clock.now())

    return await once.do(None, perform)


def _sheet(key: str, case: Case, need: RequiredOpinion, grant: UploadGrant | None) -> OpenedSheet:
    form = case.campaign.form_of(case.nomination.category)
    sheet = case.campaign.forms[need.sheet] if need.sheet is not None else None
    if sheet is not None:
        said = summary_row(sheet, case.nomination.form, vocabulary(case.campaign, form))
        rows = [SheetRow(label=column.label, value=said[column.key]) for column in sheet.columns]
    else:
        rows = [
            SheetRow(label="姓名", value=case.nomination.name),
            SheetRow(label="单位", value=case.nomination.unit_name),
        ]
    return OpenedSheet(
        sheet_key=key,
        campaign_title=case.campaign.title,
        form_title=sheet.title if sheet is not None else f"{case.campaign.title}征求意见",
        authority=need.authority,
        label=need.label,
        reason=need.reason,
        rows=rows,
        disqualifiers=[SheetDisqualifier(key=each.key, label=each.label) for each in case.campaign.disqualifiers],
        notes=list(sheet.notes) if sheet is not None else [],
        upload=UploadGrantBody.model_validate(grant, from_attributes=True) if grant is not None else None,
    )
