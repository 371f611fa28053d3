"""Records of erasures say their ground as a code, and which object went: a certificate is drawn from them."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_TABLE = "documents.document_erasures"
_COUNTED = r"^(award_decision|campaign_closed) (\d{4}-\d\d-\d\d) \+ (\d+) days$"
_COLUMNS: dict[str, sa.types.TypeEngine[Any]] = {
    "ground": sa.Text(),
    "counted_from": sa.Text(),
    "counted_on": sa.Date(),
    "kept_days": sa.Integer(),
    "object_key": sa.Text(),
}


def upgrade() -> None:
    for name, kind in _COLUMNS.items():
        op.add_column("document_erasures", sa.Column(name, kind), schema="documents")
    op.execute(f"ALTER TABLE {_TABLE} DISABLE TRIGGER document_erasures_are_only_added")
    op.execute(
        f"""
        UPDATE {_TABLE} SET ground = 'retention_over', counted_from = (regexp_match(rule, '{_COUNTED}'))[1],
            counted_on = (regexp_match(rule, '{_COUNTED}'))[2]::date,
            kept_days = (regexp_match(rule, '{_COUNTED}'))[3]::integer
        WHERE rule ~ '{_COUNTED}'
        """
    )
    op.execute(f"UPDATE {_TABLE} SET ground = 'request_granted' WHERE rule LIKE 'request for erasure granted %'")
    op.execute(f"ALTER TABLE {_TABLE} ENABLE TRIGGER document_erasures_are_only_added")
    # The release before writes none of this.
    op.create_check_constraint(
        "erasures_say_their_ground",
        "document_erasures",
        "CASE ground WHEN 'retention_over' THEN num_nulls(counted_from, counted_on, kept_days) = 0"
        " WHEN 'request_granted' THEN num_nonnulls(counted_from, counted_on, kept_days) = 0"
        " ELSE ground IS NULL END",
        schema="documents",
    )


def downgrade() -> None:
    op.drop_constraint("erasures_say_their_ground", "document_erasures", schema="documents")
    for name in reversed(_COLUMNS):
        op.drop_column("document_erasures", name, schema="documents")
