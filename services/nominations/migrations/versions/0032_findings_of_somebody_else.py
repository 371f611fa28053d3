"""A finding about one person does not disqualify who takes their place; access is given back once nothing was found."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

SCHEMA = "nominations"
_MOMENT = sa.DateTime(timezone=True)
_STANDS = "a_decided_removal_stands"


def upgrade() -> None:
    op.add_column("removals", sa.Column("superseded_at", _MOMENT, nullable=True), schema=SCHEMA)
    op.create_check_constraint(_STANDS, "removals", "superseded_at IS NULL OR decided_at IS NULL", schema=SCHEMA)
    op.add_column("misconduct_cases", sa.Column("reinstated_at", _MOMENT, nullable=True), schema=SCHEMA)
    # Until now a conclusion that could not give the access back left no trace of it: those count as given back.
    op.execute(f"UPDATE {SCHEMA}.misconduct_cases SET reinstated_at = concluded_at WHERE outcome = 'unsubstantiated'")


def downgrade() -> None:
    op.drop_column("misconduct_cases", "reinstated_at", schema=SCHEMA)
    op.drop_constraint(_STANDS, "removals", schema=SCHEMA)
    op.drop_column("removals", "superseded_at", schema=SCHEMA)
