"""A case that passed to somebody else says so until they have come to the last stage: they came in time, or not (R113)."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "nominations", sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True), schema="nominations"
    )


def downgrade() -> None:
    op.drop_column("nominations", "replaced_at", schema="nominations")
