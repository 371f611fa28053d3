"""What is refused about WeChat accounts and the phone numbers that WeChat vouches for."""

from typing import Any

from services.common.problems import (
    Conflict,
    Forbidden,
    TooManyRequests,
    Unavailable,
    Unprocessable,
)
from services.common.text import Bilingual


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


class AlreadyBound(Conflict):
    code = "already_bound"
    title = Bilingual("该微信已绑定人员，请直接登录", "This WeChat account is bound already; just sign in")


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


class WechatUnsure(WechatUnavailable):
    """WeChat may have done it: it had the request, and no readable answer came."""
