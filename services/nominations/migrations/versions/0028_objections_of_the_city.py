"""The city lists the objections of all counties in the order they came: no index began so."""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_objections_city", "objections", ["campaign_key", "office", "id"], schema="nominations")


def downgrade() -> None:
    op.drop_index("ix_objections_city", "objections", schema="nominations")
