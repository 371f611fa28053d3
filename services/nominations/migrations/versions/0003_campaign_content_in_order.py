"""A campaign's content as text: JSONB sorts the keys of a mapping, and with them the words of a closed list."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLE = "nominations.campaign_definitions"


def upgrade() -> None:
    op.execute(f"ALTER TABLE {TABLE} ALTER COLUMN content TYPE json USING content::json")


def downgrade() -> None:
    op.execute(f"ALTER TABLE {TABLE} ALTER COLUMN content TYPE jsonb USING content::jsonb")
