"""Uploads on their way: a file in chunks, or one that a phone sends straight to the object store."""

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
