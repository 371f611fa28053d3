"""A legal entity is put forward once, whatever it is called: known by its credit code, unless an inner office states it.

Stops nowhere: where one stands twice by now, the case that was submitted first keeps the place and the others are left
without one, as they stood before. `xianjin nominations twice` names them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

SCHEMA = "nominations"
_SEATED = "NOT status IN ('draft', 'rejected', 'withdrawn')"
_ITSELF = (
    "collective_key IS NOT NULL AND credit_code IS NOT NULL AND (form ->> 'is_inner_office') IS DISTINCT FROM 'true'"
)


def upgrade() -> None:
    op.add_column("nominations", sa.Column("entity_code", sa.Text(), nullable=True), schema=SCHEMA)
    op.execute(
        f"""
        UPDATE {SCHEMA}.nominations SET entity_code = credit_code
        WHERE {_ITSELF} AND id NOT IN (
            SELECT id FROM (
                SELECT id, row_number() OVER (
                    PARTITION BY campaign_key, category, credit_code ORDER BY submitted_at, id
                ) AS place
                FROM {SCHEMA}.nominations WHERE {_ITSELF} AND {_SEATED}
            ) AS standing WHERE place > 1
        )
        """
    )
    op.create_index(
        "one_open_nomination_per_legal_entity",
        "nominations",
        ["campaign_key", "category", "entity_code"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text(f"entity_code IS NOT NULL AND {_SEATED}"),
    )


def downgrade() -> None:
    op.drop_index("one_open_nomination_per_legal_entity", table_name="nominations", schema=SCHEMA)
    op.drop_column("nominations", "entity_code", schema=SCHEMA)
