"""The procedure as one table. A case stands at a stage (data of the campaign) with a status (code).

Stages run from the unit upward, no level skipped (R45): unit → county → city, or unit → city for city-level units (A13).
Actions, statuses and event names stand beside each other here; `docs/workflow.md` is generated from this table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

FIRST_STAGE = "unit"


class Status(StrEnum):
    """Where a case stands within its stage."""

    DRAFT = "draft"  # 草稿
    DELIBERATION = "deliberation"  # 单位推荐
    DECIDED = "decided"  # 集体研究通过
    IN_PUBLICITY = "in_publicity"  # 公示中
    UNDER_REVIEW = "under_review"  # 审核中
    ENDORSED = "endorsed"  # 审核通过
    RETURNED = "returned"  # 退回修改
    REJECTED = "rejected"  # 不予推荐
    WITHDRAWN = "withdrawn"  # 已撤回
    LISTED = "listed"  # 列入拟推荐名单
    IN_CITY_PUBLICITY = "in_city_publicity"  # 全市公示中
    RANKED = "ranked"  # 已排序
    REPORTED = "reported"  # 已上报省级
    AWARDED = "awarded"  # 已表彰
    NOT_AWARDED = "not_awarded"  # 未获表彰
    REVOKED = "revoked"  # 已撤销称号
    DISQUALIFIED = "disqualified"  # 取消评选资格


class Action(StrEnum):
    """What people do with a case."""

    EDIT = "edit"  # 填写
    CONFIRM = "confirm"  # 确认内容
    SUBMIT = "submit"  # 提交
    WITHDRAW = "withdraw"  # 撤回
    RECORD_STAFF_DELIBERATION = "record_staff_deliberation"  # 记录民主推荐
    RECORD_INSPECTION = "record_inspection"  # 记录考察
    RECORD_LEADERSHIP_DECISION = "record_leadership_decision"  # 记录领导班子集体研究
    RECORD_SELF_REVIEW = "record_self_review"  # 记录自审
    OPEN_PUBLICITY = "open_publicity"  # 发布公示
    CORRECT = "correct"  # 更正公示内容
    SIGN_FOR_UNIT = "sign_for_unit"  # 单位负责人签署
    RECORD_OPINION = "record_opinion"  # 登记部门意见
    APPROVE_RANK = "approve_rank"  # 提出同意推荐副处级以上
    SECOND_RANK = "second_rank"  # 复核同意推荐副处级以上
    ENDORSE = "endorse"  # 审核同意
    RETURN = "return"  # 退回修改
    REJECT = "reject"  # 不予推荐
    REPORT = "report"  # 报送
    LIST = "list"  # 列入拟推荐名单
    UNLIST = "unlist"  # 移出拟推荐名单
    OPEN_CITY_PUBLICITY = "open_city_publicity"  # 全市公示
    RANK = "rank"  # 排序
    REPORT_TO_PROVINCE = "report_to_province"  # 上报省级
    RECORD_AWARD = "record_award"  # 登记表彰
    RECORD_NO_AWARD = "record_no_award"  # 登记未获表彰
    REVOKE = "revoke"  # 撤销称号
    DISQUALIFY = "disqualify"  # 取消评选资格


class Role(StrEnum):
    """Whom a person acts as."""

    NOMINEE = "nominee"  # 推荐对象
    UNIT_CLERK = "unit_clerk"  # 单位经办人
    UNIT_HEAD = "unit_head"  # 单位负责人
    COUNTY_OFFICER = "county_officer"  # 县级评选机构经办人
    COUNTY_REVIEWER = "county_reviewer"  # 县级审核人
    CITY_OFFICER = "city_officer"  # 专班办公室经办人
    CITY_REVIEWER = "city_reviewer"  # 市级审核人
    AUTHORITY = "authority"  # 征求意见的部门：凭链接，没有账号


class Event(StrEnum):
    """What the case history says happened."""

    CREATED = "nomination_created"  # 建立推荐
    CONFIRMED = "part_confirmed"  # 确认内容
    NOMINEE_JOINED = "nominee_joined"  # 本人接手填写
    SUBMITTED = "nomination_submitted"  # 提交推荐
    WITHDRAWN = "nomination_withdrawn"  # 撤回推荐
    STAFF_DELIBERATION_RECORDED = "staff_deliberation_recorded"  # 记录民主推荐
    INSPECTION_RECORDED = "inspection_recorded"  # 记录考察
    LEADERSHIP_DECISION_RECORDED = "leadership_decision_recorded"  # 记录集体研究
    SELF_REVIEW_RECORDED = "self_review_recorded"  # 记录自审
    PUBLICITY_OPENED = "publicity_opened"  # 发布公示
    PUBLICITY_CORRECTED = "publicity_corrected"  # 更正公示内容
    PUBLICITY_SETTLED = "publicity_settled"  # 公示截止日确定
    UNIT_SIGNED = "unit_signed"  # 单位负责人签署意见
    OPINION_ASKED = "opinion_asked"  # 征求部门意见
    OPINION_REQUEST_REVOKED = "opinion_request_revoked"  # 撤回征求意见
    OPINION_RECORDED = "opinion_recorded"  # 登记部门意见
    RANK_APPROVAL_PROPOSED = "rank_approval_proposed"  # 提出同意推荐副处级以上
    RANK_APPROVED = "rank_approved"  # 市工作专班同意推荐副处级以上
    REVIEW_ENDORSED = "review_endorsed"  # 审核同意
    REVIEW_RETURNED = "review_returned"  # 退回修改
    REVIEW_REJECTED = "review_rejected"  # 不予推荐
    REPORTED = "nomination_reported"  # 报送上级
    LISTED = "nomination_listed"  # 列入拟推荐名单
    UNLISTED = "nomination_unlisted"  # 移出拟推荐名单
    CITY_PUBLICITY_OPENED = "city_publicity_opened"  # 全市公示
    RANKED = "nomination_ranked"  # 排序
    REPORTED_TO_PROVINCE = "reported_to_province"  # 上报省级
    AWARDED = "award_recorded"  # 登记表彰
    NOT_AWARDED = "no_award_recorded"  # 登记未获表彰
    REVOKED = "award_revoked"  # 撤销称号
    RECOVERED = "grant_recovered"  # 收回奖牌、证书、奖金
    DISQUALIFIED = "nomination_disqualified"  # 取消评选资格
    OBJECTION_RECEIVED = "objection_received"  # 收到异议
    OBJECTION_CONCLUDED = "objection_concluded"  # 异议处理完毕
    SAVED = "nomination_saved"  # 保存内容
    DISQUALIFIER_RECORDED = "disqualifier_recorded"  # 登记不予推荐情形
    DISQUALIFIER_LIFTING_PROPOSED = "disqualifier_lifting_proposed"  # 提出解除不予推荐情形
    DISQUALIFIER_LIFTED = "disqualifier_lifted"  # 解除不予推荐情形
    STORY_SAVED = "story_saved"  # 撰写典型事迹
    STORY_CONSENTED = "story_consented"  # 同意宣传
    STORY_PUBLISHED = "story_published"  # 发布典型事迹
    STORY_TAKEN_DOWN = "story_taken_down"  # 撤下典型事迹
    PROCESSING_RESTRICTED = "processing_restricted"  # 依法限制处理
    IDENTITY_REVEALED = "identity_revealed"  # 查看完整证件号码
    SEALED_SCAN_NOTED = "sealed_scan_noted"  # 登记盖章扫描件


class Move(StrEnum):
    """What a transition does to the stage."""

    STAY = "stay"  # 不变
    UP = "up"  # 上报一级
    TO_UNIT = "to_unit"  # 退回单位


class Place(StrEnum):
    """Which stages a transition belongs to."""

    UNIT = "unit"  # 单位
    ABOVE = "above"  # 县、市


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the procedure: who may do what where, what becomes of the case, and the rule that says so."""

    action: Action
    place: Place
    sources: frozenset[Status]
    target: Status | None
    """None: the status stays as it is."""
    roles: frozenset[Role]
    event: Event
    requirement: str
    move: Move = Move.STAY
    every_box: bool = False
    """The target is reached only when every signature box of the stage is signed (R4)."""


def _row(  # noqa: PLR0917  a row of a table reads by position
    action: Action,
    place: Place,
    sources: Sequence[Status],
    target: Status | None,
    roles: Sequence[Role],
    event: Event,
    requirement: str,
    move: Move = Move.STAY,
    every_box: bool = False,
) -> Transition:
    return Transition(action, place, frozenset(sources), target, frozenset(roles), event, requirement, move, every_box)


_S, _A, _R, _E = Status, Action, Role, Event
_PERSON, _UNIT = (_R.NOMINEE, _R.UNIT_CLERK), (_R.UNIT_CLERK,)
_REVIEWERS = (_R.COUNTY_REVIEWER, _R.CITY_REVIEWER)
_CITY, _ABOVE = (_R.CITY_OFFICER,), (_R.COUNTY_OFFICER, _R.COUNTY_REVIEWER, _R.CITY_OFFICER, _R.CITY_REVIEWER)
_IN_THE_UNIT = (_S.RETURNED, _S.DELIBERATION, _S.DECIDED, _S.IN_PUBLICITY)
_ON_THE_WAY = (
    _S.UNDER_REVIEW,
    _S.ENDORSED,
    _S.LISTED,
    _S.IN_CITY_PUBLICITY,
    _S.RANKED,
    _S.REPORTED,
)
_OPEN_TO_EDIT = (_S.DRAFT, _S.RETURNED)
_BEFORE_HAND_OVER = (_S.DRAFT, _S.RETURNED, _S.DELIBERATION, _S.DECIDED, _S.IN_PUBLICITY)

TRANSITIONS: tuple[Transition, ...] = (
    _row(_A.EDIT, Place.UNIT, _OPEN_TO_EDIT, None, _PERSON, _E.SAVED, "R128"),
    _row(_A.CONFIRM, Place.UNIT, (*_OPEN_TO_EDIT, _S.IN_PUBLICITY), None, _PERSON, _E.CONFIRMED, "R79"),
    _row(_A.SUBMIT, Place.UNIT, _OPEN_TO_EDIT, _S.DELIBERATION, _PERSON, _E.SUBMITTED, "R14"),
    _row(_A.WITHDRAW, Place.UNIT, _BEFORE_HAND_OVER, _S.WITHDRAWN, _PERSON, _E.WITHDRAWN, "R13"),
    _row(
        _A.RECORD_STAFF_DELIBERATION, Place.UNIT, (_S.DELIBERATION,), None, _UNIT, _E.STAFF_DELIBERATION_RECORDED, "R50"
    ),
    _row(_A.RECORD_INSPECTION, Place.UNIT, (_S.DELIBERATION,), None, _UNIT, _E.INSPECTION_RECORDED, "R51"),
    _row(
        _A.RECORD_LEADERSHIP_DECISION,
        Place.UNIT,
        (_S.DELIBERATION,),
        _S.DECIDED,
        _UNIT,
        _E.LEADERSHIP_DECISION_RECORDED,
        "R52",
    ),
    _row(
        _A.RECORD_SELF_REVIEW,
        Place.UNIT,
        (_S.DELIBERATION, _S.DECIDED, _S.IN_PUBLICITY),
        None,
        _UNIT,
        _E.SELF_REVIEW_RECORDED,
        "R77",
    ),
    _row(_A.OPEN_PUBLICITY, Place.UNIT, (_S.DECIDED,), _S.IN_PUBLICITY, _UNIT, _E.PUBLICITY_OPENED, "R53"),
    _row(_A.CORRECT, Place.UNIT, (_S.IN_PUBLICITY,), None, _UNIT, _E.PUBLICITY_CORRECTED, "R48"),
    _row(
        _A.SIGN_FOR_UNIT,
        Place.UNIT,
        (_S.IN_PUBLICITY,),
        _S.UNDER_REVIEW,
        (_R.UNIT_HEAD,),
        _E.UNIT_SIGNED,
        "R167",
        Move.UP,
    ),
    _row(
        _A.RETURN,
        Place.UNIT,
        (_S.DELIBERATION, _S.DECIDED, _S.IN_PUBLICITY),
        _S.RETURNED,
        _UNIT,
        _E.REVIEW_RETURNED,
        "R77",
    ),
    _row(_A.WITHDRAW, Place.ABOVE, (_S.UNDER_REVIEW, _S.ENDORSED), _S.WITHDRAWN, _PERSON, _E.WITHDRAWN, "R13"),
    _row(
        _A.RECORD_OPINION,
        Place.ABOVE,
        (_S.UNDER_REVIEW, _S.ENDORSED),
        None,
        (_R.COUNTY_OFFICER, _R.CITY_OFFICER, _R.AUTHORITY),
        _E.OPINION_RECORDED,
        "R58",
    ),
    _row(
        _A.APPROVE_RANK,
        Place.ABOVE,
        (_S.UNDER_REVIEW, _S.ENDORSED),
        None,
        (_R.CITY_REVIEWER,),
        _E.RANK_APPROVAL_PROPOSED,
        "R74",
    ),
    _row(
        _A.SECOND_RANK,
        Place.ABOVE,
        (_S.UNDER_REVIEW, _S.ENDORSED),
        None,
        (_R.CITY_REVIEWER,),
        _E.RANK_APPROVED,
        "R97",
    ),
    _row(
        _A.ENDORSE,
        Place.ABOVE,
        (_S.UNDER_REVIEW,),
        _S.ENDORSED,
        _REVIEWERS,
        _E.REVIEW_ENDORSED,
        "R168",
        every_box=True,
    ),
    _row(
        _A.RETURN,
        Place.ABOVE,
        (_S.UNDER_REVIEW, _S.ENDORSED),
        _S.RETURNED,
        _REVIEWERS,
        _E.REVIEW_RETURNED,
        "R57",
        Move.TO_UNIT,
    ),
    _row(_A.REJECT, Place.ABOVE, (_S.UNDER_REVIEW, _S.ENDORSED), _S.REJECTED, _REVIEWERS, _E.REVIEW_REJECTED, "R12"),
    _row(_A.REPORT, Place.ABOVE, (_S.ENDORSED,), _S.UNDER_REVIEW, (_R.COUNTY_OFFICER,), _E.REPORTED, "R59", Move.UP),
    _row(_A.LIST, Place.ABOVE, (_S.ENDORSED,), _S.LISTED, _CITY, _E.LISTED, "R61"),
    _row(_A.UNLIST, Place.ABOVE, (_S.LISTED, _S.IN_CITY_PUBLICITY, _S.RANKED), _S.ENDORSED, _CITY, _E.UNLISTED, "R63"),
    _row(
        _A.OPEN_CITY_PUBLICITY,
        Place.ABOVE,
        (_S.LISTED,),
        _S.IN_CITY_PUBLICITY,
        _CITY,
        _E.CITY_PUBLICITY_OPENED,
        "R62",
    ),
    _row(_A.RANK, Place.ABOVE, (_S.IN_CITY_PUBLICITY, _S.RANKED), _S.RANKED, _CITY, _E.RANKED, "R64"),
    _row(_A.REPORT_TO_PROVINCE, Place.ABOVE, (_S.RANKED,), _S.REPORTED, _CITY, _E.REPORTED_TO_PROVINCE, "R65"),
    _row(_A.RECORD_AWARD, Place.ABOVE, (_S.REPORTED,), _S.AWARDED, _CITY, _E.AWARDED, "R108"),
    _row(_A.RECORD_NO_AWARD, Place.ABOVE, (_S.REPORTED,), _S.NOT_AWARDED, _CITY, _E.NOT_AWARDED, "R108"),
    _row(_A.REVOKE, Place.ABOVE, (_S.AWARDED,), _S.REVOKED, _CITY, _E.REVOKED, "R103"),
    _row(_A.DISQUALIFY, Place.UNIT, _IN_THE_UNIT, _S.DISQUALIFIED, _ABOVE, _E.DISQUALIFIED, "R98"),
    _row(_A.DISQUALIFY, Place.ABOVE, _ON_THE_WAY, _S.DISQUALIFIED, _ABOVE, _E.DISQUALIFIED, "R98"),
)

_ROWS = {(row.action, row.place): row for row in TRANSITIONS}

TERMINAL = frozenset({Status.REJECTED, Status.WITHDRAWN})
"""A case at rest: it hinders no new nomination of the same person. A disqualified one does (R98, R101)."""

NOT_TO_BE_TOLD_OF = frozenset({Status.REJECTED, Status.WITHDRAWN, Status.DISQUALIFIED, Status.REVOKED})
"""Whose deeds are held up to nobody as an example (R98, R103, R106)."""


def place_of(stage: str) -> Place:
    return Place.UNIT if stage == FIRST_STAGE else Place.ABOVE


def transition_for(action: Action, stage: str) -> Transition | None:
    """The row of the table for this action at this stage; None where the action does not exist there."""
    return _ROWS.get((action, place_of(stage)))


@lru_cache(maxsize=512)
def transitions_of(roles: frozenset[str], stage: str) -> tuple[Transition, ...]:
    """The rows that exist at this stage for somebody of these roles, in the order of the actions."""
    rows = (transition_for(action, stage) for action in Action)
    return tuple(row for row in rows if row is not None and not roles.isdisjoint(row.roles))


def stage_after(move: Move, stage: str, path: Sequence[str]) -> str:
    """The stage that a move leads to on this campaign's path. Raises ValueError at the end of the path (R45)."""
    if move is Move.STAY:
        return stage
    if move is Move.TO_UNIT:
        return path[0]
    position = path.index(stage) + 1
    if position == len(path):
        raise ValueError(f"no stage above {stage}")
    return path[position]
