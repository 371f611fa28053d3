"""“各市或相关成员单位统一征求本级公安部门意见” (R196, R201): an authority is asked once about many cases."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import exists, not_
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.common.problems import FieldError, NotFound, Unprocessable
from services.nominations.cases.case_facts import actor_of
from services.nominations.cases.saving import locked_case
from services.nominations.consultation.cases_asked_about import asked_about
from services.nominations.consultation.opinions import record_opinion, replaced_in
from services.nominations.context import Context
from services.nominations.domain.consultation import OPINIONS, needs_sealed_sheet
from services.nominations.domain.facts import Blocker
from services.nominations.domain.permissions import blockers
from services.nominations.domain.workflow import Action, Role, Status
from services.nominations.lists.list_queries import CaseFilter, page_of_cases
from services.nominations.problems import refusal
from services.nominations.procedure_tables import Opinion
from services.nominations.schemas.procedure import NewOpinionBatch, RecordedOpinion
from services.nominations.tables import Nomination


async def record_batch(session: AsyncSession, context: Context, caller: Caller, wanted: NewOpinionBatch) -> int:
    """All of the batch or nothing. Raises Unprocessable or the refusal of every case that cannot take its opinion."""
    _require_each_once(wanted)
    # Locked in one order, so that two batches about the same cases wait for each other and never deadlock.
    cases = {}
    for item in sorted(wanted.items, key=lambda each: each.nomination_id):
        case = await locked_case(session, context, caller, item.nomination_id)
        if case.nomination.campaign_key != wanted.campaign_key:
            raise NotFound
        cases[item.nomination_id] = case
    against = [
        _at(position, blocker)
        for position, item in enumerate(wanted.items)
        for blocker in blockers(Action.RECORD_OPINION, actor=actor_of(caller), case=cases[item.nomination_id].facts)
    ]
    if against:
        raise refusal(against)
    not_asked = [
        FieldError(f"/items/{position}", "authority_not_asked", "这件推荐不需要征求该部门的意见", requirement="R58")
        for position, item in enumerate(wanted.items)
        if wanted.authority not in {need.authority for need in cases[item.nomination_id].required}
    ]
    answered = [
        FieldError(
            f"/items/{position}",
            "replaces_own_answer",
            "该部门已自行答复这件推荐，不能成批改登；确需改登的，请单件登记，附盖章的征求意见表扫描件并说明理由",
            requirement="R97",
        )
        for position, item in enumerate(wanted.items)
        if needs_sealed_sheet("batch", replaced_in(cases[item.nomination_id], wanted.authority, "batch"))
    ]
    if not_asked or answered:
        raise Unprocessable(errors=not_asked + answered)
    for item in wanted.items:
        opinion = RecordedOpinion(
            result=item.result,
            text=item.text,
            signer_name=wanted.signer_name,
            signed_on=wanted.signed_on,
            place=wanted.place,
        )
        case = cases[item.nomination_id]
        await record_opinion(session, caller, case, authority=wanted.authority, opinion=opinion, source="batch")
    return len(wanted.items)


async def cases_to_ask_about(
    session: AsyncSession,
    context: Context,
    caller: Caller,
    *,
    campaign_key: str,
    authority: str,
    after: UUID | None,
    limit: int,
) -> Sequence[Any]:
    """Cases at the caller's stage about which this authority must be asked, and has said neither yes nor no yet.

    Oldest first.
    """
    stage = "city" if Role.CITY_OFFICER in caller.roles else "county"
    places = tuple((stage, status.value) for status in (Status.UNDER_REVIEW, Status.ENDORSED))
    said = exists().where(
        Opinion.nomination_id == Nomination.id,
        Opinion.authority == authority,
        Opinion.result.in_(OPINIONS),
        Opinion.superseded_at.is_(None),
    )
    must_be_asked = asked_about(await context.campaigns.versions_of(session, campaign_key), authority, stage)
    wanted, only = CaseFilter(campaign_key, places=places), [must_be_asked, not_(said)]
    return await page_of_cases(session, caller, wanted, oldest_first=True, after=after, limit=limit, only=only)


def _at(position: int, blocker: Blocker) -> Blocker:
    return replace(blocker, pointer=f"/items/{position}")


def _require_each_once(wanted: NewOpinionBatch) -> None:
    seen: set[UUID] = set()
    errors = []
    for position, item in enumerate(wanted.items):
        if item.nomination_id in seen:
            errors.append(FieldError(f"/items/{position}", "listed_twice", "同一件推荐只能登记一次"))
        seen.add(item.nomination_id)
    if errors:
        raise Unprocessable(errors=errors)
