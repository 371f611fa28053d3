from services.common.migrations import run_in_environment
from services.nominations import city_tables, consultation_tables, notification_tables, procedure_tables, review_tables  # noqa: F401  their tables belong to the same metadata
from services.nominations.tables import SCHEMA, Base

run_in_environment(Base.metadata, schema=SCHEMA)
