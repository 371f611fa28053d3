"""Keys that stay when the sealing key changes."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "vault_keys",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=False),
        schema="auth",
    )


def downgrade() -> None:
    op.drop_table("vault_keys", schema="auth")
