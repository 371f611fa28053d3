from services.common.migrations import run_in_environment
from services.documents import life_tables, upload_tables
from services.documents.tables import DocumentsTable

assert life_tables
assert upload_tables  # imported for their tables: they stand in the metadata too
run_in_environment(DocumentsTable.metadata, schema="documents")
