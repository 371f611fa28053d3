"""Who may enter a consent, and what holds: the latest act, for the text that is in force."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.auth.domain.roles import Role

PAPER = "paper_by_clerk"


class ConsentChannel(StrEnum):
    """How somebody agrees for themselves."""

    MINI_PROGRAM = "mini_program"  # 小程序
    WEB = "web"  # 网页


@dataclass(frozen=True, slots=True)
class Act:
    """One act, as far as it decides what holds."""

    campaign_key: str
    purpose: str
    given: bool
    at: datetime


def may_agree_for(role: Role, *, own: bool) -> bool:
    """A unit enters what its nominees signed on paper, nobody else's word and not one's own."""
    return role is Role.NOMINEE and not own


def in_force(acts: Iterable[Act]) -> Mapping[tuple[str, str], bool]:
    """Campaign and purpose → whether consent holds, by the latest act of each."""
    latest: dict[tuple[str, str], Act] = {}
    for act in acts:
        key = (act.campaign_key, act.purpose)
        if key not in latest or latest[key].at < act.at:
            latest[key] = act
    return {key: act.given for key, act in latest.items()}
