"""Short-lived links."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from services.common.answers.strict_json import StrictRequest


class LinkRequest(StrictRequest):
    """What the link shows."""

    thumbnail: Annotated[bool, Field(description="A small JPEG; of a PDF its first page")] = False


class LinkAnswer(BaseModel):
    """Put the API's address before `url`. No header is needed; whoever has the link sees what you would."""

    url: Annotated[str, Field(examples=["/v1/documents/links/…/portrait.jpg"])]
    expires_at: datetime
