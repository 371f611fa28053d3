"""Moments from clients: any zone, but no year that arithmetic falls off the end of."""

from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from services.common.moments import Moment, MomentAsked


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00:00+14:00", "1899-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00", "3000-01-01T00:00:00Z"]
)
@pytest.mark.parametrize("kind", [Moment, MomentAsked])
def test_a_moment_of_no_year_of_ours_is_refused(kind, text):
    with pytest.raises(ValidationError, match="moment_out_of_range"):
        TypeAdapter(kind).validate_python(text)


def test_a_moment_asked_for_without_a_zone_is_utc():
    assert TypeAdapter(MomentAsked).validate_python("2025-02-07T09:00:00") == datetime(2025, 2, 7, 9, tzinfo=UTC)


def test_a_moment_that_is_stored_names_its_zone():
    with pytest.raises(ValidationError, match="timezone_aware"):
        TypeAdapter(Moment).validate_python("2025-02-07T09:00:00")
