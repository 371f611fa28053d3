"""Forms and packages that left the system, kept three years and more (条例第十二条); and what is restricted (PIPL 第四十七条)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.nominations.domain.disclosures import Release
from services.nominations.tables import INSTANT, SCHEMA, Base, one_of


class DataRelease(Base):
    """One case in one download. Rows are only added: a trigger refuses anything else."""

    __tablename__ = "data_releases"
    __table_args__ = (
        CheckConstraint(one_of("kind", Release), name="known_kind_of_release"),
        Index("ix_data_releases_case", "nomination_id", "released_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    nomination_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.nominations.id"))
    kind: Mapped[str] = mapped_column(Text)
    form: Mapped[str | None] = mapped_column(Text)
    taken_by: Mapped[str] = mapped_column(Text)
    taken_by_name: Mapped[str] = mapped_column(Text)
    organisation_name: Mapped[str] = mapped_column(Text)
    released_at: Mapped[datetime] = mapped_column(INSTANT)


class Restriction(Base):
    """An office restricted what is held about a person, at auth. Rows are only added: a trigger refuses anything else."""

    __tablename__ = "restrictions"
    __table_args__ = (Index("ix_restrictions_decided", "decided_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    campaign_key: Mapped[str | None] = mapped_column(Text)
    """None: of all campaigns."""
    covers_until: Mapped[datetime] = mapped_column(INSTANT)
    """Cases begun later are not meant."""
    decided_at: Mapped[datetime] = mapped_column(INSTANT)
    heard_at: Mapped[datetime] = mapped_column(INSTANT)


class RestrictedPapers(Base):
    """A restricted case, and the revision of it as of which documents knows whether the procedure goes on with it."""

    __tablename__ = "restricted_papers"
    __table_args__ = (CheckConstraint("told_revision >= 1", name="a_revision_that_was_told_is_one"),)

    nomination_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.nominations.id"), primary_key=True)
    told_revision: Mapped[int | None] = mapped_column(Integer)
    """None: not told yet. Until then documents shows nobody anything of it."""
