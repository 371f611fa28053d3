"""Comparison and simulation as lines that a city officer reads."""

from collections.abc import Iterator, Mapping
from itertools import groupby

from services.campaign_tools.published import Comparison
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.campaign_simulation import Deadline, PathPlan, Simulation, chinese_day
from services.nominations.domain.workflow import Status
from services.nominations.labels import STAGE, STATUS


def comparison_lines(found: Comparison) -> Iterator[str]:
    """Changes by group, then the cases under way by the version they go on under."""
    if found.against is None:
        yield f"{found.key}: 尚未发布，第{found.version}版是第一版"
        return
    yield f"{found.key}: 文件夹第{found.version}版，对照已发布的第{found.against}版"
    if not found.changes:
        yield "内容相同"
    for group, changes in groupby(found.changes, key=lambda change: change.group):
        yield f"\n【{group}】"
        yield from (f"  {change}" for change in changes)
    if found.is_published and found.changes and found.against == found.version:
        yield f"\n第{found.version}版已发布，不能改动：发布前请提高 version"
    if found.seats_taken_back:
        yield "\n以下名额少于已发放的名额，不能发布："
        yield from (f"  {line}" for line in found.seats_taken_back)
    yield from _about_cases(found)


def _about_cases(found: Comparison) -> Iterator[str]:
    if not found.cases:
        yield "\n没有在办推荐"
        return
    total = sum(each.cases for each in found.cases)
    yield f"\n在办及办结推荐共{total}件，均按开始时的版本办理，新版本不影响它们："
    for each in found.cases:
        yield f"  第{each.version}版 {STAGE.get(each.stage, each.stage)} {STATUS[Status(each.status)]}: {each.cases}件"


def simulation_lines(campaign: Campaign, played: Simulation) -> Iterator[str]:
    """The calendar, the ways up, the quotas; what needs attention last."""
    yield f"{campaign.title}（{campaign.notice_number}，第{campaign.version}版）"
    yield f"{chinese_day(played.first_day)}至{chinese_day(played.last_day)}，共{played.working_days}个工作日"
    yield "\n【时限】"
    yield from (f"  {_deadline(each)}" for each in played.deadlines)
    yield "\n【推荐程序与单位公示】"
    for plan in played.paths:
        yield from _path_lines(plan, STAGE)
    for level, period in played.later_publicity.items():
        opened, closes = chinese_day(period.opened_on), chinese_day(period.closes_on)
        yield f"  {STAGE.get(level, level)}公示：截止后首个工作日{opened}发布的，{closes}24时期满"
    yield "\n【名额】"
    for each in played.competition:
        yield f"  {each.title}：推荐{each.nominated}个，上报{each.final_quota}个"
    yield "\n【提示】" if played.warnings else "\n没有需要提示的问题"
    yield from (f"  {number}. {warning}" for number, warning in enumerate(played.warnings, start=1))


def _deadline(each: Deadline) -> str:
    return f"{each.label}：{chinese_day(each.day)}，{'是' if each.moved_to is None else '不是'}工作日"


def _path_lines(plan: PathPlan, labels: Mapping[str, str]) -> Iterator[str]:
    stages = " → ".join(labels.get(stage, stage) for stage in plan.stages)
    yield f"  {stages}：{'、'.join(plan.quota_units) or '（没有推荐单位）'}"
    if plan.last_opening is not None and plan.closes_on is not None:
        last, closes = chinese_day(plan.last_opening), chinese_day(plan.closes_on)
        yield f"    单位公示最迟{last}发布，{closes}24时期满，其后还有{plan.working_days_left}个工作日"
