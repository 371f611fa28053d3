"""Byte ranges of RFC 9110, as far as downloads need them."""

import pytest

from services.common.answers.byte_range import parse_range
from services.common.problems import RangeNotSatisfiable


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-0", "bytes 0-0/10"),
        ("bytes=2-", "bytes 2-9/10"),
        ("bytes=-3", "bytes 7-9/10"),
        ("bytes=-30", "bytes 0-9/10"),
        ("bytes=8-99", "bytes 8-9/10"),
    ],
)
def test_a_range_within_the_file_is_given(header: str, expected: str) -> None:
    found = parse_range(header, size=10)
    assert found is not None
    assert found.content_range == expected


@pytest.mark.parametrize("header", [None, "", "bytes=-", "bytes=5-2", "bytes=0-1,3-4", "lines=0-1", "bytes=a-b"])
def test_what_is_no_single_range_means_the_whole_file(header: str | None) -> None:
    assert parse_range(header, size=10) is None


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=99-100", "bytes=-0"])
def test_a_range_outside_the_file_cannot_be_given(header: str) -> None:
    with pytest.raises(RangeNotSatisfiable):
        parse_range(header, size=10)
