"""What was found against a case is lifted by two people (R97): one proposes with a reason, another seconds.

What one person lifted before this stays lifted: it was decided under the rule of its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0023"
branch_labels = None
depends_on = None

SCHEMA, TABLE = "nominations", "disqualifications"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("lifting_proposed_by", sa.Uuid(), nullable=True), schema=SCHEMA)
    op.add_column(TABLE, sa.Column("lifting_proposed_at", sa.DateTime(timezone=True), nullable=True), schema=SCHEMA)
    op.add_column(TABLE, sa.Column("lifting_proposed_reason", sa.Text(), nullable=True), schema=SCHEMA)
    op.create_check_constraint(
        op.f("a_proposed_lifting_has_a_reason"),
        TABLE,
        "num_nonnulls(lifting_proposed_by, lifting_proposed_at, lifting_proposed_reason) IN (0, 3)",
        schema=SCHEMA,
    )
    op.create_check_constraint(
        op.f("a_lifting_needs_two_people"), TABLE, "lifting_proposed_by <> lifted_by", schema=SCHEMA
    )


def downgrade() -> None:
    for rule in ("a_lifting_needs_two_people", "a_proposed_lifting_has_a_reason"):
        op.drop_constraint(op.f(rule), TABLE, schema=SCHEMA, type_="check")
    for column in ("lifting_proposed_reason", "lifting_proposed_at", "lifting_proposed_by"):
        op.drop_column(TABLE, column, schema=SCHEMA)
