"""Returns by field, nobody signs two boxes of one case, and where an opinion came from."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SCHEMA = "nominations"
_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "case_returns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("addressee", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("fields", JSONB(), nullable=False),
        sa.Column("returned_by", sa.Uuid(), nullable=False),
        sa.Column("organisation_name", sa.Text(), nullable=False),
        sa.Column("returned_at", _INSTANT, nullable=False),
        sa.Column("answered_at", _INSTANT, nullable=True),
        sa.CheckConstraint("addressee IN ('unit', 'nominee')", name="known_addressee"),
        sa.ForeignKeyConstraint(
            ["nomination_id"], [f"{SCHEMA}.nominations.id"], name=op.f("fk_case_returns_nomination_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_returns")),
        schema=SCHEMA,
    )
    op.create_index(
        "one_unanswered_return_per_case",
        "case_returns",
        ["nomination_id"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.create_index(
        "nobody_signs_two_boxes_of_a_case",
        "endorsements",
        ["nomination_id", "signer_person_id"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.add_column("opinions", sa.Column("place", sa.Text(), nullable=True), schema=SCHEMA)
    op.add_column("opinions", sa.Column("scan_document_id", sa.Uuid(), nullable=True), schema=SCHEMA)
    op.add_column("opinions", sa.Column("source", sa.Text(), server_default="paper", nullable=False), schema=SCHEMA)
    op.alter_column("opinions", "source", server_default=None, schema=SCHEMA)
    op.create_check_constraint(
        "known_source_of_an_opinion", "opinions", "source IN ('paper', 'batch', 'link')", schema=SCHEMA
    )


def downgrade() -> None:
    op.drop_constraint("known_source_of_an_opinion", "opinions", schema=SCHEMA)
    for column in ("source", "scan_document_id", "place"):
        op.drop_column("opinions", column, schema=SCHEMA)
    op.drop_index("nobody_signs_two_boxes_of_a_case", table_name="endorsements", schema=SCHEMA)
    op.drop_index("one_unanswered_return_per_case", table_name="case_returns", schema=SCHEMA)
    op.drop_table("case_returns", schema=SCHEMA)
