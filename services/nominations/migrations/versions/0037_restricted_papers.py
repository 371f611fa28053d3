"""Documents hears of each restricted case whether the procedure goes on with it, until it has heard."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

SCHEMA = "nominations"


def upgrade() -> None:
    op.create_table(
        "restricted_papers",
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("told_revision", sa.Integer(), nullable=True),
        sa.CheckConstraint("told_revision >= 1", name=op.f("a_revision_that_was_told_is_one")),
        sa.ForeignKeyConstraint(
            ["nomination_id"],
            [f"{SCHEMA}.nominations.id"],
            name=op.f("fk_restricted_papers_nomination_id_nominations"),
        ),
        sa.PrimaryKeyConstraint("nomination_id", name=op.f("pk_restricted_papers")),
        schema=SCHEMA,
    )
    op.execute(
        f"INSERT INTO {SCHEMA}.restricted_papers (nomination_id) "
        f"SELECT id FROM {SCHEMA}.nominations WHERE restricted_at IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_table("restricted_papers", schema=SCHEMA)
