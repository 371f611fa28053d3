"""Looking organisations up, and changing them."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, StringConstraints
from pydantic_core import PydanticCustomError

from services.auth.domain.bodies import is_credit_code
from services.auth.organisations.changing_bodies import Why
from services.auth.schemas.sessions import OrganisationAnswer
from services.common.answers.strict_json import CLEAN, StrictRequest

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=100), CLEAN]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=300), CLEAN]


def _checked(code: str | None) -> str | None:
    if code is not None and not is_credit_code(code):
        raise PydanticCustomError("credit_code_invalid", "the credit code's check digit does not fit")
    return code


class OrganisationRowAnswer(OrganisationAnswer):
    parent_id: UUID | None
    merged_into: Annotated[UUID | None, Field(description="The body that took this one in; papers of its time name it")]
    ended_at: datetime | None


class OrganisationPage(BaseModel):
    items: list[OrganisationRowAnswer]
    next_page_token: Annotated[str | None, Field(description="Send as page_token for the next page; null on the last")]


class OrganisationChange(BaseModel):
    """One change; nothing is changed afterwards."""

    kind: Literal["renamed", "merged", "details_changed"]
    before: dict[str, Any]
    after: dict[str, Any]
    reason: str
    document_number: Annotated[str | None, Field(description="文号 of the decision")]
    changed_by_name: str
    at: datetime


class OrganisationDetail(OrganisationRowAnswer):
    credit_code: str | None
    contact_name: str | None
    contact_phone: str | None
    address: str | None
    predecessors: Annotated[list[UUID], Field(description="Bodies that it took in; their cases are its own now")]
    history: Annotated[list[OrganisationChange], Field(description="The newest first, at most 100")]


class _Reasoned(StrictRequest):
    reason: Words
    document_number: Annotated[Words | None, Field(description="文号, such as 忻编办〔2025〕3号")] = None

    def why(self) -> Why:
        return Why(self.reason, self.document_number)


class NewName(_Reasoned):
    name: Name


class NewDetails(_Reasoned):
    """All details; what is left out is taken out."""

    credit_code: Annotated[
        str | None, AfterValidator(_checked), Field(description="统一社会信用代码", examples=["9114090012345678XH"])
    ] = None
    contact_name: Name | None = None
    contact_phone: Annotated[str | None, Field(pattern=r"^0\d{2,3}-\d{7,8}$|^1[3-9]\d{9}$", max_length=13)] = None
    address: Name | None = None

    def details(self) -> dict[str, str | None]:
        members = {name: getattr(self, name) for name in ("contact_name", "contact_phone", "address")}
        return {"uscc": self.credit_code} | members


class Merger(_Reasoned):
    into_id: UUID
