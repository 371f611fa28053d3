"""Takes a case back: before it leaves its unit, or later while the offices still review it. Nothing of it is shown any more."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.nominations.cases.case_facts import Case
from services.nominations.cases.saving import locked_case
from services.nominations.cases.transition import require_allowed, take
from services.nominations.context import Context
from services.nominations.domain.workflow import Action
from services.nominations.reviews.returning import leave_draft_report, supersede
from services.nominations.tables import Nomination


async def withdraw(
    session: AsyncSession, context: Context, caller: Caller, nomination_id: UUID, *, reason: str
) -> Nomination:
    """A seat that the county has not reported yet is free again. Raises ActionForbidden or ActionBlocked.

    Once it stands on the city's list the office takes it off first: what was shown to the whole city does not vanish unsaid.
    """
    case = await locked_case(session, context, caller, nomination_id)
    await withdraw_case(session, caller, case, reason=reason)
    return case.nomination


async def withdraw_case(session: AsyncSession, caller: Caller, case: Case, *, reason: str) -> None:
    """The same for a case that is locked already. Raises ActionForbidden or ActionBlocked."""
    require_allowed(Action.WITHDRAW, caller=caller, case=case)
    await supersede(session, case)
    await leave_draft_report(session, case)
    await take(session, Action.WITHDRAW, caller=caller, case=case, reason=reason)
