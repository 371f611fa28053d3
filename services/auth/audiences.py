"""Who may call each route of auth, and which rows they reach."""

from services.common.audiences import Audiences, as_coded, public, signed_in

_SELF = "本人 the caller's own"
_ANYBODY = "不涉及他人数据 nobody's rows"

AUDIENCES: Audiences = {
    "create_session": public(_ANYBODY),
    "create_wechat_session": public(_ANYBODY),
    "refresh_session": public("凭证所属会话 the session of the refresh token"),
    "create_service_token": public(_ANYBODY),
    "get_jwks": public("公钥 public keys"),
    "list_ended_sessions": public("已结束会话的摘要 digests of ended sessions"),
    "get_me": signed_in(_SELF, "P2"),
    "end_session": signed_in(_SELF),
    "list_sessions": signed_in(_SELF, "P2"),
    "end_sessions": signed_in(_SELF),
    "revoke_session": signed_in(_SELF),
    "choose_acting": signed_in(_SELF),
    "change_own_password": signed_in(_SELF),
    "create_second_factor": signed_in(_SELF),
    "confirm_second_factor": signed_in(_SELF),
    "remove_second_factor": signed_in(_SELF),
    "suspend_person": as_coded("所有账号 every account"),
    "reinstate_person": as_coded("所有账号 every account"),
    "reset_person_password": as_coded("所有账号 every account"),
    "remove_person_second_factor": as_coded("所有账号 every account"),
    "list_audit_events": as_coded("全部安全日志 the whole security log", "P2"),
    "export_audit_events": as_coded("全部安全日志 the whole security log", "P2"),
    "create_invitation": as_coded("本单位 own unit", "P2"),
    "list_organisations": as_coded("本县；市级为全部 own county; the city all"),
}
