"""Consent is given and withdrawn, purpose by purpose; each act is kept with its text (PIPL 第十四、十五、二十九条)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.auth.audit import Action, record
from services.auth.domain.consents import PAPER, may_agree_for
from services.auth.invitations.invitation_queries import roles_held_at
from services.auth.personal_data.asking_rights import ask_for_erasure
from services.auth.personal_data.privacy_queries import last_act, lock_consents_of, notice_version
from services.auth.personal_data.privacy_tables import ConsentRow, PrivacyNoticeRow
from services.auth.personal_data.rights_problems import (
    ConsentAskedElsewhere,
    ConsentNotAsked,
    ConsentNotGiven,
    NoticeOutdated,
    PurposeUnknown,
)
from services.auth.sessions.origin import Origin
from services.auth.tables import PersonRow
from services.common.callers.tokens import Caller
from services.common.china_time import china_day
from services.common.problems import FieldError, NotFound, Unprocessable
from services.privacy.notice import LegalBasis, PrivacyNotice, Purpose
from services.privacy.notice_files import notice_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is agreed to or withdrawn, and how. On paper: the day of signing and the scan."""

    campaign_key: str
    purpose: str
    channel: str
    text_sha256: str | None = None
    signed_on: date | None = None
    document_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who enters an act: the person, or a clerk with their paper."""

    person_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class FileConsent:
    """A consent that came with a file, as the documents service tells of it."""

    person_id: UUID
    sent_by: UUID
    wanted: Wanted


async def consent_of_oneself(session: AsyncSession, caller: Caller, wanted: Wanted, *, origin: Origin) -> ConsentRow:
    """Raises NotFound, PurposeUnknown, ConsentNotAsked, ConsentAskedElsewhere, NoticeOutdated."""
    return await _give(session, _speaking(caller), caller.person_id, wanted, origin=origin)


async def withdraw_of_oneself(session: AsyncSession, caller: Caller, wanted: Wanted, *, origin: Origin) -> ConsentRow:
    """What was kept under it is to be erased: a request for that is opened with it. Raises NotFound, ConsentNotGiven."""
    return await _withdraw(session, caller, caller.person_id, wanted, origin=origin)


async def consent_on_paper(
    session: AsyncSession, caller: Caller, person_id: UUID, wanted: Wanted, *, origin: Origin
) -> ConsentRow:
    """The clerk enters what a nominee of their unit signed. Raises NotFound and what `consent_of_oneself` raises."""
    await require_own_nominee(session, caller, person_id)
    _refuse_days_to_come(wanted)
    return await _give(session, _speaking(caller), person_id, wanted, origin=origin)


async def withdrawal_on_paper(
    session: AsyncSession, caller: Caller, person_id: UUID, wanted: Wanted, *, origin: Origin
) -> ConsentRow:
    """Raises NotFound and what `withdraw_of_oneself` raises."""
    await require_own_nominee(session, caller, person_id)
    _refuse_days_to_come(wanted)
    return await _withdraw(session, caller, person_id, wanted, origin=origin)


async def consent_with_file(session: AsyncSession, given: FileConsent) -> ConsentRow:
    """What was agreed to where a file was sent counts here too; without `text_sha256` it is asked what holds already.

    Raises NotFound for a person whom nobody knows, PurposeUnknown, ConsentNotAsked, ConsentAskedElsewhere,
    NoticeOutdated, ConsentNotGiven.
    """
    sender = await session.get(PersonRow, given.sent_by)
    if sender is None or await session.get(PersonRow, given.person_id) is None:
        raise NotFound
    if given.wanted.text_sha256 is None:
        return await _holding(session, given.person_id, given.wanted)
    return await _give(session, Speaker(sender.id, sender.full_name), given.person_id, given.wanted, origin=None)


async def _holding(session: AsyncSession, person_id: UUID, wanted: Wanted) -> ConsentRow:
    notice = await notice_for(session, wanted.campaign_key, None)
    last = await last_act(session, person_id, wanted.campaign_key, wanted.purpose)
    if last is None or last.act == "withdrawn" or last.text_sha256 != notice.sha256:
        raise ConsentNotGiven
    return last


async def notice_for(session: AsyncSession, campaign_key: str, version: int | None) -> PrivacyNoticeRow:
    """Raises NotFound."""
    row = await notice_version(session, campaign_key, version)
    if row is None:
        raise NotFound
    return row


async def _give(
    session: AsyncSession, speaker: Speaker, person_id: UUID, wanted: Wanted, *, origin: Origin | None
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
    added = await _add(session, speaker, person_id, wanted, act="given", notice=row)
    await _note(session, speaker, added, Action.CONSENT_GIVEN, origin=origin)
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
    added = await _add(session, _speaking(caller), person_id, wanted, act="withdrawn", notice=row)
    await ask_for_erasure(session, caller, added, label=purpose.label)
    await _note(session, _speaking(caller), added, Action.CONSENT_WITHDRAWN, origin=origin)
    return added


async def _add(
    session: AsyncSession, speaker: Speaker, person_id: UUID, wanted: Wanted, *, act: str, notice: PrivacyNoticeRow
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
        recorded_by=speaker.person_id,
        recorded_by_name=speaker.name,
        signed_on=wanted.signed_on,
        document_id=wanted.document_id,
        at=datetime.now(UTC),
    )
    session.add(added)
    await session.flush()
    return added


def _speaking(caller: Caller) -> Speaker:
    return Speaker(caller.person_id, caller.name)


async def _note(
    session: AsyncSession, speaker: Speaker, added: ConsentRow, action: Action, *, origin: Origin | None
) -> None:
    await record(
        session,
        action,
        person_id=added.person_id,
        origin=origin,
        by=speaker.person_id if added.channel == PAPER else None,
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


async def require_own_nominee(session: AsyncSession, caller: Caller, person_id: UUID) -> None:
    roles = await roles_held_at(session, UUID(caller.organisation_id), person_id)
    if not any(may_agree_for(role, own=str(person_id) == caller.subject) for role in roles):
        raise NotFound
