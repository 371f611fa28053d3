"""Roles that end with a campaign (R43), and roles that somebody else holds for a time."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("role_assignments", sa.Column("campaign_key", sa.Text(), nullable=True), schema="auth")
    op.add_column("role_assignments", sa.Column("delegated_from", sa.Uuid(), nullable=True), schema="auth")
    op.add_column("role_assignments", sa.Column("delegation_reason", sa.Text(), nullable=True), schema="auth")
    op.create_foreign_key(
        "role_assignments_delegated_from_fkey",
        "role_assignments",
        "role_assignments",
        ["delegated_from"],
        ["id"],
        source_schema="auth",
        referent_schema="auth",
    )
    op.create_check_constraint(
        "role_assignments_delegated_ones_end",
        "role_assignments",
        "delegated_from IS NULL OR (ends_at IS NOT NULL AND delegation_reason IS NOT NULL)",
        schema="auth",
    )
    op.create_index(
        "role_assignments_by_campaign",
        "role_assignments",
        ["campaign_key"],
        schema="auth",
        postgresql_where=sa.text("campaign_key IS NOT NULL"),
    )
    op.create_index(
        "role_assignments_by_delegator",
        "role_assignments",
        ["delegated_from"],
        schema="auth",
        postgresql_where=sa.text("delegated_from IS NOT NULL"),
    )
    op.create_index("role_assignments_by_person", "role_assignments", ["person_id", "id"], schema="auth")


def downgrade() -> None:
    for name in ("role_assignments_by_person", "role_assignments_by_delegator", "role_assignments_by_campaign"):
        op.drop_index(name, "role_assignments", schema="auth")
    op.drop_constraint("role_assignments_delegated_ones_end", "role_assignments", schema="auth")
    op.drop_constraint("role_assignments_delegated_from_fkey", "role_assignments", schema="auth")
    for name in ("delegation_reason", "delegated_from", "campaign_key"):
        op.drop_column("role_assignments", name, schema="auth")
