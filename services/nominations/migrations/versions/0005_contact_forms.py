"""附件9: who answers for the campaign in each recommending organisation."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SCHEMA = "nominations"
_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "contact_forms",
        sa.Column("campaign_key", sa.Text(), nullable=False),
        sa.Column("quota_unit", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("form", JSONB(), nullable=False),
        sa.Column("filed_by", sa.Uuid(), nullable=False),
        sa.Column("filed_at", _INSTANT, nullable=False),
        sa.Column("saved_at", _INSTANT, nullable=False),
        sa.Column("dispatches", JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("campaign_key", "quota_unit", name=op.f("pk_contact_forms")),
        schema=SCHEMA,
    )


def downgrade() -> None:
    op.drop_table("contact_forms", schema=SCHEMA)
