from datetime import UTC, datetime

import pytest

from services.common.answers.versions import Version, require_same_version
from services.common.problems import PreconditionFailed

SAVED = datetime(2025, 2, 7, 1, 2, 3, 456789, UTC)


def test_an_etag_tells_its_version_back():
    assert Version.parse(Version(7, SAVED).etag) == Version(7, SAVED)


def test_a_weak_etag_is_the_same_version():
    assert Version.parse("W/" + Version(7, SAVED).etag) == Version(7, SAVED)


@pytest.mark.parametrize("etag", ["", '"7"', '"x-1"', '"7-x"', "*"])
def test_an_etag_that_we_did_not_write_is_no_version(etag):
    with pytest.raises(ValueError, match="invalid literal"):
        Version.parse(etag)


def test_an_older_version_is_refused_with_the_times_of_both():
    with pytest.raises(PreconditionFailed) as caught:
        require_same_version(edited=Version(6, SAVED), current=Version(7, SAVED.replace(hour=2)))
    assert (caught.value.extra["yours"]["saved_at"], caught.value.extra["current"]["saved_at"]) == (
        "2025-02-07T01:02:03.456789+00:00",
        "2025-02-07T02:02:03.456789+00:00",
    )


def test_the_current_version_passes():
    require_same_version(edited=Version(7, SAVED), current=Version(7, SAVED))
