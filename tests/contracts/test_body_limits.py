"""Only addresses that take files take large bodies."""

import pytest

from services.app import limit_of

MEGABYTE = 1024 * 1024


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("/v1/documents", 11 * MEGABYTE),
        ("/v1/documents/photo-checks", 11 * MEGABYTE),
        ("/v1/documents/uploads/0199b3a2/chunks", 2_100_000),
        ("/v1/documents/uploads", MEGABYTE),
        ("/v1/documents/uploads/0199b3a2/completion", MEGABYTE),
        ("/v1/documents/0199b3a2/links", MEGABYTE),
        ("/v1/nominations", MEGABYTE),
    ],
)
def test_each_address_has_its_own_limit(path, limit):
    assert limit_of(path) == limit
