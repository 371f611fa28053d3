from services.auth import credential_tables, email_tables, message_tables, passkey_tables, text_code_tables  # noqa: F401  their tables belong to the same metadata
from services.auth.tables import AuthTable
from services.common.migrations import run_in_environment

run_in_environment(AuthTable.metadata, schema="auth")
