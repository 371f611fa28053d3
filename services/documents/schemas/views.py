"""Who was shown a document."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class DocumentViewAnswer(BaseModel):
    """One view. A service that prints the official form stands here under its own name."""

    model_config = ConfigDict(from_attributes=True)

    viewer_name: str
    viewer_organisation: str
    viewer_roles: list[str]
    shown: Literal["original", "watermarked", "thumbnail"]
    viewed_at: datetime


class DocumentViewsPage(BaseModel):
    """Views, newest first."""

    items: list[DocumentViewAnswer]
    next_page_token: Annotated[str | None, Field(description="Send it back as `page_token`")]
