"""What people and machines are told, and whether it reached them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.nominations.domain.notifications import Audience
from services.nominations.domain.webhooks import DeliveryState, Scope
from services.nominations.tables import INSTANT, SCHEMA, Base, one_of

PUSH_STATES = ("sent", "failed", "refused", "unknown", "no_channel")


class Notification(Base):
    """One audience told of one thing, once. Who reads it is decided when it is read: roles change hands."""

    __tablename__ = "notifications"
    __table_args__ = (
        CheckConstraint(one_of("audience", Audience), name="known_audience"),
        CheckConstraint(
            "(audience <> 'nominee' OR person_id IS NOT NULL)"
            " AND (audience NOT IN ('unit', 'unit_head') OR unit_id IS NOT NULL)"
            " AND (audience <> 'county' OR quota_unit IS NOT NULL)",
            name="a_notification_has_an_address",
        ),
        UniqueConstraint("once", name="nobody_is_told_twice"),
        Index("ix_notifications_person", "person_id", "id", postgresql_where=text("audience = 'nominee'")),
        Index("ix_notifications_unit", "unit_id", "id", postgresql_where=text("audience IN ('unit', 'unit_head')")),
        Index("ix_notifications_county", "quota_unit", "id", postgresql_where=text("audience = 'county'")),
        Index("ix_notifications_city", "id", postgresql_where=text("audience = 'city'")),
        Index("ix_notifications_case", "nomination_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_key: Mapped[str] = mapped_column(Text)
    nomination_id: Mapped[UUID | None] = mapped_column(ForeignKey(f"{SCHEMA}.nominations.id"))
    kind: Mapped[str] = mapped_column(Text)
    audience: Mapped[str] = mapped_column(Text)
    person_id: Mapped[UUID | None]
    unit_id: Mapped[UUID | None]
    quota_unit: Mapped[str | None] = mapped_column(Text)
    actor_id: Mapped[UUID | None]
    """Who did it: nobody is told of their own act."""
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """Counts and dates for the sentence; nothing personal."""
    urgent: Mapped[bool]
    once: Mapped[str] = mapped_column(Text)
    """What makes it the same notification when a job runs again."""
    told_at: Mapped[datetime] = mapped_column(INSTANT)
    pushed_at: Mapped[datetime | None] = mapped_column(INSTANT)


class NotificationMark(Base):
    """Up to where a person has read. Ids grow with time."""

    __tablename__ = "notification_marks"

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    read_up_to: Mapped[UUID]


class Push(Base):
    """What became of an urgent notification for one person, outside the application."""

    __tablename__ = "pushes"
    __table_args__ = (CheckConstraint(one_of("state", PUSH_STATES), name="known_state_of_push"),)

    notification_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.notifications.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(INSTANT)


class WebhookEndpoint(Base):
    """Where a body's own system hears of its cases. The signing secret is sealed, shown once."""

    __tablename__ = "webhook_endpoints"
    __table_args__ = (
        CheckConstraint(one_of("scope", Scope), name="known_scope"),
        CheckConstraint("num_nonnulls(old_secret_sealed, old_secret_until) IN (0, 2)", name="an_old_secret_ends"),
        Index("ix_webhook_endpoints_body", "organisation_id", "id", postgresql_where=text("removed_at IS NULL")),
        Index("ix_webhook_endpoints_scope", "scope", "jurisdiction", postgresql_where=text("removed_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    jurisdiction: Mapped[str] = mapped_column(Text)
    scope: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(Text)
    events: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Empty: all of them."""
    secret_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    old_secret_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    old_secret_until: Mapped[datetime | None] = mapped_column(INSTANT)
    created_by: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    removed_at: Mapped[datetime | None] = mapped_column(INSTANT)


class WebhookDelivery(Base):
    """One event on its way to one endpoint: the very body that is signed, and how far it came."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        CheckConstraint(one_of("state", DeliveryState), name="known_state_of_delivery"),
        UniqueConstraint("endpoint_id", "once", name="an_event_goes_to_an_endpoint_once"),
        Index("ix_webhook_deliveries_endpoint", "endpoint_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    endpoint_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.webhook_endpoints.id"))
    event: Mapped[str] = mapped_column(Text)
    nomination_id: Mapped[UUID | None]
    sequence: Mapped[int | None] = mapped_column(Integer)
    once: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    last_attempt_at: Mapped[datetime | None] = mapped_column(INSTANT)
    last_status: Mapped[int | None] = mapped_column(Integer)
    last_trouble: Mapped[str | None] = mapped_column(Text)
