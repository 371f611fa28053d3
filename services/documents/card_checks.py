"""Looking over an ID card copy before it is uploaded. Nothing on it is read, and nothing is stored."""

from functools import partial

from services.common.worker_pool import WorkerPool
from services.documents.domain.card_rule import CardSide
from services.documents.domain.photo_findings import Finding
from services.documents.file_check import inspect_content
from services.documents.inspection.card_copy import check_card
from services.documents.problems import FileDamaged


async def look_over_card(inspections: WorkerPool, content: bytes, side: CardSide) -> tuple[Finding, ...]:
    """Raises FileDamaged for what is no sound JPEG or PNG, InspectionsBusy when too much waits."""
    findings = await inspect_content(inspections, partial(check_card, side=side), content)
    if findings is None:
        raise FileDamaged
    return findings
