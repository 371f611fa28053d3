"""Uploads on their way: a file in chunks, one sent straight to the object store, one by somebody without an account."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from services.documents.tables import DocumentsTable


class UploadRow(DocumentsTable):
    """An upload that was begun. It ends as a document, or expires."""

    __tablename__ = "uploads"
    __table_args__ = (
        CheckConstraint("byte_count > 0", name="uploads_are_not_empty"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="uploads_sha256_is_lower_hex"),
        CheckConstraint(
            "(chunk_bytes IS NULL) = (incoming_key IS NOT NULL)", name="uploads_come_in_chunks_or_through_the_store"
        ),
        CheckConstraint("document_id IS NULL OR refused_at IS NULL", name="uploads_are_not_both_kept_and_refused"),
        CheckConstraint(
            "num_nulls(consent_text_sha256, consent_channel, consent_on_behalf) IN (0, 3)",
            name="uploads_say_all_of_a_consent_or_nothing",
        ),
        Index("uploads_open_by_person", "person_id", postgresql_where=text("document_id IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    person_id: Mapped[UUID]
    bundle_id: Mapped[UUID] = mapped_column(ForeignKey("documents.bundles.id"))
    kind: Mapped[str]
    byte_count: Mapped[int]
    sha256: Mapped[str | None]
    chunk_bytes: Mapped[int | None]
    incoming_key: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime] = mapped_column(index=True)
    consent_text_sha256: Mapped[str | None]
    """The separate consent given when it began: which words, how, and whether by somebody else (个人信息保护法 第二十九条)."""
    consent_channel: Mapped[str | None]
    consent_on_behalf: Mapped[bool | None]
    consent_at: Mapped[datetime | None]
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey("documents.documents.id"))
    refused_at: Mapped[datetime | None]
    """The whole file came and is not acceptable: the first to go when its person begins too many."""


class UploadChunkRow(DocumentsTable):
    """One chunk, by its place. Sealed whatever the kind: nothing unfinished lies in clear."""

    __tablename__ = "upload_chunks"
    __table_args__ = (
        CheckConstraint("number >= 0", name="upload_chunks_are_numbered_from_nought"),
        CheckConstraint("byte_count > 0", name="upload_chunks_are_not_empty"),
    )

    upload_id: Mapped[UUID] = mapped_column(ForeignKey("documents.uploads.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    byte_count: Mapped[int]
    sha256: Mapped[str]
    object_key: Mapped[str] = mapped_column(unique=True)
    key_id: Mapped[str]
    wrapped_key: Mapped[bytes]


class UploadGrantRow(DocumentsTable):
    """Whoever holds the grant adds a few files of one kind to one bundle, until it expires. Only its hash stands here."""

    __tablename__ = "upload_grants"
    __table_args__ = (
        CheckConstraint("max_count BETWEEN 1 AND 20", name="upload_grants_are_for_a_few_files"),
        Index("upload_grants_by_end", "expires_at"),
    )

    grant_hash: Mapped[bytes] = mapped_column(primary_key=True)
    bundle_id: Mapped[UUID] = mapped_column(ForeignKey("documents.bundles.id"))
    kind: Mapped[str]
    subject_id: Mapped[UUID]
    """For what it was given, such as an objection or a consultation: stands as the uploader of its files."""
    max_count: Mapped[int]
    expires_at: Mapped[datetime]
