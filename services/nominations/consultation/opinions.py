"""The opinion of a consulted authority, entered by the office that asked for it (R58, R80–R82)."""

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.common.callers.tokens import Caller
from services.common.problems import FieldError, NotFound, Unprocessable
from services.nominations.cases.case_facts import Case
from services.nominations.cases.transition import require_allowed, take
from services.nominations.domain.consultation import Replaced, needs_sealed_sheet, replaced_by
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

    `shown`: what was found on the scan that the opinion names. Raises NotFound for an authority not to be asked, Unprocessable
    also where the authority answered itself and neither a sealed sheet nor a reason speaks for the other answer.
    """
    require_allowed(Action.RECORD_OPINION, caller=caller, case=case)
    _require_sound(case, authority, opinion)
    replaced = replaced_in(case, authority, source)
    if needs_sealed_sheet(source, replaced):
        _require_proof(opinion)
    await put_in_force(
        session,
        case,
        authority=authority,
        opinion=opinion,
        source=source,
        replaced=replaced,
        recorded_by=caller.person_id,
        scan_shows=shown.version if shown is not None else None,
    )
    if shown is not None:
        await keep_scan(session, caller, of_case(case.nomination), shown, at=case.now)
    details: dict[str, object] = {"authority": authority, "result": opinion.result}
    if replaced is not None:
        details["replaces"] = {"source": replaced.source, "result": replaced.result}
    reason = opinion.replacement_reason
    await take(session, Action.RECORD_OPINION, caller=caller, case=case, reason=reason, details=details)
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
    replaced: Replaced | None,
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
            replaces_source=replaced.source if replaced else None,
            replaces_result=replaced.result if replaced else None,
            replacement_reason=opinion.replacement_reason or None,
            recorded_by=recorded_by,
            recorded_at=case.now,
            scan_shows=scan_shows,
            **opinion.model_dump(exclude={"disqualifier", "occurred_on", "scan_explanation", "replacement_reason"}),
        )
    )


def replaced_in(case: Case, authority: str, source: str) -> Replaced | None:
    """What an answer of this source would take the place of in the case."""
    before = next((each for each in case.opinions if each.authority == authority), None)
    if before is None:
        return None
    of_before = Replaced(before.replaces_source, before.replaces_result or "") if before.replaces_source else None
    return replaced_by(source, Replaced(before.source, before.result), of_before)


def _require_proof(opinion: RecordedOpinion) -> None:
    wanted = {
        "/scan_document_id": (opinion.scan_document_id, "该部门已自行答复，改登须附其盖章的征求意见表扫描件", "R130"),
        "/replacement_reason": (opinion.replacement_reason.strip(), "该部门已自行答复，改登须说明理由", "R97"),
    }
    missing = [
        FieldError(pointer, "replaces_own_answer", message, requirement=requirement)
        for pointer, (given, message, requirement) in wanted.items()
        if not given
    ]
    if missing:
        raise Unprocessable(errors=missing)


def _require_sound(case: Case, authority: str, opinion: RecordedOpinion) -> None:
    if authority not in {need.authority for need in case.required}:
        raise NotFound
    if opinion.disqualifier is not None and opinion.result != "unfavourable":
        message = "只有不同意的意见才登记不予推荐的情形"
        raise Unprocessable(errors=[FieldError("/disqualifier", "not_unfavourable", message, requirement="R83")])
    if opinion.signed_on > case.today:
        raise Unprocessable(errors=[FieldError("/signed_on", "date_in_future", "日期不能晚于今天")])
