"""Submits a case to its unit's deliberation: complete by every rule of the form, and a seat is free for it."""

from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.tokens import Caller
from services.nominations.checking import check_case
from services.nominations.context import Context
from services.nominations.documents_client import HeldDocument
from services.nominations.domain.workflow import Action
from services.nominations.problems import AlreadyNominated, NominationIncomplete
from services.nominations.saving import locked_case
from services.nominations.tables import Nomination
from services.nominations.transition import require_allowed, take


async def submit(
    session: AsyncSession, context: Context, caller: Caller, nomination_id: UUID, held: list[HeldDocument]
) -> Nomination:
    """Raises ActionForbidden, ActionBlocked, NominationIncomplete, AlreadyNominated or QuotaExhausted.

    `held` was asked of the documents service before the transaction began. What was handed in is fixed by its hashes in
    the event, so that a later exchange of a file shows.
    """
    case = await locked_case(session, context, caller, nomination_id)
    nomination = case.nomination
    require_allowed(Action.SUBMIT, caller=caller, case=case)
    errors, _ = check_case(case, context.seal, held)
    if errors:
        raise NominationIncomplete(errors=errors)
    nomination.submitted_at = nomination.submitted_at or case.now
    details = {"documents": [{"id": str(d.id), "kind": d.kind, "sha256": d.sha256} for d in held]}
    try:
        await take(session, Action.SUBMIT, caller=caller, case=case, details=details)
    except IntegrityError as error:
        if "one_open_nomination_per_person" in str(error.orig):
            raise AlreadyNominated from None
        raise
    return nomination
