"""A report without a nomination: silence is no declaration, and nothing comes after the deadline (R13, R113)."""

from collections.abc import Iterator, Sequence

from services.nominations.domain.facts import Blocker


def against_empty_report(*, shut: bool, undeclared: Sequence[str]) -> list[Blocker]:
    """“没有符合条件的推荐对象可不推荐” (R13), said category by category. `undeclared`: titles of those with seats and no word."""
    return list(_reasons(shut, undeclared))


def _reasons(shut: bool, undeclared: Sequence[str]) -> Iterator[Blocker]:
    if shut:
        yield DEADLINE_PASSED
    for title in undeclared:
        yield Blocker("zero_not_declared", f"报告中没有推荐对象：“{title}”不推荐的，请先申明不推荐", "R13")


DEADLINE_PASSED = Blocker("deadline_passed", "已过报送截止时间，逾期不报视为自动放弃", "R113")
