"""What the documents service tells of consents that came with files, and hears of decisions about papers."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.auth.domain.consents import PAPER, ConsentChannel
from services.auth.personal_data.consenting import FileConsent, Wanted
from services.auth.schemas.privacy import CampaignKey, PurposeKey
from services.common.answers.strict_json import StrictRequest


class NewFileConsent(StrictRequest):
    """Of somebody else's file it is a paper that the sender holds."""

    person_id: Annotated[UUID, Field(description="Whose papers they are")]
    sent_by: UUID
    campaign_key: CampaignKey
    purpose: PurposeKey
    text_sha256: Annotated[
        str | None,
        Field(pattern="^[0-9a-f]{64}$", description="Of the words agreed to; null asks what was agreed to before"),
    ] = None
    channel: ConsentChannel
    signed_on: Annotated[date, Field(description="Of a paper: the day of signing")]

    def given(self) -> FileConsent:
        on_paper = self.sent_by != self.person_id
        wanted = Wanted(
            self.campaign_key,
            self.purpose,
            PAPER if on_paper else self.channel,
            self.text_sha256,
            self.signed_on if on_paper else None,
        )
        return FileConsent(self.person_id, self.sent_by, wanted)


class PaperDecisionAnswer(BaseModel):
    """What documents and nominations carry out."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    decided: Annotated[
        Literal["withdrawn", "erased", "restricted"],
        Field(description="`withdrawn`, `restricted`: shown to nobody any more; `erased`: their bytes are destroyed"),
    ]
    about: Annotated[
        Literal["documents", "nomination"],
        Field(description="`nomination`: the case with its papers; `documents`: papers alone"),
    ]
    person_id: UUID
    campaign_key: Annotated[str | None, Field(description="Null: of all campaigns")]
    purpose: Annotated[str | None, Field(description="Null: all papers of the person")]
    covers_until: Annotated[datetime, Field(description="What was agreed to or sent later is not meant")]
    at: datetime


class PaperDecisions(BaseModel):
    items: Annotated[list[PaperDecisionAnswer], Field(description="The oldest first; some may have been told before")]
    next_page_token: Annotated[str | None, Field(description="Send it back as `page_token`; null on the last page")]
