"""Who may call each route of auth, and which rows they reach."""

from services.common.audiences import Audiences, as_coded, public, signed_in

_SELF = "本人 the caller's own"
_ANYBODY = "不涉及他人数据 nobody's rows"
_INVITED = "本机构、本县、市级，按邀请权限 own body, own county, the city: whoever the caller may invite"

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
    "redeem_invitation": public("持邀请码者 whoever holds the code"),
    "create_invitation": as_coded(_INVITED, "P2"),
    "list_invitations": as_coded(_INVITED, "P2"),
    "create_invitation_code": as_coded(_INVITED, "P2"),
    "revoke_invitation": as_coded(_INVITED),
    "invite_person_again": as_coded(_INVITED, "P2"),
    "create_invitation_batch": as_coded(_INVITED, "P2"),
    "get_invitation_template": as_coded(_ANYBODY),
    "create_admission_request": public(_ANYBODY),
    "list_admission_requests": as_coded(_INVITED, "P2"),
    "decide_admission_request": as_coded(_INVITED, "P2"),
    "unbind_own_wechat": signed_in(_SELF),
    "unbind_person_wechat": as_coded(_INVITED),
    "send_message": as_coded("收件人的通道，不返回号码 the recipients' channels, never their numbers"),
    "list_message_templates": signed_in(_ANYBODY),
    "create_message_consent": signed_in(_SELF),
    "list_organisations": as_coded("本县；市级为全部 own county; the city all"),
}
