"""Seals over the histories of a campaign's cases, and the keys that made them. Rows are only added."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.nominations.tables import INSTANT, SCHEMA, Base


class EvidenceKey(Base):
    """A public key that has sealed something. Kept for good: old seals are checked with the key of their day."""

    __tablename__ = "evidence_keys"

    key_id: Mapped[str] = mapped_column(Text, primary_key=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    first_used_at: Mapped[datetime] = mapped_column(INSTANT)


class CaseSeal(Base):
    """One signed root: every case of the campaign as it stood at a moment."""

    __tablename__ = "case_seals"
    __table_args__ = (
        UniqueConstraint("campaign_key", "previous", name="seals_form_one_chain"),
        Index("ix_case_seals_campaign", "campaign_key", "sealed_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_key: Mapped[str] = mapped_column(Text)
    sealed_at: Mapped[datetime] = mapped_column(INSTANT)
    tree_size: Mapped[int] = mapped_column(Integer)
    root: Mapped[str] = mapped_column(Text)
    statement: Mapped[bytes] = mapped_column(LargeBinary)
    """The very bytes that are signed; their hash is `previous` of the next."""
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    key_id: Mapped[str] = mapped_column(ForeignKey(f"{SCHEMA}.evidence_keys.key_id"))
    previous: Mapped[str] = mapped_column(Text)


class SealLeaf(Base):
    """Where one case stands in a seal's tree, and where its history ended then."""

    __tablename__ = "seal_leaves"
    __table_args__ = (Index("ix_seal_leaves_case", "nomination_id", "seal_id"),)

    seal_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.case_seals.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    nomination_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.nominations.id"))
    sequence: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(Text)


class SealNode(Base):
    """One hash of a seal's tree between the leaves, which are level 0, and the root."""

    __tablename__ = "seal_nodes"
    __table_args__ = (CheckConstraint("level >= 1 AND position >= 0", name="a_node_stands_above_the_leaves"),)

    seal_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.case_seals.id"), primary_key=True)
    level: Mapped[int] = mapped_column(Integer, primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
