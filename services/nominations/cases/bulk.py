"""The same step for many cases (two hundred reviews on the last evening): each case is a transaction of its own.

Every item goes through the very use case of the single call, so rules, events and messages are the same. An item that is
refused stops no other. Under one Idempotency-Key each item is done once: a call that was cut off is sent again and goes on.
"""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.common.answers.versions import Version, require_same_version
from services.common.callers.tokens import Caller
from services.common.problems import FieldError, IdempotencyKeyReused, PreconditionFailed, Problem, Unprocessable
from services.common.repeats.idempotency import Answer, Claim
from services.common.request_context import request_id
from services.nominations.cases.case_facts import Case
from services.nominations.cases.saving import locked_case, version_of
from services.nominations.context import Context
from services.nominations.schemas.bulk import BulkAnswer, BulkItem, BulkOutcome

Item = TypeVar("Item", bound=BulkItem)


@dataclass(frozen=True, slots=True)
class Call:
    """What all items of one call share."""

    operation: str
    key: str | None
    content: bytes
    dry_run: bool
    language: str


async def in_turn(
    context: Context,
    caller: Caller,
    call: Call,
    items: Sequence[Item],
    step: Callable[[AsyncSession, Case, Item], Awaitable[object]],
    *,
    before: Callable[[UUID], Awaitable[None]] | None = None,
    after: Callable[[UUID], Awaitable[None]] | None = None,
) -> BulkAnswer:
    """One after the other, so that one call holds one connection. `before` and `after` speak to documents.

    Raises Unprocessable for a case that is named twice, IdempotencyKeyReused, and what a lost database raises.
    """
    require_each_once(items)
    outcomes = []
    for position, item in enumerate(items):
        try:
            if before is not None and not call.dry_run:
                await before(item.nomination_id)
            outcome = await _once(context, caller, call, position, item=item, step=step)
        except IdempotencyKeyReused:
            raise
        except Problem as problem:
            outcome = _refused(item, problem, call.language)
        if after is not None and outcome.outcome == "done" and not call.dry_run:
            await after(item.nomination_id)
        outcomes.append(outcome)
    done = sum(each.outcome == "done" for each in outcomes)
    return BulkAnswer(dry_run=call.dry_run, done=done, refused=len(outcomes) - done, items=outcomes)


def require_each_once(items: Sequence[BulkItem]) -> None:
    """Raises Unprocessable that points at every repetition."""
    seen: set[UUID] = set()
    errors = []
    for position, item in enumerate(items):
        if item.nomination_id in seen:
            errors.append(FieldError(f"/items/{position}", "listed_twice", "同一件推荐只能出现一次"))
        seen.add(item.nomination_id)
    if errors:
        raise Unprocessable(errors=errors)


class _Rehearsed(Exception):
    """Rolls a dry run back, and carries what would have come of it."""

    def __init__(self, outcome: BulkOutcome) -> None:
        super().__init__()
        self.outcome = outcome


async def _once(
    context: Context,
    caller: Caller,
    call: Call,
    position: int,
    *,
    item: Item,
    step: Callable[[AsyncSession, Case, Item], Awaitable[object]],
) -> BulkOutcome:
    async def perform(session: AsyncSession) -> Answer:
        case = await locked_case(session, context, caller, item.nomination_id)
        if item.etag is not None:
            require_same_version(edited=_parsed(item.etag), current=version_of(case.nomination))
        await step(session, case, item)
        await session.flush()
        outcome = _done(case)
        if call.dry_run:
            raise _Rehearsed(outcome.model_copy(update={"etag": None}))  # no such version comes to be
        return Answer(200, outcome)

    key = f"{call.key}#{position}" if call.key and not call.dry_run else None
    claim = Claim(caller.subject, call.operation, key, call.content)
    try:
        answer = await context.answers.once(claim, perform)
    except _Rehearsed as rehearsed:
        return rehearsed.outcome
    return BulkOutcome.model_validate(json.loads(bytes(answer.body)))


def _parsed(etag: str) -> Version:
    try:
        return Version.parse(etag)
    except (ValueError, OverflowError, OSError):
        raise PreconditionFailed from None


def _done(case: Case) -> BulkOutcome:
    nomination = case.nomination
    return BulkOutcome(
        nomination_id=nomination.id,
        outcome="done",
        stage=nomination.stage,
        status=nomination.status,
        etag=version_of(nomination).etag,
    )


def _refused(item: BulkItem, problem: Problem, language: str) -> BulkOutcome:
    body: dict[str, Any] = problem.as_json(language=language, trace_id=request_id.get())
    return BulkOutcome.model_validate({"nomination_id": item.nomination_id, "outcome": "refused", "problem": body})
