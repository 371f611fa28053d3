"""People, organisations, roles, sessions and signing keys."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_organisations()
    _create_people()
    _create_ways_to_sign_in()
    _create_sessions()
    _create_keys()


def downgrade() -> None:
    for table in (
        "idempotency_keys",
        "signing_keys",
        "refresh_tokens",
        "sessions",
        "invitations",
        "wechat_identities",
        "password_credentials",
        "role_assignments",
        "persons",
        "organisations",
    ):
        op.drop_table(table, schema="auth")


def _create_organisations() -> None:
    op.create_table(
        "organisations",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("parent_id", sa.Uuid(), sa.ForeignKey("auth.organisations.id")),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("bureau", sa.String(32)),
        sa.Column("uscc", sa.Text()),
        sa.UniqueConstraint(
            "jurisdiction",
            "kind",
            "bureau",
            "name",
            name="organisations_one_body_of_a_name_in_a_jurisdiction",
            postgresql_nulls_not_distinct=True,
        ),
        sa.CheckConstraint(
            "kind IN ('province', 'city_working_group', 'city_bureau', 'city_office', 'county_office', 'county_bureau',"
            " 'unit', 'authority')",
            name="organisations_kind_is_known",
        ),
        sa.CheckConstraint(
            "(kind IN ('city_bureau', 'county_bureau')) = (bureau IS NOT NULL)",
            name="organisations_only_a_bureau_is_hrss_or_iit",
        ),
        sa.CheckConstraint("bureau IN ('hrss', 'iit')", name="organisations_bureau_is_one_of_two"),
        sa.CheckConstraint("parent_id <> id", name="organisations_no_body_is_its_own_parent"),
        schema="auth",
    )
    op.create_index("organisations_by_jurisdiction", "organisations", ["jurisdiction", "id"], schema="auth")


def _create_people() -> None:
    op.create_table(
        "persons",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False, server_default=sa.func.now()),
        schema="auth",
    )
    op.create_table(
        "role_assignments",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("auth.persons.id"), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), sa.ForeignKey("auth.organisations.id"), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("starts_at", _MOMENT, nullable=False),
        sa.Column("ends_at", _MOMENT),
        sa.CheckConstraint(
            "role IN ('nominee', 'unit_clerk', 'unit_head', 'county_officer', 'county_reviewer', 'city_officer',"
            " 'city_reviewer', 'system_admin')",
            name="role_assignments_role_is_held_by_people",
        ),
        sa.CheckConstraint("ends_at > starts_at", name="role_assignments_end_after_they_start"),
        schema="auth",
    )
    op.create_index(
        "role_assignments_one_open_term",
        "role_assignments",
        ["person_id", "organisation_id", "role"],
        schema="auth",
        unique=True,
        postgresql_where=sa.text("ends_at IS NULL"),
    )


def _create_ways_to_sign_in() -> None:
    op.create_table(
        "password_credentials",
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("auth.persons.id"), primary_key=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.CheckConstraint("password_hash LIKE '$argon2id$%'", name="password_credentials_hash_is_argon2id"),
        schema="auth",
    )
    op.create_index(
        "password_credentials_one_username_in_any_case",
        "password_credentials",
        [sa.text("lower(username)")],
        schema="auth",
        unique=True,
    )
    op.create_table(
        "wechat_identities",
        sa.Column("appid", sa.Text(), primary_key=True),
        sa.Column("openid", sa.Text(), primary_key=True),
        sa.Column("unionid", sa.Text()),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("auth.persons.id"), nullable=False, index=True),
        sa.Column("bound_at", _MOMENT, nullable=False),
        schema="auth",
    )
    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("auth.persons.id"), nullable=False, index=True),
        sa.Column("invited_by", sa.Uuid(), sa.ForeignKey("auth.persons.id"), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT),
        sa.UniqueConstraint("code_hash", name="invitations_one_code_names_one_person"),
        sa.CheckConstraint("expires_at > created_at", name="invitations_expire_after_they_begin"),
        schema="auth",
    )


def _create_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("auth.persons.id"), nullable=False, index=True),
        sa.Column("role_assignment_id", sa.Uuid(), sa.ForeignKey("auth.role_assignments.id"), nullable=False),
        sa.Column("started_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT),
        schema="auth",
    )
    op.create_table(
        "refresh_tokens",
        sa.Column("token_hash", sa.LargeBinary(), primary_key=True),
        sa.Column("session_id", sa.Uuid(), sa.ForeignKey("auth.sessions.id"), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT),
        schema="auth",
    )
    op.create_index(
        "refresh_tokens_one_unused_in_a_session",
        "refresh_tokens",
        ["session_id"],
        schema="auth",
        unique=True,
        postgresql_where=sa.text("used_at IS NULL"),
    )


def _create_keys() -> None:
    op.create_table(
        "signing_keys",
        sa.Column("kid", sa.Text(), primary_key=True),
        sa.Column("public_jwk", JSONB(), nullable=False),
        sa.Column("sealed_private_key", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.CheckConstraint("NOT public_jwk ? 'd'", name="signing_keys_public_jwk_holds_no_private_part"),
        sa.CheckConstraint("public_jwk ->> 'kid' = kid", name="signing_keys_kid_is_the_published_one"),
        schema="auth",
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("caller", sa.Text(), primary_key=True),
        sa.Column("operation", sa.Text(), primary_key=True),
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("request_hash", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("headers", JSONB()),
        sa.Column("answer", JSONB()),
        sa.Column("created_at", _MOMENT, nullable=False, server_default=sa.func.now()),
        schema="auth",
    )
