"""Who is told of what happens to a case. Telling is a courtesy: no legal fact waits for it, and nobody is told of their own act.

People at work get one digest a morning, not one message for each case; what must not wait a night is pushed to phones at once.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.nominations.domain.workflow import Event


class Audience(StrEnum):
    """Whom a notification is addressed to: a person by their case, or whoever holds a role at a place."""

    NOMINEE = "nominee"  # 推荐对象本人
    UNIT = "unit"  # 推荐单位经办人
    UNIT_HEAD = "unit_head"  # 单位负责人
    COUNTY = "county"  # 县级评选机构
    CITY = "city"  # 专班办公室


class Reminder(StrEnum):
    """What is told because time passes, not because somebody acted."""

    CONTACT_FORM_DUE = "contact_form_due"  # 联系表报送提醒
    MATERIALS_DUE = "materials_due"  # 材料报送提醒
    DRAFT_DUE = "draft_due"  # 草稿提交提醒
    ABANDONED = "abandoned"  # 逾期未报
    PUBLICITY_ENDED = "publicity_ended"  # 公示期满
    OPINION_OVERDUE = "opinion_overdue"  # 部门意见未回
    OBJECTION_DUE = "objection_due"  # 异议办理提醒
    WORK_WAITING = "work_waiting"  # 待办汇总


@dataclass(frozen=True, slots=True)
class Told:
    """One audience of one event. `urgent` reaches phones at once; the rest is read in the application."""

    audience: Audience
    urgent: bool = False


_NOMINEE, _UNIT, _HEAD = Told(Audience.NOMINEE), Told(Audience.UNIT), Told(Audience.UNIT_HEAD)
_COUNTY, _CITY = Told(Audience.COUNTY), Told(Audience.CITY)
_SIGNERS = (_HEAD, _COUNTY, _CITY)
"""Whoever signed for a case hears what became of it; an office that it never reached hears nothing."""
_NOMINEE_NOW, _UNIT_NOW = Told(Audience.NOMINEE, urgent=True), Told(Audience.UNIT, urgent=True)
_HANDLERS_NOW = {"county": Told(Audience.COUNTY, urgent=True), "city": Told(Audience.CITY, urgent=True)}

_TOLD: Mapping[Event, tuple[Told, ...]] = {
    Event.NOMINEE_JOINED: (_UNIT,),
    Event.CONFIRMED: (_UNIT, _NOMINEE),
    Event.SUBMITTED: (_UNIT, _NOMINEE),
    Event.WITHDRAWN: (_UNIT, _NOMINEE_NOW, _COUNTY),
    Event.LEADERSHIP_DECISION_RECORDED: (_NOMINEE,),
    Event.PUBLICITY_OPENED: (_NOMINEE, _HEAD),
    Event.PUBLICITY_CORRECTED: (_NOMINEE_NOW, _HEAD),
    Event.PUBLICITY_SETTLED: (_NOMINEE, _UNIT, _HEAD),
    Event.UNIT_SIGNED: (_NOMINEE, _UNIT),
    Event.REVIEW_ENDORSED: (_UNIT, _NOMINEE),
    Event.RANK_APPROVAL_PROPOSED: (_CITY,),
    Event.RANK_APPROVED: (_COUNTY,),
    Event.REVIEW_RETURNED: (_UNIT_NOW, _NOMINEE_NOW),
    Event.REVIEW_REJECTED: (_UNIT_NOW, _NOMINEE_NOW),
    Event.REPORTED: (_UNIT, _NOMINEE, _CITY),
    Event.LISTED: (_COUNTY,),
    Event.UNLISTED: (_COUNTY,),
    Event.CITY_PUBLICITY_OPENED: (_NOMINEE, _UNIT, _COUNTY),
    Event.REPORTED_TO_PROVINCE: (_COUNTY,),
    Event.AWARDED: (_NOMINEE_NOW, _UNIT, *_SIGNERS),
    Event.NOT_AWARDED: (_NOMINEE, _UNIT, *_SIGNERS),
    Event.REVOKED: (_NOMINEE_NOW, _UNIT_NOW, *_SIGNERS),
    Event.DISQUALIFIED: (_NOMINEE_NOW, _UNIT_NOW, *_SIGNERS),
    Event.DISQUALIFIER_LIFTING_PROPOSED: (_COUNTY, _CITY),
    Event.DISQUALIFIER_LIFTED: (_COUNTY, _CITY),
    Event.OBJECTION_CONCLUDED: (_UNIT,),
    Event.STORY_PUBLISHED: (_NOMINEE, _UNIT),
}
"""Ranks are told to nobody before the province has decided, and objections only to the office that handles them (R95)."""

_TOLD_WHERE_IT_STANDS = frozenset({Event.UNIT_SIGNED, Event.OPINION_RECORDED})
"""The office whose stage the case is at goes on with it: the county, or the city where no county stands above the unit (A13)."""
_OFFICE_AT = {"county": _COUNTY, "city": _CITY}

_SENTENCES: Mapping[str, str] = {
    Event.NOMINEE_JOINED: "本人已接手填写推荐材料",
    Event.CONFIRMED: "推荐材料的一部分已确认",
    Event.SUBMITTED: "推荐已提交，进入单位推荐程序",
    Event.WITHDRAWN: "推荐已撤回",
    Event.LEADERSHIP_DECISION_RECORDED: "单位领导班子集体研究结果已登记",
    Event.PUBLICITY_OPENED: "单位公示已发布",
    Event.PUBLICITY_CORRECTED: "公示内容已更正，请本人重新确认",
    Event.PUBLICITY_SETTLED: "放假安排已公布，公示截止日已确定",
    Event.UNIT_SIGNED: "单位负责人已签署意见，材料已报上级审核",
    Event.OPINION_RECORDED: "一项部门意见已登记",
    Event.REVIEW_ENDORSED: "材料通过一个部门的审核",
    Event.RANK_APPROVAL_PROPOSED: "有人提出同意推荐副处级以上对象，待另一人复核",
    Event.RANK_APPROVED: "市工作专班同意推荐副处级以上对象",
    Event.REVIEW_RETURNED: "推荐材料被退回修改，请查看退回意见",
    Event.REVIEW_REJECTED: "审核结果为不予推荐，请查看理由",
    Event.REPORTED: "材料已报送市级",
    Event.LISTED: "已列入拟推荐名单",
    Event.UNLISTED: "已移出拟推荐名单",
    Event.CITY_PUBLICITY_OPENED: "全市公示已发布",
    Event.REPORTED_TO_PROVINCE: "已上报省级",
    Event.AWARDED: "表彰结果已登记：获得表彰",
    Event.NOT_AWARDED: "表彰结果已登记：未获表彰",
    Event.REVOKED: "所获称号已撤销",
    Event.DISQUALIFIED: "评选资格已取消，请查看理由",
    Event.DISQUALIFIER_LIFTING_PROPOSED: "有人提出解除一项不予推荐的情形，待另一人复核",
    Event.DISQUALIFIER_LIFTED: "一项不予推荐的情形已解除",
    Event.OBJECTION_RECEIVED: "收到一件异议，请在期限内办理",
    Event.OBJECTION_CONCLUDED: "异议已办理完毕",
    Event.STORY_PUBLISHED: "典型事迹已发布",
    Reminder.CONTACT_FORM_DUE: "联系表（附件9）须在{due}前报送，还未收到",
    Reminder.MATERIALS_DUE: "推荐材料须在{due}前报送，逾期不报视为自动放弃",
    Reminder.DRAFT_DUE: "还有{count}份推荐未提交，材料报送截止{due}",
    Reminder.ABANDONED: "报送已截止，未收到推荐材料，按自动放弃处理；如需补报请联系专班办公室",
    Reminder.PUBLICITY_ENDED: "公示期已满，可以签署单位意见",
    Reminder.OPINION_OVERDUE: "有{count}项部门意见超过{days}个工作日未回复",
    Reminder.OBJECTION_DUE: "有{count}件异议须尽快办结，其中最早的于{due}到期",
    Reminder.WORK_WAITING: "有{count}件推荐等待办理",
}


def told_of(event: Event, *, stage: str = "county", handled_by: str = "") -> tuple[Told, ...]:
    """Who hears of an event. `stage`: where the case stands after it.

    `handled_by` is `county` or `city`: the office that handles an objection.
    """
    if event is Event.OBJECTION_RECEIVED:
        return (_HANDLERS_NOW[handled_by],)
    told = _TOLD.get(event, ())
    return (*told, _OFFICE_AT[stage]) if event in _TOLD_WHERE_IT_STANDS else told


def is_told(event: Event) -> bool:
    """Whether anybody at all may hear of an event of this kind."""
    return event is Event.OBJECTION_RECEIVED or event in _TOLD or event in _TOLD_WHERE_IT_STANDS


def sentence(kind: str, facts: Mapping[str, Any]) -> str:
    """What people read. It names nobody: phones lie open on tables. Raises KeyError for a kind that nobody is told of."""
    return _SENTENCES[kind].format_map(facts)


def digest(told: Iterable[tuple[str, Mapping[str, Any]]]) -> str:
    """A morning's reminders as lines: however many cases ended their publicity at once, that is one line with their number."""
    lines = Counter(sentence(kind, facts) for kind, facts in told)
    return "\n".join(line if count == 1 else f"{line}（{count}件）" for line, count in lines.items())
