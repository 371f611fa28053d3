"""The papers of an objection are kept from whom it is about, and from their body, in whatever office they sit."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_SCHEMA = "documents"


def upgrade() -> None:
    op.add_column(
        "bundles", sa.Column("kept_from", ARRAY(sa.Uuid()), nullable=False, server_default="{}"), schema=_SCHEMA
    )
    # Whom those of before are about, only the procedure knows: it says so, and opens them anew, when the office next opens
    # the objection's words.
    op.execute(
        f"""
        UPDATE {_SCHEMA}.bundles AS bundle SET open_to = '{{}}'
        WHERE organisation_id = id AND EXISTS (
            SELECT FROM {_SCHEMA}.documents WHERE bundle_id = bundle.id AND kind = 'objection_attachment'
            UNION ALL
            SELECT FROM {_SCHEMA}.upload_grants WHERE bundle_id = bundle.id AND kind = 'objection_attachment')
        """
    )


def downgrade() -> None:
    op.drop_column("bundles", "kept_from", schema=_SCHEMA)
