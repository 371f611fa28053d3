"""Two questions that grew with the number of cases: when an organisation of the city's reported first, and names that begin so."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

SCHEMA = "nominations"


def upgrade() -> None:
    op.create_index(
        "ix_nominations_first_reported",
        "nominations",
        ["campaign_key", "quota_unit", "reported_at"],
        schema=SCHEMA,
        postgresql_where=sa.text("reported_at IS NOT NULL"),
    )
    op.drop_index("ix_nominations_name", "nominations", schema=SCHEMA)
    # By code point the index gives the names that begin so, and their order too, whatever the collation of the database.
    op.execute(f'ALTER TABLE {SCHEMA}.nominations ALTER COLUMN name TYPE text COLLATE "C"')
    op.create_index("ix_nominations_by_name", "nominations", ["campaign_key", "name", "id"], schema=SCHEMA)


def downgrade() -> None:
    op.drop_index("ix_nominations_by_name", "nominations", schema=SCHEMA)
    op.execute(f'ALTER TABLE {SCHEMA}.nominations ALTER COLUMN name TYPE text COLLATE "default"')
    op.create_index(
        "ix_nominations_name",
        "nominations",
        ["campaign_key", "name", "id"],
        schema=SCHEMA,
        postgresql_ops={"name": "text_pattern_ops"},
    )
    op.drop_index("ix_nominations_first_reported", "nominations", schema=SCHEMA)
