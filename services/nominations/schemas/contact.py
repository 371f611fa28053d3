"""附件9 as clients write and read it."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from services.common.answers.strict_json import StrictRequest
from services.nominations.schemas.nomination import Form
from services.nominations.schemas.words import MailingWord


class SavedContactForm(StrictRequest):
    """The whole contact table; its fields are those of the campaign's form, `attachment_9` in the notice."""

    form: Form


class Dispatch(StrictRequest):
    """The table went out by fax or e-mail (R42, R207)."""

    channel: Literal["fax", "email"]
    sent_on: date


class ContactFormMailingBody(BaseModel):
    """The electronic copy on its way to the campaign's mailbox (R42, R207)."""

    state: Annotated[MailingWord, Field(description="`refused` by the mailbox")]
    address: str
    revision: Annotated[int, Field(description="Which saving of the form it carries")]
    requested_at: datetime
    sent_at: datetime | None
    sha256: Annotated[str | None, Field(description="Of the PDF that went out")]


class ContactFormBody(BaseModel):
    """The contact table of one recommending organisation."""

    quota_unit: str
    form: dict[str, Any]
    filed_at: datetime
    saved_at: datetime
    on_time: Annotated[bool, Field(description="Filed by the day the notice asks (R41)")]
    dispatches: dict[str, date]
    mailing: Annotated[ContactFormMailingBody | None, Field(description="The latest electronic copy sent from here")]


class ContactForms(BaseModel):
    """Contact tables within the caller's scope, and who has filed none."""

    due_on: date
    items: list[ContactFormBody]
    missing: Annotated[list[str], Field(description="Quota units that have filed none")]
