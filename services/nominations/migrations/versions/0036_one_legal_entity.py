"""A legal entity is put forward once, whatever it is called: known by its credit code, unless an inner office states it.

The database stops nowhere: where one stands twice by now, the case that was submitted first keeps the place and the others are left
without one, as they stood before. `xianjin nominations twice` names them.

An opinion says what it took the place of, when the other side had said it: the authority itself, or the office that asked.
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

_OF_OPINIONS = ("replaces_source", "replaces_result", "replacement_reason")
_CHECKS = {
    "a_replaced_answer_has_source_and_result": "num_nonnulls(replaces_source, replaces_result) IN (0, 2)",
    "an_own_answer_gives_way_to_a_sealed_sheet_alone": (
        "source = 'link' OR replaces_source IS NULL OR replaces_source <> 'link' "
        "OR NOT replaces_result IN ('favourable', 'unfavourable') "
        "OR num_nonnulls(scan_document_id, replacement_reason) = 2"
    ),
}


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
    for column in _OF_OPINIONS:
        op.add_column("opinions", sa.Column(column, sa.Text(), nullable=True), schema=SCHEMA)
    for name, condition in _CHECKS.items():
        op.create_check_constraint(op.f(name), "opinions", condition, schema=SCHEMA)


def downgrade() -> None:
    for name in _CHECKS:
        op.drop_constraint(op.f(name), "opinions", schema=SCHEMA)
    for column in _OF_OPINIONS:
        op.drop_column("opinions", column, schema=SCHEMA)
    op.drop_index("one_open_nomination_per_legal_entity", table_name="nominations", schema=SCHEMA)
    op.drop_column("nominations", "entity_code", schema=SCHEMA)
