"""Which case changed in which transaction, kept by triggers: the source of copies that clients keep up to date."""

from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.nominations.tables import Base

_ORDER = ("changed_in", "nomination_id")


class NominationChange(Base):
    """The last change of one case, and who may hear of it. Its row stays when the case is erased."""

    __tablename__ = "nomination_changes"
    __table_args__ = (
        Index("ix_nomination_changes_unit", "campaign_key", "unit_id", *_ORDER),
        Index(
            "ix_nomination_changes_nominee",
            "campaign_key",
            "nominee_person_id",
            *_ORDER,
            postgresql_where=text("nominee_person_id IS NOT NULL"),
        ),
        Index(
            "ix_nomination_changes_county", "campaign_key", "quota_unit", *_ORDER, postgresql_where=text("handed_over")
        ),
        Index("ix_nomination_changes_city", "campaign_key", *_ORDER, postgresql_where=text("reported")),
    )

    nomination_id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_key: Mapped[str] = mapped_column(Text)
    quota_unit: Mapped[str] = mapped_column(Text)
    unit_id: Mapped[UUID]
    nominee_person_id: Mapped[UUID | None]
    handed_over: Mapped[bool]
    reported: Mapped[bool]
    gone: Mapped[bool]
    changed_in: Mapped[int] = mapped_column(BigInteger)
    """The number of the transaction (xid8), which PostgreSQL gives out once and in order."""


class ChangeCounting(Base):
    """At most one row: a mark that changes when counting begins anew, after a restore. None before the first."""

    __tablename__ = "change_counting"
    __table_args__ = (CheckConstraint("singleton", name="one_counting_only"),)

    singleton: Mapped[bool] = mapped_column(primary_key=True, default=True)
    epoch: Mapped[UUID]
