"""Writing the security log: who did what, when, from where, and with what result; failures too.

An entry holds ids and plain facts, never a secret, an identity number or a phone; a username that nobody has may be any of
these, mistyped, so it stands as a fingerprint. Refusals for too many requests are not written: they could fill the log.
"""

from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.sessions.origin import Origin
from services.common.callers.tokens import Caller
from services.common.security_log.audit_log import Fact, add_entry


class Action(StrEnum):
    SIGN_IN = "sign_in"  # 密码登录
    WECHAT_SIGN_IN = "wechat_sign_in"  # 微信登录
    MACHINE_SIGN_IN = "machine_sign_in"  # 系统服务登录
    REFRESH_REUSED = "refresh_reused"  # 凭证重复使用
    SIGNED_OUT = "signed_out"  # 退出登录
    ACTING_CHOSEN = "acting_chosen"  # 切换岗位
    PASSWORD_CHOSEN = "password_chosen"  # 设置密码  # noqa: S105
    PASSWORD_CHANGED = "password_changed"  # 修改密码  # noqa: S105
    PASSWORD_RESET = "password_reset"  # 重置密码  # noqa: S105
    PERSON_SUSPENDED = "person_suspended"  # 停用账号
    PERSON_REINSTATED = "person_reinstated"  # 恢复账号
    ROLE_GRANTED = "role_granted"  # 授予岗位
    ROLE_ENDED = "role_ended"  # 终止岗位
    ROLE_DELEGATED = "role_delegated"  # 委托代理岗位
    ROLE_HANDED_OVER = "role_handed_over"  # 移交岗位
    FACTOR_ENROLLED = "factor_enrolled"  # 绑定动态口令
    FACTOR_REMOVED = "factor_removed"  # 解除动态口令
    RECOVERY_CODE_USED = "recovery_code_used"  # 使用恢复码
    TEXT_CODE_SIGN_IN = "sms_sign_in"  # 短信验证码登录
    PASSKEY_SIGN_IN = "passkey_sign_in"  # 通行密钥登录
    PASSKEY_ADDED = "passkey_added"  # 登记通行密钥
    PASSKEY_REMOVED = "passkey_removed"  # 删除通行密钥
    PERSON_INVITED = "person_invited"  # 邀请人员
    INVITATION_REVOKED = "invitation_revoked"  # 撤销邀请
    ADMISSION_ASKED = "admission_asked"  # 申请加入
    ADMISSION_DECIDED = "admission_decided"  # 办理加入申请
    WECHAT_BOUND = "wechat_bound"  # 绑定微信
    WECHAT_UNBOUND = "wechat_unbound"  # 解除微信绑定
    CREDENTIAL_CREATED = "credential_created"  # 新建系统凭证
    CREDENTIAL_REVOKED = "credential_revoked"  # 停用系统凭证
    KEY_ROTATED = "key_rotated"  # 更换签名密钥
    SEALING_KEY_CHANGED = "sealing_key_changed"  # 更换加密密钥
    CONSENT_GIVEN = "consent_given"  # 同意处理个人信息
    CONSENT_WITHDRAWN = "consent_withdrawn"  # 撤回同意
    RIGHTS_ASKED = "rights_asked"  # 提出个人信息权利申请
    RIGHTS_DECIDED = "rights_decided"  # 办理个人信息权利申请
    DATA_READ = "data_read"  # 本人查阅个人信息
    ORGANISATION_CHANGED = "organisation_changed"  # 变更机构
    ADMINISTRATOR_APPOINTED = "administrator_appointed"  # 设立管理员
    ACCESS_REFUSED = "access_refused"  # 拒绝访问
    AUDIT_EXPORTED = "audit_exported"  # 导出安全日志


async def record(
    session: AsyncSession,
    action: Action,
    *,
    person_id: UUID | None,
    origin: Origin | None,
    by: Caller | UUID | None = None,
    refused: str = "",
    **facts: Fact,
) -> None:
    """`refused`: the code of the refusal, when the deed was not done. `by`: who did it, when not the person themselves."""
    await add_entry(
        session,
        "auth",
        action,
        person_id=person_id,
        by=by.subject if isinstance(by, Caller) else str(by) if by else None,
        refused=refused,
        facts={
            "address": origin.address if origin else None,
            "device": origin.device if origin else None,
            **facts,
        },
    )
