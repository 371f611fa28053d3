"""The separate consent under which sensitive files are taken: the version of the words, how, and by whom."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TABLES = ("documents", "uploads")


def upgrade() -> None:
    for table in _TABLES:
        op.add_column(table, sa.Column("consent_text_sha256", sa.Text(), nullable=True), schema="documents")
        op.add_column(table, sa.Column("consent_channel", sa.Text(), nullable=True), schema="documents")
        op.add_column(table, sa.Column("consent_on_behalf", sa.Boolean(), nullable=True), schema="documents")
        op.create_check_constraint(
            f"{table}_say_all_of_a_consent_or_nothing",
            table,
            "num_nulls(consent_text_sha256, consent_channel, consent_on_behalf) IN (0, 3)",
            schema="documents",
        )
    op.create_check_constraint(
        "documents_are_consented_to_somehow", "documents", "consent_channel IN ('screen', 'paper')", schema="documents"
    )


def downgrade() -> None:
    for table in _TABLES:
        for column in ("consent_on_behalf", "consent_channel", "consent_text_sha256"):
            op.drop_column(table, column, schema="documents")
