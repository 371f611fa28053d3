"""Who may do what, and everything that stands against it.

`blockers` gives every reason at once. It answers the refusal (403, 409), the greyed-out button and the gate screen
before each hand-over (R69): one function, so that no button promises what the server refuses.
"""

from collections.abc import Iterator
from datetime import date

from services.nominations.domain.empty_report import DEADLINE_PASSED
from services.nominations.domain.facts import Actor, Blocker, CaseFacts
from services.nominations.domain.publicity import first_day_after
from services.nominations.domain.second_person import may_second
from services.nominations.domain.workflow import Action, Place, Role, Transition, transition_for

BUREAUS = ("hrss", "iit")
"""The two co-equal bureaus, 人社 and 工信: both sign where the form has two boxes (R4)."""


def box_of(stage: str, bureau: str) -> str:
    """The box of 附件5 and 附件6 that a bureau signs at its stage (R168, R192)."""
    return f"opinion_{stage}_{bureau}"


STAGE_REVIEWERS = {"county": Role.COUNTY_REVIEWER, "city": Role.CITY_REVIEWER}
STAGE_OFFICERS = {"county": Role.COUNTY_OFFICER, "city": Role.CITY_OFFICER}


def blockers(action: Action, *, actor: Actor, case: CaseFacts) -> list[Blocker]:
    """Every reason why this actor may not take this action on this case now; empty when they may."""
    row = transition_for(action, case.stage)
    return [
        *_about_the_person(action, row, actor, case),
        *_about_the_state(action, row, case),
        *_about_the_rules(action, actor, case),
    ]


def _about_the_person(action: Action, row: Transition | None, actor: Actor, case: CaseFacts) -> Iterator[Blocker]:
    if row is not None and actor.roles.isdisjoint(row.roles):
        yield Blocker("role_not_allowed", "您的角色不能办理这一步", "R68", about_role=True)
        return
    if action in _REVIEWING and case.stage in STAGE_REVIEWERS:
        if not actor.has(STAGE_REVIEWERS[case.stage]):
            yield Blocker("not_this_stage", "这件推荐不在您这一级审核", "R45", about_role=True)
        elif actor.bureau not in BUREAUS:
            yield Blocker("bureau_required", "须由人社部门或工信部门的审核人办理", "R4", about_role=True)
    officer = STAGE_OFFICERS.get(case.stage) if action in _HANDLING else None
    if officer is not None and not actor.has(officer, Role.AUTHORITY):
        yield Blocker("not_this_stage", "这件推荐不在您这一级办理", "R45", about_role=True)
    if action in _CITY_ONLY and case.stage != "city":
        yield Blocker("not_this_stage", "这件推荐尚未报送到市级", "R45", about_role=True)
    yield from _recusal(action, row, actor, case)


def _recusal(action: Action, row: Transition | None, actor: Actor, case: CaseFacts) -> Iterator[Blocker]:
    """“杜绝暗箱操作”: nobody judges a case of their own or of their unit, and nobody signs twice in two roles (R97)."""
    own_case, own_unit = _conflicts(actor, case)
    if own_case and action not in _OWN:
        yield _OWN_CASE
    if own_unit and action not in _OWN and row is not None and row.place is Place.ABOVE:
        yield _OWN_UNIT
    elsewhere = actor.person_id in case.signers and actor.bureau not in case.signed_bureaus
    if elsewhere and action in _SIGNING:
        yield Blocker("signed_elsewhere", "您已在这件推荐的另一栏签署，须由他人签署", "R97", about_role=True)
    proposed_by = case.rank_proposed_by
    if proposed_by and action is Action.SECOND_RANK and not may_second(actor.person_id, proposed_by=proposed_by):
        yield Blocker("own_proposal", "您提出的意见须由他人复核", "R97", about_role=True)


def recusal(actor: Actor, case: CaseFacts) -> list[Blocker]:
    """Against handling what somebody objects to in a case of one's own or of one's unit (R95, R97)."""
    own_case, own_unit = _conflicts(actor, case)
    return [blocker for holds, blocker in ((own_case, _OWN_CASE), (own_unit, _OWN_UNIT)) if holds]


def _conflicts(actor: Actor, case: CaseFacts) -> tuple[bool, bool]:
    own_unit = case.unit_id == actor.organisation_id or case.unit_id in actor.predecessors
    return actor.person_id == case.nominee_person_id, own_unit


_OWN_CASE = Blocker("own_case", "不能办理本人的推荐，请回避", "R97", about_role=True)
_OWN_UNIT = Blocker("own_unit", "不能办理本单位的推荐，请回避", "R97", about_role=True)


def _about_the_state(action: Action, row: Transition | None, case: CaseFacts) -> Iterator[Blocker]:
    if row is None or case.status not in row.sources:
        yield Blocker("wrong_status", "这件推荐当前的状态不能办理这一步", "R45")
    if case.campaign_closed and action is not Action.REVOKE:
        yield Blocker("campaign_closed", "本次评选推荐工作已结束", "R43")
    if action in _ADVANCING:
        for label in case.disqualifiers:
            yield Blocker("disqualified", f"有不予推荐的情形：{label}", "R83")
    if action in _FROZEN_BY_OBJECTIONS and case.open_objections:
        yield Blocker("objection_open", f"有{case.open_objections}件异议尚未处理完毕", "R63")
    if action in _FROZEN_BY_OBJECTIONS and case.objections_upheld:
        message = f"有{case.objections_upheld}件异议经查属实，须先更正、退回或取消资格"
        yield Blocker("objection_upheld", message, "R96")
    if case.removal_pending and action in _FREES_THE_SEAT:
        yield REMOVAL_PENDING
    if case.materials_closed and action in _BY_THE_DEADLINE:
        yield DEADLINE_PASSED


def _about_the_rules(action: Action, actor: Actor, case: CaseFacts) -> Iterator[Blocker]:
    if action in _RULES:
        yield from _RULES[action](case)
    if action in _RULES_FOR_WHOM:
        yield from _RULES_FOR_WHOM[action](actor, case)


def _endorsable(actor: Actor, case: CaseFacts) -> Iterator[Blocker]:
    if not case.office_set_up:
        yield Blocker("office_not_set_up", "本县尚未报送评选工作联系表（附件9），请先成立评选机构并报送", "R40")
    if actor.bureau in case.signed_bureaus:
        yield Blocker("already_signed", "您所在部门已签署意见", "R4")


def _submittable(actor: Actor, case: CaseFacts) -> Iterator[Blocker]:
    """Each part is confirmed by who answers for it; whoever submits confirms their own part by doing so (R79, A30)."""
    if case.zero_declared:
        yield Blocker("zero_declared", "本推荐单位已申明此类不推荐，须先撤销申明", "R13")
    own = "nominee" if actor.person_id == case.nominee_person_id else "unit"
    yield from _unconfirmed(case.asked_parts - case.confirmed_parts - {own})


def _unconfirmed(parts: frozenset[str]) -> Iterator[Blocker]:
    for part in sorted(parts):
        yield Blocker(f"{part}_part_unconfirmed", UNCONFIRMED[f"{part}_part_unconfirmed"], "R79")


UNCONFIRMED = {
    "nominee_part_unconfirmed": "推荐对象尚未确认本人填写的部分",
    "unit_part_unconfirmed": "所在单位尚未确认单位填写的部分",
}


def _deliberation_first(case: CaseFacts) -> Iterator[Blocker]:
    """“由所在单位民主推荐、考察审核，领导班子集体研究审议决定，并在本单位进行公示”: the order of the notice (R50–R53)."""
    if "staff_deliberation" not in case.records:
        yield Blocker("staff_deliberation_missing", "请先记录民主推荐情况", "R50")


def _inspection_first(case: CaseFacts) -> Iterator[Blocker]:
    yield from _deliberation_first(case)
    if "inspection" not in case.records:
        yield Blocker("inspection_missing", "请先记录考察审核情况", "R51")


def _may_go_up(case: CaseFacts) -> Iterator[Blocker]:
    """“实行自审负责制，严把政治关、条件关、事迹关、廉政关” (R77–R78), publicity, and corrections confirmed (R79)."""
    yield from _unconfirmed(case.asked_parts - case.confirmed_parts)
    if "self_review" not in case.records:
        yield Blocker("self_review_missing", "请先完成本单位自审（政治关、条件关、事迹关、廉政关）", "R77")
    yield from _publicity_passed(case)


def _publicity_passed(case: CaseFacts) -> Iterator[Blocker]:
    """“公示时间不少于5个工作日” (R49)."""
    if case.publicity_closes_on is None:
        yield Blocker("publicity_missing", "尚未在本单位公示", "R47")
        return
    yield from _period_over(case.publicity_closes_on, case.publicity_provisional, case.today, "R49")


def _city_publicity_passed(case: CaseFacts) -> Iterator[Blocker]:
    """“在全市范围内公示5个工作日，公示无异议后，将推荐对象排序上报” (R62–R64)."""
    if case.city_publicity_closes_on is None:
        yield Blocker("city_publicity_missing", "尚未在全市范围内公示", "R62")
        return
    yield from _period_over(case.city_publicity_closes_on, case.city_publicity_provisional, case.today, "R62")


def _period_over(closes_on: date, provisional: bool, today: date, requirement: str) -> Iterator[Blocker]:
    first = first_day_after(closes_on)
    if provisional:
        yield Blocker("publicity_provisional", "公示期跨入尚未公布放假安排的年份，截止日期待定", requirement)
    elif today < first:
        message = f"公示期至{_chinese(closes_on)}24时结束，{_chinese(first)}起方可办理"
        yield Blocker("publicity_running", message, requirement, available_on=first)


def _consulted(case: CaseFacts) -> Iterator[Blocker]:
    """“按管理权限征求相关部门意见后，出具书面推荐报告” (R58, R80–R83)."""
    for label in case.missing_opinions:
        yield Blocker("opinion_missing", f"尚缺{label}的意见", "R58")
    for label in case.adverse_opinions:
        yield Blocker("opinion_adverse", f"{label}不同意推荐", "R83")


def _may_be_listed(case: CaseFacts) -> Iterator[Blocker]:
    yield from _consulted(case)
    if case.rank_awaits_approval:
        yield Blocker("rank_not_approved", "副处级及以上须先经市工作专班同意推荐，一人提出、另一人复核", "R74")


def _rank_in_question(case: CaseFacts) -> Iterator[Blocker]:
    """“各地一般不推荐副处级或相当于副处级以上集体和个人” (R74): agreed to once, where there is something to agree to."""
    if not case.rank_awaits_approval:
        yield Blocker("rank_not_in_question", "这件推荐没有须经市工作专班同意的职级", "R74")
    elif case.rank_proposed_by is not None:
        yield Blocker("rank_approval_proposed", "已有人提出同意推荐，待另一人复核", "R97")


def _rank_proposed(case: CaseFacts) -> Iterator[Blocker]:
    if not case.rank_awaits_approval:
        yield Blocker("rank_not_in_question", "这件推荐没有须经市工作专班同意的职级", "R74")
    elif case.rank_proposed_by is None:
        yield Blocker("rank_approval_not_proposed", "尚未有人提出同意推荐副处级以上", "R97")


_RULES = {
    Action.RECORD_INSPECTION: _deliberation_first,
    Action.APPROVE_RANK: _rank_in_question,
    Action.SECOND_RANK: _rank_proposed,
    Action.RECORD_LEADERSHIP_DECISION: _inspection_first,
    Action.SIGN_FOR_UNIT: _may_go_up,
    Action.REPORT: _consulted,
    Action.LIST: _may_be_listed,
    Action.RANK: _city_publicity_passed,
    Action.REPORT_TO_PROVINCE: _city_publicity_passed,
}
_RULES_FOR_WHOM = {Action.SUBMIT: _submittable, Action.ENDORSE: _endorsable}

_REVIEWING = frozenset({Action.ENDORSE, Action.RETURN, Action.REJECT})
_HANDLING = frozenset({Action.RECORD_OPINION, Action.REPORT})
_SIGNING = frozenset({Action.SIGN_FOR_UNIT, Action.ENDORSE})
_BY_THE_DEADLINE = frozenset({Action.SUBMIT, Action.SIGN_FOR_UNIT, Action.REPORT})

REMOVAL_PENDING = Blocker(
    "removal_pending", "已有人提出取消评选资格，复核或者撤回之前，不能撤回推荐、不予推荐，也不能更换推荐对象", "R99"
)
"""Against whatever would leave nobody to decide about, or let somebody else have the seat."""
_FREES_THE_SEAT = frozenset({Action.WITHDRAW, Action.REJECT})
"""“经查实后撤销其评选资格，并取消相应推荐名额”: nobody saves the seat by ending the case in time (R98–R99)."""

_OWN = frozenset({Action.EDIT, Action.CONFIRM, Action.SUBMIT, Action.WITHDRAW})
"""What a nominee or a unit does with a case of its own."""

_CITY_ONLY = frozenset(
    {
        Action.APPROVE_RANK,
        Action.SECOND_RANK,
        Action.LIST,
        Action.UNLIST,
        Action.OPEN_CITY_PUBLICITY,
        Action.RANK,
        Action.REPORT_TO_PROVINCE,
        Action.RECORD_AWARD,
        Action.RECORD_NO_AWARD,
        Action.REVOKE,
    }
)
_TO_THE_PROVINCE = frozenset({Action.LIST, Action.OPEN_CITY_PUBLICITY, Action.RANK, Action.REPORT_TO_PROVINCE})
_FROZEN_BY_OBJECTIONS = frozenset({Action.SIGN_FOR_UNIT, Action.ENDORSE, Action.REPORT}) | _TO_THE_PROVINCE
"""“公示无异议后”, “杜绝带“病”表彰”: nothing of this while an objection is open (R63, R96)."""

_ADVANCING = frozenset({Action.SUBMIT, Action.SIGN_FOR_UNIT, Action.ENDORSE, Action.REPORT}) | _TO_THE_PROVINCE
"""Steps that carry a case forward: whatever bars a nominee stops them all."""


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
