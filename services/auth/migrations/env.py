from services.auth.tables import AuthTable
from services.common.migrations import run_in_environment

run_in_environment(AuthTable.metadata, schema="auth")
