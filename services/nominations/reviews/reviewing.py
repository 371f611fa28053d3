"""What a review comes to: the bureau's box is signed, the case goes back, or it ends."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.nominations.cases.case_facts import Case
from services.nominations.reviews.returning import reject, send_back
from services.nominations.reviews.signing import endorse
from services.nominations.schemas.procedure import Review

_STEPS = {"endorse": endorse, "return": send_back, "reject": reject}


async def review(session: AsyncSession, caller: Caller, case: Case, wanted: Review) -> None:
    """Raises what the step raises."""
    await _STEPS[wanted.decision](session, caller, case, wanted)
