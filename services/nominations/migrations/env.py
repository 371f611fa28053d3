from services.common.migrations import run_in_environment
from services.nominations import (  # noqa: F401  their tables belong to the same metadata
    city_tables,
    consultation_tables,
    notification_tables,
    print_tables,
    procedure_tables,
    review_tables,
)
from services.nominations.tables import SCHEMA, Base

run_in_environment(Base.metadata, schema=SCHEMA)
