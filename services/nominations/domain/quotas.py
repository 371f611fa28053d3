"""The seats of one recommending organisation in one category: a ledger, never a count (R14, R98–R102).

Every movement is an entry; the account is what the entries add up to.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from services.nominations.domain.errors import RuleError


class Movement(StrEnum):
    """What an entry does with a seat."""

    GRANT = "grant"  # 分配
    RESERVE = "reserve"  # 占用
    CONSUME = "consume"  # 报送
    RELEASE = "release"  # 释放
    FORFEIT = "forfeit"  # 取消名额


class QuotaExhausted(RuleError):
    """No seat is free."""


class QuotaMisused(RuleError):
    """A seat is moved that is not in the place it is moved from."""


@dataclass(frozen=True, slots=True)
class QuotaAccount:
    """Seats granted, and where they are: reserved by cases under way, consumed by reports, forfeited for fraud."""

    granted: int = 0
    reserved: int = 0
    consumed: int = 0
    forfeited: int = 0

    @property
    def available(self) -> int:
        return self.granted - self.reserved - self.consumed - self.forfeited

    def after(self, movement: Movement) -> "QuotaAccount":
        """The account after moving one seat. Raises QuotaExhausted or QuotaMisused."""
        if movement is Movement.GRANT:
            return replace(self, granted=self.granted + 1)
        if movement is Movement.RESERVE:
            if self.available < 1:
                raise QuotaExhausted
            return replace(self, reserved=self.reserved + 1)
        if self.reserved < 1:
            raise QuotaMisused
        without = replace(self, reserved=self.reserved - 1)
        if movement is Movement.CONSUME:
            return replace(without, consumed=self.consumed + 1)
        if movement is Movement.FORFEIT:
            return replace(without, forfeited=self.forfeited + 1)
        return without


def replay(movements: Iterable[Movement]) -> QuotaAccount:
    """The account that a ledger adds up to."""
    account = QuotaAccount()
    for movement in movements:
        account = account.after(movement)
    return account
