"""The second factor. The secret stands here sealed, recovery codes as keyed fingerprints."""

from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.auth.tables import AuthTable, Moment


class TotpFactorRow(AuthTable):
    __tablename__ = "totp_factors"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("auth.persons.id"), primary_key=True)
    sealed_secret: Mapped[bytes]
    confirmed_at: Mapped[Moment | None]
    """Unconfirmed, it is not asked for: the app that shows the codes may never have seen the secret."""
    last_step: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """The half minute of the last code that was accepted: each code works once."""


class RecoveryCodeRow(AuthTable):
    __tablename__ = "recovery_codes"

    code_hash: Mapped[bytes] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("auth.persons.id"), index=True)
    used_at: Mapped[Moment | None]
