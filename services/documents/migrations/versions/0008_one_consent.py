"""One consent for auth and documents: when it was given, what was decided since, and papers that nobody is shown any more."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_SCHEMA = "documents"
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    for table in ("documents", "uploads"):
        op.add_column(table, sa.Column("consent_at", _MOMENT, nullable=True), schema=_SCHEMA)
    op.add_column("documents", sa.Column("held_for", sa.Text(), nullable=True), schema=_SCHEMA)
    op.add_column("documents", sa.Column("held_since", _MOMENT, nullable=True), schema=_SCHEMA)
    op.create_check_constraint(
        "documents_are_held_for_a_known_reason",
        "documents",
        "held_for IN ('consent_withdrawn', 'restricted')",
        schema=_SCHEMA,
    )
    op.create_check_constraint(
        "documents_are_held_since_a_moment", "documents", "(held_for IS NULL) = (held_since IS NULL)", schema=_SCHEMA
    )
    op.create_check_constraint(
        "documents_without_consent_are_not_in_force",
        "documents",
        "held_for <> 'consent_withdrawn' OR replaced_at IS NOT NULL",
        schema=_SCHEMA,
    )
    op.create_index(
        "bundles_by_owner",
        "bundles",
        ["owner_person_id"],
        schema=_SCHEMA,
        postgresql_where=sa.text("owner_person_id IS NOT NULL"),
    )
    op.create_table(
        "paper_decisions",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("decided", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_key", sa.Text(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("covers_until", _MOMENT, nullable=False),
        sa.Column("decided_at", _MOMENT, nullable=False),
        sa.Column("heard_at", _MOMENT, nullable=False, server_default=sa.func.now()),
        sa.CheckConstraint("decided IN ('withdrawn', 'erased', 'restricted')", name="paper_decisions_are_known"),
        schema=_SCHEMA,
    )
    op.create_index("paper_decisions_by_moment", "paper_decisions", ["decided_at"], schema=_SCHEMA)
    op.create_index("paper_decisions_by_person", "paper_decisions", ["person_id"], schema=_SCHEMA)
    op.execute(
        f"""
        CREATE TRIGGER paper_decisions_are_only_added BEFORE UPDATE OR DELETE ON {_SCHEMA}.paper_decisions
        FOR EACH ROW EXECUTE FUNCTION {_SCHEMA}.refuse_change()
        """
    )
    op.execute(
        f"""
        CREATE TRIGGER paper_decisions_are_not_emptied BEFORE TRUNCATE ON {_SCHEMA}.paper_decisions
        FOR EACH STATEMENT EXECUTE FUNCTION {_SCHEMA}.refuse_change()
        """
    )


def downgrade() -> None:
    op.drop_table("paper_decisions", schema=_SCHEMA)
    op.drop_index("bundles_by_owner", "bundles", schema=_SCHEMA)
    for column in ("held_since", "held_for", "consent_at"):
        op.drop_column("documents", column, schema=_SCHEMA)
    op.drop_column("uploads", "consent_at", schema=_SCHEMA)
