"""推荐工作报告 in a first draft: its five sections, written from what the system knows (R114). People edit the words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class ReportedCase:
    """One nomination as the report tells of it. A date is None where the step was not recorded."""

    name: str
    unit_name: str
    category: str
    """The title of its category."""
    deliberated_on: date | None = None
    present: int = 0
    in_favour: int = 0
    inspected_on: date | None = None
    decided_on: date | None = None
    shown_from: date | None = None
    shown_until: date | None = None
    working_days: int = 0
    objections: int = 0
    opinions: Mapping[str, str] = field(default_factory=dict)
    """Label of the authority → what it said, in words."""


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What a recommending organisation has to tell."""

    organisation: str
    seats: Mapping[str, int]
    """Title of the category → seats granted."""
    zero_declared: Sequence[str]
    """Titles of the categories in which nobody is nominated (R13)."""
    leader: str
    contact: str
    cases: Sequence[ReportedCase]


def propose_sections(facts: ReportFacts) -> dict[str, str]:
    """The five sections of R114 by key, ready to be edited."""
    return {
        "organisation": _organisation(facts),
        "process": _each(facts.cases, _process, "没有推荐对象。"),
        "consultation": _each(facts.cases, _consultation, "没有推荐对象。"),
        "publicity": _each(facts.cases, _publicity, "没有推荐对象。"),
        "recommendation": _recommendation(facts),
    }


def _organisation(facts: ReportFacts) -> str:
    seats = "、".join(f"{title}{count}名" for title, count in facts.seats.items() if count)
    told = [f"{facts.organisation}成立评选推荐工作机构，具体负责评选推荐工作。"]
    if facts.leader:
        told.append(f"负责人{facts.leader}，联系人{facts.contact}。")
    told.append(f"下达推荐名额：{seats}。" if seats else "未下达推荐名额。")
    told += [f"{title}没有符合条件的推荐对象，不推荐。" for title in facts.zero_declared]
    return "".join(told)


def _process(case: ReportedCase) -> str:
    steps = []
    if case.deliberated_on:
        steps.append(f"{_day(case.deliberated_on)}民主推荐，到会{case.present}人，同意{case.in_favour}人")
    if case.inspected_on:
        steps.append(f"{_day(case.inspected_on)}考察审核")
    if case.decided_on:
        steps.append(f"{_day(case.decided_on)}领导班子集体研究决定推荐")
    steps.append("经县级人社、工信部门审核同意")
    return "；".join(steps)


def _consultation(case: ReportedCase) -> str:
    if not case.opinions:
        return "意见待征求"
    return "；".join(f"{label}{said}" for label, said in case.opinions.items())


def _publicity(case: ReportedCase) -> str:
    if case.shown_from is None or case.shown_until is None:
        return "未公示"
    period = f"{_day(case.shown_from)}至{_day(case.shown_until)}在本单位公示{case.working_days}个工作日"
    return period + (f"，收到异议{case.objections}件，均已处理完毕" if case.objections else "，无异议")


def _recommendation(facts: ReportFacts) -> str:
    by_category: dict[str, list[str]] = {}
    for case in facts.cases:
        by_category.setdefault(case.category, []).append(f"{case.name}（{case.unit_name}）")
    if not by_category:
        return "经研究，本次不推荐。"
    lists = [
        f"{title}：" + "；".join(f"{n}.{who}" for n, who in enumerate(whom, 1)) for title, whom in by_category.items()
    ]
    return "经审核，推荐材料真实、程序规范，同意推荐（按排序）。" + "\n".join(lists)


def _each(cases: Sequence[ReportedCase], tell: Callable[[ReportedCase], str], nothing: str) -> str:
    return (
        "\n".join(f"{n}.{case.name}（{case.unit_name}）：{tell(case)}。" for n, case in enumerate(cases, 1)) or nothing
    )


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
