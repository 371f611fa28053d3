"""Consent is given and withdrawn, purpose by purpose; each act is kept with its text (PIPL 第十四、十五、二十九条)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.auth.asking_rights import ask_for_erasure
from services.auth.audit import Action, record
from services.auth.domain.consents import PAPER, may_agree_for
from services.auth.domain.privacy_notice import LegalBasis, PrivacyNotice, Purpose
from services.auth.domain.rights_requests import china_day
from services.auth.invitation_queries import assignment_seen_by
from services.auth.inviting import inviter_of
from services.auth.origin import Origin
from services.auth.privacy_notice_files import notice_of
from services.auth.privacy_queries import last_act, lock_consents_of, notice_version
from services.auth.privacy_tables import ConsentRow, PrivacyNoticeRow
from services.auth.problems import (
    ConsentAskedElsewhere,
    ConsentNotAsked,
    ConsentNotGiven,
    NoticeOutdated,
    PurposeUnknown,
)
from services.common.problems import FieldError, NotFound, Unprocessable
from services.common.tokens import Caller


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is agreed to or withdrawn, and how. On paper: the day of signing and the scan."""

    campaign_key: str
    purpose: str
    channel: str
    text_sha256: str | None = None
    signed_on: date | None = None
    document_id: UUID | None = None


async def consent_of_oneself(session: AsyncSession, caller: Caller, wanted: Wanted, *, origin: Origin) -> ConsentRow:
    """Raises NotFound, PurposeUnknown, ConsentNotAsked, ConsentAskedElsewhere, NoticeOutdated."""
    return await _give(session, caller, caller.person_id, wanted, origin=origin)


async def withdraw_of_oneself(session: AsyncSession, caller: Caller, wanted: Wanted, *, origin: Origin) -> ConsentRow:
    """What was kept under it is to be erased: a request for that is opened with it. Raises NotFound, ConsentNotGiven."""
    return await _withdraw(session, caller, caller.person_id, wanted, origin=origin)


async def consent_on_paper(
    session: AsyncSession, caller: Caller, person_id: UUID, wanted: Wanted, *, origin: Origin
) -> ConsentRow:
    """The clerk enters what a nominee of their unit signed. Raises NotFound and what `consent_of_oneself` raises."""
    await _require_own_nominee(session, caller, person_id)
    _refuse_days_to_come(wanted)
    return await _give(session, caller, person_id, wanted, origin=origin)


async def withdrawal_on_paper(
    session: AsyncSession, caller: Caller, person_id: UUID, wanted: Wanted, *, origin: Origin
) -> ConsentRow:
    """Raises NotFound and what `withdraw_of_oneself` raises."""
    await _require_own_nominee(session, caller, person_id)
    _refuse_days_to_come(wanted)
    return await _withdraw(session, caller, person_id, wanted, origin=origin)


async def notice_for(session: AsyncSession, campaign_key: str, version: int | None) -> PrivacyNoticeRow:
    """Raises NotFound."""
    row = await notice_version(session, campaign_key, version)
    if row is None:
        raise NotFound
    return row


async def _give(
    session: AsyncSession, caller: Caller, person_id: UUID, wanted: Wanted, *, origin: Origin
) -> ConsentRow:
    """Given twice to one text it is one act: the first is answered again."""
    row = await notice_for(session, wanted.campaign_key, None)
    purpose = _purpose_of(notice_of(row.content), wanted.purpose)
    if purpose.basis is not LegalBasis.SEPARATE_CONSENT:
        raise ConsentNotAsked
    if purpose.each_time:
        raise ConsentAskedElsewhere
    if wanted.text_sha256 != row.sha256:
        raise NoticeOutdated(extra={"version": row.version, "sha256": row.sha256})
    await lock_consents_of(session, person_id)
    last = await last_act(session, person_id, wanted.campaign_key, wanted.purpose)
    if last is not None and last.act == "given" and last.text_sha256 == row.sha256:
        return last
    added = await _add(session, caller, person_id, wanted, act="given", notice=row)
    await _note(session, caller, added, Action.CONSENT_GIVEN, origin=origin)
    return added


async def _withdraw(
    session: AsyncSession, caller: Caller, person_id: UUID, wanted: Wanted, *, origin: Origin
) -> ConsentRow:
    await lock_consents_of(session, person_id)
    last = await last_act(session, person_id, wanted.campaign_key, wanted.purpose)
    if last is None or last.act == "withdrawn":
        raise ConsentNotGiven
    row = await notice_for(session, wanted.campaign_key, last.notice_version)
    purpose = _purpose_of(notice_of(row.content), wanted.purpose)
    added = await _add(session, caller, person_id, wanted, act="withdrawn", notice=row)
    await ask_for_erasure(session, caller, added, label=purpose.label)
    await _note(session, caller, added, Action.CONSENT_WITHDRAWN, origin=origin)
    return added


async def _add(
    session: AsyncSession, caller: Caller, person_id: UUID, wanted: Wanted, *, act: str, notice: PrivacyNoticeRow
) -> ConsentRow:
    added = ConsentRow(
        id=uuid7(),
        person_id=person_id,
        campaign_key=notice.campaign_key,
        notice_version=notice.version,
        text_sha256=notice.sha256,
        purpose=wanted.purpose,
        act=act,
        channel=wanted.channel,
        recorded_by=caller.person_id,
        recorded_by_name=caller.name,
        signed_on=wanted.signed_on,
        document_id=wanted.document_id,
        at=datetime.now(UTC),
    )
    session.add(added)
    await session.flush()
    return added


async def _note(session: AsyncSession, caller: Caller, added: ConsentRow, action: Action, *, origin: Origin) -> None:
    await record(
        session,
        action,
        person_id=added.person_id,
        origin=origin,
        by=caller if added.channel == PAPER else None,
        campaign=added.campaign_key,
        purpose=added.purpose,
        text=added.text_sha256,
    )


def _purpose_of(notice: PrivacyNotice, key: str) -> Purpose:
    purpose = notice.purpose(key)
    if purpose is None:
        raise PurposeUnknown
    return purpose


def _refuse_days_to_come(wanted: Wanted) -> None:
    if wanted.signed_on is not None and wanted.signed_on > china_day(datetime.now(UTC)):
        raise Unprocessable(errors=[FieldError("/signed_on", "day_to_come", "签字日期不能晚于今天")])


async def _require_own_nominee(session: AsyncSession, caller: Caller, person_id: UUID) -> None:
    held = await assignment_seen_by(session, inviter_of(caller), person_id)
    if held is None or not may_agree_for(held[0].role, own=str(person_id) == caller.subject):
        raise NotFound
