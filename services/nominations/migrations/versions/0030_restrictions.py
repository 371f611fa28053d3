"""A person's data may be restricted (PIPL 第四十七条): what auth decided is kept here, and which cases it holds."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

SCHEMA = "nominations"
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("nominations", sa.Column("restricted_at", _MOMENT, nullable=True), schema=SCHEMA)
    op.create_table(
        "restrictions",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_key", sa.Text(), nullable=True),
        sa.Column("covers_until", _MOMENT, nullable=False),
        sa.Column("decided_at", _MOMENT, nullable=False),
        sa.Column("heard_at", _MOMENT, nullable=False),
        schema=SCHEMA,
    )
    op.create_index("ix_restrictions_decided", "restrictions", ["decided_at"], schema=SCHEMA)
    for when in ("UPDATE OR DELETE", "TRUNCATE"):
        name = "restrictions_are_only_added" if when != "TRUNCATE" else "restrictions_are_not_emptied"
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {when} ON {SCHEMA}.restrictions "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.refuse_change()"
        )


def downgrade() -> None:
    op.drop_table("restrictions", schema=SCHEMA)
    op.drop_column("nominations", "restricted_at", schema=SCHEMA)
