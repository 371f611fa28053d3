"""Who has an objection in hand, and those that were found true."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SCHEMA = "nominations"


def upgrade() -> None:
    op.add_column("objections", sa.Column("handler_id", sa.Uuid(), nullable=True), schema=SCHEMA)
    op.add_column("objections", sa.Column("taken_up_at", sa.DateTime(timezone=True), nullable=True), schema=SCHEMA)
    op.create_check_constraint(
        "a_handler_took_it_up_at_a_time",
        "objections",
        "(handler_id IS NULL) = (taken_up_at IS NULL)",
        schema=SCHEMA,
    )
    op.create_index(
        "ix_objections_upheld",
        "objections",
        ["nomination_id"],
        schema=SCHEMA,
        postgresql_where=sa.text("outcome = 'substantiated'"),
    )


def downgrade() -> None:
    op.drop_index("ix_objections_upheld", "objections", schema=SCHEMA)
    op.drop_constraint("a_handler_took_it_up_at_a_time", "objections", schema=SCHEMA, type_="check")
    op.drop_column("objections", "taken_up_at", schema=SCHEMA)
    op.drop_column("objections", "handler_id", schema=SCHEMA)
