"""Looking organisations up."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from services.auth.schemas.sessions import OrganisationAnswer


class OrganisationRowAnswer(OrganisationAnswer):
    parent_id: UUID | None


class OrganisationPage(BaseModel):
    items: list[OrganisationRowAnswer]
    next_page_token: Annotated[str | None, Field(description="Send as page_token for the next page; null on the last")]
