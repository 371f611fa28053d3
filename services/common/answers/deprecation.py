"""An operation that will go says so in each answer: `Deprecation` (RFC 9745) and `Sunset` (RFC 8594), twelve months ahead."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import Any

Headers = list[tuple[bytes, bytes]]
SINCE, UNTIL = "x-deprecated-on", "x-sunset-on"


def deprecated(*, since: date, until: date) -> dict[str, Any]:
    """Arguments of a route's decorator: what the contract and the answers then tell. Raises ValueError under twelve months."""
    if until < since.replace(year=since.year + 1):
        raise ValueError("an operation stays for twelve months after it was deprecated")
    return {"deprecated": True, "openapi_extra": {SINCE: since.isoformat(), UNTIL: until.isoformat()}}


def deprecation_headers(route: Any) -> Headers:
    """Of the route that answered; none where it stays."""
    if not getattr(route, "deprecated", None):
        return []
    told: Mapping[str, str] = route.openapi_extra
    since, until = (datetime.combine(date.fromisoformat(told[key]), time(), UTC) for key in (SINCE, UNTIL))
    return [
        (b"deprecation", f"@{int(since.timestamp())}".encode("ascii")),
        (b"sunset", format_datetime(until, usegmt=True).encode("ascii")),
    ]
