"""Opinion sheets that an authority's officer opens by a link and a code sent to their phone, and who looked when."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.nominations.domain.consultation_links import LinkFacts
from services.nominations.tables import INSTANT, SCHEMA, Base, one_of

STEPS = ("code_sent", "code_wrong", "opened", "answered")


class Consultation(Base):
    """One authority asked about one case. Of link, code and opened sheet only hashes are kept; the phone is sealed."""

    __tablename__ = "consultations"
    __table_args__ = (
        CheckConstraint("num_nonnulls(revoked_at, revoked_by) IN (0, 2)", name="a_revocation_has_a_person"),
        CheckConstraint("revoked_at IS NULL OR answered_at IS NULL", name="an_answer_is_not_revoked"),
        Index(
            "one_open_sheet_per_authority",
            "nomination_id",
            "authority",
            unique=True,
            postgresql_where=text("revoked_at IS NULL AND answered_at IS NULL"),
        ),
        Index("ix_consultations_case", "nomination_id", "id"),
        Index("ix_consultations_link", "link_hash", unique=True),
        Index("ix_consultations_sheet", "sheet_hash", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    nomination_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.nominations.id"))
    authority: Mapped[str] = mapped_column(Text)
    officer_name: Mapped[str] = mapped_column(Text)
    phone_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    phone_masked: Mapped[str] = mapped_column(Text)
    link_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_by: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    expires_at: Mapped[datetime] = mapped_column(INSTANT)
    reminded_at: Mapped[datetime | None] = mapped_column(INSTANT)
    code_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    code_sent_at: Mapped[datetime | None] = mapped_column(INSTANT)
    codes_sent: Mapped[int] = mapped_column(Integer, default=0)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    sheet_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    sheet_until: Mapped[datetime | None] = mapped_column(INSTANT)
    answered_at: Mapped[datetime | None] = mapped_column(INSTANT)
    revoked_at: Mapped[datetime | None] = mapped_column(INSTANT)
    revoked_by: Mapped[UUID | None]

    def facts(self) -> LinkFacts:
        return LinkFacts(
            expires_at=self.expires_at,
            revoked=self.revoked_at is not None,
            answered=self.answered_at is not None,
            codes_sent=self.codes_sent,
            code_sent_at=self.code_sent_at,
            tries=self.tries,
        )


class ConsultationView(Base):
    """One step that somebody took with a link: every look at a sheet stands here."""

    __tablename__ = "consultation_views"
    __table_args__ = (
        CheckConstraint(one_of("step", STEPS), name="known_step"),
        Index("ix_consultation_views", "consultation_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.consultations.id"))
    step: Mapped[str] = mapped_column(Text)
    taken_at: Mapped[datetime] = mapped_column(INSTANT)
