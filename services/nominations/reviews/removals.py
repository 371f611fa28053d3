"""取消评选资格 (R98–R102): one person finds, another seconds; the seat is forfeited with the case, and is not filled again."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.common.problems import NotFound
from services.nominations.audit import note
from services.nominations.audit_table import ProcedureAction
from services.nominations.cases.saving import locked_case
from services.nominations.cases.transition import require_allowed, take
from services.nominations.city_tables import Removal
from services.nominations.context import Context
from services.nominations.domain.workflow import Action
from services.nominations.reporting.list_items import leave_when_disqualified, lock_list_with
from services.nominations.reviews.returning import end_notices, leave_draft_report
from services.nominations.reviews.seconding import require_second_word
from services.nominations.schemas.city import NewRemoval
from services.nominations.schemas.seconding import Seconding


async def propose_removal(
    session: AsyncSession, context: Context, caller: Caller, nomination_id: UUID, wanted: NewRemoval
) -> Removal:
    """Writes the finding: the case cannot be ended until it is decided. A later proposal takes the place of an undecided one.

    The security log keeps that each was made (R97).

    Raises ActionForbidden, ActionBlocked.
    """
    case = await locked_case(session, context, caller, nomination_id)
    require_allowed(Action.DISQUALIFY, caller=caller, case=case)
    removal = await session.get(Removal, nomination_id)
    if removal is None:
        removal = Removal(nomination_id=nomination_id)
        session.add(removal)
    removal.ground, removal.finding = wanted.ground, wanted.finding
    removal.decided_by, removal.proposed_at, removal.superseded_at = caller.person_id, case.now, None
    await session.flush()
    await note(session, ProcedureAction.REMOVAL_PROPOSED, caller, case=str(nomination_id), ground=wanted.ground)
    return removal


async def removal_of(session: AsyncSession, nomination_id: UUID) -> Removal:
    """What was found of whom the case is about now, decided or not. Raises NotFound."""
    removal = await session.get(Removal, nomination_id)
    if removal is None or removal.superseded_at is not None:
        raise NotFound
    return removal


async def take_back_removal(session: AsyncSession, context: Context, caller: Caller, nomination_id: UUID) -> Removal:
    """Nothing is proposed any more, and the case may be ended again. By whoever may propose; the security log keeps it.

    Raises NotFound where nothing stands, ActionForbidden, ActionBlocked for what was decided.
    """
    case = await locked_case(session, context, caller, nomination_id)
    removal = await removal_of(session, nomination_id)
    require_allowed(Action.DISQUALIFY, caller=caller, case=case)
    removal.superseded_at = case.now
    await session.flush()
    await note(session, ProcedureAction.REMOVAL_TAKEN_BACK, caller, case=str(nomination_id), ground=removal.ground)
    return removal


async def second_removal(
    session: AsyncSession, context: Context, caller: Caller, nomination_id: UUID, wanted: Seconding
) -> Removal:
    """Another person agrees: the case is disqualified and its seat forfeited.

    The county's report that is not handed in yet and the city's list go on without it.

    Raises NotFound, SecondPersonNeeded, ProposalChanged, Unavailable.
    """
    listed = await lock_list_with(session, nomination_id)
    case = await locked_case(session, context, caller, nomination_id)
    removal = await removal_of(session, nomination_id)
    require_allowed(Action.DISQUALIFY, caller=caller, case=case)
    require_second_word(
        caller, proposed_by=removal.decided_by, proposed_at=removal.proposed_at, read=wanted.proposed_at
    )
    removal.seconded_by, removal.decided_at = caller.person_id, case.now
    await end_notices(session, case)
    await leave_when_disqualified(session, listed, case.nomination, at=case.now)
    await leave_draft_report(session, case)
    details = {"ground": removal.ground, "decided_by": str(removal.decided_by)}
    await take(session, Action.DISQUALIFY, caller=caller, case=case, reason=removal.finding, details=details)
    return removal
