"""What people were told and agreed to, what they ask for, what became of their body; roles that exclude one another."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_APPEND_ONLY = ("privacy_notices", "consents", "organisation_changes")


def upgrade() -> None:
    _privacy_notices()
    _consents()
    _rights_requests()
    _organisations()
    for table in _APPEND_ONLY:
        _only_added(table)
    _conflicting_roles()


def downgrade() -> None:
    op.execute("DROP TRIGGER role_assignments_do_not_conflict ON auth.role_assignments")
    op.execute("DROP FUNCTION auth.refuse_conflicting_roles")
    op.drop_table("organisation_changes", schema="auth")
    op.drop_constraint("organisations_end_by_a_merger", "organisations", schema="auth")
    op.drop_constraint("organisations_credit_code_is_one", "organisations", schema="auth")
    for column in ("merged_into", "ended_at", "contact_name", "contact_phone", "address"):
        op.drop_column("organisations", column, schema="auth")
    for table in ("rights_requests", "consents", "privacy_notices"):
        op.drop_table(table, schema="auth")


def _privacy_notices() -> None:
    op.create_table(
        "privacy_notices",
        sa.Column("campaign_key", sa.Text(), primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("published_at", _MOMENT, nullable=False, server_default=sa.func.now()),
        sa.CheckConstraint(
            "sha256 = encode(sha256(convert_to(text, 'UTF8')), 'hex')",
            name="privacy_notices_have_the_hash_of_their_text",
        ),
        sa.CheckConstraint("version >= 1", name="privacy_notices_count_from_one"),
        sa.UniqueConstraint("campaign_key", "version", "sha256", name="privacy_notices_one_text_a_version"),
        schema="auth",
    )


def _consents() -> None:
    op.create_table(
        "consents",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("auth.persons.id"), nullable=False),
        sa.Column("campaign_key", sa.Text(), nullable=False),
        sa.Column("notice_version", sa.Integer(), nullable=False),
        sa.Column("text_sha256", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), sa.ForeignKey("auth.persons.id"), nullable=False),
        sa.Column("recorded_by_name", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date()),
        sa.Column("document_id", sa.Uuid()),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_key", "notice_version", "text_sha256"],
            ["auth.privacy_notices.campaign_key", "auth.privacy_notices.version", "auth.privacy_notices.sha256"],
            name="consents_are_to_a_published_text",
        ),
        sa.CheckConstraint("act IN ('given', 'withdrawn')", name="consents_are_given_or_withdrawn"),
        sa.CheckConstraint(
            "channel IN ('mini_program', 'web', 'paper_by_clerk')", name="consents_come_by_a_known_channel"
        ),
        sa.CheckConstraint(
            "(channel = 'paper_by_clerk') = (recorded_by <> person_id)", name="consents_of_others_are_on_paper"
        ),
        sa.CheckConstraint(
            "(channel = 'paper_by_clerk') = (signed_on IS NOT NULL)", name="consents_on_paper_have_a_day_of_signing"
        ),
        schema="auth",
    )
    op.create_index("consents_by_person", "consents", ["person_id", "campaign_key", "purpose", "id"], schema="auth")


def _rights_requests() -> None:
    op.create_table(
        "rights_requests",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("auth.persons.id"), nullable=False),
        sa.Column("campaign_key", sa.Text()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), sa.ForeignKey("auth.consents.id")),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("handler", sa.Text(), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.Column("ground", sa.Text()),
        sa.Column("decided_by", sa.Uuid(), sa.ForeignKey("auth.persons.id")),
        sa.Column("decided_by_name", sa.Text()),
        sa.Column("decided_at", _MOMENT),
        sa.CheckConstraint("kind IN ('correction', 'erasure', 'explanation')", name="rights_requests_kind_is_known"),
        sa.CheckConstraint(
            "about IN ('account', 'documents', 'nomination')", name="rights_requests_are_about_what_is_held"
        ),
        sa.CheckConstraint("handler IN ('county', 'city')", name="rights_requests_have_a_handler"),
        sa.CheckConstraint("outcome IN ('done', 'restricted', 'refused')", name="rights_requests_outcome_is_known"),
        sa.CheckConstraint(
            "num_nonnulls(outcome, reason, decided_by, decided_by_name, decided_at) IN (0, 5)",
            name="rights_requests_are_decided_by_somebody_for_a_reason",
        ),
        sa.CheckConstraint(
            "outcome <> 'restricted' OR (kind = 'erasure' AND ground IS NOT NULL)",
            name="rights_requests_are_restricted_by_a_law",
        ),
        sa.CheckConstraint("decided_by <> person_id", name="rights_requests_are_not_decided_by_whoever_asks"),
        schema="auth",
    )
    op.create_index("rights_requests_by_person", "rights_requests", ["person_id", "id"], schema="auth")
    op.create_index(
        "rights_requests_open",
        "rights_requests",
        ["due_on", "id"],
        schema="auth",
        postgresql_where=sa.text("decided_at IS NULL"),
    )


def _organisations() -> None:
    for column in (
        sa.Column("merged_into", sa.Uuid(), sa.ForeignKey("auth.organisations.id")),
        sa.Column("ended_at", _MOMENT),
        sa.Column("contact_name", sa.Text()),
        sa.Column("contact_phone", sa.Text()),
        sa.Column("address", sa.Text()),
    ):
        op.add_column("organisations", column, schema="auth")
    op.create_check_constraint(
        "organisations_end_by_a_merger",
        "organisations",
        "(merged_into IS NULL) = (ended_at IS NULL) AND merged_into <> id",
        schema="auth",
    )
    op.create_check_constraint(
        "organisations_credit_code_is_one",
        "organisations",
        "uscc ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'",
        schema="auth",
    )
    op.create_index(
        "organisations_by_successor",
        "organisations",
        ["merged_into"],
        schema="auth",
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    )
    op.create_table(
        "organisation_changes",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("organisation_id", sa.Uuid(), sa.ForeignKey("auth.organisations.id"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=False),
        sa.Column("after", postgresql.JSONB(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document_number", sa.Text()),
        sa.Column("changed_by", sa.Uuid(), sa.ForeignKey("auth.persons.id"), nullable=False),
        sa.Column("changed_by_name", sa.Text(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.CheckConstraint(
            "kind IN ('renamed', 'merged', 'details_changed')", name="organisation_changes_kind_is_known"
        ),
        schema="auth",
    )
    op.create_index("organisation_changes_by_body", "organisation_changes", ["organisation_id", "id"], schema="auth")


def _only_added(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_are_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON auth.{table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION auth.refuse_change()"
    )
    op.execute(
        f"""
        DO $$ BEGIN
            IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'auth_app') THEN
                REVOKE UPDATE, DELETE, TRUNCATE ON auth.{table} FROM auth_app;
            END IF;
        END $$
        """
    )


def _conflicting_roles() -> None:
    # As `conflict_of` of domain/role_conflicts.py says it. The lock makes two grants to one person take turns.
    op.execute(
        """
        CREATE FUNCTION auth.refuse_conflicting_roles() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            administrators constant text[] := ARRAY['system_admin', 'security_admin', 'audit_admin'];
            reviewers constant text[] := ARRAY['county_reviewer', 'city_reviewer'];
            officials constant text[] := reviewers || ARRAY['county_officer', 'city_officer'];
            new_bureau text := (SELECT bureau FROM auth.organisations WHERE id = NEW.organisation_id);
        BEGIN
            PERFORM pg_advisory_xact_lock(hashtextextended('roles of ' || NEW.person_id, 0));
            IF EXISTS (
                SELECT FROM auth.role_assignments held JOIN auth.organisations body ON body.id = held.organisation_id
                WHERE held.person_id = NEW.person_id AND held.id <> NEW.id
                  AND tstzrange(held.starts_at, held.ends_at) && tstzrange(NEW.starts_at, NEW.ends_at)
                  AND (
                    (held.role <> NEW.role AND (held.role = ANY (administrators) OR NEW.role = ANY (administrators)))
                    OR (held.role = ANY (reviewers) AND NEW.role = ANY (reviewers) AND body.bureau <> new_bureau)
                    OR (held.role = 'nominee' AND NEW.role = ANY (officials))
                    OR (NEW.role = 'nominee' AND held.role = ANY (officials))
                  )
            ) THEN
                RAISE EXCEPTION 'roles exclude one another' USING ERRCODE = 'check_violation',
                    CONSTRAINT = 'role_assignments_do_not_conflict';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER role_assignments_do_not_conflict BEFORE INSERT OR UPDATE OF person_id, role, organisation_id, "
        "starts_at, ends_at ON auth.role_assignments FOR EACH ROW EXECUTE FUNCTION auth.refuse_conflicting_roles()"
    )
