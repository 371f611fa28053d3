from services.common.migrations import run_in_environment
from services.documents.tables import DocumentsTable

run_in_environment(DocumentsTable.metadata, schema="documents")
