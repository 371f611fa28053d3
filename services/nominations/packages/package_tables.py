"""Packages that were prepared: not their bytes, but what each of their files weighs and hashes to."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.nominations.tables import INSTANT, SCHEMA, Base, one_of

PACKAGE_STATES = ("preparing", "ready", "outdated", "failed")


class PreparedPackage(Base):
    """One part of a package for one person. Kept a week: it holds no content, and is made again in a moment."""

    __tablename__ = "prepared_packages"
    __table_args__ = (
        CheckConstraint("num_nonnulls(nomination_id, report_id, list_id) = 1", name="a_package_is_about_one_thing"),
        CheckConstraint(one_of("state", PACKAGE_STATES), name="known_state_of_package"),
        CheckConstraint(
            "state <> 'ready' OR num_nonnulls(seal_id, files, size, etag) = 4", name="a_ready_package_is_known_whole"
        ),
        CheckConstraint("done BETWEEN 0 AND total", name="no_more_is_done_than_there_is"),
        ForeignKeyConstraint(["seal_id"], [f"{SCHEMA}.case_seals.id"], name="a_package_stands_under_a_seal"),
        Index("ix_prepared_packages_asked", "asked_by", "id"),
        Index("ix_prepared_packages_age", "made_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    nomination_id: Mapped[UUID | None]
    report_id: Mapped[UUID | None]
    list_id: Mapped[UUID | None]
    megabytes: Mapped[int | None] = mapped_column(Integer)
    part: Mapped[int] = mapped_column(Integer)
    part_count: Mapped[int] = mapped_column(Integer)
    nominations: Mapped[list[str]] = mapped_column(JSONB)
    """The cases in it, in their order."""
    asked_by: Mapped[str] = mapped_column(Text)
    asker: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """The claims under which the job reads: whoever asked sees no more by it than by asking."""
    stand: Mapped[str] = mapped_column(Text)
    """Digest of where everything in it stood; another stand makes other bytes."""
    made_at: Mapped[datetime] = mapped_column(INSTANT)
    """The time that the bag tells."""
    state: Mapped[str] = mapped_column(Text)
    done: Mapped[int] = mapped_column(Integer)
    total: Mapped[int] = mapped_column(Integer)
    """Cases."""
    seal_id: Mapped[UUID | None]
    files: Mapped[list[list[Any]] | None] = mapped_column(JSONB)
    """Name, size, CRC-32, SHA-256 of each file, in the order of the ZIP."""
    size: Mapped[int | None] = mapped_column(BigInteger)
    etag: Mapped[str | None] = mapped_column(Text)
