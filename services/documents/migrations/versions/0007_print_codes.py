"""The codes of printed forms that a scan shows."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("documents", sa.Column("print_codes", sa.ARRAY(sa.Text()), nullable=True), schema="documents")


def downgrade() -> None:
    op.drop_column("documents", "print_codes", schema="documents")
