"""“有严重失职渎职…等违法违纪行为的，按照有关规定予以严肃处理” (R100): recorded, access stopped at once, concluded."""

from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.common.callers.tokens import Caller
from services.common.problems import FieldError, NotFound, Unprocessable
from services.nominations.audit import note
from services.nominations.audit_table import ProcedureAction
from services.nominations.context import Context
from services.nominations.problems import MisconductConcluded, MisconductOpen
from services.nominations.review_tables import MisconductCase
from services.nominations.schemas.fairness import MisconductConclusion, NewMisconductCase


async def open_misconduct_case(context: Context, caller: Caller, wanted: NewMisconductCase) -> MisconductCase:
    """Written first, so that a failure of auth loses no finding; then the person's access is stopped.

    Raises Unprocessable for oneself or for nobody, MisconductOpen, Unavailable: the case then stands, without suspension.
    """
    if wanted.person_id == caller.person_id:
        raise Unprocessable(errors=[FieldError("/person_id", "own_case", "不能登记本人", requirement="R100")])
    case = MisconductCase(id=uuid7(), opened_by=caller.person_id, opened_at=context.clock.now(), **wanted.model_dump())
    async with context.database.transaction() as session:
        await context.campaigns.latest(session, wanted.campaign_key)
        session.add(case)
        try:
            await session.flush()
        except IntegrityError:
            raise MisconductOpen from None
        await note(session, ProcedureAction.MISCONDUCT_RECORDED, caller, about=str(wanted.person_id))
    return await suspend_person_of(context, case.id)


async def suspend_person_of(context: Context, case_id: UUID) -> MisconductCase:
    """Stops the access of whom the case is about; done twice it changes nothing.

    Whoever was cleared in that very moment gets it back. Raises NotFound, Unavailable.
    """
    async with context.database.reading() as session:
        found = await session.get(MisconductCase, case_id)
    if found is None or found.concluded_at is not None:
        raise NotFound
    await context.auth.suspend(found.person_id, reason="评选推荐工作中涉嫌违纪违法，调查期间停用")
    async with context.database.transaction() as session:
        case = await session.get_one(MisconductCase, case_id, with_for_update=True)
        case.suspended_at = case.suspended_at or context.clock.now()
        cleared = case.concluded_at is not None and not await _stays_out(session, case)
    if cleared:
        await context.auth.reinstate(case.person_id)
    return case


async def conclude_misconduct_case(
    context: Context, caller: Caller, case_id: UUID, wanted: MisconductConclusion
) -> MisconductCase:
    """Access comes back only where nothing was found, and nothing else stands against the person.

    Written first; sent again, it gives back what could not be given back. Raises NotFound, MisconductConcluded, Unavailable.
    """
    async with context.database.transaction() as session:
        case = await session.get(MisconductCase, case_id, with_for_update=True)
        if case is None:
            raise NotFound
        waits = case.outcome == wanted.outcome == "unsubstantiated" and case.reinstated_at is None
        if case.concluded_at is not None and not waits:
            raise MisconductConcluded
        if case.concluded_at is None:
            case.outcome, case.conclusion = wanted.outcome, wanted.conclusion
            case.concluded_by, case.concluded_at = caller.person_id, context.clock.now()
        stays_out = await _stays_out(session, case)
    if stays_out:
        return case
    await context.auth.reinstate(case.person_id)
    async with context.database.transaction() as session:
        case = await session.get_one(MisconductCase, case_id, with_for_update=True)
        case.reinstated_at = case.reinstated_at or context.clock.now()
    return case


async def _stays_out(session: AsyncSession, case: MisconductCase) -> bool:
    """Of a case that is concluded."""
    return case.outcome == "substantiated" or await _something_else_stands(session, case)


async def _something_else_stands(session: AsyncSession, case: MisconductCase) -> bool:
    """Another inquiry about the person, of whichever campaign, is open or came to a finding."""
    others = select(MisconductCase.id).where(
        MisconductCase.person_id == case.person_id,
        MisconductCase.id != case.id,
        or_(MisconductCase.concluded_at.is_(None), MisconductCase.outcome == "substantiated"),
    )
    return await session.scalar(others.limit(1)) is not None
