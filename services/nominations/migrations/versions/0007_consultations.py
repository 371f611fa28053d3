"""Opinion sheets for officers without an account."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SCHEMA = "nominations"
_INSTANT = sa.DateTime(timezone=True)
_STEPS = "step IN ('code_sent', 'code_wrong', 'opened', 'answered')"


def upgrade() -> None:
    op.create_table(
        "consultations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("officer_name", sa.Text(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_masked", sa.Text(), nullable=False),
        sa.Column("link_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.Column("reminded_at", _INSTANT, nullable=True),
        sa.Column("code_hash", sa.LargeBinary(), nullable=True),
        sa.Column("code_sent_at", _INSTANT, nullable=True),
        sa.Column("codes_sent", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sheet_hash", sa.LargeBinary(), nullable=True),
        sa.Column("sheet_until", _INSTANT, nullable=True),
        sa.Column("answered_at", _INSTANT, nullable=True),
        sa.Column("revoked_at", _INSTANT, nullable=True),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("num_nonnulls(revoked_at, revoked_by) IN (0, 2)", name="a_revocation_has_a_person"),
        sa.CheckConstraint("revoked_at IS NULL OR answered_at IS NULL", name="an_answer_is_not_revoked"),
        sa.ForeignKeyConstraint(
            ["nomination_id"], [f"{SCHEMA}.nominations.id"], name=op.f("fk_consultations_nomination_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultations")),
        schema=SCHEMA,
    )
    op.create_index(
        "one_open_sheet_per_authority",
        "consultations",
        ["nomination_id", "authority"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("revoked_at IS NULL AND answered_at IS NULL"),
    )
    op.create_index("ix_consultations_link", "consultations", ["link_hash"], unique=True, schema=SCHEMA)
    op.create_index("ix_consultations_sheet", "consultations", ["sheet_hash"], unique=True, schema=SCHEMA)
    op.create_table(
        "consultation_views",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("taken_at", _INSTANT, nullable=False),
        sa.CheckConstraint(_STEPS, name="known_step"),
        sa.ForeignKeyConstraint(
            ["consultation_id"], [f"{SCHEMA}.consultations.id"], name=op.f("fk_consultation_views_consultation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_views")),
        schema=SCHEMA,
    )
    op.create_index("ix_consultation_views", "consultation_views", ["consultation_id", "id"], schema=SCHEMA)


def downgrade() -> None:
    op.drop_table("consultation_views", schema=SCHEMA)
    op.drop_table("consultations", schema=SCHEMA)
