"""What a WeChat sign-in leads to. An unknown openid never makes an account by itself: somebody invited the person.

A person has one WeChat account at a time, in however many of our mini-programs.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Invitation:
    person_id: UUID
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        return self.used_at is None and self.revoked_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True)
class WechatUser:
    """`openid` is one WeChat account in one mini-program; `unionid` is the account itself, and only comes under WeChat's
    conditions."""

    appid: str
    openid: str
    unionid: str | None


def replaced(bound: Collection[WechatUser], coming: WechatUser) -> list[WechatUser]:
    """What a person is bound to that ends when `coming` is bound to them.

    Nothing, while all of it may be the same WeChat account: without unionids nobody can tell whose phone opens a second
    mini-program. Once one of it is surely another account, whatever is not surely the same one ends too.
    """
    others = [each for each in bound if not _surely_the_same(each, coming)]
    return others if any(_surely_another(each, coming) for each in others) else []


def _surely_the_same(one: WechatUser, other: WechatUser) -> bool:
    if one.appid == other.appid:
        return one.openid == other.openid
    return one.unionid is not None and one.unionid == other.unionid


def _surely_another(one: WechatUser, other: WechatUser) -> bool:
    if one.appid == other.appid:
        return one.openid != other.openid
    return None not in (one.unionid, other.unionid) and one.unionid != other.unionid


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whose number an inviter wrote down."""

    person_id: UUID
    full_name: str
    bound: bool
    """Signs in from another WeChat account already."""


class Binding(StrEnum):
    SIGN_IN = "sign_in"  # 已绑定，直接登录
    BIND = "bind"  # 凭邀请码绑定
    NOT_BOUND = "not_bound"  # 未绑定
    INVITATION_INVALID = "invitation_invalid"  # 邀请码无效
    BOUND_TO_ANOTHER = "bound_to_another"  # 已绑定他人


def decide(*, bound_to: UUID | None, invited: bool, invitation: Invitation | None, now: datetime) -> Binding:
    """`invited`: a code was sent; `invitation`: what it names, if anything.

    The invited person who sends the code again, because the answer was lost, signs in. Wrong, expired, revoked and used
    are one answer, so that nobody learns which codes exist.
    """
    if not invited:
        return Binding.NOT_BOUND if bound_to is None else Binding.SIGN_IN
    if invitation is not None and invitation.person_id == bound_to:
        return Binding.SIGN_IN
    if invitation is None or not invitation.is_open(now):
        return Binding.INVITATION_INVALID
    return Binding.BIND if bound_to is None else Binding.BOUND_TO_ANOTHER


class PhoneMatch(StrEnum):
    BIND = "bind"  # 凭手机号绑定
    NOBODY = "nobody"  # 无人登记此号
    SEVERAL = "several"  # 多人同号，须填姓名
    BOUND_ALREADY = "bound_already"  # 已绑定其他微信


def match_phone(candidates: Sequence[Candidate], *, full_name: str | None) -> tuple[PhoneMatch, UUID | None]:
    """A number that WeChat vouches for names the person, among several by their name.

    Whoever signs in from another WeChat account already needs a new code: numbers change hands.
    """
    named = [each for each in candidates if full_name is None or each.full_name == full_name]
    if not named:
        return PhoneMatch.NOBODY, None
    if len(named) > 1:
        return PhoneMatch.SEVERAL, None
    only = named[0]
    return (PhoneMatch.BOUND_ALREADY, None) if only.bound else (PhoneMatch.BIND, only.person_id)
