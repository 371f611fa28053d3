"""An office answers what a person asked about their data, with a reason; what law keeps is restricted, not erased."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.audit import Action, record
from services.auth.domain.rights_requests import Decision, RightsAbout, RightsKind, faults_of
from services.auth.personal_data.rights_problems import OwnRequest, RequestDecided
from services.auth.personal_data.rights_queries import request_to_decide
from services.auth.personal_data.rights_tables import RightsRequestRow
from services.auth.queries import person_for_update
from services.auth.sessions.origin import Origin
from services.common.callers.tokens import Caller
from services.common.problems import FieldError, NotFound, Unprocessable


async def decide_right(
    session: AsyncSession, caller: Caller, request_id: UUID, decision: Decision, *, origin: Origin
) -> RightsRequestRow:
    """Raises NotFound outside the office, OwnRequest, RequestDecided, Unprocessable."""
    row = await request_to_decide(session, caller, request_id)
    if row is None:
        raise NotFound
    if row.person_id == caller.person_id:
        raise OwnRequest
    if row.decided_at is not None:
        raise RequestDecided
    errors = [
        FieldError(pointer, code, message)
        for pointer, code, message in faults_of(decision, kind=RightsKind(row.kind), about=RightsAbout(row.about))
    ]
    if errors:
        raise Unprocessable(errors=errors)
    row.outcome, row.reason, row.ground = decision.outcome, decision.reason, decision.ground
    row.decided_by, row.decided_by_name, row.decided_at = caller.person_id, caller.name, datetime.now(UTC)
    if decision.full_name is not None:
        person = await person_for_update(session, row.person_id)
        assert person is not None
        person.full_name = decision.full_name
    await session.flush()
    await record(
        session,
        Action.RIGHTS_DECIDED,
        person_id=row.person_id,
        origin=origin,
        by=caller,
        request=str(row.id),
        decided=decision.outcome,
        name_corrected=decision.full_name is not None,
    )
    return row
