"""What slows guessing down and counts requests. Names and addresses stand here as keyed fingerprints only."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.auth.tables import AuthTable, Moment
from services.common.limits.rate_limits import RateBucketColumns


class RateBucketRow(RateBucketColumns, AuthTable):
    """Token buckets, shared by all replicas."""


class SignInAttemptRow(AuthTable):
    """Attempts without success, by account and address together."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (CheckConstraint("attempts >= 1", name="sign_in_attempts_are_counted_from_one"),)

    key: Mapped[bytes] = mapped_column(primary_key=True)
    attempts: Mapped[int]
    last_at: Mapped[Moment] = mapped_column(index=True)
    free_at: Mapped[Moment]


class KnownAddressRow(AuthTable):
    """Where a person signed in before: guesses of strangers elsewhere do not slow them down there."""

    __tablename__ = "known_addresses"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("auth.persons.id"), primary_key=True)
    address_mark: Mapped[bytes] = mapped_column(primary_key=True)
    seen_at: Mapped[Moment]
