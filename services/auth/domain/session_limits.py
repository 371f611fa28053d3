"""How long a session lasts without use, and at most. Officials sit at shared desks; nominees hold their own phone."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class SessionLimits:
    idle: timedelta
    absolute: timedelta

    def ends_at(self, *, started_at: datetime, now: datetime) -> datetime:
        """When the session ends if it is not used again."""
        return min(now + self.idle, started_at + self.absolute)
