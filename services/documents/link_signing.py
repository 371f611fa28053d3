"""Short-lived links: a random id that the database knows, and a signature that the database cannot make.

A link says nothing about whose or which document it is; without our key none can be invented, not even by who reads the rows.
"""

import base64
import hashlib
import hmac
from uuid import UUID

from pydantic import SecretStr


class LinkSigner:
    """Holds DOCUMENTS_LINK_SIGNING_KEY."""

    def __init__(self, link_signing_key: SecretStr) -> None:
        self._key = base64.b64decode(link_signing_key.get_secret_value())

    def sign(self, link_id: UUID) -> str:
        return f"{_text(link_id.bytes)}.{_text(self._mark(link_id))}"

    def read(self, token: str) -> UUID | None:
        """The id of a link that was signed here; None for everything else."""
        first, _, _ = token.partition(".")
        try:
            link_id = UUID(bytes=base64.urlsafe_b64decode(first + "=="))
        except ValueError:
            return None
        return link_id if hmac.compare_digest(token.encode("utf-8", "replace"), self.sign(link_id).encode()) else None

    def _mark(self, link_id: UUID) -> bytes:
        return hmac.digest(self._key, b"xianjin document link" + link_id.bytes, hashlib.sha256)


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
