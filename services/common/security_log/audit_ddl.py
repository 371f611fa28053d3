"""How the table of a security log is made in a schema: by the first migration that needs it, and never changed here."""

import sqlalchemy as sa
from alembic import op

_CHAIN = """
CREATE FUNCTION SCHEMA.chain_audit_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last record;
    facts jsonb := NEW.entry::jsonb;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('SCHEMA security log'));
    SELECT seq, hash INTO last FROM SCHEMA.audit_events ORDER BY seq DESC LIMIT 1;
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
_REVOKE = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'SCHEMA_app') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON SCHEMA.audit_events FROM SCHEMA_app;
    END IF;
END $$
"""


def create_audit_events(schema: str) -> None:
    """Table, chain and protection. The schema has its function `refuse_change` already."""
    op.create_table(
        "audit_events",
        sa.Column("seq", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        schema=schema,
    )
    op.create_index("audit_events_by_action", "audit_events", ["action", "seq"], schema=schema)
    op.create_index("audit_events_by_moment", "audit_events", ["at"], schema=schema)
    op.create_index(
        "audit_events_by_person",
        "audit_events",
        ["person_id", "seq"],
        schema=schema,
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    _chain(schema)
    _protect(schema)


def drop_audit_events(schema: str) -> None:
    op.drop_table("audit_events", schema=schema)
    op.execute(f"DROP FUNCTION {schema}.chain_audit_event")


def _chain(schema: str) -> None:
    # The lock lasts until the commit: whoever adds next reads the hash of this entry, and no number is left out.
    op.execute(_CHAIN.replace("SCHEMA", schema))
    op.execute(
        f"CREATE TRIGGER audit_events_are_chained BEFORE INSERT ON {schema}.audit_events "
        f"FOR EACH ROW EXECUTE FUNCTION {schema}.chain_audit_event()"
    )


def _protect(schema: str) -> None:
    """By privilege for the application, by trigger for everybody."""
    op.execute(
        f"CREATE TRIGGER audit_events_are_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {schema}.audit_events "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_change()"
    )
    op.execute(_REVOKE.replace("SCHEMA", schema))
