"""Invitations to every role, that are sent again and revoked; phones; people who ask to be admitted."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column(
        "invitations",
        sa.Column("role_assignment_id", sa.Uuid(), sa.ForeignKey("auth.role_assignments.id"), index=True),
        schema="auth",
    )
    op.add_column("invitations", sa.Column("revoked_at", _MOMENT), schema="auth")
    op.create_check_constraint(
        "invitations_are_used_or_revoked", "invitations", "used_at IS NULL OR revoked_at IS NULL", schema="auth"
    )
    op.add_column("persons", sa.Column("phone_mark", sa.LargeBinary()), schema="auth")
    op.add_column("persons", sa.Column("sealed_phone", sa.LargeBinary()), schema="auth")
    op.create_check_constraint(
        "persons_phones_are_found_and_opened",
        "persons",
        "(phone_mark IS NULL) = (sealed_phone IS NULL)",
        schema="auth",
    )
    op.create_index("persons_by_phone", "persons", ["phone_mark"], schema="auth")
    op.create_index("wechat_identities_by_unionid", "wechat_identities", ["unionid"], schema="auth")
    op.create_index("role_assignments_by_body", "role_assignments", ["organisation_id", "id"], schema="auth")
    _admission_requests()


def _admission_requests() -> None:
    op.create_table(
        "admission_requests",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("appid", sa.Text(), nullable=False),
        sa.Column("openid", sa.Text(), nullable=False),
        sa.Column("unionid", sa.Text()),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), sa.ForeignKey("auth.organisations.id")),
        sa.Column("phone_mark", sa.LargeBinary()),
        sa.Column("sealed_phone", sa.LargeBinary()),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("decided_at", _MOMENT),
        sa.Column("decided_by", sa.Uuid(), sa.ForeignKey("auth.persons.id")),
        sa.Column("outcome", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("auth.persons.id")),
        sa.CheckConstraint("role IN ('nominee', 'unit_clerk', 'unit_head')", name="admission_requests_are_of_units"),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (outcome IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)",
            name="admission_requests_are_decided_by_somebody",
        ),
        sa.CheckConstraint("outcome IN ('admitted', 'refused')", name="admission_requests_outcome_is_known"),
        sa.CheckConstraint(
            "(outcome = 'admitted') = (person_id IS NOT NULL)", name="admission_requests_admit_a_person"
        ),
        sa.CheckConstraint(
            "outcome IS DISTINCT FROM 'refused' OR reason IS NOT NULL",
            name="admission_requests_are_refused_for_a_reason",
        ),
        schema="auth",
    )
    op.create_index(
        "admission_requests_one_open_for_a_wechat_account",
        "admission_requests",
        ["appid", "openid"],
        unique=True,
        schema="auth",
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.create_index("admission_requests_by_place", "admission_requests", ["jurisdiction", "id"], schema="auth")


def downgrade() -> None:
    op.drop_table("admission_requests", schema="auth")
    op.drop_index("role_assignments_by_body", "role_assignments", schema="auth")
    op.drop_index("wechat_identities_by_unionid", "wechat_identities", schema="auth")
    op.drop_index("persons_by_phone", "persons", schema="auth")
    op.drop_constraint("persons_phones_are_found_and_opened", "persons", schema="auth")
    for table, columns in (
        ("persons", ("phone_mark", "sealed_phone")),
        ("invitations", ("role_assignment_id", "revoked_at")),
    ):
        for column in columns:
            op.drop_column(table, column, schema="auth")
