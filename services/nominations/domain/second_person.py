"""“杜绝暗箱操作” (R97): what departs from the rule is proposed by one person, and holds when another has seconded it."""

from datetime import datetime
from uuid import UUID


def may_second(person: UUID | str, *, proposed_by: UUID | str | None) -> bool:
    """Whoever proposed is no second person; where nobody proposed there is nothing to second. Both ids are of one type."""
    return proposed_by is not None and person != proposed_by


def is_the_one_read(read: datetime, *, proposed_at: datetime | None) -> bool:
    """A proposal is known by its time, to the microsecond: one that took its place meanwhile is another, read by nobody."""
    return read == proposed_at
