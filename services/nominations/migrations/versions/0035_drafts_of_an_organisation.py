"""How far the drafts of an organisation are filled in is asked of its newest drafts alone."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

SCHEMA = "nominations"


def upgrade() -> None:
    op.create_index(
        "ix_nominations_drafts",
        "nominations",
        ["campaign_key", "quota_unit", "category", "id"],
        schema=SCHEMA,
        postgresql_where=sa.text("status = 'draft'"),
    )


def downgrade() -> None:
    op.drop_index("ix_nominations_drafts", "nominations", schema=SCHEMA)
