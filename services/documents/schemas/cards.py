"""Comparing what was read of ID card copies with what was typed: for the procedure only."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.common.answers.strict_json import CLEAN, StrictRequest

Outcome = Annotated[
    Literal["same", "differs", "not_read"],
    Field(description="`not_read`: not legible, or nothing typed; a person compares"),
]


class CardComparisonRequest(StrictRequest):
    """What was typed into the form; empty where nothing was."""

    name: Annotated[str, Field(max_length=80), CLEAN]
    resident_id_number: Annotated[str, Field(max_length=40), CLEAN]


class CardComparisonAnswer(BaseModel):
    """One copy in force that was read. What was read is not told, but for the last day of validity."""

    document_id: UUID
    kind: str
    number: Outcome
    name: Outcome
    valid_until: date | None
    no_expiry: Annotated[bool, Field(description="长期")]


class CardComparisons(BaseModel):
    """Copies that nobody read are not among them."""

    items: list[CardComparisonAnswer]
