"""Shows the whole identity number once, for a reason that is recorded with the reader's name (PIPL 第五十一条)."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.common.problems import NotFound
from services.nominations.audit import note
from services.nominations.audit_table import ProcedureAction
from services.nominations.cases.case_history import record
from services.nominations.cases.content import identity_field, opened_form
from services.nominations.cases.saving import locked_case
from services.nominations.context import Context
from services.nominations.domain.workflow import Event


async def reveal_identity(
    session: AsyncSession, context: Context, caller: Caller, nomination_id: UUID, *, reason: str
) -> str:
    """Raises NotFound out of scope, or when no number has been entered."""
    case = await locked_case(session, context, caller, nomination_id)
    nomination = case.nomination
    if nomination.identity_sealed is None:
        raise NotFound
    place = (nomination.stage, nomination.status)
    await record(session, nomination, Event.IDENTITY_REVEALED, caller=caller, at=case.now, before=place, reason=reason)
    form = case.campaign.form_of(nomination.category)
    number: str = opened_form(nomination, form, context.seal)[identity_field(form) or ""]
    await note(session, ProcedureAction.IDENTITY_REVEALED, caller, case=str(nomination_id))
    return number
