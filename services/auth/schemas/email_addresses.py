"""One's own e-mail address."""

from typing import Annotated

from pydantic import BaseModel, Field

from services.common.answers.strict_json import CLEAN, StrictRequest

ADDRESS = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}\.)+[A-Za-z]{2,24}$"
"""What mail servers deliver to (RFC 5321, the ASCII part of it)."""


class OwnEmailAddress(StrictRequest):
    """Where digests and what reaches no phone should go. A code is sent there first."""

    address: Annotated[str, Field(max_length=200, pattern=ADDRESS, examples=["office@example.org"]), CLEAN]


class EmailCode(StrictRequest):
    """The six digits that were mailed."""

    code: Annotated[str, Field(min_length=6, max_length=12), CLEAN]


class OwnEmailAddressBody(BaseModel):
    """The caller's own address. Nothing but the code is sent to one that is not confirmed."""

    address: str
    confirmed: bool


class EmailAddressRemoved(BaseModel):
    """No mail goes out any more."""

    removed: bool = True
