"""What auth refuses, drawn once. Refusals of a sign-in never say which half was wrong."""

from collections.abc import Mapping

from services.auth.domain.password_policy import Fault
from services.common.problems import (
    Conflict,
    FieldError,
    Forbidden,
    TooManyRequests,
    Unauthenticated,
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


class AdministratorOutOfReach(Forbidden):
    code = "administrator_out_of_reach"
    title = Bilingual(
        "三员分立：不能重置安全管理员、审计管理员的密码或者动态口令，请由运维人员另行任命",
        "The three administrators are apart: whoever runs the machine appoints another one",
    )


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


class NoRole(Forbidden):
    code = "no_role"
    title = Bilingual("您目前没有任何岗位，请联系管理员", "You hold no role at present; ask your administrator")


class RoleAssignmentUnknown(Unprocessable):
    code = "role_assignment_unknown"
    title = Bilingual("您没有这个岗位，或任期已结束", "You do not hold that role now")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/role_assignment_id", self.code, self.title.zh, self.title.en)])


class UsernameTaken(Conflict):
    code = "username_taken"
    title = Bilingual(
        "用户名已被使用，或您已有密码，请换一个或直接登录", "That username is taken, or you have a password already"
    )


class PhoneNotUsable(Unprocessable):
    code = "phone_not_usable"
    title = Bilingual("仅支持中国大陆手机号", "Only mobile numbers of the mainland are supported")


class EmailCodeWrong(Unprocessable):
    code = "email_code_wrong"
    title = Bilingual("验证码不正确或已失效", "The code is wrong or expired")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/code", self.code, self.title.zh, self.title.en)])
