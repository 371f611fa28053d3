"""E-mail addresses of people, sealed, and confirmed by a code before anything is sent to them."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.auth.tables import AuthTable, Moment


class EmailAddressRow(AuthTable):
    """One address a person. Until it is confirmed it gets nothing but the code."""

    __tablename__ = "email_addresses"
    __table_args__ = (
        CheckConstraint("(confirmed_at IS NULL) = (code_hash IS NOT NULL)", name="email_addresses_wait_for_their_code"),
        CheckConstraint("tries BETWEEN 0 AND 5", name="email_addresses_count_tries"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("auth.persons.id"), primary_key=True)
    sealed_address: Mapped[bytes]
    code_hash: Mapped[bytes | None]
    code_until: Mapped[Moment]
    tries: Mapped[int]
    confirmed_at: Mapped[Moment | None]
