"""What was found against a firm or its head is taken back by two people (R83, R97): one proposes, another seconds."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.common.problems import NotFound
from services.nominations.audit import note
from services.nominations.audit_table import ProcedureAction
from services.nominations.cases.case_facts import Case, actor_of
from services.nominations.cases.case_history import record
from services.nominations.cases.saving import locked_case
from services.nominations.context import Context
from services.nominations.domain.disqualification import LiftingAction, lifting_actions
from services.nominations.domain.permissions import recusal
from services.nominations.domain.workflow import Event
from services.nominations.problems import refusal
from services.nominations.procedure_tables import Disqualification
from services.nominations.queries import visible_to
from services.nominations.reviews.seconding import require_second_word
from services.nominations.schemas.seconding import Seconding
from services.nominations.tables import Nomination


async def propose_lifting(
    session: AsyncSession, context: Context, caller: Caller, disqualification_id: UUID, *, reason: str
) -> Disqualification:
    """Proposed: the finding still bars. A later proposal takes the place of an undecided one.

    Raises NotFound for one that is not there or is lifted, ActionForbidden for a case of one's own or of one's unit.
    """
    found, case = await _standing(session, context, caller, disqualification_id)
    if found.lifted_at is not None:
        raise NotFound
    found.lifting_proposed_by, found.lifting_proposed_at = caller.person_id, case.now
    found.lifting_proposed_reason = reason
    await _record(session, caller, case, Event.DISQUALIFIER_LIFTING_PROPOSED, found)
    return found


async def second_lifting(
    session: AsyncSession, context: Context, caller: Caller, disqualification_id: UUID, wanted: Seconding
) -> Disqualification:
    """Another person agrees: the finding bars nobody any more. Seconded again, it stays as it is.

    Raises NotFound where nobody proposed it, SecondPersonNeeded, ProposalChanged, ActionForbidden.
    """
    found, case = await _standing(session, context, caller, disqualification_id)
    if found.lifting_proposed_by is None:
        raise NotFound
    require_second_word(
        caller,
        proposed_by=found.lifting_proposed_by,
        proposed_at=found.lifting_proposed_at,
        read=wanted.proposed_at,
    )
    if found.lifted_at is None:
        found.lifted_at, found.lifted_by = case.now, caller.person_id
        found.lifted_reason = found.lifting_proposed_reason
        facts = {"proposed_by": str(found.lifting_proposed_by)}
        await _record(session, caller, case, Event.DISQUALIFIER_LIFTED, found, **facts)
        await note(
            session,
            ProcedureAction.DISQUALIFIER_LIFTED,
            caller,
            case=str(found.nomination_id),
            **_named(found),
            **facts,
        )
    return found


async def liftings_open_to(
    session: AsyncSession, caller: Caller, found: Sequence[Disqualification]
) -> dict[UUID, list[LiftingAction]]:
    """What the caller may do about each: nothing where it was found in a case that is not in their scope."""
    query = select(Nomination.id, Nomination.nominee_person_id, Nomination.unit_id).where(
        Nomination.id.in_({each.nomination_id for each in found}), visible_to(caller)
    )
    cases = {row.id: row for row in await session.execute(query)}
    actor = actor_of(caller)
    return {
        each.id: lifting_actions(
            actor,
            nominee_person_id=_text(cases[each.nomination_id].nominee_person_id),
            unit_id=str(cases[each.nomination_id].unit_id),
            proposed_by=_text(each.lifting_proposed_by),
        )
        for each in found
        if each.nomination_id in cases and each.lifted_at is None
    }


def _text(person: UUID | None) -> str | None:
    return None if person is None else str(person)


async def _standing(
    session: AsyncSession, context: Context, caller: Caller, disqualification_id: UUID
) -> tuple[Disqualification, Case]:
    """The finding and the case in which it was found, both locked. Raises NotFound, ActionForbidden."""
    found = await session.get(Disqualification, disqualification_id, with_for_update=True)
    if found is None:
        raise NotFound
    case = await locked_case(session, context, caller, found.nomination_id)
    against = recusal(actor_of(caller), case.facts)
    if against:
        raise refusal(against)
    return found, case


async def _record(
    session: AsyncSession, caller: Caller, case: Case, event: Event, found: Disqualification, **facts: str
) -> None:
    await session.flush()
    place = (case.nomination.stage, case.nomination.status)
    await record(
        session,
        case.nomination,
        event,
        caller=caller,
        at=case.now,
        before=place,
        reason=found.lifting_proposed_reason or "",
        details=_named(found) | facts,
    )


def _named(found: Disqualification) -> dict[str, str]:
    return {"disqualification_id": str(found.id), "disqualifier": found.disqualifier}
