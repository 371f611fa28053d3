"""Jobs in PostgreSQL, notifications for people, webhooks for machines."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.nominations.notifications.jobs import install_sql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SCHEMA = "nominations"
_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _install_the_queue()
    _notifications()
    _webhooks()


def _install_the_queue() -> None:
    """Several statements at once, which SQLAlchemy's own way of executing does not take."""
    connection: Any = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute(install_sql()))


def _notifications() -> None:
    op.create_table(
        "notifications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_key", sa.Text(), nullable=False),
        sa.Column("nomination_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("quota_unit", sa.Text(), nullable=True),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("once", sa.Text(), nullable=False),
        sa.Column("told_at", _INSTANT, nullable=False),
        sa.Column("pushed_at", _INSTANT, nullable=True),
        sa.CheckConstraint("audience IN ('nominee', 'unit', 'unit_head', 'county', 'city')", name="known_audience"),
        sa.CheckConstraint(
            "(audience <> 'nominee' OR person_id IS NOT NULL)"
            " AND (audience NOT IN ('unit', 'unit_head') OR unit_id IS NOT NULL)"
            " AND (audience <> 'county' OR quota_unit IS NOT NULL)",
            name="a_notification_has_an_address",
        ),
        sa.ForeignKeyConstraint(
            ["nomination_id"], [f"{SCHEMA}.nominations.id"], name=op.f("fk_notifications_nomination_id_nominations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
        sa.UniqueConstraint("once", name="nobody_is_told_twice"),
        schema=SCHEMA,
    )
    for name, columns, where in (
        ("person", ["person_id", "id"], "audience = 'nominee'"),
        ("unit", ["unit_id", "id"], "audience IN ('unit', 'unit_head')"),
        ("county", ["quota_unit", "id"], "audience = 'county'"),
        ("city", ["id"], "audience = 'city'"),
    ):
        op.create_index(
            f"ix_notifications_{name}", "notifications", columns, schema=SCHEMA, postgresql_where=sa.text(where)
        )
    op.create_index("ix_notifications_case", "notifications", ["nomination_id", "id"], schema=SCHEMA)
    op.create_table(
        "notification_marks",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("read_up_to", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_notification_marks")),
        schema=SCHEMA,
    )
    op.create_table(
        "pushes",
        sa.Column("notification_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.CheckConstraint("state IN ('sent', 'failed', 'unknown', 'no_channel')", name="known_state_of_push"),
        sa.ForeignKeyConstraint(
            ["notification_id"], [f"{SCHEMA}.notifications.id"], name=op.f("fk_pushes_notification_id_notifications")
        ),
        sa.PrimaryKeyConstraint("notification_id", "person_id", name=op.f("pk_pushes")),
        schema=SCHEMA,
    )


def _webhooks() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("events", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("old_secret_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("old_secret_until", _INSTANT, nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("removed_at", _INSTANT, nullable=True),
        sa.CheckConstraint("scope IN ('unit', 'county', 'city')", name="known_scope"),
        sa.CheckConstraint("num_nonnulls(old_secret_sealed, old_secret_until) IN (0, 2)", name="an_old_secret_ends"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoints")),
        schema=SCHEMA,
    )
    for name, columns in (("body", ["organisation_id", "id"]), ("scope", ["scope", "jurisdiction"])):
        op.create_index(
            f"ix_webhook_endpoints_{name}",
            "webhook_endpoints",
            columns,
            schema=SCHEMA,
            postgresql_where=sa.text("removed_at IS NULL"),
        )
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("nomination_id", sa.Uuid(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("once", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("last_attempt_at", _INSTANT, nullable=True),
        sa.Column("last_status", sa.Integer(), nullable=True),
        sa.Column("last_trouble", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'delivered', 'failed')", name="known_state_of_delivery"),
        sa.ForeignKeyConstraint(
            ["endpoint_id"],
            [f"{SCHEMA}.webhook_endpoints.id"],
            name=op.f("fk_webhook_deliveries_endpoint_id_webhook_endpoints"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        sa.UniqueConstraint("endpoint_id", "once", name="an_event_goes_to_an_endpoint_once"),
        schema=SCHEMA,
    )
    op.create_index("ix_webhook_deliveries_endpoint", "webhook_deliveries", ["endpoint_id", "id"], schema=SCHEMA)


def downgrade() -> None:
    for table in (
        "webhook_deliveries",
        "webhook_endpoints",
        "pushes",
        "notification_marks",
        "notifications",
        "pgqueuer_statistics",
        "pgqueuer_schedules",
        "pgqueuer_log",
        "pgqueuer",
    ):
        op.drop_table(table, schema=SCHEMA)
    op.execute(f"DROP FUNCTION {SCHEMA}.fn_pgqueuer_changed()")
    op.execute(f"DROP TYPE {SCHEMA}.pgqueuer_status")
