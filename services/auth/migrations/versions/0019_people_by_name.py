"""People are found by the beginning of their name."""

from alembic import op

revision = "0019"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "persons_by_name", "persons", ["full_name"], schema="auth", postgresql_ops={"full_name": "text_pattern_ops"}
    )


def downgrade() -> None:
    op.drop_index("persons_by_name", table_name="persons", schema="auth")
