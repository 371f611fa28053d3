"""Moments that clients send: of years that every calendar and database knows, in any zone."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime
from pydantic_core import PydanticCustomError

_FIRST, _LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2999, 12, 31, tzinfo=UTC)


def moment_of(text: str) -> datetime:
    """A moment of a page token, as it was put in. Raises ValueError for what no token of ours holds."""
    return _within_reason(datetime.fromisoformat(text))


def _within_reason(moment: datetime) -> datetime:
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    if not _FIRST <= aware <= _LAST:
        raise PydanticCustomError("moment_out_of_range", "of a year that no calendar here knows")
    return aware


Moment = Annotated[AwareDatetime, AfterValidator(_within_reason)]
"""With a zone, as bodies have it."""

MomentAsked = Annotated[datetime, AfterValidator(_within_reason)]
"""In a query, where a `+` is easily lost: without a zone it is UTC."""
