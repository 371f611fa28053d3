"""The security log: numbered and chained by a trigger, added to and never changed; and who may read it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ROLES_BEFORE = (
    "'nominee', 'unit_clerk', 'unit_head', 'county_officer', 'county_reviewer', 'city_officer', 'city_reviewer',"
    " 'system_admin'"
)


def upgrade() -> None:
    _hold_roles_to(f"{_ROLES_BEFORE}, 'security_admin', 'audit_admin'")
    op.create_table(
        "audit_events",
        sa.Column("seq", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, index=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        schema="auth",
    )
    op.create_index("audit_events_by_action", "audit_events", ["action", "seq"], schema="auth")
    op.create_index("audit_events_by_moment", "audit_events", ["at"], schema="auth")
    op.create_index(
        "audit_events_by_person",
        "audit_events",
        ["person_id", "seq"],
        schema="auth",
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    _chain()
    _protect()


def downgrade() -> None:
    op.drop_table("audit_events", schema="auth")
    op.execute("DROP FUNCTION auth.chain_audit_event, auth.refuse_change")
    _hold_roles_to(_ROLES_BEFORE)


def _hold_roles_to(roles: str) -> None:
    name = "role_assignments_role_is_held_by_people"
    op.drop_constraint(name, "role_assignments", schema="auth")
    op.create_check_constraint(name, "role_assignments", f"role IN ({roles})", schema="auth")


def _chain() -> None:
    # The lock lasts until the commit: whoever adds next reads the hash of this entry, and no number is left out.
    op.execute(
        """
        CREATE FUNCTION auth.chain_audit_event() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            last record;
            facts jsonb := NEW.entry::jsonb;
        BEGIN
            PERFORM pg_advisory_xact_lock(hashtext('auth security log'));
            SELECT seq, hash INTO last FROM auth.audit_events ORDER BY seq DESC LIMIT 1;
            NEW.seq := coalesce(last.seq, 0) + 1;
            NEW.previous_hash := coalesce(last.hash, decode(repeat('00', 32), 'hex'));
            NEW.hash := sha256(NEW.previous_hash || convert_to(NEW.entry, 'UTF8'));
            NEW.at := (facts ->> 'at')::timestamptz;
            NEW.action := facts ->> 'action';
            NEW.outcome := facts ->> 'outcome';
            NEW.person_id := (facts ->> 'person_id')::uuid;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER audit_events_are_chained BEFORE INSERT ON auth.audit_events "
        "FOR EACH ROW EXECUTE FUNCTION auth.chain_audit_event()"
    )


def _protect() -> None:
    """By privilege for the application, by trigger for everybody."""
    op.execute(
        """
        CREATE FUNCTION auth.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% is only added to', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER audit_events_are_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON auth.audit_events "
        "FOR EACH STATEMENT EXECUTE FUNCTION auth.refuse_change()"
    )
    op.execute(
        """
        DO $$ BEGIN
            IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'auth_app') THEN
                REVOKE UPDATE, DELETE, TRUNCATE ON auth.audit_events FROM auth_app;
            END IF;
        END $$
        """
    )
