"""Inspection is bounded: what cannot be looked at now is put off, what keeps a worker too long is refused."""

from typing import Any

import pytest

from services.common.worker_pool import WorkerPool
from services.documents.domain.document_kind import parse_document_kinds
from services.documents.domain.photo_profile import PhotoProfile
from services.documents.file_check import check_file
from services.documents.problems import FileDamaged, InspectionsBusy
from tests.documents.pictures import portrait


async def test_when_too_many_files_wait_the_answer_is_503_with_retry_after(
    rules: dict[str, Any], profile: PhotoProfile
) -> None:
    kind = parse_document_kinds(rules["document_kinds"])["portrait"]
    closed = WorkerPool(workers=1, queue_limit=0)
    with pytest.raises(InspectionsBusy) as refusal:
        await check_file(closed, portrait(), kind=kind, profile=profile)
    assert (refusal.value.status, refusal.value.headers) == (503, {"Retry-After": "3"})


async def test_a_file_that_keeps_a_worker_beyond_its_time_counts_as_damaged(
    rules: dict[str, Any], profile: PhotoProfile
) -> None:
    kind = parse_document_kinds(rules["document_kinds"])["portrait"]
    hasty = WorkerPool(workers=1, queue_limit=0, time_limit=0.02)
    await hasty.start()
    try:
        with pytest.raises(FileDamaged):
            await check_file(hasty, portrait(), kind=kind, profile=profile)
    finally:
        await hasty.close()
