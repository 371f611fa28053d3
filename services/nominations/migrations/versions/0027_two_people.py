"""A reopening, a postponement and the city's word on a rank are seconded by another person (R97).

What one person decided before this stays in force: it was decided under the rule of its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0021"
branch_labels = None
depends_on = None

SCHEMA = "nominations"
_BY_AND_AT = {
    "reopenings": ("opened_by", "opened_at", "a_reopening_needs_two_people"),
    "postponements": ("decided_by", "decided_at", "a_postponement_needs_two_people"),
    "rank_approvals": ("approved_by", "approved_at", "a_rank_approval_needs_two_people"),
}


def upgrade() -> None:
    for table, (by, at, rule) in _BY_AND_AT.items():
        op.add_column(table, sa.Column("seconded_by", sa.Uuid(), nullable=True), schema=SCHEMA)
        op.add_column(table, sa.Column("seconded_at", sa.DateTime(timezone=True), nullable=True), schema=SCHEMA)
        op.execute(f"UPDATE {SCHEMA}.{table} SET seconded_at = {at}")
        op.create_check_constraint(op.f(rule), table, f"{by} <> seconded_by", schema=SCHEMA)


def downgrade() -> None:
    for table, (_, _, rule) in _BY_AND_AT.items():
        op.drop_constraint(op.f(rule), table, schema=SCHEMA, type_="check")
        op.drop_column(table, "seconded_at", schema=SCHEMA)
        op.drop_column(table, "seconded_by", schema=SCHEMA)
