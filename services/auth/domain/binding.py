"""What a WeChat sign-in leads to. An unknown openid never makes an account by itself: somebody invited the person."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Invitation:
    person_id: UUID
    expires_at: datetime
    used_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        return self.used_at is None and now < self.expires_at


class Binding(StrEnum):
    SIGN_IN = "sign_in"  # 已绑定，直接登录
    BIND = "bind"  # 凭邀请码绑定
    NOT_BOUND = "not_bound"  # 未绑定
    INVITATION_INVALID = "invitation_invalid"  # 邀请码无效
    BOUND_TO_ANOTHER = "bound_to_another"  # 已绑定他人


def decide(*, bound_to: UUID | None, invited: bool, invitation: Invitation | None, now: datetime) -> Binding:
    """`invited`: a code was sent; `invitation`: what it names, if anything.

    The invited person who sends the code again, because the answer was lost, signs in. Wrong, expired and used are
    one answer, so that nobody learns which codes exist.
    """
    if not invited:
        return Binding.NOT_BOUND if bound_to is None else Binding.SIGN_IN
    if invitation is not None and invitation.person_id == bound_to:
        return Binding.SIGN_IN
    if invitation is None or not invitation.is_open(now):
        return Binding.INVITATION_INVALID
    return Binding.BIND if bound_to is None else Binding.BOUND_TO_ANOTHER
