"""“各地一般不推荐副处级或相当于副处级以上集体和个人” (R74): where one is put forward all the same, the city has agreed.

Two people of the city agree, one after the other (R97). It holds until the case goes back: then somebody may change what
was agreed to.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.common.callers.tokens import Caller
from services.nominations.cases.saving import locked_case
from services.nominations.cases.transition import require_allowed, take
from services.nominations.context import Context
from services.nominations.domain.workflow import Action
from services.nominations.review_tables import RankApproval
from services.nominations.reviews.seconding import require_second_word
from services.nominations.schemas.seconding import Seconding


async def approve_rank(
    session: AsyncSession, context: Context, caller: Caller, nomination_id: UUID, *, reason: str
) -> RankApproval:
    """The first word; the case may not be listed on it yet. Raises ActionForbidden, ActionBlocked."""
    case = await locked_case(session, context, caller, nomination_id)
    require_allowed(Action.APPROVE_RANK, caller=caller, case=case)
    approval = RankApproval(
        id=uuid7(), nomination_id=nomination_id, reason=reason, approved_by=caller.person_id, approved_at=case.now
    )
    session.add(approval)
    await take(session, Action.APPROVE_RANK, caller=caller, case=case, reason=reason)
    return approval


async def second_rank(
    session: AsyncSession, context: Context, caller: Caller, nomination_id: UUID, wanted: Seconding
) -> RankApproval:
    """The word of another person: the city has agreed. Raises ActionForbidden, ActionBlocked, ProposalChanged."""
    case = await locked_case(session, context, caller, nomination_id)
    require_allowed(Action.SECOND_RANK, caller=caller, case=case)
    standing = (RankApproval.nomination_id == nomination_id, RankApproval.superseded_at.is_(None))
    approval = (await session.scalars(select(RankApproval).where(*standing))).one()
    require_second_word(
        caller, proposed_by=approval.approved_by, proposed_at=approval.approved_at, read=wanted.proposed_at
    )
    approval.seconded_by, approval.seconded_at = caller.person_id, case.now
    details = {"proposed_by": str(approval.approved_by)}
    await take(session, Action.SECOND_RANK, caller=caller, case=case, reason=approval.reason, details=details)
    return approval
