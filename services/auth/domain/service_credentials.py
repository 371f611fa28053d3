"""Who gives a machine access, to what at most, and for how long. A machine never reaches more than who let it in."""

from dataclasses import dataclass
from datetime import datetime

from services.auth.domain.roles import Role

MAKERS = (Role.UNIT_CLERK, Role.COUNTY_OFFICER, Role.CITY_OFFICER)
"""Who runs a body's own systems; they look after its webhooks too."""
MOST_AT_A_BODY = 20
LONGEST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Credential:
    expires_at: datetime
    revoked_at: datetime | None

    def opens(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at
