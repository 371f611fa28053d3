"""The papers of a case are frozen from its submission on, and open again while it is back with its unit.

Frozen first, listed then, submitted last: so the hashes in the event are those of the papers that stay. A submission that
fails opens the bundle again, and every answer of the procedure tells documents once more what holds. Each word carries the
revision of the case, so a late one changes nothing; a lost one is made good by the next, at the latest by the next dry run.
Of a restricted case each word also says whether the procedure goes on with it, by which documents shows its papers or none
(decision 0073); there a lost word is made good within seconds, by `personal_data/restricting.py`.
"""

import logging
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from services.common.callers.tokens import Caller
from services.common.problems import NotFound, Problem
from services.nominations import queries
from services.nominations.cases.case_facts import actor_of, load_case
from services.nominations.context import Context
from services.nominations.domain.permissions import blockers
from services.nominations.domain.restriction import is_held
from services.nominations.domain.workflow import Action, Status
from services.nominations.tables import Nomination

log = logging.getLogger(__name__)
OPEN_TO_CHANGES = frozenset({Status.DRAFT, Status.RETURNED})


async def freeze_for_submission(context: Context, caller: Caller, nomination_id: UUID, *, number: UUID) -> None:
    """Under a number of the submission's own: until `tell_documents` names it as ended, no other word opens the papers.

    Does nothing where submission is blocked: the command itself then says why. Raises NotFound, Unavailable."""
    async with context.database.reading() as session:
        nomination = await queries.get_nomination(session, caller, nomination_id)
        campaign = await context.campaigns.version(session, nomination.campaign_key, nomination.campaign_version)
        case = await load_case(session, nomination, campaign, now=context.clock.now())
    if not blockers(Action.SUBMIT, actor=actor_of(caller), case=case.facts):
        await context.documents.set_state(nomination_id, case_revision=nomination.revision, frozen=True, begins=number)


async def tell_documents(context: Context, caller: Caller, nomination_id: UUID, *, ended: UUID | None = None) -> None:
    """What holds of the papers as the case stands now, also where the step has put the case out of the caller's reach.

    Documents being away spoils no step that was taken.
    """
    try:
        async with context.database.reading() as session:
            query = select(Nomination).where(Nomination.id == nomination_id, queries.in_scope(caller))
            nomination = await session.scalar(query)
        if nomination is None:
            raise NotFound
        await tell_state(context, nomination, ended=ended)
    except (Problem, SQLAlchemyError) as error:
        log.warning("bundle not told", extra={"error": type(error).__name__, "nomination": str(nomination_id)})


async def tell_state(context: Context, nomination: Nomination, *, ended: UUID | None = None) -> None:
    """Raises NotFound, Unavailable."""
    status, restricted = Status(nomination.status), nomination.restricted_at is not None
    held = is_held(restricted=restricted, status=status, own=False)
    await context.documents.set_state(
        nomination.id,
        case_revision=nomination.revision,
        frozen=status not in OPEN_TO_CHANGES,
        case_worked_on=not held if restricted else None,
        ends=ended,
    )
