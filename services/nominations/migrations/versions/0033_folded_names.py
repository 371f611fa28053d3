"""A collective is the same whatever the shape of the brackets in its name: one open case for all of them.

Stops nowhere: where one stands twice by now, the case that was submitted first keeps the place and the others are left
without a key, as they stood before. `xianjin nominations twice` names them.
"""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

SCHEMA = "nominations"
_FOLDED = "a_collective_is_known_by_its_name_as_folded"
_KEY = "translate(collective_key, '〔〕【】〖〗〘〙[]{}', '()()()()()()')"


def upgrade() -> None:
    op.execute(
        f"""
        UPDATE {SCHEMA}.nominations SET collective_key = NULL WHERE id IN (
            SELECT id FROM (
                SELECT id, row_number() OVER (
                    PARTITION BY campaign_key, category, {_KEY} ORDER BY submitted_at, id
                ) AS place
                FROM {SCHEMA}.nominations
                WHERE collective_key IS NOT NULL AND NOT status IN ('draft', 'rejected', 'withdrawn')
            ) AS standing WHERE place > 1
        )
        """
    )
    op.execute(f"UPDATE {SCHEMA}.nominations SET collective_key = {_KEY} WHERE collective_key <> {_KEY}")
    op.create_check_constraint(
        op.f(_FOLDED), "nominations", "collective_key !~ '[ 〔〕【】〖〗〘〙\\[\\]{}！-～]'", schema=SCHEMA
    )


def downgrade() -> None:
    op.drop_constraint(op.f(_FOLDED), "nominations", schema=SCHEMA)
