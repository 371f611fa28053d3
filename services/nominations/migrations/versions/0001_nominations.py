"""Campaigns, the seat ledger, cases and their history, and what units and counties write into them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SCHEMA = "nominations"


def upgrade() -> None:
    _create_tables()
    _protect_what_is_only_added()


def downgrade() -> None:
    for table in (
        "opinions",
        "endorsements",
        "publicity_notices",
        "unit_records",
        "nomination_events",
        "county_report_items",
        "county_reports",
        "nominations",
        "quota_entries",
        "quota_accounts",
        "campaign_definitions",
        "procedure_clock",
        "idempotency_keys",
    ):
        op.drop_table(table, schema=SCHEMA)
    op.execute(f"DROP FUNCTION {SCHEMA}.refuse_change()")


def _protect_what_is_only_added() -> None:
    """History and ledger are added to, never changed: by privilege for the application, by trigger for everybody."""
    op.execute(
        f"""
        CREATE FUNCTION {SCHEMA}.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% is only added to', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """
    )
    for table in ("nomination_events", "quota_entries", "campaign_definitions"):
        op.execute(
            f"CREATE TRIGGER {table}_are_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {SCHEMA}.{table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.refuse_change()"
        )
        op.execute(
            f"""
            DO $$ BEGIN
                IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'nominations_app') THEN
                    REVOKE UPDATE, DELETE, TRUNCATE ON {SCHEMA}.{table} FROM nominations_app;
                END IF;
            END $$
            """
        )


def _create_tables() -> None:
    op.create_table(
        "campaign_definitions",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", "version", name=op.f("pk_campaign_definitions")),
        schema=SCHEMA,
    )
    op.create_table(
        "county_reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_key", sa.Text(), nullable=False),
        sa.Column("quota_unit", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sections", JSONB(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_county_reports")),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_county_reports_quota_unit",
        "county_reports",
        ["campaign_key", "quota_unit", "id"],
        unique=False,
        schema=SCHEMA,
    )
    op.create_index(
        "one_open_report_per_recommending_organisation",
        "county_reports",
        ["campaign_key", "quota_unit"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("submitted_at IS NULL"),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", JSONB(), nullable=True),
        sa.Column("answer", JSONB(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("caller", "operation", "key", name=op.f("pk_idempotency_keys")),
        schema=SCHEMA,
    )
    op.create_table(
        "nominations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_key", sa.Text(), nullable=False),
        sa.Column("campaign_version", sa.Integer(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("quota_unit", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("nominee_person_id", sa.Uuid(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("form", JSONB(), nullable=False),
        sa.Column("identity_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("identity_index", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('draft', 'deliberation', 'decided', 'in_publicity', 'under_review', 'endorsed', 'returned', 'rejected', 'withdrawn')",
            name="known_status",
        ),
        sa.CheckConstraint(
            "(identity_sealed IS NULL) = (identity_index IS NULL)", name="an_identity_is_sealed_and_indexed_together"
        ),
        sa.CheckConstraint("revision >= 1", name="revisions_start_at_one"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nominations")),
        schema=SCHEMA,
    )
    op.create_index("ix_nominations_nominee", "nominations", ["nominee_person_id", "id"], unique=False, schema=SCHEMA)
    op.create_index(
        "ix_nominations_quota_unit", "nominations", ["campaign_key", "quota_unit", "id"], unique=False, schema=SCHEMA
    )
    op.create_index(
        "ix_nominations_stage", "nominations", ["campaign_key", "stage", "status", "id"], unique=False, schema=SCHEMA
    )
    op.create_index(
        "ix_nominations_unit", "nominations", ["campaign_key", "unit_id", "id"], unique=False, schema=SCHEMA
    )
    op.create_index(
        "one_open_nomination_per_person",
        "nominations",
        ["campaign_key", "category", "identity_index"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("NOT status IN ('draft', 'rejected', 'withdrawn')"),
    )
    op.create_table(
        "procedure_clock",
        sa.Column("singleton", sa.Boolean(), nullable=False),
        sa.Column("offset_microseconds", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("singleton", name="one_clock_only"),
        sa.PrimaryKeyConstraint("singleton", name=op.f("pk_procedure_clock")),
        schema=SCHEMA,
    )
    op.create_table(
        "quota_accounts",
        sa.Column("campaign_key", sa.Text(), nullable=False),
        sa.Column("quota_unit", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("granted", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.Column("consumed", sa.Integer(), nullable=False),
        sa.Column("forfeited", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "granted >= 0 AND reserved >= 0 AND consumed >= 0 AND forfeited >= 0", name="seats_are_never_negative"
        ),
        sa.CheckConstraint("reserved + consumed + forfeited <= granted", name="seats_never_exceed_the_quota"),
        sa.PrimaryKeyConstraint("campaign_key", "quota_unit", "category", name=op.f("pk_quota_accounts")),
        schema=SCHEMA,
    )
    op.create_table(
        "county_report_items",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("rank >= 1", name="ranks_start_at_one"),
        sa.ForeignKeyConstraint(
            ["nomination_id"], ["nominations.nominations.id"], name=op.f("fk_county_report_items_nomination_id")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["nominations.county_reports.id"], name=op.f("fk_county_report_items_report_id")
        ),
        sa.PrimaryKeyConstraint("report_id", "nomination_id", name=op.f("pk_county_report_items")),
        sa.UniqueConstraint("report_id", "category", "rank", name="no_two_nominations_share_a_rank"),
        schema=SCHEMA,
    )
    op.create_index(
        "a_nomination_stands_in_one_report",
        "county_report_items",
        ["nomination_id"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("returned_at IS NULL"),
    )
    op.create_table(
        "endorsements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("box", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("bureau", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("signer_person_id", sa.Uuid(), nullable=False),
        sa.Column("signer_name", sa.Text(), nullable=False),
        sa.Column("organisation_name", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["nomination_id"], ["nominations.nominations.id"], name=op.f("fk_endorsements_nomination_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endorsements")),
        schema=SCHEMA,
    )
    op.create_index(
        "one_signature_per_box",
        "endorsements",
        ["nomination_id", "box"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_table(
        "nomination_events",
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("canonical", sa.LargeBinary(), nullable=False),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("sequence >= 1", name="sequences_start_at_one"),
        sa.ForeignKeyConstraint(
            ["nomination_id"], ["nominations.nominations.id"], name=op.f("fk_nomination_events_nomination_id")
        ),
        sa.PrimaryKeyConstraint("nomination_id", "sequence", name=op.f("pk_nomination_events")),
        schema=SCHEMA,
    )
    op.create_table(
        "opinions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("signer_name", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("result IN ('favourable', 'unfavourable', 'not_applicable')", name="known_result"),
        sa.ForeignKeyConstraint(
            ["nomination_id"], ["nominations.nominations.id"], name=op.f("fk_opinions_nomination_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinions")),
        schema=SCHEMA,
    )
    op.create_index(
        "one_opinion_per_authority",
        "opinions",
        ["nomination_id", "authority"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_table(
        "publicity_notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_key", sa.Text(), nullable=False),
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("working_days", sa.Integer(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("calendar_version", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("closes_on >= opened_on", name="a_period_closes_after_it_opens"),
        sa.CheckConstraint("working_days >= 1", name="a_period_has_working_days"),
        sa.ForeignKeyConstraint(
            ["nomination_id"], ["nominations.nominations.id"], name=op.f("fk_publicity_notices_nomination_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publicity_notices")),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_publicity_notices_campaign",
        "publicity_notices",
        ["campaign_key", "opened_on", "id"],
        unique=False,
        schema=SCHEMA,
    )
    op.create_index(
        "one_notice_in_force_per_level",
        "publicity_notices",
        ["nomination_id", "level"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_table(
        "quota_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_key", sa.Text(), nullable=False),
        sa.Column("quota_unit", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("nomination_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('grant', 'reserve', 'consume', 'release', 'recall', 'forfeit')", name="known_kind_of_entry"
        ),
        sa.CheckConstraint("seats > 0", name="an_entry_moves_seats"),
        sa.ForeignKeyConstraint(
            ["campaign_key", "quota_unit", "category"],
            [
                "nominations.quota_accounts.campaign_key",
                "nominations.quota_accounts.quota_unit",
                "nominations.quota_accounts.category",
            ],
            name="entry_belongs_to_an_account",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota_entries")),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_quota_entries_account",
        "quota_entries",
        ["campaign_key", "quota_unit", "category", "id"],
        unique=False,
        schema=SCHEMA,
    )
    op.create_table(
        "unit_records",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("details", JSONB(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('staff_deliberation', 'inspection', 'leadership_decision')", name="known_kind_of_record"
        ),
        sa.ForeignKeyConstraint(
            ["nomination_id"], ["nominations.nominations.id"], name=op.f("fk_unit_records_nomination_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_records")),
        schema=SCHEMA,
    )
    op.create_index(
        "one_record_of_a_kind_in_force",
        "unit_records",
        ["nomination_id", "kind"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
