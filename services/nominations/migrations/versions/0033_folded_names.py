"""A collective is the same whatever the shape of the brackets in its name: one open case for all of them.

Stops with `one_open_nomination_per_collective` where one stands twice by now: one of the two is withdrawn first.
"""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

SCHEMA = "nominations"
_FOLDED = "a_collective_is_known_by_its_name_as_folded"


def upgrade() -> None:
    folded = "translate(collective_key, '〔〕【】〖〗〘〙[]{}', '()()()()()()')"
    op.execute(f"UPDATE {SCHEMA}.nominations SET collective_key = {folded} WHERE collective_key <> {folded}")
    op.create_check_constraint(
        op.f(_FOLDED), "nominations", "collective_key !~ '[ 〔〕【】〖〗〘〙\\[\\]{}！-～]'", schema=SCHEMA
    )


def downgrade() -> None:
    op.drop_constraint(op.f(_FOLDED), "nominations", schema=SCHEMA)
