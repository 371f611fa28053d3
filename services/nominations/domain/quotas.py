"""The seats of one recommending organisation in one category: a ledger, never a count (R14, R98–R102).

Every movement is an entry; the account is what the entries add up to.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from services.nominations.domain.errors import RuleError
from services.nominations.domain.workflow import FIRST_STAGE, Status


class Movement(StrEnum):
    """What an entry does with a seat."""

    GRANT = "grant"  # 分配
    RESERVE = "reserve"  # 占用
    CONSUME = "consume"  # 报送
    RELEASE = "release"  # 释放
    RECALL = "recall"  # 退回占用
    FORFEIT = "forfeit"  # 取消名额
    WAIVE = "waive"  # 不推荐
    RESUME = "resume"  # 恢复推荐


class QuotaExhausted(RuleError):
    """No seat is free."""


class QuotaMisused(RuleError):
    """A seat is moved that is not in the place it is moved from."""


@dataclass(frozen=True, slots=True)
class QuotaAccount:
    """Seats granted, and where they are: reserved by cases under way, consumed by reports, forfeited for fraud,
    waived by a declared zero nomination."""

    granted: int = 0
    reserved: int = 0
    consumed: int = 0
    forfeited: int = 0
    waived: int = 0

    @property
    def available(self) -> int:
        return self.granted - self.reserved - self.consumed - self.forfeited - self.waived

    def after(self, movement: Movement) -> "QuotaAccount":
        """The account after moving one seat. Raises QuotaExhausted or QuotaMisused."""
        if movement is Movement.GRANT:
            return replace(self, granted=self.granted + 1)
        source, target = _PLACES[movement]
        if source == _FREE and self.available < 1:
            raise QuotaExhausted
        if source != _FREE and getattr(self, source) < 1:
            raise QuotaMisused
        moved = {place: getattr(self, place) + step for place, step in ((source, -1), (target, 1)) if place != _FREE}
        return replace(self, **moved)


_FREE = "free"
_PLACES = {
    Movement.RESERVE: (_FREE, "reserved"),
    Movement.CONSUME: ("reserved", "consumed"),
    Movement.RELEASE: ("reserved", _FREE),
    Movement.RECALL: ("consumed", "reserved"),
    Movement.FORFEIT: ("reserved", "forfeited"),
    Movement.WAIVE: (_FREE, "waived"),
    Movement.RESUME: ("waived", _FREE),
}
"""Where each movement takes a seat from, and where it puts it."""


class SeatUse(StrEnum):
    """What a case does with a seat where it stands."""

    NONE = "none"  # 不占名额
    RESERVED = "reserved"  # 占用名额
    CONSUMED = "consumed"  # 已报送
    FORFEITED = "forfeited"  # 名额取消


def seat_use(stage: str, status: Status, path: Sequence[str]) -> SeatUse:
    """A draft and a withdrawn case hold none; a case that a county reported keeps its seat, rejected or not (R14).

    “取消相应推荐名额”: a disqualified case takes its seat with it (R99, R102).
    """
    if status is Status.DISQUALIFIED:
        return SeatUse.FORFEITED
    reported = len(path) > 2 and stage == path[-1]
    if reported:
        return SeatUse.CONSUMED
    at_rest = status in (Status.DRAFT, Status.WITHDRAWN, Status.REJECTED)
    return SeatUse.NONE if at_rest else SeatUse.RESERVED


PUT_FORWARD = frozenset(
    status for status in Status if seat_use(FIRST_STAGE, status, (FIRST_STAGE,)) is SeatUse.RESERVED
)
"""Statuses in which a case holds a seat of its own, on whatever path: who is put forward (R70–R73).

Not one that the city rejected, which only keeps its county's seat used up, nor one that forfeited it (R99, R102). Whom the
province did not award was put forward all the same, and so was whoever lost the title later (R103): the city's choice stays.
"""

_MOVEMENTS = {
    (SeatUse.NONE, SeatUse.RESERVED): (Movement.RESERVE,),
    (SeatUse.NONE, SeatUse.FORFEITED): (Movement.RESERVE, Movement.FORFEIT),
    (SeatUse.RESERVED, SeatUse.NONE): (Movement.RELEASE,),
    (SeatUse.RESERVED, SeatUse.CONSUMED): (Movement.CONSUME,),
    (SeatUse.RESERVED, SeatUse.FORFEITED): (Movement.FORFEIT,),
    (SeatUse.CONSUMED, SeatUse.RESERVED): (Movement.RECALL,),
    (SeatUse.CONSUMED, SeatUse.FORFEITED): (Movement.RECALL, Movement.FORFEIT),
}


def movements_between(before: SeatUse, after: SeatUse) -> tuple[Movement, ...]:
    """The entries that follow when a case moves; none when its seat stays where it is."""
    return _MOVEMENTS.get((before, after), ())


def replay(movements: Iterable[Movement]) -> QuotaAccount:
    """The account that a ledger adds up to."""
    account = QuotaAccount()
    for movement in movements:
        account = account.after(movement)
    return account
