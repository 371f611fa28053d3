"""What is refused about bodies and the roles in them: changes, mergers, delegations, roles that exclude one another."""

from collections.abc import Sequence

from services.auth.domain.bodies import BodyFault
from services.auth.domain.delegation import DelegationFault
from services.auth.domain.role_conflicts import RoleConflict
from services.common.problems import (
    Conflict,
    FieldError,
)
from services.common.text import Bilingual


class DelegationRefused(Conflict):
    code = "delegation_refused"
    title = Bilingual("不能这样委托或移交岗位", "The role cannot be passed on like this")

    @classmethod
    def because(cls, fault: DelegationFault) -> "DelegationRefused":
        pointer, message = _DELEGATION_FAULTS[fault]
        return cls(Bilingual(message, fault.value), errors=[FieldError(pointer, fault.value, message)])


_DELEGATION_FAULTS = {
    DelegationFault.NOT_A_ROLE_TO_DELEGATE: ("", "这个岗位不能委托或移交"),
    DelegationFault.DELEGATED_ALREADY: ("", "代理的岗位不能再转给他人"),
    DelegationFault.ONESELF: ("/to_person_id", "不能委托或移交给自己"),
    DelegationFault.NO_COLLEAGUE: ("/to_person_id", "只能委托或移交给本机构在岗人员"),
    DelegationFault.PERIOD_EMPTY: ("/ends_at", "结束时间须晚于开始时间和现在"),
    DelegationFault.PERIOD_TOO_LONG: ("/ends_at", "代理时间最长90天"),
    DelegationFault.OVERLAPS: ("/starts_at", "这段时间已有人代理"),
    DelegationFault.HOLDS_IT_ALREADY: ("/to_person_id", "对方已担任这个岗位"),
}


class RolesConflict(Conflict):
    code = "roles_conflict"
    title = Bilingual(
        "这一岗位与该人员已有的岗位不能兼任", "This role is not held together with one that the person holds"
    )

    @classmethod
    def because(cls, conflict: RoleConflict) -> "RolesConflict":
        message = _ROLE_CONFLICTS[conflict]
        return cls(Bilingual(message, conflict.value), errors=[FieldError("", conflict.value, message)])


_ROLE_CONFLICTS = {
    RoleConflict.ADMINISTRATOR: "系统、安全、审计管理员须由三人分别担任，并且不兼任其他岗位",
    RoleConflict.BOTH_BUREAUS: "同一人不能同时担任人社、工信两部门的审核人",
    RoleConflict.JUDGES_AND_IS_JUDGED: "评选机构经办人、审核人不能同时是推荐对象",
}


class BodyNotChanged(Conflict):
    code = "organisation_not_changed"
    title = Bilingual("该机构不能这样变更", "The body is not changed like that")

    @classmethod
    def because(cls, faults: Sequence[BodyFault], pointer: str) -> "BodyNotChanged":
        first = _BODY_FAULTS[faults[0]]
        errors = [FieldError(pointer, fault.value, _BODY_FAULTS[fault]) for fault in faults]
        return cls(Bilingual(first, faults[0].value), errors=errors)


_BODY_FAULTS = {
    BodyFault.NAME_UNCHANGED: "新名称与现名称相同",
    BodyFault.NAME_TAKEN: "同一地区已有同名机构",
    BodyFault.INTO_ITSELF: "不能并入本机构自身",
    BodyFault.HAS_A_PLACE: "评选机构、人社和工信部门在程序中各有其位，只能更名，不能合并",
    BodyFault.OTHER_KIND: "只能并入同类机构",
    BodyFault.OTHER_JURISDICTION: "只能并入同一地区的机构",
    BodyFault.ENDED: "该机构已并入其他机构",
}
