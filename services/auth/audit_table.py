"""The security log of auth. A trigger numbers and chains what is added; nobody changes it (`refuse_change`)."""

from services.auth.tables import AuthTable
from services.common.security_log.audit_log import AuditEventColumns


class AuditEventRow(AuditEventColumns, AuthTable):
    """Signing in, roles, keys, consents, and refusals."""
