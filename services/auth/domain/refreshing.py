"""The family rule of refresh tokens: each is used once, and a second use ends the session.

A used token that comes back was copied, and nobody can tell the thief from the owner. So both lose the session.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """What is stored of one token and of its family, the session."""

    expires_at: datetime
    used_at: datetime | None
    session_ended_at: datetime | None


class Verdict(StrEnum):
    ROTATE = "rotate"  # 换发
    REUSED = "reused"  # 重复使用
    INVALID = "invalid"  # 无效


def judge(token: RefreshToken | None, now: datetime) -> Verdict:
    """A used token is REUSED even when it has expired since, or its session has ended."""
    if token is None:
        return Verdict.INVALID
    if token.used_at is not None:
        return Verdict.REUSED
    if token.session_ended_at is not None or now >= token.expires_at:
        return Verdict.INVALID
    return Verdict.ROTATE
