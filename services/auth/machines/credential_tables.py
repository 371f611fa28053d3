"""What machines and third-party front ends sign in with. Of the secret only a hash stands here."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from services.auth.tables import AuthTable, Moment, StoredRole, String


class ServiceCredentialRow(AuthTable):
    __tablename__ = "service_credentials"
    __table_args__ = (
        CheckConstraint("cardinality(scopes) > 0", name="service_credentials_open_something"),
        CheckConstraint(
            "expires_at > created_at AND expires_at <= created_at + interval '366 days'",
            name="service_credentials_end_within_a_year",
        ),
        CheckConstraint("length(secret_hash) = 32", name="service_credentials_keep_a_hash"),
        Index("service_credentials_by_body", "organisation_id", "id"),
        Index("service_credentials_lately_revoked", "revoked_at", postgresql_where=text("revoked_at IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    """Also its client id, and the session of its tokens."""
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("auth.organisations.id"))
    role: Mapped[StoredRole]
    """Whose rows it reaches: those of this role at this body."""
    name: Mapped[String]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    secret_hash: Mapped[bytes]
    created_by: Mapped[UUID] = mapped_column(ForeignKey("auth.persons.id"), index=True)
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    last_used_at: Mapped[Moment | None]
    revoked_at: Mapped[Moment | None]
