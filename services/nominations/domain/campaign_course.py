"""When a campaign's work is done (R43): everything that is still open is named, not only the first of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from services.nominations.domain.facts import Blocker


@dataclass(frozen=True, slots=True)
class OpenWork:
    """What is not finished yet, in numbers."""

    deadline: datetime
    lists_on_the_way: int
    cases_without_result: int
    """Listed, in the city's publicity, ranked or reported, with no award recorded or refused."""
    open_objections: int


def against_closing(work: OpenWork, *, now: datetime) -> list[Blocker]:
    """“全市评选推荐工作结束后” (R43): every reason for which it has not ended."""
    return list(_reasons(work, now))


def against_postponing(until: datetime, *, deadline: datetime, now: datetime) -> Blocker | None:
    """A deadline is only ever put off: who counted on the earlier one loses nothing (R112)."""
    if until <= max(deadline, now):
        return Blocker("deadline_not_later", "新的截止时间须晚于原截止时间和现在", "R112", pointer="/until")
    return None


def _reasons(work: OpenWork, now: datetime) -> Iterator[Blocker]:
    if now < work.deadline:
        yield Blocker("deadline_ahead", "材料报送截止时间还没有到", "R43")
    if work.lists_on_the_way:
        yield Blocker("list_not_reported", "拟推荐名单尚未上报省级", "R43")
    if work.cases_without_result:
        yield Blocker("results_missing", f"有{work.cases_without_result}件推荐尚未登记表彰结果", "R43")
    if work.open_objections:
        yield Blocker("objection_open", f"有{work.open_objections}件异议尚未处理完毕", "R43")
