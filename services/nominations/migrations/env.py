from services.common.migrations import run_in_environment
from services.nominations.tables import SCHEMA, Base

run_in_environment(Base.metadata, schema=SCHEMA)
