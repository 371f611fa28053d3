"""Privacy notices, and consent to their purposes."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.auth.domain.consents import PAPER, Act, ConsentChannel, in_force
from services.auth.personal_data.consenting import Wanted
from services.auth.personal_data.privacy_tables import ConsentRow, PrivacyNoticeRow
from services.common.answers.strict_json import CLEAN, StrictRequest
from services.privacy.notice import BASIS_LABELS, LegalBasis, PrivacyNotice

CampaignKey = Annotated[str, Field(min_length=1, max_length=80, examples=["shanxi-manufacturing-2025"]), CLEAN]
PurposeKey = Annotated[str, Field(min_length=1, max_length=60, examples=["id_card_copies"]), CLEAN]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="`sha256` of the notice that the person read")]


class PurposeAnswer(BaseModel):
    """One purpose. Ask for consent only where `consent` says so."""

    key: str
    label: str
    basis: LegalBasis
    basis_label: str
    ground: str
    information: list[str]
    sensitive: bool
    why: str
    necessity: str
    effect: str
    recipients: list[str]
    retention: str
    consent: Annotated[
        Literal["not_asked", "asked", "asked_each_time"],
        Field(description="`asked`: POST …/me/consents; `asked_each_time`: by the procedure, on the very words"),
    ]
    statement: Annotated[str, Field(description="The sentence beside the tick box; empty where nobody is asked")]
    without_consent: str
    withdrawal: str


class NoticeVersion(BaseModel):
    version: int
    sha256: str
    effective_on: date


class PrivacyNoticeAnswer(NoticeVersion):
    campaign_key: str
    title: str
    text: Annotated[str, Field(description="All of it, as people read it; `sha256` is of its UTF-8 bytes")]
    purposes: list[PurposeAnswer]
    versions: Annotated[list[NoticeVersion], Field(description="The newest first")]

    @classmethod
    def of(cls, row: PrivacyNoticeRow, notice: PrivacyNotice, versions: list[NoticeVersion]) -> "PrivacyNoticeAnswer":
        return cls(
            campaign_key=row.campaign_key,
            version=row.version,
            sha256=row.sha256,
            effective_on=row.effective_on,
            title=notice.title,
            text=row.text,
            purposes=[
                PurposeAnswer(
                    basis_label=BASIS_LABELS[each.basis],
                    consent=_asked(each.basis, each_time=each.each_time),
                    **{name: getattr(each, name) for name in _PLAIN},
                )
                for each in notice.purposes
            ],
            versions=versions,
        )


_PLAIN = [name for name in PurposeAnswer.model_fields if name not in ("basis_label", "consent")]


def _asked(basis: LegalBasis, *, each_time: bool) -> Literal["not_asked", "asked", "asked_each_time"]:
    if basis is not LegalBasis.SEPARATE_CONSENT:
        return "not_asked"
    return "asked_each_time" if each_time else "asked"


class NewConsent(StrictRequest):
    campaign_key: CampaignKey
    purpose: PurposeKey
    text_sha256: Sha256
    channel: ConsentChannel

    def wanted(self) -> Wanted:
        return Wanted(self.campaign_key, self.purpose, self.channel, self.text_sha256)


class ConsentWithdrawal(StrictRequest):
    campaign_key: CampaignKey
    purpose: PurposeKey
    channel: ConsentChannel

    def wanted(self) -> Wanted:
        return Wanted(self.campaign_key, self.purpose, self.channel)


class _OnPaper(StrictRequest):
    campaign_key: CampaignKey
    purpose: PurposeKey
    signed_on: Annotated[date, Field(description="The day on which the person signed")]
    document_id: Annotated[UUID | None, Field(description="The scan of the signed paper, kind `sealed_scan`")] = None


class PaperConsent(_OnPaper):
    text_sha256: Sha256

    def wanted(self) -> Wanted:
        return Wanted(self.campaign_key, self.purpose, PAPER, self.text_sha256, self.signed_on, self.document_id)


class PaperWithdrawal(_OnPaper):
    def wanted(self) -> Wanted:
        return Wanted(self.campaign_key, self.purpose, PAPER, None, self.signed_on, self.document_id)


class ConsentAct(BaseModel):
    """One act as it was done; nothing is changed afterwards."""

    id: UUID
    campaign_key: str
    purpose: str
    act: Literal["given", "withdrawn"]
    notice_version: int
    text_sha256: str
    channel: Literal["mini_program", "web", "paper_by_clerk"]
    recorded_by_name: Annotated[str, Field(description="Of a paper: the clerk who entered it")]
    signed_on: date | None
    document_id: UUID | None
    at: datetime


class ConsentState(BaseModel):
    campaign_key: str
    purpose: str
    in_force: bool


class Consents(BaseModel):
    """What holds, and every act that led there."""

    items: Annotated[list[ConsentState], Field(description="By campaign and purpose; what was never asked is not here")]
    history: Annotated[list[ConsentAct], Field(description="The newest first")]

    @classmethod
    def of(cls, rows: list[ConsentRow]) -> "Consents":
        held = in_force(Act(row.campaign_key, row.purpose, row.act == "given", row.at) for row in rows)
        return cls(
            items=[
                ConsentState(campaign_key=campaign, purpose=purpose, in_force=holds)
                for (campaign, purpose), holds in sorted(held.items())
            ],
            history=[ConsentAct.model_validate(row, from_attributes=True) for row in rows],
        )


class Withdrawn(ConsentAct):
    meaning: Annotated[str, Field(description="What follows, in the words of the notice")]
