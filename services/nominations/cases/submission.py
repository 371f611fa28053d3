"""Submits a case to its unit's deliberation: complete by every rule of the form, and a seat is free for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.nominations.cases.case_facts import Case, actor_of
from services.nominations.cases.checking import check_case, require_complete
from services.nominations.cases.confirming import confirm_own_part
from services.nominations.cases.papers import Papers
from services.nominations.cases.saving import locked_case
from services.nominations.cases.transition import take
from services.nominations.context import Context
from services.nominations.domain.permissions import UNCONFIRMED, blockers
from services.nominations.domain.workflow import Action
from services.nominations.problems import AlreadyNominated, refusal
from services.nominations.reviews.returning import note_answer
from services.nominations.schemas.nomination import Explanation
from services.nominations.tables import Nomination

_ONE_OPEN = ("one_open_nomination_per_person", "one_open_nomination_per_collective")


async def submit(  # noqa: PLR0917  who submits what, with which papers and reasons
    session: AsyncSession,
    context: Context,
    caller: Caller,
    nomination_id: UUID,
    papers: Papers,
    explanations: list[Explanation],
) -> Nomination:
    """Raises ActionForbidden, ActionBlocked, NominationIncomplete, AlreadyNominated, NoSeatGranted or QuotaExhausted.

    `papers` were asked of the documents service before the transaction began. What was handed in is fixed by its hashes in
    the event, so that a later exchange of a file shows. A warning needs a reason, which stays with the case. What is missing is
    named before who has not confirmed: nobody can confirm a part with holes.
    """
    case = await locked_case(session, context, caller, nomination_id)
    nomination = case.nomination
    against = blockers(Action.SUBMIT, actor=actor_of(caller), case=case.facts)
    waiting = [blocker for blocker in against if blocker.code in UNCONFIRMED]
    if len(against) > len(waiting):
        raise refusal(against)
    note_explanations(case, caller, explanations)
    require_complete(case, check_case(case, context.seal, papers))
    if waiting:
        raise refusal(waiting)
    nomination.submitted_at = nomination.submitted_at or case.now
    await confirm_own_part(session, caller, case)
    await note_answer(session, case)
    details = {
        "documents": [{"id": str(d.id), "kind": d.kind, "sha256": d.sha256} for d in papers.held],
        "explained": [{"pointer": each["pointer"], "code": each["code"]} for each in nomination.explanations],
    }
    with already_nominated_as_refusal():
        await take(session, Action.SUBMIT, caller=caller, case=case, details=details)
    return nomination


@contextmanager
def already_nominated_as_refusal() -> Iterator[None]:
    """One person, one collective, one open case: the database says so, AlreadyNominated tells the clerk."""
    try:
        yield
    except IntegrityError as error:
        if any(name in str(error.orig) for name in _ONE_OPEN):
            raise AlreadyNominated from None
        raise


def note_explanations(case: Case, caller: Caller, explanations: list[Explanation]) -> None:
    """A later reason for the same warning takes the place of the earlier one."""
    kept = {(each["pointer"], each["code"]): each for each in case.nomination.explanations}
    for given in explanations:
        kept[given.pointer, given.code] = given.model_dump() | {
            "given_by": caller.name,
            "given_at": case.now.isoformat(),
        }
    case.nomination.explanations = list(kept.values())
