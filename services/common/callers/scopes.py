"""What a credential of a machine may open. A route without a scope is closed to machines: the default is no."""

from collections.abc import Mapping
from enum import StrEnum


class MachineScope(StrEnum):
    NOMINATIONS_READ = "nominations:read"  # 查看推荐材料和进度
    EXPORTS_READ = "exports:read"  # 导出报告和材料包
    WEBHOOKS_MANAGE = "webhooks:manage"  # 管理事件推送


MEANINGS: Mapping[MachineScope, str] = {
    MachineScope.NOMINATIONS_READ: "查看推荐名单、进度、历史 lists, cases, counts and histories that the body sees",
    MachineScope.EXPORTS_READ: "导出上报表格和材料包，含敏感个人信息 tables and packages, sensitive data in them",
    MachineScope.WEBHOOKS_MANAGE: "管理本机构的事件推送 the body's webhook endpoints",
}
