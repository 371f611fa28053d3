"""A worker process that checks one portrait after the other works in the memory that it has."""

import ctypes
import resource

import pytest

from services.documents.portrait_facts import portrait_facts
from tests.documents.pictures import photo


@pytest.mark.skipif(
    not hasattr(ctypes.CDLL(None), "mallopt"), reason="only glibc has the setting; elsewhere none is made"
)
def test_a_further_portrait_is_checked_without_new_pages_from_the_system(profile):
    for _ in range(3):
        portrait_facts(photo("d001"), profile)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(5):
        portrait_facts(photo("d001"), profile)
    pages = (resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) / 5
    assert pages < 200  # more than a thousand without `keep_freed_memory`
