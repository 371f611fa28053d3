"""What the city has received of a county's report."""

from typing import Annotated

from pydantic import BaseModel, Field

from services.common.answers.strict_json import StrictRequest


class NewReceipt(StrictRequest):
    """What lies on the table now."""

    paper_copies: Annotated[int, Field(ge=0, le=99, description="“一式3份” (R122)")]
    electronic: Annotated[bool, Field(description="By disc or by mail (R123)")]


class ReceiptRow(BaseModel):
    """One item of the report."""

    item: Annotated[
        str, Field(description="A form's key, or a nomination's id for its approval form; `id:form`: its opinion sheet")
    ]
    label: str
    paper_copies: int
    electronic: bool
    copies_missing: int
    complete: bool


class Receipts(BaseModel):
    """All items; the report has come when each is complete."""

    copies_asked: int
    complete: bool
    items: list[ReceiptRow]
