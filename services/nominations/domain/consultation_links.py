"""Opinion sheets for officers without an account: how long a link, a code and an opened sheet hold, and how often one may try."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LINK_HOLDS = timedelta(days=7)
CODE_HOLDS = timedelta(minutes=10)
SHEET_HOLDS = timedelta(minutes=30)
TRIES_A_CODE = 5
CODES_A_LINK = 10
BETWEEN_CODES = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """What is known of one consultation."""

    expires_at: datetime
    revoked: bool
    answered: bool
    codes_sent: int
    code_sent_at: datetime | None
    tries: int
    """Wrong codes typed since the last one was sent."""


def why_over(link: LinkFacts, *, now: datetime) -> str | None:
    """Why the sheet can no longer be opened, in words for its officer; None while it can."""
    if link.answered:
        return "意见已经提交，链接不再有效"
    if link.revoked:
        return "征求意见的机构已撤回这份意见表"
    return "链接已过期，请与征求意见的机构联系" if now >= link.expires_at else None


def wait_for_code(link: LinkFacts, *, now: datetime) -> timedelta | None:
    """How long until another code may be sent; None when it may be sent now."""
    if link.codes_sent >= CODES_A_LINK:
        return max(link.expires_at - now, BETWEEN_CODES)
    if link.code_sent_at is None or now >= link.code_sent_at + BETWEEN_CODES:
        return None
    return link.code_sent_at + BETWEEN_CODES - now


def takes_code(link: LinkFacts, *, now: datetime) -> bool:
    """Whether a code typed now is looked at: one was sent, it is fresh, and it was not guessed at too often."""
    fresh = link.code_sent_at is not None and now < link.code_sent_at + CODE_HOLDS
    return fresh and link.tries < TRIES_A_CODE
