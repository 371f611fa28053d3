"""The security log: numbered and chained by a trigger, added to and never changed."""

from services.common.security_log.audit_ddl import create_audit_events, drop_audit_events

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_audit_events("documents")


def downgrade() -> None:
    drop_audit_events("documents")
