"""Inspection is bounded: what cannot be looked at now is put off, what keeps a worker too long is refused."""

from contextlib import suppress
from typing import Any

import pytest

from services.common.worker_pool import WorkerPool
from services.documents.domain.document_kind import DocumentKind, parse_document_kinds
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


async def check_until_decided(pool: WorkerPool, kind: DocumentKind, profile: PhotoProfile) -> None:
    """A machine that gave the worker no processor time proves nothing of the file: once more, as the refusal says."""
    for _ in range(20):
        with suppress(InspectionsBusy):
            await check_file(pool, portrait(), kind=kind, profile=profile)
            return


async def test_a_file_that_keeps_a_worker_beyond_its_time_counts_as_damaged(
    rules: dict[str, Any], profile: PhotoProfile
) -> None:
    kind = parse_document_kinds(rules["document_kinds"])["portrait"]
    async with WorkerPool(workers=1, queue_limit=0, time_limit=0.02) as hasty:
        with pytest.raises(FileDamaged):
            await check_until_decided(hasty, kind, profile)
