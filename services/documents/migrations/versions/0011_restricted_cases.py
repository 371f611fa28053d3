"""Of a restricted case the papers are held together, and the procedure says whether it goes on with the case.

What was held before stays held paper by paper: nothing is shown that was not shown until now.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_SCHEMA = "documents"


def upgrade() -> None:
    op.add_column("bundles", sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=True), schema=_SCHEMA)
    op.add_column("bundles", sa.Column("case_worked_on", sa.Boolean(), nullable=True), schema=_SCHEMA)
    op.create_check_constraint(
        "bundles_of_restricted_cases_say_what_goes_on",
        "bundles",
        "(restricted_at IS NULL) = (case_worked_on IS NULL)",
        schema=_SCHEMA,
    )
    op.execute(
        f"""
        CREATE FUNCTION {_SCHEMA}.keep_restricted() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'a restriction is not taken back' USING ERRCODE = 'insufficient_privilege';
        END $$
        """
    )
    op.execute(
        f"""
        CREATE TRIGGER bundles_stay_restricted BEFORE UPDATE OF restricted_at ON {_SCHEMA}.bundles
        FOR EACH ROW WHEN (OLD.restricted_at IS NOT NULL AND NEW.restricted_at IS DISTINCT FROM OLD.restricted_at)
        EXECUTE FUNCTION {_SCHEMA}.keep_restricted()
        """
    )


def downgrade() -> None:
    op.execute(f"DROP TRIGGER bundles_stay_restricted ON {_SCHEMA}.bundles")
    op.execute(f"DROP FUNCTION {_SCHEMA}.keep_restricted()")
    for column in ("case_worked_on", "restricted_at"):
        op.drop_column("bundles", column, schema=_SCHEMA)
