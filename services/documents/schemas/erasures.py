"""Papers that were erased, and why."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

Ground = Literal["retention_over", "request_granted"]


class ErasedPaperAnswer(BaseModel):
    """One paper of which only this record is left."""

    model_config = ConfigDict(from_attributes=True)

    document_id: UUID
    kind: str
    kind_label: Annotated[str, Field(examples=["身份证人像面"])]
    sha256: Annotated[str, Field(description="Whoever still has the file can tell by it that this is the one")]
    bytes: int
    uploaded_at: datetime
    ground: Annotated[
        Ground | None, Field(description="Why it was erased; null: noted before grounds had codes, `reason` has words")
    ]
    reason: Annotated[str, Field(description="The ground in one sentence, with the days that it counts")]
    due_on: Annotated[date, Field(description="The last day of keeping, or the day on which the request was granted")]
    erased_at: datetime
    bytes_state: Annotated[
        Literal["destroyed", "being_destroyed", "held_by_another"],
        Field(
            description="`being_destroyed`: nobody reads it, the store is emptied within minutes; `held_by_another`: the"
            " same bytes are another paper's as well, and stay as long as that does"
        ),
    ]
    backups_until: Annotated[
        date | None, Field(description="Backups hold it no longer than this day; null: the operator has not said")
    ]


class ErasedPapers(BaseModel):
    """In the order in which they went."""

    items: list[ErasedPaperAnswer]
    next_page_token: Annotated[str | None, Field(description="Send it back as `page_token`")]
