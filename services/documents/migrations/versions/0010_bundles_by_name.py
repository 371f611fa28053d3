"""The names that a new bundle may not have are found by their beginning, among a campaign's bundles."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # By code point the index of the constraint gives the names that begin so, whatever the collation of the database.
    op.execute('ALTER TABLE documents.bundles ALTER COLUMN file_stem TYPE text COLLATE "C"')


def downgrade() -> None:
    op.execute('ALTER TABLE documents.bundles ALTER COLUMN file_stem TYPE text COLLATE "default"')
