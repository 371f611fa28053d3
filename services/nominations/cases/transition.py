"""The one way in which a case moves: everything against it is asked first, then status, stage and history change together."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.nominations.campaigns.quota_ledger import move_seat
from services.nominations.cases.case_facts import Case, actor_of
from services.nominations.cases.case_history import record
from services.nominations.domain.permissions import blockers
from services.nominations.domain.quotas import movements_between, seat_use
from services.nominations.domain.workflow import Action, Move, Status, stage_after, transition_for
from services.nominations.problems import refusal


def require_allowed(action: Action, *, caller: Caller, case: Case) -> None:
    """Raises ActionForbidden or ActionBlocked with every reason at once."""
    against = blockers(action, actor=actor_of(caller), case=case.facts)
    if against:
        raise refusal(against)


async def take(
    session: AsyncSession,
    action: Action,
    *,
    caller: Caller,
    case: Case,
    reason: str = "",
    details: dict[str, Any] | None = None,
    every_box_signed: bool = True,
) -> None:
    """Moves the case by the row of the table, moves its seat with it, and writes the event.

    The caller has asked `require_allowed` and holds the lock on the case. `every_box_signed` matters only to rows that
    wait for all signatures of the stage.
    """
    nomination = case.nomination
    row = transition_for(action, nomination.stage)
    assert row is not None
    before = (nomination.stage, nomination.status)
    if row.target is not None and (every_box_signed or not row.every_box):
        nomination.stage = stage_after(row.move, nomination.stage, case.campaign.path_of(nomination.quota_unit))
        nomination.status = row.target
        _note_hand_over(case, row.move)
        await _move_seat_with(session, case, before=before)
    nomination.saved_at = case.now
    nomination.revision += 1
    await record(
        session, nomination, row.event, caller=caller, at=case.now, before=before, reason=reason, details=details
    )


async def _move_seat_with(session: AsyncSession, case: Case, *, before: tuple[str, str]) -> None:
    """The seat follows the case: reserved, released, consumed or recalled by where it stood and where it stands."""
    nomination = case.nomination
    path = case.campaign.path_of(nomination.quota_unit)
    was = seat_use(before[0], Status(before[1]), path)
    for movement in movements_between(was, seat_use(nomination.stage, Status(nomination.status), path)):
        await move_seat(session, nomination, movement, at=case.now)


def _note_hand_over(case: Case, move: Move) -> None:
    """From its first hand-over on, the level above sees the case, also while it is back at its unit."""
    nomination = case.nomination
    if move is not Move.UP:
        return
    nomination.handed_over_at = nomination.handed_over_at or case.now
    if nomination.stage == case.campaign.path_of(nomination.quota_unit)[-1]:
        nomination.reported_at = nomination.reported_at or case.now
        nomination.replaced_at = None
