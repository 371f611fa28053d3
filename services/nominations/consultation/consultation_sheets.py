"""The authority's side: a code to the phone that the office named, one sheet, one answer. Every step is written down.

Whoever finds the link alone sees nothing: the code goes to the phone that is bound to it, and to no other.
"""

import hashlib
import hmac
import secrets
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.common.callers.tokens import Caller
from services.common.messages.text_messages import TextMessage
from services.common.text import Bilingual
from services.nominations.cases.case_facts import Case, actor_of, load_case
from services.nominations.consultation.consultation_tables import Consultation, ConsultationView
from services.nominations.consultation.opinion_scans import shown_sheet
from services.nominations.consultation.opinions import record_opinion
from services.nominations.context import Context
from services.nominations.domain.consultation import RequiredOpinion
from services.nominations.domain.consultation_links import CODE_HOLDS, SHEET_HOLDS, takes_code, wait_for_code, why_over
from services.nominations.domain.permissions import blockers
from services.nominations.domain.workflow import Action, Role
from services.nominations.prints.sealed_scans import NamedScan, ShownPrint
from services.nominations.problems import (
    ConsultationLinkInvalid,
    ConsultationOver,
    SheetClosed,
    TextCodeWrong,
    TooManyCodes,
)
from services.nominations.schemas.consultations import SheetAnswer
from services.nominations.schemas.procedure import RecordedOpinion
from services.nominations.tables import Nomination

_DIGITS = 6
_SHEET_BYTES = 24
_NOT_NOW = Bilingual(
    "这件推荐已退回、撤回或者办结，暂不能查看，请与征求意见的机构联系",
    "The nomination went back or ended: ask the office that sent the link",
)


async def send_code(context: Context, link_code: str) -> str:
    """To the bound phone; gives its masked number. Raises ConsultationLinkInvalid, ConsultationOver, TooManyCodes."""
    now = context.clock.now()
    async with context.database.transaction() as session:
        consultation = await _of_link(session, context, link_code)
        wait = wait_for_code(consultation.facts(), now=now)
        if wait is not None:
            raise TooManyCodes(headers={"Retry-After": str(max(1, int(wait.total_seconds())))})
        await _asked_about(session, context, consultation)
        code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
        consultation.code_hash, *_ = _code_hashes(context, consultation.id, code)
        consultation.code_sent_at, consultation.tries = now, 0
        consultation.codes_sent += 1
        _write(session, consultation, "code_sent", context)
        phone = context.seal.open(consultation.phone_sealed, bound_to=str(consultation.id))
        masked = consultation.phone_masked
    minutes = int(CODE_HOLDS.total_seconds() // 60)
    text = f"验证码{code}，用于查看并填写征求意见表，{minutes}分钟内有效。请勿告诉他人。"
    message = TextMessage(phone=phone, template="opinion_code", text=text, parameters={"code": code})
    await context.text_messages.send(message)
    return masked


async def open_sheet(context: Context, link_code: str, code: str) -> tuple[str, Consultation, Case, RequiredOpinion]:
    """The key of the opened sheet, whose it is, and what it is about. Of a case that went back or ended nothing is shown.

    Raises ConsultationLinkInvalid, ConsultationOver, TextCodeWrong.
    """
    now = context.clock.now()
    async with context.database.transaction() as session:
        consultation = await _of_link(session, context, link_code)
        right = takes_code(consultation.facts(), now=now) and any(
            hmac.compare_digest(consultation.code_hash or b"", each)
            for each in _code_hashes(context, consultation.id, code)
        )
        _write(session, consultation, "opened" if right else "code_wrong", context)
        if right:
            key = secrets.token_urlsafe(_SHEET_BYTES)
            consultation.sheet_hash, consultation.sheet_until = hash_of(key), now + SHEET_HOLDS
            consultation.code_hash = None
            case, need = await _asked_about(session, context, consultation)
        else:
            consultation.tries += 1
    if not right:
        raise TextCodeWrong
    return key, consultation, case, need


async def answer_sheet(session: AsyncSession, context: Context, wanted: SheetAnswer, shown: ShownPrint | None) -> str:
    """Records the authority's own opinion; gives the authority. Raises SheetClosed, and what recording one raises."""
    found = await session.scalar(select(Consultation).where(Consultation.sheet_hash == hash_of(wanted.sheet_key)))
    if found is None:
        raise SheetClosed
    nomination = await session.get_one(Nomination, found.nomination_id, with_for_update=True)
    await session.refresh(found, with_for_update=True)
    now = context.clock.now()
    still_open = found.sheet_hash == hash_of(wanted.sheet_key) and found.sheet_until and now < found.sheet_until
    if not still_open or why_over(found.facts(), now=now):
        raise SheetClosed
    campaign = await context.campaigns.version(session, nomination.campaign_key, nomination.campaign_version)
    case = await load_case(session, nomination, campaign, now=now)
    need = next((each for each in case.required if each.authority == found.authority), None)
    if need is None:
        raise SheetClosed
    opinion = RecordedOpinion(
        result=wanted.result,
        text=wanted.text,
        signer_name=wanted.signer_name,
        signed_on=case.today,
        place=wanted.place,
        scan_document_id=wanted.scan_document_id,
        scan_explanation=wanted.scan_explanation,
        disqualifier=wanted.disqualifier,
        occurred_on=wanted.occurred_on,
    )
    officer = _officer(found, need, wanted.signer_name)
    authority = found.authority
    await record_opinion(session, officer, case, authority=authority, opinion=opinion, source="link", shown=shown)
    found.answered_at, found.sheet_hash, found.code_hash = now, None, None
    _write(session, found, "answered", context)
    return found.authority


def hash_of(secret: str) -> bytes:
    return hashlib.sha256("".join(secret.split()).encode("utf-8", "replace")).digest()


async def _of_link(session: AsyncSession, context: Context, link_code: str) -> Consultation:
    query = select(Consultation).where(Consultation.link_hash == hash_of(link_code)).with_for_update()
    consultation: Consultation | None = await session.scalar(query)
    if consultation is None:
        raise ConsultationLinkInvalid
    over = why_over(consultation.facts(), now=context.clock.now())
    if over is not None:
        raise ConsultationOver(Bilingual(over, "This sheet can no longer be opened"))
    return consultation


async def scan_shows(context: Context, wanted: SheetAnswer) -> ShownPrint | None:
    """Before the transaction, for documents is asked. Raises SheetClosed, Unprocessable, Unavailable."""
    async with context.database.reading() as session:
        found = await session.scalar(select(Consultation).where(Consultation.sheet_hash == hash_of(wanted.sheet_key)))
        if found is None:
            raise SheetClosed
        nomination = await session.get_one(Nomination, found.nomination_id)
        campaign = await context.campaigns.version(session, nomination.campaign_key, nomination.campaign_version)
        case = await load_case(session, nomination, campaign, now=context.clock.now())
    if wanted.scan_document_id is None:
        return None
    named = NamedScan(wanted.scan_document_id, wanted.scan_explanation)
    return await shown_sheet(context, case, found.authority, named)


async def _asked_about(
    session: AsyncSession, context: Context, consultation: Consultation
) -> tuple[Case, RequiredOpinion]:
    nomination = await session.get_one(Nomination, consultation.nomination_id)
    campaign = await context.campaigns.version(session, nomination.campaign_key, nomination.campaign_version)
    case = await load_case(session, nomination, campaign, now=context.clock.now())
    need = next((each for each in case.required if each.authority == consultation.authority), None)
    if need is None:
        raise ConsultationOver
    officer = _officer(consultation, need, "")
    if blockers(Action.RECORD_OPINION, actor=actor_of(officer), case=case.facts):
        raise ConsultationOver(_NOT_NOW)
    return case, need


def _officer(consultation: Consultation, need: RequiredOpinion, signer_name: str) -> Caller:
    """Whoever answers acts for the authority, in this case only; the history names the consultation."""
    return Caller(
        subject=str(consultation.id),
        session_id="",
        name=signer_name,
        organisation_id="",
        organisation_name=need.label,
        organisation_kind="authority",
        jurisdiction="",
        bureau="",
        roles=frozenset({Role.AUTHORITY}),
    )


def _code_hashes(context: Context, consultation_id: UUID, code: str) -> tuple[bytes, ...]:
    """Keyed: six digits under a plain hash are found in a second by whoever reads the table."""
    return context.seal.indexes(f"{consultation_id} {code.strip()}")


def _write(session: AsyncSession, consultation: Consultation, step: str, context: Context) -> None:
    session.add(ConsultationView(id=uuid7(), consultation_id=consultation.id, step=step, taken_at=context.clock.now()))
