"""What departs from the rule takes two people (R97)."""

from datetime import UTC, datetime, timedelta

from services.nominations.domain.second_person import is_the_one_read, may_second


def test_another_person_seconds_r97():
    assert may_second("b", proposed_by="a")


def test_whoever_proposed_does_not_second_r97():
    assert not may_second("a", proposed_by="a")


def test_where_nobody_proposed_there_is_nothing_to_second():
    assert not may_second("a", proposed_by=None)


def test_a_proposal_is_the_one_that_was_read_only_to_the_microsecond_r97():
    read = datetime(2025, 2, 14, 9, 0, 0, 1, tzinfo=UTC)
    later = read + timedelta(microseconds=1)
    assert [is_the_one_read(read, proposed_at=each) for each in (read, later, None)] == [True, False, False]
