"""The office asks authorities by link; their officers answer without an account."""

from typing import Annotated
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller, caller_with
from services.common.db import Reading
from services.common.messages.text_messages import TextMessageNotSent, TextMessagesOff
from services.common.problem_schema import SIGNED_IN, DeclaringRouter, answers
from services.common.problems import (
    MalformedJson,
    NotFound,
    Unavailable,
    Unprocessable,
)
from services.nominations import queries
from services.nominations.cases.saving import locked_case
from services.nominations.consultation.consultation_tables import Consultation
from services.nominations.consultation.consulting import ask, consultations_of, invitation, remind, revoke
from services.nominations.context import Context, InContext
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.workflow import Role
from services.nominations.lists.list_files import ListingRoute
from services.nominations.problems import ActionBlocked, ActionForbidden, AlreadyAsked, NominationHeld
from services.nominations.schemas.consultations import (
    AskedConsultation,
    ConsultationBody,
    Consultations,
    ConsultationStep,
    NewConsultation,
)

consultation_routes = DeclaringRouter(
    route_class=ListingRoute,
    tags=["consultation"],
    responses=SIGNED_IN
    | answers(NominationHeld, MalformedJson, ActionForbidden, NotFound, ActionBlocked, Unprocessable, Unavailable),
)
Officer = Annotated[Caller, caller_with(Role.COUNTY_OFFICER, Role.CITY_OFFICER)]
_SENDING = answers(TextMessagesOff, TextMessageNotSent)


async def _bodies(
    session: AsyncSession, context: Context, nomination_id: UUID, campaign: Campaign
) -> list[ConsultationBody]:
    found, steps = await consultations_of(session, nomination_id)
    return [
        ConsultationBody(
            id=each.id,
            authority=each.authority,
            label=campaign.authorities.get(each.authority, each.authority),
            officer_name=each.officer_name,
            phone_masked=each.phone_masked,
            state=_state(context, each),
            expires_at=each.expires_at,
            reminded_at=each.reminded_at,
            answered_at=each.answered_at,
            steps=[ConsultationStep(step=step, taken_at=at) for step, at in steps[each.id]],
        )
        for each in found
    ]


def _state(context: Context, consultation: Consultation) -> str:
    if consultation.answered_at is not None:
        return "answered"
    if consultation.revoked_at is not None:
        return "revoked"
    return "expired" if context.clock.now() >= consultation.expires_at else "waiting"


async def _body_of(
    session: AsyncSession, context: Context, caller: Caller, found: Consultation
) -> tuple[ConsultationBody, Campaign]:
    nomination = await queries.get_nomination(session, caller, found.nomination_id)
    campaign = await context.campaigns.latest(session, nomination.campaign_key)
    bodies = await _bodies(session, context, nomination.id, campaign)
    return next(body for body in bodies if body.id == found.id), campaign


@consultation_routes.post(
    "/v1/nominations/{nomination_id}/consultations", status_code=201, responses=_SENDING | answers(AlreadyAsked)
)
async def ask_authority(
    nomination_id: UUID, wanted: NewConsultation, caller: Officer, context: InContext
) -> AskedConsultation:
    """向部门发出征求意见表（短信链接，R58、R80–R82）。Asks an authority by a link on its officer's phone."""
    async with context.database.transaction() as session:
        case = await locked_case(session, context, caller, nomination_id)
        consultation, code = await ask(session, context, caller, case, wanted)
        body, campaign = await _body_of(session, context, caller, consultation)
        message = invitation(context, campaign, consultation, code, label=body.label)
    await context.text_messages.send(message)
    return AskedConsultation(**body.model_dump(), link_code=code)


@consultation_routes.get("/v1/nominations/{nomination_id}/consultations")
async def list_consultations(
    nomination_id: UUID, caller: Officer, context: InContext, session: Reading
) -> Consultations:
    """已发出的征求意见表和查看记录。Who was asked, and who looked when."""
    nomination = await queries.get_nomination(session, caller, nomination_id)
    campaign = await context.campaigns.latest(session, nomination.campaign_key)
    return Consultations(items=await _bodies(session, context, nomination_id, campaign))


@consultation_routes.post("/v1/consultations/{consultation_id}/reminders", status_code=201, responses=_SENDING)
async def remind_authority(consultation_id: UUID, caller: Officer, context: InContext) -> AskedConsultation:
    """催办：重新发送链接（原链接失效）。A new link to the same phone; the one before is dead."""
    async with context.database.transaction() as session:
        consultation, code = await remind(session, context, caller, consultation_id)
        await session.flush()
        body, campaign = await _body_of(session, context, caller, consultation)
        message = invitation(context, campaign, consultation, code, label=body.label)
    await context.text_messages.send(message)
    return AskedConsultation(**body.model_dump(), link_code=code)


@consultation_routes.delete("/v1/consultations/{consultation_id}")
async def revoke_consultation(consultation_id: UUID, caller: Officer, context: InContext) -> ConsultationBody:
    """撤回征求意见表。The link opens nothing any more."""
    async with context.database.transaction() as session:
        body, _ = await _body_of(session, context, caller, await revoke(session, context, caller, consultation_id))
    return body
