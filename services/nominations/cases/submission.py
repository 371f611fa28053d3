"""Submits a case to its unit's deliberation: complete by every rule of the form, and a seat is free for it."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.nominations.cases.case_facts import Case, actor_of
from services.nominations.cases.checking import check_case, require_complete
from services.nominations.cases.confirming import confirm_own_part
from services.nominations.cases.content import know_collective
from services.nominations.cases.one_open_case import already_nominated_as_refusal, stands_beside_its_entity
from services.nominations.cases.papers import Papers
from services.nominations.cases.saving import locked_case
from services.nominations.cases.transition import take
from services.nominations.context import Context
from services.nominations.domain.form import still_asked
from services.nominations.domain.permissions import UNCONFIRMED, blockers
from services.nominations.domain.workflow import Action
from services.nominations.problems import refusal
from services.nominations.reviews.returning import note_answer
from services.nominations.schemas.nomination import Explanation
from services.nominations.tables import Nomination


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
    _know_again(case)
    beside = await stands_beside_its_entity(session, case)
    require_complete(case, check_case(case, context.seal, papers, beside_entity=beside))
    if waiting:
        raise refusal(waiting)
    nomination.submitted_at = nomination.submitted_at or case.now
    await confirm_own_part(session, caller, case)
    await note_answer(session, case)
    details = {
        "documents": [{"id": str(d.id), "kind": d.kind, "sha256": d.sha256} for d in papers.held],
        "explained": [{"pointer": each["pointer"], "code": each["code"]} for each in nomination.explanations],
    }
    with already_nominated_as_refusal(case):
        await take(session, Action.SUBMIT, caller=caller, case=case, details=details)
    return nomination


def _know_again(case: Case) -> None:
    """Also a draft that a process of the release before saved."""
    campaign, nomination = case.campaign, case.nomination
    asked = still_asked(campaign.form_of(nomination.category), nomination.form)
    know_collective(nomination, campaign.category(nomination.category), asked)


def note_explanations(case: Case, caller: Caller, explanations: list[Explanation]) -> None:
    """A later reason for the same warning takes the place of the earlier one."""
    kept = {(each["pointer"], each["code"]): each for each in case.nomination.explanations}
    for given in explanations:
        kept[given.pointer, given.code] = given.model_dump() | {
            "given_by": caller.name,
            "given_at": case.now.isoformat(),
        }
    case.nomination.explanations = list(kept.values())
