"""The security log of nominations. A trigger numbers and chains what is added; nobody changes it (`refuse_change`)."""

from enum import StrEnum

from services.common.security_log.audit_log import AuditEventColumns
from services.nominations.tables import Base


class ProcedureAction(StrEnum):
    """What is written down, besides the history of each case."""

    ACCESS_REFUSED = "access_refused"  # 拒绝访问
    CREDENTIAL_USED = "credential_used"  # 系统凭证调用
    IDENTITY_REVEALED = "identity_revealed"  # 查看完整身份证号码
    DATA_RELEASED = "data_released"  # 下载表格、材料包
    DEADLINE_POSTPONED = "deadline_postponed"  # 延后截止时间
    COUNTY_REOPENED = "county_reopened"  # 准许逾期县补报
    CAMPAIGN_CLOSED = "campaign_closed"  # 结束活动
    DISQUALIFIER_LIFTED = "disqualifier_lifted"  # 撤销不予推荐情形
    REMOVAL_PROPOSED = "removal_proposed"  # 提出取消评选资格
    REMOVAL_TAKEN_BACK = "removal_taken_back"  # 撤回取消评选资格的提议
    SCAN_EXPLAINED = "scan_explained"  # 说明后采用无法识别的扫描件
    MISCONDUCT_RECORDED = "misconduct_recorded"  # 登记工作人员违纪违法
    WEBHOOK_CREATED = "webhook_created"  # 新建事件推送
    WEBHOOK_SECRET_CHANGED = "webhook_secret_changed"  # 更换推送密钥  # noqa: S105
    WEBHOOK_REMOVED = "webhook_removed"  # 停用事件推送
    KEYS_REWRAPPED = "keys_rewrapped"  # 更换加密密钥
    AUDIT_EXPORTED = "audit_exported"  # 导出安全日志


class AuditEventRow(AuditEventColumns, Base):
    """Reveals, downloads, overrides, keys, machines, and refusals."""
