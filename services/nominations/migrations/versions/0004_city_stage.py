"""The city's list and ranking, objections, disqualification, awards, and late counties that may still report."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SCHEMA = "nominations"
_INSTANT = sa.DateTime(timezone=True)
_STATUSES = (
    "draft", "deliberation", "decided", "in_publicity", "under_review", "endorsed", "returned", "rejected", "withdrawn",
    "listed", "in_city_publicity", "ranked", "reported", "awarded", "not_awarded", "revoked", "disqualified",
)  # fmt: skip


def upgrade() -> None:
    op.drop_constraint(op.f("known_status"), "nominations", schema=SCHEMA)
    known = ", ".join(f"'{status}'" for status in _STATUSES)
    op.create_check_constraint(op.f("known_status"), "nominations", f"status IN ({known})", schema=SCHEMA)
    _create_city_lists()
    _create_reopenings()
    _create_awards()
    _create_city_list_items()
    _create_removals()
    _create_objections()


def downgrade() -> None:
    op.drop_table("objections", schema=SCHEMA)
    op.drop_table("removals", schema=SCHEMA)
    op.drop_table("city_list_items", schema=SCHEMA)
    op.drop_table("awards", schema=SCHEMA)
    op.drop_table("reopenings", schema=SCHEMA)
    op.drop_table("city_lists", schema=SCHEMA)


def _create_city_lists() -> None:
    op.create_table(
        "city_lists",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_key", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("candidates", JSONB(), nullable=False),
        sa.Column("no_choice_reason", sa.Text(), nullable=True),
        sa.Column("seconded_by", sa.Uuid(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("saved_at", _INSTANT, nullable=False),
        sa.Column("ranked_at", _INSTANT, nullable=True),
        sa.Column("reported_at", _INSTANT, nullable=True),
        sa.CheckConstraint(
            "reported_at IS NULL OR ranked_at IS NOT NULL", name="a_list_is_ranked_before_it_is_reported"
        ),
        sa.CheckConstraint("seconded_by <> created_by", name="nobody_seconds_themselves"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_city_lists")),
        schema=SCHEMA,
    )
    op.create_index(
        "one_list_on_the_way_per_campaign",
        "city_lists",
        ["campaign_key"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("reported_at IS NULL"),
    )


def _create_reopenings() -> None:
    op.create_table(
        "reopenings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_key", sa.Text(), nullable=False),
        sa.Column("quota_unit", sa.Text(), nullable=False),
        sa.Column("until", _INSTANT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("opened_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reopenings")),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_reopenings_county", "reopenings", ["campaign_key", "quota_unit", "until"], unique=False, schema=SCHEMA
    )


def _create_awards() -> None:
    op.create_table(
        "awards",
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_key", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("granted_on", sa.Date(), nullable=False),
        sa.Column("decision_number", sa.Text(), nullable=False),
        sa.Column("serials", JSONB(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.Column("revocation_reason", sa.Text(), nullable=True),
        sa.Column("recovered", JSONB(), nullable=False),
        sa.CheckConstraint("(revoked_on IS NULL) = (revocation_reason IS NULL)", name="a_revocation_has_a_reason"),
        sa.ForeignKeyConstraint(["nomination_id"], [f"{SCHEMA}.nominations.id"], name=op.f("fk_awards_nomination_id")),
        sa.PrimaryKeyConstraint("nomination_id", name=op.f("pk_awards")),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_awards_campaign", "awards", ["campaign_key", "category", "nomination_id"], unique=False, schema=SCHEMA
    )


def _create_city_list_items() -> None:
    op.create_table(
        "city_list_items",
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("removed_at", _INSTANT, nullable=True),
        sa.CheckConstraint("rank >= 1", name="ranks_of_the_city_start_at_one"),
        sa.ForeignKeyConstraint(["list_id"], [f"{SCHEMA}.city_lists.id"], name=op.f("fk_city_list_items_list_id")),
        sa.ForeignKeyConstraint(
            ["nomination_id"], [f"{SCHEMA}.nominations.id"], name=op.f("fk_city_list_items_nomination_id")
        ),
        sa.PrimaryKeyConstraint("list_id", "nomination_id", name=op.f("pk_city_list_items")),
        schema=SCHEMA,
    )
    op.create_index(
        "a_nomination_stands_on_one_list",
        "city_list_items",
        ["nomination_id"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_index(
        "no_two_on_the_citys_list_share_a_rank",
        "city_list_items",
        ["list_id", "category", "rank"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("removed_at IS NULL"),
    )


def _create_removals() -> None:
    op.create_table(
        "removals",
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", _INSTANT, nullable=False),
        sa.Column("seconded_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", _INSTANT, nullable=True),
        sa.CheckConstraint("ground IN ('fraud', 'procedure', 'misconduct')", name="known_ground"),
        sa.CheckConstraint("decided_by <> seconded_by", name="a_removal_needs_two_people"),
        sa.ForeignKeyConstraint(
            ["nomination_id"], [f"{SCHEMA}.nominations.id"], name=op.f("fk_removals_nomination_id")
        ),
        sa.PrimaryKeyConstraint("nomination_id", name=op.f("pk_removals")),
        schema=SCHEMA,
    )


def _create_objections() -> None:
    op.create_table(
        "objections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_key", sa.Text(), nullable=False),
        sa.Column("quota_unit", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("receipt_hash", sa.LargeBinary(), nullable=False),
        sa.Column("source_hash", sa.LargeBinary(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", _INSTANT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("handler_name", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("finding", sa.Text(), nullable=True),
        sa.Column("concluded_by", sa.Uuid(), nullable=True),
        sa.Column("concluded_at", _INSTANT, nullable=True),
        sa.CheckConstraint("outcome IN ('substantiated', 'unsubstantiated', 'not_accepted')", name="known_outcome"),
        sa.CheckConstraint("num_nonnulls(outcome, finding, concluded_at) IN (0, 3)", name="a_conclusion_is_whole"),
        sa.ForeignKeyConstraint(
            ["nomination_id"], [f"{SCHEMA}.nominations.id"], name=op.f("fk_objections_nomination_id")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], [f"{SCHEMA}.publicity_notices.id"], name=op.f("fk_objections_notice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objections")),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_objections_office",
        "objections",
        ["campaign_key", "office", "quota_unit", "id"],
        unique=False,
        schema=SCHEMA,
    )
    op.create_index(
        "ix_objections_open",
        "objections",
        ["nomination_id"],
        unique=False,
        schema=SCHEMA,
        postgresql_where=sa.text("concluded_at IS NULL"),
    )
    op.create_index("ix_objections_receipt", "objections", ["receipt_hash"], unique=True, schema=SCHEMA)
    op.create_index(
        "ix_objections_source", "objections", ["notice_id", "source_hash", "received_at"], unique=False, schema=SCHEMA
    )
