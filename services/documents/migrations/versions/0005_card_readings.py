"""What was read of ID card copies: digests that can be compared and not read."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "card_readings",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("document_id", sa.Uuid(), sa.ForeignKey("documents.documents.id"), nullable=False, unique=True),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("number_digest", sa.LargeBinary(), nullable=True),
        sa.Column("name_digests", ARRAY(sa.LargeBinary()), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("no_expiry", sa.Boolean(), nullable=False),
        schema="documents",
    )
    op.add_column(
        "documents",
        sa.Column("card_read", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        schema="documents",
    )


def downgrade() -> None:
    op.drop_column("documents", "card_read", schema="documents")
    op.drop_table("card_readings", schema="documents")
