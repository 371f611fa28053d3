"""The hashes of each seal's tree are kept: the proof of one case is read without all the others."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

SCHEMA = "nominations"
NODES = f"""
DO $$
DECLARE below integer := 0;
BEGIN
    CREATE TEMPORARY TABLE tree ON COMMIT DROP AS
    SELECT seal_id, 0 AS level, position, sha256('\\x00'::bytea || convert_to(
        format('{{"case":"%s","hash":"%s","sequence":%s}}', nomination_id, hash, sequence), 'UTF8')) AS hash
    FROM {SCHEMA}.seal_leaves;
    LOOP
        INSERT INTO tree
        SELECT seal_id, below + 1, position / 2, CASE count(*)
            WHEN 2 THEN sha256('\\x01'::bytea || string_agg(hash, ''::bytea ORDER BY position))
            ELSE (array_agg(hash))[1] END
        FROM tree JOIN (SELECT seal_id FROM tree WHERE level = below GROUP BY 1 HAVING count(*) > 1) AS high USING (seal_id)
        WHERE level = below GROUP BY seal_id, position / 2;
        EXIT WHEN NOT FOUND;
        below := below + 1;
    END LOOP;
    INSERT INTO {SCHEMA}.seal_nodes (seal_id, level, position, hash)
    SELECT seal_id, level, position, hash FROM tree
    WHERE level >= 1 AND (seal_id, level) IN (SELECT seal_id, level FROM tree GROUP BY 1, 2 HAVING count(*) > 1);
END $$
"""
"""Of every seal that was made before, from its leaves, level by level; the root alone on the last stands in the seal."""


def upgrade() -> None:
    op.create_table(
        "seal_nodes",
        sa.Column("seal_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("level >= 1 AND position >= 0", name=op.f("a_node_stands_above_the_leaves")),
        sa.ForeignKeyConstraint(
            ["seal_id"], [f"{SCHEMA}.case_seals.id"], name=op.f("fk_seal_nodes_seal_id_case_seals")
        ),
        sa.PrimaryKeyConstraint("seal_id", "level", "position", name=op.f("pk_seal_nodes")),
        schema=SCHEMA,
    )
    op.execute(NODES)
    op.execute(
        f"CREATE TRIGGER seal_nodes_are_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {SCHEMA}.seal_nodes "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.refuse_change_of_a_seal()"
    )


def downgrade() -> None:
    op.drop_table("seal_nodes", schema=SCHEMA)
