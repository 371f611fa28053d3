"""The papers of a case are frozen from its submission on, and open again while it is back with its unit.

Frozen first, listed then, submitted last: so the hashes in the event are those of the papers that stay. A submission that
fails opens the bundle again, and every answer of the procedure tells documents once more what holds. Each word carries the
revision of the case, so a late one changes nothing; a lost one is made good by the next, at the latest by the next dry run.
"""

import logging
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from services.common.callers.tokens import Caller
from services.common.problems import Problem
from services.nominations import queries
from services.nominations.cases.case_facts import actor_of, load_case
from services.nominations.context import Context
from services.nominations.domain.permissions import blockers
from services.nominations.domain.workflow import Action, Status

log = logging.getLogger(__name__)
OPEN_TO_CHANGES = frozenset({Status.DRAFT, Status.RETURNED})


async def freeze_for_submission(context: Context, caller: Caller, nomination_id: UUID) -> None:
    """Does nothing where submission is blocked: the command itself then says why. Raises NotFound, Unavailable."""
    async with context.database.reading() as session:
        nomination = await queries.get_nomination(session, caller, nomination_id)
        campaign = await context.campaigns.version(session, nomination.campaign_key, nomination.campaign_version)
        case = await load_case(session, nomination, campaign, now=context.clock.now())
    if not blockers(Action.SUBMIT, actor=actor_of(caller), case=case.facts):
        await context.documents.set_frozen(nomination_id, case_revision=nomination.revision, frozen=True)


async def tell_documents(context: Context, caller: Caller, nomination_id: UUID) -> None:
    """Whether the papers are frozen, as the case stands now. Documents being away spoils no step that was taken."""
    try:
        async with context.database.reading() as session:
            nomination = await queries.get_nomination(session, caller, nomination_id)
        frozen = Status(nomination.status) not in OPEN_TO_CHANGES
        await context.documents.set_frozen(nomination_id, case_revision=nomination.revision, frozen=frozen)
    except (Problem, SQLAlchemyError) as error:
        log.warning("bundle not told", extra={"error": type(error).__name__, "nomination": str(nomination_id)})
