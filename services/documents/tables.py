"""The schema `documents`: bundles, facts about files, the objects that hold their bytes, and who looked at them.

Uploads on their way stand in `upload_tables`, what happens to papers later in `life_tables`.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    MetaData,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from uuid_utils.compat import uuid7

from services.common.repeats.idempotency import IdempotencyKeyColumns


class DocumentsTable(DeclarativeBase):
    """A declarative base of its own: SQLAlchemy reads `type_annotation_map` only where the base begins."""

    metadata = MetaData(schema="documents")
    type_annotation_map = {  # noqa: RUF012  SQLAlchemy reads a plain class attribute
        str: Text(),
        datetime: DateTime(timezone=True),
        date: Date(),
        list[str]: ARRAY(Text()),
        list[dict[str, Any]]: JSONB(),
    }


class BundleRow(DocumentsTable):
    """The papers of one case. Who may read them follows from whose case it is, and only the procedure says that."""

    __tablename__ = "bundles"
    __table_args__ = (
        CheckConstraint("jurisdiction <> ''", name="bundles_belong_to_a_jurisdiction"),
        UniqueConstraint("campaign_key", "file_stem", name="bundles_have_a_file_name_of_their_own"),
        CheckConstraint(
            "(restricted_at IS NULL) = (case_worked_on IS NULL)", name="bundles_of_restricted_cases_say_what_goes_on"
        ),
        Index("bundles_by_owner", "owner_person_id", postgresql_where=text("owner_person_id IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_person_id: Mapped[UUID | None]
    organisation_id: Mapped[UUID]
    jurisdiction: Mapped[str]
    campaign_key: Mapped[str]
    open_to: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    """Stages above the unit that the case was handed over to: `county`, `city`. Their offices read from then on."""
    kept_from: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    """People and organisations to whom no role opens it (回避): those whom an objection is about."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    frozen: Mapped[bool] = mapped_column(server_default=text("false"))
    """The case was handed in: only kinds that come into being later are added."""
    case_revision: Mapped[int] = mapped_column(server_default=text("0"))
    """The revision of the case that `frozen` and `case_worked_on` are news of: older news never overrides newer."""
    restricted_at: Mapped[datetime | None]
    """Processing of the whole case is restricted, for good (个人信息保护法 第四十七条); a trigger keeps it so."""
    case_worked_on: Mapped[bool | None]
    """Of a restricted case: the procedure goes on with it, as the procedure said. Until it does: false."""
    unit_name: Mapped[str | None]
    person_name: Mapped[str | None]
    file_stem: Mapped[str | None] = mapped_column(Text(collation="C"))
    """R127 单位+姓名: the name under which the bundle's files are downloaded."""


class BundleSubmissionRow(DocumentsTable):
    """The case is being handed in: what it lists of its papers stays until it says how that ended, or has been too long."""

    __tablename__ = "bundle_submissions"

    bundle_id: Mapped[UUID] = mapped_column(ForeignKey("documents.bundles.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    begun_at: Mapped[datetime] = mapped_column(server_default=func.now())


class StoredObjectRow(DocumentsTable):
    """Bytes in the object store. A sealed object has its own data key, wrapped with the key that `key_id` names."""

    __tablename__ = "stored_objects"
    __table_args__ = (
        UniqueConstraint("sha256", "sealed", name="stored_objects_same_bytes_are_stored_once"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="stored_objects_sha256_is_lower_hex"),
        CheckConstraint("byte_count > 0", name="stored_objects_are_not_empty"),
        CheckConstraint(
            "sealed = (key_id IS NOT NULL) AND sealed = (wrapped_key IS NOT NULL)",
            name="stored_objects_sealed_ones_have_their_key",
        ),
        CheckConstraint(
            "NOT sealed OR position(sha256 in object_key) = 0",
            name="stored_objects_sealed_keys_do_not_tell_the_content",
        ),
    )

    object_key: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    byte_count: Mapped[int]
    sealed: Mapped[bool]
    key_id: Mapped[str | None]
    wrapped_key: Mapped[bytes | None]
    stored_at: Mapped[datetime] = mapped_column(server_default=func.now())


class PendingObjectRow(DocumentsTable):
    """An object that may lie in the store although no document names it: noted before the bytes are sent."""

    __tablename__ = "pending_objects"

    object_key: Mapped[str] = mapped_column(primary_key=True)
    noted_at: Mapped[datetime] = mapped_column(server_default=func.now())
    removing_at: Mapped[datetime | None]


class DocumentRow(DocumentsTable):
    """One uploaded file. Never overwritten: a newer one of a single-count kind closes it with `replaced_at`."""

    __tablename__ = "documents"
    __table_args__ = (
        Index(
            "documents_one_in_force_of_a_single_kind",
            "bundle_id",
            "kind",
            unique=True,
            postgresql_where=text("single AND replaced_at IS NULL"),
        ),
        Index("documents_in_force_by_bundle", "bundle_id", "id", postgresql_where=text("replaced_at IS NULL")),
        CheckConstraint("verdict IN ('accept', 'review')", name="documents_rejected_ones_are_not_kept"),
        CheckConstraint("(width IS NULL) = (height IS NULL)", name="documents_have_both_sides_or_none"),
        CheckConstraint("replaced_at >= uploaded_at", name="documents_are_replaced_after_they_came"),
        CheckConstraint("(object_key IS NULL) = (erased_at IS NOT NULL)", name="documents_lose_their_bytes_by_erasure"),
        CheckConstraint(
            "erased_at IS NULL OR replaced_at IS NOT NULL", name="documents_that_were_erased_are_not_in_force"
        ),
        CheckConstraint("received_sha256 ~ '^[0-9a-f]{64}$'", name="documents_received_sha256_is_lower_hex"),
        CheckConstraint(
            "num_nulls(consent_text_sha256, consent_channel, consent_on_behalf) IN (0, 3)",
            name="documents_say_all_of_a_consent_or_nothing",
        ),
        CheckConstraint("consent_channel IN ('screen', 'paper')", name="documents_are_consented_to_somehow"),
        CheckConstraint(
            "held_for IN ('consent_withdrawn', 'restricted')", name="documents_are_held_for_a_known_reason"
        ),
        CheckConstraint("(held_for IS NULL) = (held_since IS NULL)", name="documents_are_held_since_a_moment"),
        CheckConstraint(
            "held_for <> 'consent_withdrawn' OR replaced_at IS NOT NULL",
            name="documents_without_consent_are_not_in_force",
        ),
        UniqueConstraint("bundle_id", "kind", "ordinal", name="documents_are_numbered_within_their_kind"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    bundle_id: Mapped[UUID] = mapped_column(ForeignKey("documents.bundles.id"))
    kind: Mapped[str]
    single: Mapped[bool]
    ordinal: Mapped[int]
    """1, 2, … within bundle and kind, never given twice: the version of a kind that exists once."""
    object_key: Mapped[str | None] = mapped_column(ForeignKey("documents.stored_objects.object_key"), index=True)
    received_sha256: Mapped[str]
    """Of the bytes as they came; a HEIC is kept as another file."""
    media_type: Mapped[str]
    width: Mapped[int | None]
    height: Mapped[int | None]
    pages: Mapped[int | None]
    verdict: Mapped[str]
    findings: Mapped[list[dict[str, Any]]]
    not_checked: Mapped[list[str]]
    print_codes: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    """Which printed forms a scan shows; null where nobody looked."""
    uploaded_by: Mapped[UUID]
    uploaded_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    card_read: Mapped[bool] = mapped_column(server_default=text("false"))
    """The text of an ID card copy was read, and the procedure can have it compared."""
    consent_text_sha256: Mapped[str | None]
    """The separate consent given with it: which words, how, and whether by somebody else (个人信息保护法 第二十九条)."""
    consent_channel: Mapped[str | None]
    consent_on_behalf: Mapped[bool | None]
    consent_at: Mapped[datetime | None]
    """The moment of the act at auth; null where the file came before auth was told."""
    held_for: Mapped[str | None]
    """`consent_withdrawn` or `restricted`, of this paper alone: its bytes are kept, shown to nobody (PIPL 第十五、四十七条)."""
    held_since: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]


class DocumentViewRow(DocumentsTable):
    """Somebody was shown a file. Rows are only added: a trigger refuses anything else."""

    __tablename__ = "document_views"
    __table_args__ = (
        CheckConstraint("shown IN ('original', 'watermarked', 'thumbnail')", name="document_views_say_what_was_shown"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    document_id: Mapped[UUID] = mapped_column(ForeignKey("documents.documents.id"), index=True)
    viewer: Mapped[str]
    viewer_name: Mapped[str]
    viewer_organisation: Mapped[str]
    viewer_roles: Mapped[list[str]]
    shown: Mapped[str] = mapped_column(server_default="original")
    viewed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class IdempotencyKeyRow(IdempotencyKeyColumns, DocumentsTable):
    """Answers given under an Idempotency-Key."""
