"""Copies kept up to date, and being told at once."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.nominations.schemas.lists import NominationRow


class ChangedNomination(NominationRow):
    """A case as it is now. Read again what you hold under another `etag`."""


class RemovedNomination(BaseModel):
    """A case to forget."""

    id: UUID
    reason: Literal["withdrawn", "erased"]


class NominationChanges(BaseModel):
    """One page of changes, oldest first. Keep `updated_until` with the copies, also when nothing changed."""

    items: list[ChangedNomination]
    removed: Annotated[list[RemovedNomination], Field(description="Cases to take out of the copies, known or not")]
    updated_until: Annotated[str, Field(description="Send it as `updated_since` next time")]
    complete: Annotated[bool, Field(description="False: there is more now; ask again at once")]


class WorkItemChange(BaseModel):
    """How much waits for the caller."""

    waiting: Annotated[int, Field(description="Cases that wait, up to a thousand")]
    more: Annotated[bool, Field(description="More than a thousand wait")]
    changed: Annotated[bool, Field(description="Differs from what `since` stood for: read the list again")]
    since: Annotated[str, Field(description="Send it with the next request")]
