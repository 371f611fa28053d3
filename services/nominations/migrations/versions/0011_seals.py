"""Seals over case histories, added and never changed."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SCHEMA = "nominations"
_INSTANT = sa.DateTime(timezone=True)
_TABLES = ("evidence_keys", "case_seals", "seal_leaves")


def upgrade() -> None:
    op.create_table(
        "evidence_keys",
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("first_used_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_evidence_keys")),
        schema=SCHEMA,
    )
    op.create_table(
        "case_seals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_key", sa.Text(), nullable=False),
        sa.Column("sealed_at", _INSTANT, nullable=False),
        sa.Column("tree_size", sa.Integer(), nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("statement", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["key_id"], [f"{SCHEMA}.evidence_keys.key_id"], name=op.f("fk_case_seals_key_id_evidence_keys")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_seals")),
        sa.UniqueConstraint("campaign_key", "previous", name="seals_form_one_chain"),
        schema=SCHEMA,
    )
    op.create_index("ix_case_seals_campaign", "case_seals", ["campaign_key", "sealed_at"], schema=SCHEMA)
    op.create_table(
        "seal_leaves",
        sa.Column("seal_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["nomination_id"], [f"{SCHEMA}.nominations.id"], name=op.f("fk_seal_leaves_nomination_id_nominations")
        ),
        sa.ForeignKeyConstraint(
            ["seal_id"], [f"{SCHEMA}.case_seals.id"], name=op.f("fk_seal_leaves_seal_id_case_seals")
        ),
        sa.PrimaryKeyConstraint("seal_id", "position", name=op.f("pk_seal_leaves")),
        schema=SCHEMA,
    )
    op.create_index("ix_seal_leaves_case", "seal_leaves", ["nomination_id", "seal_id"], schema=SCHEMA)
    _refuse_changes()


def _refuse_changes() -> None:
    op.execute(
        f"CREATE FUNCTION {SCHEMA}.refuse_change_of_a_seal() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'seals are only added'; END $$"
    )
    for table in _TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_are_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {SCHEMA}.{table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.refuse_change_of_a_seal()"
        )


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table, schema=SCHEMA)
    op.execute(f"DROP FUNCTION {SCHEMA}.refuse_change_of_a_seal()")
