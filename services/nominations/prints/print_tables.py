"""Which forms were printed when by whom, and which sealed scan shows which of them (R129, R148). Rows are only added."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.nominations.tables import INSTANT, SCHEMA, Base

_ONE_SUBJECT = "num_nonnulls(nomination_id, report_id, list_id) = 1"
_HEX = "content_hash ~ '^[0-9a-f]{64}$'"


class FormPrint(Base):
    """A final form went out as a file, to be printed, signed and sealed."""

    __tablename__ = "form_prints"
    __table_args__ = (
        CheckConstraint(_ONE_SUBJECT, name="a_print_is_about_one_thing"),
        CheckConstraint(_HEX, name="prints_have_a_sha256"),
        Index("ix_form_prints_content", "content_hash"),
        Index("ix_form_prints_code", "code"),
        Index("ix_form_prints_nomination", "nomination_id", "id"),
        Index("ix_form_prints_report", "report_id", "id"),
        Index("ix_form_prints_list", "list_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    nomination_id: Mapped[UUID | None] = mapped_column(ForeignKey(f"{SCHEMA}.nominations.id"))
    report_id: Mapped[UUID | None] = mapped_column(ForeignKey(f"{SCHEMA}.county_reports.id"))
    list_id: Mapped[UUID | None] = mapped_column(ForeignKey(f"{SCHEMA}.city_lists.id"))
    form: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(Integer)
    """Of the case, the report or the list at that time."""
    content_hash: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
    """What stands beside the QR code, for people to type."""
    format: Mapped[str] = mapped_column(Text)
    printed_by: Mapped[UUID]
    printed_by_name: Mapped[str] = mapped_column(Text)
    printed_at: Mapped[datetime] = mapped_column(INSTANT)


class SealedScan(Base):
    """A scan of signed and sealed paper, and the print that was found on it."""

    __tablename__ = "sealed_scans"
    __table_args__ = (
        CheckConstraint(_ONE_SUBJECT, name="a_sealed_scan_is_about_one_thing"),
        CheckConstraint("content_hash IS NOT NULL OR explanation <> ''", name="a_scan_without_a_code_is_explained"),
        Index("a_scan_is_named_once_per_form", "document_id", "form", unique=True),
        Index("ix_sealed_scans_nomination", "nomination_id", "id"),
        Index("ix_sealed_scans_report", "report_id", "id"),
        Index("ix_sealed_scans_list", "list_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    nomination_id: Mapped[UUID | None] = mapped_column(ForeignKey(f"{SCHEMA}.nominations.id"))
    report_id: Mapped[UUID | None] = mapped_column(ForeignKey(f"{SCHEMA}.county_reports.id"))
    list_id: Mapped[UUID | None] = mapped_column(ForeignKey(f"{SCHEMA}.city_lists.id"))
    document_id: Mapped[UUID]
    form: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[str | None] = mapped_column(Text)
    """None where no code could be read."""
    print_id: Mapped[UUID | None] = mapped_column(ForeignKey(f"{SCHEMA}.form_prints.id"))
    explanation: Mapped[str] = mapped_column(Text)
    noted_by: Mapped[UUID]
    noted_by_name: Mapped[str] = mapped_column(Text)
    noted_at: Mapped[datetime] = mapped_column(INSTANT)
