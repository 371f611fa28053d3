"""Passkeys. Credentials are as WebAuthn level 3 writes them (`PublicKeyCredential.toJSON()`), names in camel case."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from services.auth.schemas.second_factor import OneTimeCode
from services.auth.schemas.sessions import RoleAssignmentId
from services.common.answers.strict_json import CLEAN, StrictRequest

_Base64Url = Annotated[str, Field(min_length=1, max_length=1400, pattern="^[A-Za-z0-9_-]+=*$")]
_LongBase64Url = Annotated[str, Field(min_length=1, max_length=16384, pattern="^[A-Za-z0-9_-]+=*$")]


class _FromBrowser(BaseModel):
    """Browsers add members as the specification grows: those we do not read are left alone."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    def as_sent(self) -> dict[str, Any]:
        return self.model_dump(by_alias=True, exclude_none=True)


class AttestationResponse(_FromBrowser):
    client_data: Annotated[_LongBase64Url, Field(alias="clientDataJSON")]
    attestation_object: Annotated[_LongBase64Url, Field(alias="attestationObject")]


class AssertionResponse(_FromBrowser):
    client_data: Annotated[_LongBase64Url, Field(alias="clientDataJSON")]
    authenticator_data: Annotated[_LongBase64Url, Field(alias="authenticatorData")]
    signature: _LongBase64Url
    user_handle: Annotated[_Base64Url | None, Field(alias="userHandle")] = None


class _Credential(_FromBrowser):
    id: _Base64Url
    raw_id: Annotated[_Base64Url, Field(alias="rawId")]
    type: Literal["public-key"]
    client_extension_results: Annotated[dict[str, JsonValue], Field(alias="clientExtensionResults")] = {}


class NewCredential(_Credential):
    response: AttestationResponse


class SigningCredential(_Credential):
    response: AssertionResponse


PasskeyName = Annotated[str, Field(min_length=1, max_length=40, examples=["办公室电脑"]), CLEAN]


class FactorProof(StrictRequest):
    one_time_code: Annotated[OneTimeCode | None, Field(description="Needed by whoever has one-time codes")] = None


class NewPasskey(StrictRequest):
    name: PasskeyName
    credential: NewCredential


class PasskeyChange(StrictRequest):
    name: PasskeyName


class PasskeySignIn(StrictRequest):
    credential: SigningCredential
    role_assignment_id: RoleAssignmentId = None


class CeremonyAnswer(BaseModel):
    public_key: Annotated[
        dict[str, JsonValue],
        Field(description="For `PublicKeyCredential.parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON`"),
    ]
    expires_at: Annotated[datetime, Field(description="Until then it may be answered, once")]


class PasskeyAnswer(BaseModel):
    id: UUID
    name: str
    synced: Annotated[bool, Field(description="Carried to the person's other devices by the maker of the phone")]
    created_at: datetime
    last_used_at: datetime | None


class PasskeyList(BaseModel):
    items: Annotated[list[PasskeyAnswer], Field(description="The oldest first, 10 at most")]


class PasskeyRemoved(BaseModel):
    removed: Literal[True] = True
