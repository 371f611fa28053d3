"""The opinion of a consulted authority, entered by the office that asked for it (R58, R80–R82)."""

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.common.callers.tokens import Caller
from services.common.problems import FieldError, NotFound, Unprocessable
from services.nominations.cases.case_facts import Case
from services.nominations.cases.transition import require_allowed, take
from services.nominations.domain.workflow import Action
from services.nominations.prints.printing import of_case
from services.nominations.prints.sealed_scans import ShownPrint, keep_scan
from services.nominations.procedure_tables import Opinion
from services.nominations.reviews.disqualifying import note_circumstance
from services.nominations.schemas.declarations import NewDisqualification
from services.nominations.schemas.procedure import RecordedOpinion


async def record_opinion(
    session: AsyncSession,
    caller: Caller,
    case: Case,
    *,
    authority: str,
    opinion: RecordedOpinion,
    source: str = "paper",
    shown: ShownPrint | None = None,
) -> None:
    """Replaces the opinion in force; the one before is kept as superseded.

    `shown`: what was found on the scan that the opinion names. Raises NotFound for an authority not to be asked.
    """
    require_allowed(Action.RECORD_OPINION, caller=caller, case=case)
    _require_sound(case, authority, opinion)
    await put_in_force(
        session,
        case,
        authority=authority,
        opinion=opinion,
        source=source,
        recorded_by=caller.person_id,
        scan_shows=shown.version if shown is not None else None,
    )
    if shown is not None:
        await keep_scan(session, caller, of_case(case.nomination), shown, at=case.now)
    details = {"authority": authority, "result": opinion.result}
    await take(session, Action.RECORD_OPINION, caller=caller, case=case, details=details)
    if opinion.disqualifier is not None:
        finding = NewDisqualification(
            disqualifier=opinion.disqualifier, occurred_on=opinion.occurred_on, finding=opinion.text
        )
        await note_circumstance(session, caller, case, finding)


async def put_in_force(
    session: AsyncSession,
    case: Case,
    *,
    authority: str,
    opinion: RecordedOpinion,
    source: str,
    recorded_by: UUID,
    scan_shows: dict[str, str | int] | None = None,
) -> None:
    """Supersedes what the authority said before. Moves nothing and asks nobody: that is the caller's."""
    await session.execute(
        update(Opinion)
        .where(
            Opinion.nomination_id == case.nomination.id,
            Opinion.authority == authority,
            Opinion.superseded_at.is_(None),
        )
        .values(superseded_at=case.now)
    )
    session.add(
        Opinion(
            id=uuid7(),
            nomination_id=case.nomination.id,
            authority=authority,
            source=source,
            recorded_by=recorded_by,
            recorded_at=case.now,
            scan_shows=scan_shows,
            **opinion.model_dump(exclude={"disqualifier", "occurred_on", "scan_explanation"}),
        )
    )


def _require_sound(case: Case, authority: str, opinion: RecordedOpinion) -> None:
    if authority not in {need.authority for need in case.required}:
        raise NotFound
    if opinion.disqualifier is not None and opinion.result != "unfavourable":
        message = "只有不同意的意见才登记不予推荐的情形"
        raise Unprocessable(errors=[FieldError("/disqualifier", "not_unfavourable", message, requirement="R83")])
    if opinion.signed_on > case.today:
        raise Unprocessable(errors=[FieldError("/signed_on", "date_in_future", "日期不能晚于今天")])
