from services.auth.machines import credential_tables  # noqa: F401  their tables belong to the same metadata
from services.auth.messages import (
    email_tables,  # noqa: F401  their tables belong to the same metadata
    message_tables,  # noqa: F401  their tables belong to the same metadata
)
from services.auth.second_factors import passkey_tables  # noqa: F401  their tables belong to the same metadata
from services.auth.sessions import text_code_tables  # noqa: F401  their tables belong to the same metadata
from services.auth.tables import AuthTable
from services.common.migrations import run_in_environment

run_in_environment(AuthTable.metadata, schema="auth")
