"""Which of the procedure's prints a scan shows: read when the file comes, kept as a fact about it."""

from services.common.worker_pool import JobTimeout, WorkerCrashed, WorkerPool, WorkerPoolError
from services.documents.domain.document_kind import DocumentKind
from services.documents.inspection.print_codes import read_print_codes
from services.documents.problems import InspectionsBusy


async def print_codes_in(inspections: WorkerPool, content: bytes, kind: DocumentKind) -> tuple[str, ...] | None:
    """None where nobody looked: only papers that come into being after the case was handed in can show a print.

    A file too hard to read counts as one without a code. Raises InspectionsBusy when too much waits.
    """
    if not kind.after_submission or kind.encrypted:
        return None
    try:
        return await inspections.run(read_print_codes, content)
    except (JobTimeout, WorkerCrashed):
        return ()
    except WorkerPoolError:
        raise InspectionsBusy from None
