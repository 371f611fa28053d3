"""征求部门意见 by link: the office asks, reminds and takes back; the authority's officer needs no account (R58, R80–R82)."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.common.callers.tokens import Caller
from services.common.messages.text_messages import TextMessage, mobile_number
from services.common.problems import FieldError, NotFound, Unprocessable
from services.nominations.cases.case_facts import Case
from services.nominations.cases.case_history import record
from services.nominations.cases.saving import locked_case
from services.nominations.cases.transition import require_allowed
from services.nominations.consultation.consultation_sheets import hash_of
from services.nominations.consultation.consultation_tables import Consultation, ConsultationView
from services.nominations.context import Context
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.consultation_links import LINK_HOLDS
from services.nominations.domain.workflow import Action, Event
from services.nominations.problems import AlreadyAsked
from services.nominations.schemas.consultations import NewConsultation

_LINK_BYTES = 15


async def ask(
    session: AsyncSession, context: Context, caller: Caller, case: Case, wanted: NewConsultation
) -> tuple[Consultation, str]:
    """The consultation and its link code, which is kept nowhere. Raises NotFound, AlreadyAsked, Unprocessable, refusals."""
    require_allowed(Action.RECORD_OPINION, caller=caller, case=case)
    if wanted.authority not in {need.authority for need in case.required}:
        raise NotFound
    phone = mobile_number(wanted.phone)
    if phone is None:
        raise Unprocessable(errors=[FieldError("/phone", "mobile_invalid", "请填写11位手机号")])
    consultation_id, code = uuid7(), secrets.token_hex(_LINK_BYTES)
    consultation = Consultation(
        id=consultation_id,
        nomination_id=case.nomination.id,
        authority=wanted.authority,
        officer_name=wanted.officer_name,
        phone_sealed=context.seal.seal(phone, bound_to=str(consultation_id)),
        phone_masked=f"{phone[:3]}****{phone[-4:]}",
        link_hash=hash_of(code),
        created_by=caller.person_id,
        created_at=case.now,
        expires_at=case.now + LINK_HOLDS,
        codes_sent=0,
        tries=0,
    )
    session.add(consultation)
    try:
        await session.flush()
    except IntegrityError:
        raise AlreadyAsked from None
    await _note(session, caller, case, Event.OPINION_ASKED, consultation)
    return consultation, code


async def remind(
    session: AsyncSession, context: Context, caller: Caller, consultation_id: UUID
) -> tuple[Consultation, str]:
    """A new link to the same phone, valid anew; the one before is dead. Raises NotFound once it is answered or taken back."""
    consultation, case = await open_one(session, context, caller, consultation_id)
    require_allowed(Action.RECORD_OPINION, caller=caller, case=case)
    code = secrets.token_hex(_LINK_BYTES)
    consultation.link_hash = hash_of(code)
    consultation.sheet_hash = consultation.sheet_until = consultation.code_hash = consultation.code_sent_at = None
    consultation.codes_sent = consultation.tries = 0
    consultation.expires_at = case.now + LINK_HOLDS
    consultation.reminded_at = case.now
    return consultation, code


async def revoke(session: AsyncSession, context: Context, caller: Caller, consultation_id: UUID) -> Consultation:
    """The sheet cannot be opened any more, nor answered where it is open. Raises NotFound."""
    consultation, case = await open_one(session, context, caller, consultation_id)
    require_allowed(Action.RECORD_OPINION, caller=caller, case=case)
    consultation.revoked_at, consultation.revoked_by = case.now, caller.person_id
    await session.flush()
    await _note(session, caller, case, Event.OPINION_REQUEST_REVOKED, consultation)
    return consultation


async def open_one(
    session: AsyncSession, context: Context, caller: Caller, consultation_id: UUID
) -> tuple[Consultation, Case]:
    """The case's row is locked first, here and wherever a sheet is answered."""
    found = await session.get(Consultation, consultation_id)
    if found is None:
        raise NotFound
    case = await locked_case(session, context, caller, found.nomination_id)
    await session.refresh(found, with_for_update=True)
    if found.answered_at is not None or found.revoked_at is not None:
        raise NotFound
    return found, case


async def consultations_of(
    session: AsyncSession, nomination_id: UUID
) -> tuple[Sequence[Consultation], dict[UUID, list[tuple[str, datetime]]]]:
    """All of a case, and who did what with each: step and moment."""
    query = select(Consultation).where(Consultation.nomination_id == nomination_id).order_by(Consultation.id)
    found = (await session.scalars(query)).all()
    views: dict[UUID, list[tuple[str, datetime]]] = {each.id: [] for each in found}
    seen = select(ConsultationView).where(ConsultationView.consultation_id.in_(list(views)))
    for view in await session.scalars(seen.order_by(ConsultationView.id)):
        views[view.consultation_id].append((view.step, view.taken_at))
    return found, views


def invitation(
    context: Context, campaign: Campaign, consultation: Consultation, code: str, *, label: str
) -> TextMessage:
    """The message with the link. It names no nominee: phones are lost, and screens are seen."""
    link = f"{context.consultation_url}#{code}" if context.consultation_url else code
    until = campaign.local_day(consultation.expires_at).isoformat()
    return TextMessage(
        phone=context.seal.open(consultation.phone_sealed, bound_to=str(consultation.id)),
        template="opinion_asked",
        text=f"评选机构请{label}就一名推荐对象出具意见，{until}前有效：{link}",
        parameters={"authority": label, "until": until, "link": link},
    )


async def _note(session: AsyncSession, caller: Caller, case: Case, event: Event, consultation: Consultation) -> None:
    place = (case.nomination.stage, case.nomination.status)
    details = {"consultation_id": str(consultation.id), "authority": consultation.authority}
    await record(session, case.nomination, event, caller=caller, at=case.now, before=place, details=details)
