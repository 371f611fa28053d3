"""What departs from the rule takes two people (R97)."""

from services.nominations.domain.second_person import may_second


def test_another_person_seconds_r97():
    assert may_second("b", proposed_by="a")


def test_whoever_proposed_does_not_second_r97():
    assert not may_second("a", proposed_by="a")


def test_where_nobody_proposed_there_is_nothing_to_second():
    assert not may_second("a", proposed_by=None)
