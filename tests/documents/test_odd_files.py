"""Mutated files: an answer for each, in time, without growing. Decoders written in C may die of one: alone."""

import resource
import time
from functools import partial

import pytest

from services.common.worker_pool import JobTimeout, WorkerCrashed, WorkerPool
from services.documents.domain.image_verdict import FileLimits, ImageFacts
from services.documents.inspection.image_file import inspect_image
from tests.documents.papers import heic, pdf
from tests.documents.pictures import drawing, encoded, mutations

LIMITS = FileLimits(frozenset({"jpeg", "heic", "png", "pdf"}), 1_000_000, 1_000_000, 2)
PAGES = pdf(pages=2, catalog="/OpenAction <</S /GoTo /D [3 0 R /Fit]>>", extra=(b"<</A [1 2 3] /B (text)>>",) * 8)
PICTURE = drawing(width=80, height=60)
GROWTH = 24_000  # kilobytes that three hundred odd files may add
INSPECT = partial(inspect_image, limits=LIMITS)


def most_held() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


@pytest.mark.parametrize(
    "content", [encoded(PICTURE, "PNG"), encoded(PICTURE), pdf(), PAGES], ids=["png", "jpeg", "pdf", "pages"]
)
def test_no_mutation_makes_the_inspection_raise_hang_or_grow(content):
    early = 0
    for number, mutated in enumerate(mutations(content, count=400, first=0)):
        started = time.perf_counter()
        assert isinstance(INSPECT(mutated), ImageFacts | tuple)
        assert time.perf_counter() - started < 5
        early = most_held() if number == 100 else early
    assert most_held() - early < GROWTH


async def test_no_mutated_heic_ends_more_than_its_own_worker():
    """Number 378 kills the decoder: its worker is replaced, and the next file is looked at as if nothing had been."""
    whole, crashes, held = INSPECT(heic()), 0, []
    async with WorkerPool(workers=1, queue_limit=1, time_limit=5, preload=(inspect_image.__module__,)) as pool:
        for number, mutated in enumerate(mutations(heic(), count=400, first=0)):
            try:
                assert isinstance(await pool.run(INSPECT, mutated), ImageFacts | tuple)
            except (WorkerCrashed, JobTimeout):
                crashes += 1
            if number in (100, 370):
                held.append((await pool.run(resource.getrusage, resource.RUSAGE_SELF)).ru_maxrss)
        assert held[1] - held[0] < GROWTH
        assert (crashes < 5, await pool.run(INSPECT, heic())) == (True, whole)
