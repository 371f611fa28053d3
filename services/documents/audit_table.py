"""The security log of documents. A trigger numbers and chains what is added; nobody changes it (`refuse_change`)."""

from enum import StrEnum

from services.common.security_log.audit_log import AuditEventColumns
from services.documents.tables import DocumentsTable


class PapersAction(StrEnum):
    """What is written down, besides each view in `document_views`."""

    ACCESS_REFUSED = "access_refused"  # 拒绝访问
    SENSITIVE_VIEWED = "sensitive_viewed"  # 查看敏感材料
    GRANT_ISSUED = "grant_issued"  # 发放上传凭证
    PAPERS_HELD = "papers_held"  # 停止使用材料
    PAPERS_ERASED = "papers_erased"  # 销毁材料
    KEYS_REWRAPPED = "keys_rewrapped"  # 更换加密密钥
    RETENTION_COUNTED = "retention_counted"  # 登记保存期限起算日
    AUDIT_EXPORTED = "audit_exported"  # 导出安全日志


class AuditEventRow(AuditEventColumns, DocumentsTable):
    """Sensitive views, holds, erasures, keys, and refusals."""
