"""One-time codes by time (RFC 6238), as authenticator apps show them: SHA-1, six digits, half a minute."""

import hmac
from datetime import datetime

import pyotp

_STEP_SECONDS = 30
_TOLERANCE = 1
"""Half minutes that a phone's clock may be off, either way."""


def new_secret() -> str:
    """160 bits in base32."""
    return pyotp.random_base32(32)


def step_of(secret: str, code: str, *, now: datetime, digits: int = 6) -> int | None:
    """The half minute that the code belongs to, near now; None when it is wrong."""
    totp = pyotp.TOTP(secret, digits=digits)
    current = int(now.timestamp()) // _STEP_SECONDS
    found = None
    for step in range(max(0, current - _TOLERANCE), current + _TOLERANCE + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode("utf-8", "replace")):
            found = step
    return found


def address_for_app(secret: str, *, username: str, issuer: str) -> str:
    """What the QR code for the authenticator app says."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=issuer)
