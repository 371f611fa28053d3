"""While a case is being handed in, nobody else's word opens its papers again."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_SCHEMA = "documents"


def upgrade() -> None:
    op.create_table(
        "bundle_submissions",
        sa.Column("bundle_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.ForeignKeyConstraint(["bundle_id"], [f"{_SCHEMA}.bundles.id"]),
        sa.PrimaryKeyConstraint("bundle_id", "id"),
        schema=_SCHEMA,
    )


def downgrade() -> None:
    op.drop_table("bundle_submissions", schema=_SCHEMA)
