"""What came of a county's report, on paper and as files."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SCHEMA = "nominations"


def upgrade() -> None:
    op.create_table(
        "material_receipts",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("paper_copies", sa.Integer(), nullable=False),
        sa.Column("electronic", sa.Boolean(), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=False),
        sa.Column("noted_by_name", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("paper_copies BETWEEN 0 AND 99", name="paper_copies_are_counted"),
        sa.ForeignKeyConstraint(
            ["report_id"], [f"{SCHEMA}.county_reports.id"], name=op.f("fk_material_receipts_report_id_county_reports")
        ),
        sa.PrimaryKeyConstraint("report_id", "item", name=op.f("pk_material_receipts")),
        schema=SCHEMA,
    )


def downgrade() -> None:
    op.drop_table("material_receipts", schema=SCHEMA)
