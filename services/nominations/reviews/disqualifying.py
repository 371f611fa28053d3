"""Records a circumstance of R83–R93 found in a case: it bars the firm and its head in every county, at once."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.common.callers.tokens import Caller
from services.common.problems import FieldError, Unprocessable
from services.nominations.cases.case_facts import Case
from services.nominations.cases.case_history import record
from services.nominations.cases.saving import locked_case
from services.nominations.context import Context
from services.nominations.domain.workflow import Event
from services.nominations.procedure_tables import Disqualification
from services.nominations.schemas.declarations import NewDisqualification


async def disqualify(
    session: AsyncSession, context: Context, caller: Caller, nomination_id: UUID, wanted: NewDisqualification
) -> Disqualification:
    """The subject is the case's person, and its firm where the case is the firm or its head. Raises NotFound, Unprocessable.

    Firm and head bar each other; an ordinary employee of a barred firm is not barred.
    """
    return await note_circumstance(session, caller, await locked_case(session, context, caller, nomination_id), wanted)


async def note_circumstance(
    session: AsyncSession, caller: Caller, case: Case, wanted: NewDisqualification
) -> Disqualification:
    """The same for a case that is locked already: an unfavourable opinion names what was found."""
    nomination = case.nomination
    _require_known(case, wanted)
    code = nomination.credit_code if nomination.for_enterprise else None
    if code is None and nomination.identity_index is None:
        message = "这件推荐没有统一社会信用代码，也没有身份证号，无法登记"
        raise Unprocessable(errors=[FieldError("/disqualifier", "subject_unknown", message, requirement="R83")])
    found = Disqualification(
        id=uuid7(),
        campaign_key=nomination.campaign_key,
        disqualifier=wanted.disqualifier,
        credit_code=code,
        identity_index=nomination.identity_index,
        occurred_on=wanted.occurred_on,
        finding=wanted.finding,
        nomination_id=nomination.id,
        recorded_by=caller.person_id,
        recorded_at=case.now,
    )
    session.add(found)
    await session.flush()
    place = (nomination.stage, nomination.status)
    details = {"disqualification_id": str(found.id), "disqualifier": wanted.disqualifier}
    await record(
        session, nomination, Event.DISQUALIFIER_RECORDED, caller=caller, at=case.now, before=place, details=details
    )
    return found


def _require_known(case: Case, wanted: NewDisqualification) -> None:
    errors = []
    if wanted.disqualifier not in {each.key for each in case.campaign.disqualifiers}:
        errors.append(FieldError("/disqualifier", "not_in_list", "请从不予推荐的情形中选择", requirement="R83"))
    if wanted.occurred_on is not None and wanted.occurred_on > case.today:
        errors.append(FieldError("/occurred_on", "date_in_future", "日期不能晚于今天", requirement="R83"))
    if errors:
        raise Unprocessable(errors=errors)
