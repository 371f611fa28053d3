"""退回修改 and 不予推荐: a case goes back with the fields that it goes back for, or ends (R57, R97)."""

from collections.abc import Sequence

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.common.callers.tokens import Caller
from services.common.problems import FieldError, Unprocessable
from services.nominations.cases.case_facts import Case
from services.nominations.cases.transition import require_allowed, take
from services.nominations.domain.returns import faults_of_return
from services.nominations.domain.workflow import Action
from services.nominations.procedure_tables import CountyReportItem, Endorsement, PublicityNotice
from services.nominations.review_tables import CaseReturn, RankApproval
from services.nominations.schemas.procedure import Review


async def send_back(session: AsyncSession, caller: Caller, case: Case, review: Review) -> None:
    """Raises ActionForbidden, ActionBlocked, Unprocessable naming every field that cannot be meant."""
    require_allowed(Action.RETURN, caller=caller, case=case)
    _require_reason(review.reason)
    _require_fields(case, review)
    await supersede(session, case)
    await take_out_of_report(session, case)
    fields = [each.model_dump() for each in review.fields]
    session.add(
        CaseReturn(
            id=uuid7(),
            nomination_id=case.nomination.id,
            stage=case.nomination.stage,
            addressee=review.return_to,
            reason=review.reason,
            fields=fields,
            returned_by=caller.person_id,
            organisation_name=caller.organisation_name,
            returned_at=case.now,
        )
    )
    details = {"addressee": review.return_to, "fields": [each["pointer"] for each in fields]}
    await take(session, Action.RETURN, caller=caller, case=case, reason=review.reason, details=details)


async def reject(session: AsyncSession, caller: Caller, case: Case, review: Review) -> None:
    """Ends the case; its seat is free again, and its county's report goes on without it while it is not handed in.

    Raises ActionForbidden, ActionBlocked, Unprocessable without a reason.
    """
    require_allowed(Action.REJECT, caller=caller, case=case)
    _require_reason(review.reason)
    await supersede(session, case)
    await leave_draft_report(session, case)
    await take(session, Action.REJECT, caller=caller, case=case, reason=review.reason)


async def note_answer(session: AsyncSession, case: Case) -> None:
    """The case was submitted again: what it was sent back for is answered."""
    await session.execute(
        update(CaseReturn)
        .where(CaseReturn.nomination_id == case.nomination.id, CaseReturn.answered_at.is_(None))
        .values(answered_at=case.now)
    )


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Unprocessable(errors=[FieldError("/reason", "required", "请写明退回或不予推荐的理由", requirement="R97")])


def _require_fields(case: Case, review: Review) -> None:
    form = case.campaign.form_of(case.nomination.category)
    needs = case.campaign.documents_required(case.nomination.category, case.nomination.form)
    kinds = frozenset(kind for need in needs for kind in (need.kind, *need.or_else))
    pointers = [each.pointer for each in review.fields]
    faults = faults_of_return(form, kinds, pointers, to_nominee=review.return_to == "nominee")
    if faults:
        raise Unprocessable(
            errors=[FieldError(f"/fields/{f.position}/pointer", f.code, f.message, requirement="R57") for f in faults]
        )


async def take_out_of_report(session: AsyncSession, case: Case) -> None:
    """The county's report goes on without it."""
    await session.execute(
        update(CountyReportItem)
        .where(CountyReportItem.nomination_id == case.nomination.id, CountyReportItem.returned_at.is_(None))
        .values(returned_at=case.now)
    )


async def leave_draft_report(session: AsyncSession, case: Case) -> None:
    """For a case that ends: a report that was handed in stays as it went to the city."""
    if case.nomination.stage == "county":
        await take_out_of_report(session, case)


async def supersede(session: AsyncSession, case: Case) -> None:
    """Signatures and the notices of publicity are superseded, never deleted; opinions of authorities stay."""
    await end_notices(session, case)
    kinds: Sequence[type[Endorsement | RankApproval]] = (Endorsement, RankApproval)
    for kind in kinds:
        await session.execute(
            update(kind)
            .where(kind.nomination_id == case.nomination.id, kind.superseded_at.is_(None))
            .values(superseded_at=case.now)
        )


async def end_notices(session: AsyncSession, case: Case) -> None:
    """What is shown of the case to the public ends now; the case keeps it."""
    await session.execute(
        update(PublicityNotice)
        .where(PublicityNotice.nomination_id == case.nomination.id, PublicityNotice.superseded_at.is_(None))
        .values(superseded_at=case.now)
    )
