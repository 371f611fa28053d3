"""Objections: received from anybody, looked up by receipt, handled by the office in charge."""

from contextlib import suppress
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller, caller_with
from services.common.db import Reading
from services.common.lists.paging import AfterId, PageSize, in_words, page_token, rows_to_fetch
from services.common.network_address import NetworkAddress
from services.common.problem_schema import SIGNED_IN, DeclaringRouter, answers
from services.common.problems import (
    MalformedJson,
    NotFound,
    Unavailable,
    Unprocessable,
)
from services.common.repeats.once import Once, OnceForAnybody, with_body
from services.nominations.city_tables import Objection
from services.nominations.context import InContext
from services.nominations.domain.workflow import Role
from services.nominations.lists.list_files import ListingRoute
from services.nominations.problems import ActionForbidden, AlreadyConcluded, ReceiptUnknown, TooManyObjections
from services.nominations.publicity.guest_files import grant_for_objection, keep_attachments_apart
from services.nominations.publicity.objections import (
    conclude,
    handled_by,
    look_up,
    open_words,
    receive,
    take_up,
    words_of,
)
from services.nominations.schemas.city import (
    NewObjection,
    ObjectionBody,
    ObjectionConclusion,
    ObjectionOutcome,
    ObjectionPage,
    ObjectionReceipt,
    ObjectionRow,
    ReceiptLookup,
    UploadGrantBody,
)

objection_routes = DeclaringRouter(
    route_class=ListingRoute, tags=["objections"], responses=answers(MalformedJson, Unprocessable, Unavailable)
)
_OFFICE = SIGNED_IN | answers(ActionForbidden, NotFound)
Officer = Annotated[Caller, caller_with(Role.COUNTY_OFFICER, Role.CITY_OFFICER)]


@objection_routes.post(
    "/v1/publicity-notices/{notice_id}/objections",
    status_code=201,
    response_model=ObjectionReceipt,
    responses=answers(NotFound, TooManyObjections),
)
async def create_objection(
    notice_id: UUID, wanted: NewObjection, context: InContext, source: NetworkAddress, once: OnceForAnybody
) -> Response:
    """提出异议或举报（可匿名，R63、R95）。Named or anonymous; the receipt code is shown once, and to whoever holds the key."""

    async def perform(session: AsyncSession) -> ObjectionReceipt:
        objection, receipt = await receive(session, context, notice_id, wanted, source=source)
        return ObjectionReceipt(
            receipt_code=receipt, received_at=objection.received_at, due_on=objection.due_on, upload=None
        )

    answer = await once.do(None, perform)
    receipt = ObjectionReceipt.model_validate_json(bytes(answer.body))
    async with context.database.reading() as session:
        objection = await look_up(session, receipt.receipt_code)
    if objection.concluded_at is None:
        grant = await grant_for_objection(context, objection)
        receipt.upload = UploadGrantBody.model_validate(grant, from_attributes=True) if grant is not None else None
    return with_body(answer, receipt)


@objection_routes.post(
    "/v1/objection-upload-grants", status_code=201, responses=answers(ReceiptUnknown, AlreadyConcluded)
)
async def create_objection_upload_grant(wanted: ReceiptLookup, context: InContext) -> UploadGrantBody:
    """凭回执号补充附件。A new grant for attachments, for whoever holds the receipt, until the objection is concluded."""
    async with context.database.reading() as session:
        objection = await look_up(session, wanted.receipt_code)
    if objection.concluded_at is not None:
        raise AlreadyConcluded
    grant = await grant_for_objection(context, objection)
    if grant is None:
        raise Unavailable
    return UploadGrantBody.model_validate(grant, from_attributes=True)


@objection_routes.post("/v1/objection-lookups", responses=answers(ReceiptUnknown))
async def look_objection_up(wanted: ReceiptLookup, session: Reading) -> ObjectionOutcome:
    """凭回执号查询处理结果。The outcome, for whoever holds the receipt."""
    return ObjectionOutcome.model_validate(await look_up(session, wanted.receipt_code), from_attributes=True)


@objection_routes.get("/v1/objections", responses=_OFFICE)
async def list_objections(
    caller: Officer,
    session: Reading,
    campaign_key: Annotated[str, Query(max_length=80)],
    after: AfterId,
    open_only: bool = True,
    page_size: PageSize = 20,
) -> ObjectionPage:
    """本机构受理的异议，先到先办。What the caller's office handles, oldest first; the words are opened one by one."""
    query = select(Objection).where(Objection.campaign_key == campaign_key, handled_by(caller))
    if open_only:
        query = query.where(Objection.concluded_at.is_(None))
    if after is not None:
        query = query.where(Objection.id > after)
    rows = (await session.scalars(query.order_by(Objection.id).limit(in_words(rows_to_fetch(page_size + 1))))).all()
    items = [ObjectionRow.model_validate(row, from_attributes=True) for row in rows[:page_size]]
    return ObjectionPage(items=items, next_page_token=page_token(items[-1].id) if len(rows) > page_size else None)


def _body(context: InContext, objection: Objection) -> ObjectionBody:
    facts = {name: getattr(objection, name) for name in ObjectionBody.model_fields if hasattr(objection, name)}
    return ObjectionBody(**facts, **words_of(context, objection), bundle_id=objection.id)


@objection_routes.get("/v1/objections/{objection_id}", responses=_OFFICE)
async def read_objection(objection_id: UUID, caller: Officer, context: InContext) -> ObjectionBody:
    """查看异议内容（仅受理机构，须回避的除外）。Opened for the office that handles it, and not for whom it is about.

    From then on its attachments are open to the same.
    """
    async with context.database.reading() as session:
        objection = await open_words(session, context, caller, objection_id)
    with suppress(Unavailable):  # the words count without the files
        await keep_attachments_apart(context, objection)
    return _body(context, objection)


@objection_routes.post(
    "/v1/objections/{objection_id}/handling", status_code=201, responses=_OFFICE | answers(AlreadyConcluded)
)
async def take_objection_up(objection_id: UUID, caller: Officer, context: InContext) -> ObjectionBody:
    """承办异议（R95）。The caller has it in hand from now on; whoever sees the list sees who."""
    async with context.database.transaction() as session:
        return _body(context, await take_up(session, context, caller, objection_id))


@objection_routes.post(
    "/v1/objections/{objection_id}/conclusions",
    status_code=201,
    response_model=ObjectionBody,
    responses=_OFFICE | answers(AlreadyConcluded),
)
async def conclude_objection(
    objection_id: UUID, wanted: ObjectionConclusion, caller: Officer, context: InContext, once: Once
) -> Response:
    """办结异议：结果和查实情况（R63、R95）。Outcome and finding; the case may go on when no other is open."""

    async def perform(session: AsyncSession) -> ObjectionBody:
        return _body(context, await conclude(session, context, caller, objection_id, wanted))

    return await once.do(caller, perform)
