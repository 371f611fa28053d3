"""What documents holds about the caller, and who was shown it."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class OwnPaper(BaseModel):
    """A paper of the caller's own cases. Of an erased one only this record is left."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    bundle_id: Annotated[UUID, Field(description="The nomination's id")]
    campaign_key: str
    kind: str
    sha256: str
    bytes: int
    uploaded_at: datetime
    replaced_at: datetime | None
    erased_at: datetime | None
    erased_by_rule: Annotated[str | None, Field(description="The rule by which it was erased, as operators read it")]
    erasure_reason: Annotated[str | None, Field(description="The same for the person, in one sentence")]


class OwnPapers(BaseModel):
    """Papers, the newest first. Their bytes: `GET /v1/documents/{id}/content`."""

    items: list[OwnPaper]
    next_page_token: Annotated[str | None, Field(description="Send it back as `page_token`")]


class OwnPaperView(BaseModel):
    """One look at one of the caller's papers. A service that prints the official form stands here under its own name."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    document_id: UUID
    kind: str
    viewer_name: str
    viewer_organisation: str
    viewer_roles: list[str]
    shown: Literal["original", "watermarked", "thumbnail"]
    viewed_at: datetime


class OwnPaperViews(BaseModel):
    """Views, the newest first."""

    items: list[OwnPaperView]
    next_page_token: Annotated[str | None, Field(description="Send it back as `page_token`")]
