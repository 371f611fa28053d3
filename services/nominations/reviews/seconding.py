"""“杜绝暗箱操作” (R97): another person agrees, and to the words that they read."""

from datetime import datetime
from uuid import UUID

from services.common.callers.tokens import Caller
from services.nominations.domain.second_person import is_the_one_read, may_second
from services.nominations.problems import ProposalChanged, SecondPersonNeeded


def require_second_word(caller: Caller, *, proposed_by: UUID, proposed_at: datetime | None, read: datetime) -> None:
    """`read`: the time of the proposal that the second person names. Raises SecondPersonNeeded, ProposalChanged."""
    if not may_second(caller.person_id, proposed_by=proposed_by):
        raise SecondPersonNeeded
    if not is_the_one_read(read, proposed_at=proposed_at):
        raise ProposalChanged
