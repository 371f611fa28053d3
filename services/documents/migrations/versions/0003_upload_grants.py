"""Uploads by people without an account: granted for one bundle and kind, for a while."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002_life_of_files"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "upload_grants",
        sa.Column("grant_hash", sa.LargeBinary(), primary_key=True),
        sa.Column("bundle_id", sa.Uuid(), sa.ForeignKey("documents.bundles.id"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("max_count", sa.Integer(), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.CheckConstraint("max_count BETWEEN 1 AND 20", name="upload_grants_are_for_a_few_files"),
        schema="documents",
    )
    op.create_index("upload_grants_by_end", "upload_grants", ["expires_at"], schema="documents")


def downgrade() -> None:
    op.drop_table("upload_grants", schema="documents")
