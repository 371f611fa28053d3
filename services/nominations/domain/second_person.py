"""“杜绝暗箱操作” (R97): what departs from the rule is proposed by one person, and holds when another has seconded it."""

from uuid import UUID


def may_second(person: UUID | str, *, proposed_by: UUID | str | None) -> bool:
    """Whoever proposed is no second person; where nobody proposed there is nothing to second. Both ids are of one type."""
    return proposed_by is not None and person != proposed_by
