"""Events for other systems: whose cases an endpoint hears of, and how long a delivery is tried."""

from datetime import timedelta
from enum import StrEnum

from services.nominations.domain.workflow import Role


class Scope(StrEnum):
    """Which cases an endpoint hears of: the same that its body's people see."""

    UNIT = "unit"  # 本单位
    COUNTY = "county"  # 本县，自报到县起
    CITY = "city"  # 全市，自报到市起


class DeliveryState(StrEnum):
    """How far a delivery has come."""

    WAITING = "waiting"  # 待送达
    DELIVERED = "delivered"  # 已送达
    FAILED = "failed"  # 未送达


PING = "ping"
"""The event of a test delivery; it is about no case."""

_HOUR = 3600
_WAITS_SECONDS = (5, 30, 120, 600, 1800, _HOUR, 2 * _HOUR, 4 * _HOUR, 8 * _HOUR, 12 * _HOUR, 18 * _HOUR, 24 * _HOUR)
"""After the first try, twelve more; the last one falls within 72 hours of the first."""


def scope_of(roles: frozenset[str]) -> Scope:
    """The widest scope that these roles see. Raises ValueError for roles without cases of a body."""
    for role, scope in (
        (Role.CITY_OFFICER, Scope.CITY),
        (Role.COUNTY_OFFICER, Scope.COUNTY),
        (Role.UNIT_CLERK, Scope.UNIT),
    ):
        if role in roles:
            return scope
    raise ValueError("these roles see no cases of a body")


def wait_before_next(attempts: int) -> timedelta | None:
    """How long to wait after so many failed attempts, 1 and up; None when it is time to give up."""
    if attempts > len(_WAITS_SECONDS):
        return None
    return timedelta(seconds=_WAITS_SECONDS[attempts - 1])
