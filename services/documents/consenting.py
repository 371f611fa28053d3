"""No file of a kind that needs consent is taken without it: asked before the bytes of an upload are looked at.

There is one register of consents, auth's (decision 0064). What comes with a file is entered there, what was given there
holds here; only of somebody who has no account yet the file itself is the record.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.china_time import china_day
from services.common.problems import FieldError, Unprocessable
from services.documents.admission import Admission
from services.documents.auth_client import SentConsent
from services.documents.domain.consent import Consent, FileConsentChannel
from services.documents.life_tables import PaperDecisionRow
from services.documents.problems import ConsentMissing, ConsentTextChanged
from services.documents.resources import Resources
from services.documents.tables import DocumentRow
from services.documents.upload_tables import UploadRow


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """What came with an upload: the version of the words that were shown, and how they were agreed to."""

    text_sha256: str | None
    channel: FileConsentChannel
    signed_on: date | None = None
    in_wechat: bool = False


def in_wechat(user_agent: str) -> bool:
    """WeChat names itself in whatever its mini-programs and pages send; anything else is a web page."""
    return "MicroMessenger" in user_agent


async def with_consent(resources: Resources, admission: Admission, given: ConsentGiven) -> Admission:
    """Of a kind that needs none nothing is recorded. Raises ConsentMissing, ConsentTextChanged, Unprocessable, Unavailable."""
    purpose = admission.kind.consent_purpose
    if purpose is None:
        return admission
    if given.signed_on is not None and given.signed_on > _today():
        raise Unprocessable(errors=[FieldError("/consent_signed_on", "day_to_come", "签字日期不能晚于今天")])
    notice = resources.rules.of(admission.campaign_key).notice
    assert notice is not None  # a kind names a purpose of its campaign's notice, or the rules are not read
    if given.text_sha256 not in (None, notice.sha256):
        raise ConsentTextChanged
    if admission.owner_person_id is None:
        if given.text_sha256 is None:
            raise ConsentMissing
        consent = Consent(given.text_sha256, given.channel, on_behalf=True, at=datetime.now(UTC))
        return replace(admission, consent=consent)
    held = await resources.auth.note_consent(
        SentConsent(
            person_id=admission.owner_person_id,
            sent_by=admission.person_id,
            campaign_key=admission.campaign_key,
            purpose=purpose,
            text_sha256=given.text_sha256,
            in_wechat=given.in_wechat,
            signed_on=given.signed_on or _today(),
        )
    )
    channel = FileConsentChannel.PAPER if held.on_paper else FileConsentChannel.SCREEN
    if given.text_sha256 is not None:
        channel = given.channel
    return replace(
        admission, consent=Consent(held.text_sha256, channel, on_behalf=not admission.own_papers, at=held.at)
    )


def _today() -> date:
    return china_day(datetime.now(UTC))


async def refuse_withdrawn(session: AsyncSession, admission: Admission) -> None:
    """A consent that was taken back while its file was on its way. Raises ConsentMissing."""
    if admission.consent is None or admission.owner_person_id is None:
        return
    row = PaperDecisionRow
    withdrawn = select(row.id).where(
        row.person_id == admission.owner_person_id,
        row.campaign_key == admission.campaign_key,
        row.purpose == admission.kind.consent_purpose,
        row.decided == "withdrawn",
        row.covers_until >= admission.consent.at,
    )
    if await session.scalar(withdrawn.limit(1)) is not None:
        raise ConsentMissing


def with_earlier_consent(admission: Admission, consent: Consent | None) -> Admission:
    """Given when the upload began; words that changed since were not yet there to agree to. Raises ConsentMissing."""
    if admission.kind.consent_purpose is not None and consent is None:
        raise ConsentMissing
    return replace(admission, consent=consent)


def consent_columns(consent: Consent | None) -> dict[str, Any]:
    if consent is None:
        return {}
    return {
        "consent_text_sha256": consent.text_sha256,
        "consent_channel": consent.channel.value,
        "consent_on_behalf": consent.on_behalf,
        "consent_at": consent.at,
    }


def consent_of(row: DocumentRow | UploadRow) -> Consent | None:
    if row.consent_text_sha256 is None or row.consent_channel is None:
        return None
    at = row.consent_at or (row.uploaded_at if isinstance(row, DocumentRow) else row.created_at)
    return Consent(
        row.consent_text_sha256, FileConsentChannel(row.consent_channel), on_behalf=bool(row.consent_on_behalf), at=at
    )
