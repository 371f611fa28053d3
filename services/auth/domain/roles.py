"""Who may stand where in the tree of organisations, and how far they see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class OrganisationKind(StrEnum):
    """What a body is in the procedure; its place in the notice, not in the state."""

    PROVINCE = "province"  # 省级
    CITY_WORKING_GROUP = "city_working_group"  # 市工作专班
    CITY_BUREAU = "city_bureau"  # 市人社局、市工信局
    CITY_OFFICE = "city_office"  # 专班办公室
    COUNTY_OFFICE = "county_office"  # 县级评选机构
    COUNTY_BUREAU = "county_bureau"  # 县级人社、工信主管部门
    UNIT = "unit"  # 单位
    AUTHORITY = "authority"  # 出具意见部门


class Bureau(StrEnum):
    """The two co-equal bureaus of every county and of the city (R4)."""

    HRSS = "hrss"  # 人力资源和社会保障
    IIT = "iit"  # 工业和信息化


class Role(StrEnum):
    """What somebody does for an organisation."""

    NOMINEE = "nominee"  # 推荐对象
    UNIT_CLERK = "unit_clerk"  # 单位经办人
    UNIT_HEAD = "unit_head"  # 单位负责人
    COUNTY_OFFICER = "county_officer"  # 县级评选机构经办人
    COUNTY_REVIEWER = "county_reviewer"  # 县级审核人
    CITY_OFFICER = "city_officer"  # 专班办公室经办人
    CITY_REVIEWER = "city_reviewer"  # 市级审核人
    SYSTEM_ADMIN = "system_admin"  # 系统管理员
    SECURITY_ADMIN = "security_admin"  # 安全管理员
    AUDIT_ADMIN = "audit_admin"  # 审计管理员
    SERVICE = "service"  # 系统服务


ROLE_HOMES: Mapping[Role, frozenset[OrganisationKind]] = {
    Role.NOMINEE: frozenset({OrganisationKind.UNIT}),
    Role.UNIT_CLERK: frozenset({OrganisationKind.UNIT}),
    Role.UNIT_HEAD: frozenset({OrganisationKind.UNIT}),
    Role.COUNTY_OFFICER: frozenset({OrganisationKind.COUNTY_OFFICE}),
    Role.COUNTY_REVIEWER: frozenset({OrganisationKind.COUNTY_BUREAU}),
    Role.CITY_OFFICER: frozenset({OrganisationKind.CITY_OFFICE}),
    Role.CITY_REVIEWER: frozenset({OrganisationKind.CITY_BUREAU}),
    Role.SYSTEM_ADMIN: frozenset({OrganisationKind.CITY_OFFICE}),
    Role.SECURITY_ADMIN: frozenset({OrganisationKind.CITY_OFFICE}),
    Role.AUDIT_ADMIN: frozenset({OrganisationKind.CITY_OFFICE}),
    Role.SERVICE: frozenset(),  # machines stand in no organisation
}

ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
"""三员分立: no two of them in one person."""
WATCHERS = ADMINISTRATORS - {Role.SYSTEM_ADMIN}
"""Who watches over whoever keeps the system: out of the system administrator's reach."""
_CITY_WIDE = frozenset({Role.CITY_OFFICER, Role.CITY_REVIEWER, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})
OFFICIALS = _CITY_WIDE | {Role.COUNTY_OFFICER, Role.COUNTY_REVIEWER}
"""Who may look organisations up."""
AT_DESKS = OFFICIALS | ADMINISTRATORS
"""Who sits at shared desks and sees more than their own affairs: short sessions, a second factor."""


def may_be_held_at(role: Role, kind: OrganisationKind) -> bool:
    return kind in ROLE_HOMES[role]


@dataclass(frozen=True, slots=True)
class Place:
    """A spot in the procedure that one body fills, such as the IIT bureau of `140922`."""

    jurisdiction: str
    kind: OrganisationKind
    bureau: Bureau | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """The rows that somebody may see: those of one jurisdiction, or of the whole city."""

    jurisdiction: str
    whole_city: bool

    def holds(self, jurisdiction: str) -> bool:
        return self.whole_city or jurisdiction == self.jurisdiction


def scope_of(roles: Iterable[str], jurisdiction: str) -> Scope:
    return Scope(jurisdiction, whole_city=not _CITY_WIDE.isdisjoint(roles))
