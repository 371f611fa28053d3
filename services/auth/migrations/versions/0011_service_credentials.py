"""Credentials for machines and third-party front ends: per body, scoped, ending."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "service_credentials",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("organisation_id", sa.Uuid(), sa.ForeignKey("auth.organisations.id"), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scopes", ARRAY(sa.Text()), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_by", sa.Uuid(), sa.ForeignKey("auth.persons.id"), nullable=False, index=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("last_used_at", _MOMENT),
        sa.Column("revoked_at", _MOMENT),
        sa.CheckConstraint("cardinality(scopes) > 0", name="service_credentials_open_something"),
        sa.CheckConstraint(
            "expires_at > created_at AND expires_at <= created_at + interval '366 days'",
            name="service_credentials_end_within_a_year",
        ),
        sa.CheckConstraint("length(secret_hash) = 32", name="service_credentials_keep_a_hash"),
        schema="auth",
    )
    op.create_index("service_credentials_by_body", "service_credentials", ["organisation_id", "id"], schema="auth")
    op.create_index(
        "service_credentials_lately_revoked",
        "service_credentials",
        ["revoked_at"],
        schema="auth",
        postgresql_where=sa.text("revoked_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_table("service_credentials", schema="auth")
