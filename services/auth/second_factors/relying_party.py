"""Our side of WebAuthn, by the library `webauthn`: which domain, which origins, and always with the user verified.

A passkey unlocked by finger, face or PIN is two factors in one: the device, and what unlocks it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import options_to_json_dict
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

_NAME = "先进评选表彰"
_MADE_UP = (
    WebAuthnException,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    OverflowError,
    RecursionError,
)
"""What the library raises for bytes that no authenticator wrote."""

CredentialJson = Mapping[str, Any]
"""What `PublicKeyCredential.toJSON()` gives in a browser."""


class NotProved(Exception):
    """The answer is of another challenge, site or key, or of no authenticator at all."""


@dataclass(frozen=True, slots=True)
class RelyingParty:
    domain: str
    origins: tuple[str, ...]

    def registration_options(
        self, *, challenge: bytes, person_id: UUID, name: str, known: Sequence[bytes]
    ) -> dict[str, Any]:
        """For `navigator.credentials.create()`. `known`: the person's passkeys, which make no second one."""
        options = generate_registration_options(
            rp_id=self.domain,
            rp_name=_NAME,
            user_id=person_id.bytes,
            user_name=name,
            user_display_name=name,
            challenge=challenge,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
        )
        return options_to_json_dict(options)

    def sign_in_options(self, *, challenge: bytes) -> dict[str, Any]:
        """For `navigator.credentials.get()`. Names no passkey: the browser shows those of this domain."""
        options = generate_authentication_options(
            rp_id=self.domain, challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED
        )
        return options_to_json_dict(options)

    def registered(self, credential: CredentialJson, *, challenge: bytes) -> VerifiedRegistration:
        """Raises NotProved."""
        try:
            return verify_registration_response(
                credential=dict(credential),
                expected_challenge=challenge,
                expected_rp_id=self.domain,
                expected_origin=list(self.origins),
                require_user_verification=True,
            )
        except _MADE_UP as error:
            raise NotProved(type(error).__name__) from None

    def signed(self, credential: CredentialJson, *, challenge: bytes, public_key: bytes) -> VerifiedAuthentication:
        """Raises NotProved. The counter is the caller's to judge: the library takes any from zero on."""
        try:
            return verify_authentication_response(
                credential=dict(credential),
                expected_challenge=challenge,
                expected_rp_id=self.domain,
                expected_origin=list(self.origins),
                credential_public_key=public_key,
                credential_current_sign_count=0,
                require_user_verification=True,
            )
        except _MADE_UP as error:
            raise NotProved(type(error).__name__) from None
