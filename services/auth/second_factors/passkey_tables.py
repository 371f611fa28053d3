"""Passkeys (WebAuthn): public keys only; and challenges, as hashes, until they are answered once."""

from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from services.auth.tables import AuthTable, Moment, String


class PasskeyRow(AuthTable):
    __tablename__ = "passkeys"
    __table_args__ = (
        UniqueConstraint("credential_id", name="passkeys_one_person_a_credential"),
        CheckConstraint("sign_count >= 0", name="passkeys_counters_begin_at_zero"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("auth.persons.id"), index=True)
    credential_id: Mapped[bytes]
    """The authenticator's own name for it."""
    public_key: Mapped[bytes]
    """As the authenticator gave it: a COSE key."""
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[String]
    synced: Mapped[bool]
    """The person's account at the maker of the phone carries it to their other devices."""
    created_at: Mapped[Moment]
    last_used_at: Mapped[Moment | None]


class PasskeyChallengeRow(AuthTable):
    __tablename__ = "passkey_challenges"

    challenge_hash: Mapped[bytes] = mapped_column(primary_key=True)
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("auth.sessions.id"))
    """The session that registers a passkey; None: somebody signs in."""
    expires_at: Mapped[Moment] = mapped_column(index=True)
