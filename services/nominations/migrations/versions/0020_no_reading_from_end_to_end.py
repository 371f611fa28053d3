"""Indexes for what was read from end to end: found by asking the plan of every statement of the reading routes."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0016"
branch_labels = None
depends_on = None

SCHEMA = "nominations"
_INDEXES = (
    ("ix_consultations_case", "consultations", ["nomination_id", "id"], None),
    ("ix_objections_case", "objections", ["nomination_id", "id"], None),
    ("ix_objections_waiting", "objections", ["campaign_key", "office", "id"], "concluded_at IS NULL"),
    ("ix_publicity_notices_case", "publicity_notices", ["nomination_id", "id"], None),
    ("ix_publicity_notices_running", "publicity_notices", ["campaign_key", "closes_on"], "superseded_at IS NULL"),
)


def upgrade() -> None:
    for name, table, columns, where in _INDEXES:
        op.create_index(name, table, columns, schema=SCHEMA, postgresql_where=sa.text(where) if where else None)


def downgrade() -> None:
    for name, table, _columns, _where in _INDEXES:
        op.drop_index(name, table, schema=SCHEMA)
