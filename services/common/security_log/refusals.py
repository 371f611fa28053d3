"""Refusals that a security log holds: tokens that are none, what somebody may not do, what is outside their scope."""

from starlette.requests import Request

from services.common.callers.tokens import Caller, bearer_token
from services.common.network_address import address_of
from services.common.problems import Problem, StepRequired, Unauthenticated
from services.common.security_log.audit_log import person_of
from services.common.security_log.counted_events import CountedEvents

ACCESS_REFUSED = "access_refused"
"""An action of every service's log."""


async def note_refusal(request: Request, problem: Problem) -> None:
    """Counted, not written: by person or address, route and code. Addresses of no route and missing tokens are not told."""
    counted: CountedEvents | None = getattr(request.app.state, "counted", None)
    if counted is None or not _is_told(request, problem):
        return
    caller = await _caller(request, problem)
    counted.note(
        ACCESS_REFUSED,
        person_id=None if caller is None else person_of(caller),
        refused=problem.code,
        caller=None if caller is None else caller.subject,
        method=request.method,
        route=_route(request),
        address=address_of(request),
    )


def _is_told(request: Request, problem: Problem) -> bool:
    match problem.status:
        case 401:
            return problem.code == Unauthenticated.code
        case 403:
            return problem.code != StepRequired.code
        case 404:
            return "{" in _route(request)
    return False


def _route(request: Request) -> str:
    return str(getattr(request.scope.get("route"), "path", ""))


async def _caller(request: Request, problem: Problem) -> Caller | None:
    if problem.status == 401:
        return None
    try:
        caller: Caller = await request.app.state.tokens.verify(bearer_token(request))
    except Problem:
        return None
    return caller
