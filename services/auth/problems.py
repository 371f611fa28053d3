"""What auth refuses, drawn once. Refusals of a sign-in never say which half was wrong."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.auth.domain.bodies import BodyFault
from services.auth.domain.delegation import DelegationFault
from services.auth.domain.password_policy import Fault
from services.auth.domain.role_conflicts import RoleConflict
from services.common.problems import (
    Conflict,
    FieldError,
    Forbidden,
    Problem,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
    Unprocessable,
)
from services.common.text import Bilingual


class CredentialsWrong(Unauthenticated):
    code = "credentials_wrong"
    title = Bilingual("用户名或密码不正确", "Wrong name or password")


class SignInDelayed(TooManyRequests):
    code = "sign_in_delayed"
    title = Bilingual("密码错误次数较多，请稍等片刻再试", "Several wrong passwords; wait a moment and try again")


class RefreshTokenInvalid(Unauthenticated):
    code = "refresh_token_invalid"
    title = Bilingual("登录已失效，请重新登录", "The session is over; sign in again")


class RefreshTokenReused(Unauthenticated):
    code = "refresh_token_reused"
    title = Bilingual(
        "登录凭证被重复使用，为安全起见已退出登录", "The refresh token was used twice; the session is ended"
    )


class PersonSuspended(Forbidden):
    code = "person_suspended"
    title = Bilingual("您的账号已被停用，请联系系统管理员", "Your account is suspended; ask the system administrator")


class OwnSuspension(Conflict):
    code = "own_suspension"
    title = Bilingual("不能停用自己的账号", "You cannot suspend yourself")


class PasswordWrong(Unprocessable):
    code = "password_wrong"
    title = Bilingual("原密码不正确", "The current password is wrong")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/current_password", self.code, self.title.zh, self.title.en)])


class PasswordRefused(Unprocessable):
    code = "password_refused"
    title = Bilingual("新密码不符合要求", "The new password is not acceptable")


FAULTS_OF_PASSWORDS: Mapping[Fault, Bilingual] = {
    Fault.TOO_SHORT: Bilingual("密码至少10个字符", "Use 10 characters or more"),
    Fault.TOO_LONG: Bilingual("密码最多128个字符", "Use 128 characters or fewer"),
    Fault.TOO_SIMPLE: Bilingual(
        "密码须含大写字母、小写字母、数字、符号中的三种，或不少于20个字符",
        "Mix three of capitals, small letters, digits and signs, or use 20 characters or more",
    ),
    Fault.COMMON: Bilingual("密码太常见，容易被猜到", "This is a common password, easily guessed"),
    Fault.HOLDS_NAME: Bilingual("密码中不能含用户名或姓名", "Leave your name and username out of the password"),
    Fault.UNCHANGED: Bilingual("新密码不能与原密码相同", "The new password is the old one"),
}


class SecondFactorRequired(Unauthenticated):
    code = "second_factor_required"
    title = Bilingual("请输入动态口令", "Send the one-time code of your app as one_time_code, with the rest again")


class SecondFactorWrong(Unprocessable):
    code = "second_factor_wrong"
    title = Bilingual("动态口令不正确或已使用", "The one-time code is wrong or used")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/one_time_code", self.code, self.title.zh, self.title.en)])


class SecondFactorEnrolled(Conflict):
    code = "second_factor_enrolled"
    title = Bilingual("已绑定动态口令，请先解除", "A second factor is enrolled already; remove it first")


class TextCodeWrong(Unprocessable):
    code = "sms_code_wrong"
    title = Bilingual("验证码不正确或已失效，请重新获取", "The code is wrong, used or expired; ask for another")

    def __init__(self, pointer: str = "/code") -> None:
        super().__init__(errors=[FieldError(pointer, self.code, self.title.zh, self.title.en)])


class TooManyCredentials(Conflict):
    code = "too_many_credentials"
    title = Bilingual("本机构的系统凭证最多20个，请先停用不用的", "Twenty credentials at most; revoke one first")


class OAuthRefusal(Problem):
    """A problem like all others, with the two members that OAuth clients read (RFC 6749 §5.2)."""

    status, code = 400, "invalid_request"
    title = Bilingual("令牌请求缺少参数或参数重复", "A parameter is missing, or given twice")

    def __init__(self, detail: Bilingual | None = None, **more: Any) -> None:
        said = (detail or self.title).en
        super().__init__(detail, extra={"error": self.code, "error_description": said}, **more)


class InvalidRequest(OAuthRefusal):
    """`invalid_request`."""


class UnsupportedGrantType(OAuthRefusal):
    code = "unsupported_grant_type"
    title = Bilingual("不支持这种授权方式", "Only client_credentials and password are granted here")


class InvalidScope(OAuthRefusal):
    code = "invalid_scope"
    title = Bilingual("该凭证没有所申请的权限范围", "The credential does not have that scope")


class InvalidGrant(OAuthRefusal):
    code = "invalid_grant"
    title = Bilingual("登录未成功", "The sign-in was refused")


class InvalidClient(OAuthRefusal):
    status, code = 401, "invalid_client"
    title = Bilingual("系统凭证不正确、已停用或已过期", "The credential is wrong, revoked or expired")

    def __init__(self, detail: Bilingual | None = None, **more: Any) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": 'Basic realm="xianjin"'}, **more)


class PasskeysOff(Unavailable):
    code = "passkeys_off"
    title = Bilingual("本系统没有开通通行密钥", "Passkeys are not set up here")


class PasskeyRefused(Unprocessable):
    code = "passkey_refused"
    title = Bilingual("通行密钥登记未通过核验，请重试", "The new passkey could not be verified; begin again")


class PasskeyKnown(Conflict):
    code = "passkey_known"
    title = Bilingual("该通行密钥已经登记", "This passkey is registered already")


class TooManyPasskeys(Conflict):
    code = "too_many_passkeys"
    title = Bilingual("最多登记10个通行密钥，请先删除不用的", "Ten passkeys at most; remove one first")


class PasskeyWrong(Unauthenticated):
    code = "passkey_wrong"
    title = Bilingual("通行密钥未通过核验，请重试", "The passkey could not be verified; begin again")


class PasskeyCopied(PasskeyWrong):
    code = "passkey_copied"
    title = Bilingual(
        "该通行密钥的使用计数倒退，可能被复制；请换其他方式登录后删除它",
        "This passkey counts backwards, as a copy would; sign in otherwise and remove it",
    )


class PasskeyRequired(Unauthenticated):
    code = "passkey_required"
    title = Bilingual(
        "您的岗位须两种方式验证：请用通行密钥登录，或请管理员重置后绑定动态口令",
        "Your role needs two factors: sign in by your passkey, or have it reset and enrol one-time codes",
    )


class NoRole(Forbidden):
    code = "no_role"
    title = Bilingual("您目前没有任何岗位，请联系管理员", "You hold no role at present; ask your administrator")


class RoleAssignmentUnknown(Unprocessable):
    code = "role_assignment_unknown"
    title = Bilingual("您没有这个岗位，或任期已结束", "You do not hold that role now")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/role_assignment_id", self.code, self.title.zh, self.title.en)])


class WechatNotBound(Forbidden):
    code = "wechat_not_bound"
    title = Bilingual(
        "该微信尚未绑定人员，请输入邀请码", "This WeChat account is bound to nobody; enter an invitation code"
    )


class WechatUserBlocked(Forbidden):
    code = "wechat_user_blocked"
    title = Bilingual("该微信账号被微信限制登录", "WeChat has blocked this account from signing in")


class WechatBoundToAnother(Conflict):
    code = "wechat_bound_to_another"
    title = Bilingual("该微信已绑定其他人员", "This WeChat account is bound to another person")


class WechatCodeInvalid(Unprocessable):
    code = "wechat_code_invalid"
    title = Bilingual("登录凭证已失效，请重新打开登录", "The login code is used or expired; call wx.login again")


class AppidUnknown(Unprocessable):
    code = "appid_unknown"
    title = Bilingual("该小程序未在本系统登记", "This mini-program is not registered here")


class InvitationInvalid(Unprocessable):
    code = "invitation_invalid"
    title = Bilingual("邀请码不正确、已使用或已过期", "The invitation code is wrong, used or expired")


class InvitationUsed(Conflict):
    code = "invitation_used"
    title = Bilingual("该邀请已被使用", "The invitation has been used")


class InvitationOver(Conflict):
    code = "invitation_revoked"
    title = Bilingual("该邀请已撤销，请重新邀请", "The invitation was revoked; invite again")


class NotYoursToInvite(Forbidden):
    code = "not_yours_to_invite"
    title = Bilingual("您不能邀请该机构的这一岗位", "You do not invite to that role at that body")


class SheetUnreadable(Unprocessable):
    code = "sheet_unreadable"
    title = Bilingual("不是可读取的XLSX表格，请用下载的模板填写", "Not a readable XLSX sheet; fill in the template")


class SheetTooLong(Unprocessable):
    code = "sheet_too_long"
    title = Bilingual("表格最多1000行，请分几次上传", "A sheet holds 1000 rows at most; send several")


class SheetColumnsMissing(Unprocessable):
    code = "sheet_columns_missing"
    title = Bilingual("表格缺少列，请用下载的模板填写", "Columns are missing; fill in the template")


class UsernameTaken(Conflict):
    code = "username_taken"
    title = Bilingual(
        "用户名已被使用，或您已有密码，请换一个或直接登录", "That username is taken, or you have a password already"
    )


class PhoneOfSeveral(Conflict):
    code = "phone_of_several"
    title = Bilingual("该手机号登记了多人，请填写您的姓名", "Several people share this number; send full_name too")


class PhoneBoundAlready(Conflict):
    code = "phone_bound_already"
    title = Bilingual(
        "您已用其他微信登录过，请联系所在单位重新发放邀请码",
        "You sign in from another WeChat account; ask your unit for a new invitation",
    )


class PhoneCodeInvalid(Unprocessable):
    code = "phone_code_invalid"
    title = Bilingual(
        "手机号授权已失效，请重新点击授权", "The phone number code is used or expired; ask the user again"
    )


class PhoneNotUsable(Unprocessable):
    code = "phone_not_usable"
    title = Bilingual("仅支持中国大陆手机号", "Only mobile numbers of the mainland are supported")


class EmailCodeWrong(Unprocessable):
    code = "email_code_wrong"
    title = Bilingual("验证码不正确或已失效", "The code is wrong or expired")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/code", self.code, self.title.zh, self.title.en)])


class AlreadyBound(Conflict):
    code = "already_bound"
    title = Bilingual("该微信已绑定人员，请直接登录", "This WeChat account is bound already; just sign in")


class AdmissionDecided(Conflict):
    code = "admission_decided"
    title = Bilingual("该申请已经办理", "The request has been decided")


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


class PurposeUnknown(Unprocessable):
    code = "purpose_unknown"
    title = Bilingual("告知书中没有这一处理目的", "The privacy notice names no such purpose")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/purpose", self.code, self.title.zh, self.title.en)])


class ConsentNotAsked(Conflict):
    code = "consent_not_asked"
    title = Bilingual(
        "这一处理以履行法定职责为依据，不需要也不能以同意为依据",
        "This purpose rests on a duty by law; nobody is asked to consent to it",
    )


class ConsentAskedElsewhere(Conflict):
    code = "consent_asked_each_time"
    title = Bilingual("这一事项须在办理时逐次同意", "Consent to this is asked each time, on the very words")


class ConsentNotGiven(Conflict):
    code = "consent_not_given"
    title = Bilingual("目前没有这一事项的同意，不需要撤回", "There is no consent in force to withdraw")


class NoticeOutdated(Conflict):
    code = "privacy_notice_outdated"
    title = Bilingual(
        "告知书已更新，请重新阅读后再同意", "The notice has another text by now; read it before you agree"
    )


class TooManyOpenRequests(Conflict):
    code = "too_many_open_requests"
    title = Bilingual("您有多项申请正在办理，请等待答复", "Several of your requests wait for an answer")


class RequestDecided(Conflict):
    code = "request_decided"
    title = Bilingual("该申请已办理", "The request has been decided")


class OwnRequest(Conflict):
    code = "own_request"
    title = Bilingual("不能办理自己提出的申请", "Nobody decides their own request")


class WechatIdentityUnknown(Conflict):
    code = "wechat_not_bound_here"
    title = Bilingual("本账号没有绑定这个小程序的微信", "This account is bound to no WeChat user of this mini-program")


class WechatTooManyRequests(TooManyRequests):
    code = "wechat_too_many_requests"
    title = Bilingual("登录太频繁，请一分钟后再试", "Too many sign-ins; wait a minute")

    def __init__(self, **more: Any) -> None:
        super().__init__(headers={"Retry-After": "60"}, **more)


class WechatUnavailable(Unavailable):
    code = "wechat_unavailable"
    title = Bilingual("微信暂时无法登录，请稍后再试", "WeChat does not answer at present; try again")
