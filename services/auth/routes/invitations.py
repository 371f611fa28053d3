"""Inviting people: one by one, by sheet, again, and not after all."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Response
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.domain.inviting import INVITERS
from services.auth.invitations.batch_inviting import BatchResult, invite_by_sheet
from services.auth.invitations.invitation_problems import (
    InvitationOver,
    InvitationUsed,
    NotYoursToInvite,
    SheetColumnsMissing,
    SheetTooLong,
    SheetUnreadable,
)
from services.auth.invitations.invitation_queries import invitations_seen_by
from services.auth.invitations.inviting import Wanted, invite_again, invite_somebody, inviter_of, revoke, send_again
from services.auth.invitations.sheet_reading import empty_sheet
from services.auth.organisations.body_problems import RolesConflict
from services.auth.resources import TheResources
from services.auth.schemas.invitations import (
    BatchAnswer,
    BatchRowAnswer,
    InvitationAnswer,
    InvitationPage,
    InvitationRequest,
    InvitationRevoked,
    InvitationRowAnswer,
    SendAgain,
    SentAgain,
    SheetForm,
)
from services.auth.sessions.origin import TheOrigin
from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import Caller, caller_with
from services.common.db import Reading
from services.common.lists.paging import AfterId, PageSize, page_token
from services.common.messages.text_messages import TextMessageNotSent, TextMessagesOff
from services.common.problem_schema import GATED, answers
from services.common.problems import (
    IdempotencyKeyReused,
    MalformedJson,
    MalformedMultipart,
    NotFound,
    PayloadTooLarge,
    UnsupportedMediaType,
)
from services.common.repeats.once import IdempotencyKey, Once, with_body

routes = APIRouter(tags=["invitations"], route_class=StrictRoute)
TheInviter = Annotated[Caller, caller_with(*INVITERS)]
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TEMPLATE: dict[int | str, dict[str, Any]] = {
    200: {"description": "An XLSX", "content": {_XLSX: {"schema": {"type": "string", "format": "binary"}}}}
}


@routes.post(
    "/v1/auth/invitations",
    status_code=201,
    response_model=InvitationAnswer,
    responses=answers(MalformedJson, *GATED, NotYoursToInvite, NotFound, RolesConflict, IdempotencyKeyReused),
)
async def create_invitation(
    request: InvitationRequest,
    caller: TheInviter,
    resources: TheResources,
    origin: TheOrigin,
    once: Once,
) -> Response:
    """发出邀请。

    Invite somebody: makes the person and their role, and a code that binds their WeChat account or a password once.
    """
    wanted = Wanted(request.full_name, request.role, request.organisation_id, request.phone, request.campaign_key)

    async def perform(session: AsyncSession) -> InvitationAnswer:
        invited = await invite_somebody(session, resources, caller=caller, wanted=wanted, origin=origin)
        return InvitationAnswer.of(invited, resources.settings)

    return await once.do(caller, perform)


@routes.get("/v1/auth/invitations", responses=answers(*GATED))
async def list_invitations(
    caller: TheInviter, session: Reading, after: AfterId, page_size: PageSize = 50
) -> InvitationPage:
    """邀请列表。The invitations to one's own body, county or city, the newest first. Codes are not shown again."""
    rows = await invitations_seen_by(session, inviter_of(caller), before=after, limit=page_size + 1)
    now = datetime.now(UTC)
    items = [
        InvitationRowAnswer(
            id=row.id,
            person_id=row.person_id,
            full_name=full_name,
            role=role,
            organisation_name=name,
            state=_state(row, now),
            created_at=row.created_at,
            expires_at=row.expires_at,
            used_at=row.used_at,
        )
        for row, full_name, role, name in rows[:page_size]
    ]
    more = len(rows) > page_size
    return InvitationPage(items=items, next_page_token=page_token(items[-1].id) if more else None)


@routes.post(
    "/v1/auth/invitations/{invitation_id}/codes",
    status_code=201,
    responses=answers(
        MalformedJson, *GATED, NotFound, InvitationUsed, InvitationOver, TextMessagesOff, TextMessageNotSent
    ),
)
async def create_invitation_code(
    invitation_id: UUID, request: SendAgain, caller: TheInviter, resources: TheResources, origin: TheOrigin
) -> SentAgain:
    """重新发送邀请码。Send again: a new code with new time; the code before works no more."""
    invited = await send_again(resources, caller, invitation_id, by_text_message=request.text_message, origin=origin)
    shown = InvitationAnswer.of(invited, resources.settings)
    return SentAgain(**shown.model_dump(), sent=request.text_message and invited.phone is not None)


@routes.delete(
    "/v1/auth/invitations/{invitation_id}",
    responses=answers(*GATED, NotFound, InvitationUsed, InvitationOver),
)
async def revoke_invitation(
    invitation_id: UUID, caller: TheInviter, resources: TheResources, origin: TheOrigin
) -> InvitationRevoked:
    """撤销邀请。The code works no more."""
    await revoke(resources, caller, invitation_id, origin=origin)
    return InvitationRevoked()


@routes.post(
    "/v1/auth/persons/{person_id}/invitations",
    status_code=201,
    response_model=InvitationAnswer,
    responses=answers(*GATED, NotFound),
)
async def invite_person_again(
    person_id: UUID, caller: TheInviter, resources: TheResources, origin: TheOrigin, once: Once
) -> Response:
    """为换手机的人重新邀请。For somebody with a new phone: the code binds the new WeChat account, and takes the old one off."""

    async def perform(session: AsyncSession) -> InvitationAnswer:
        invited = await invite_again(session, resources, caller, person_id, origin=origin)
        return InvitationAnswer.of(invited, resources.settings)

    return await once.do(caller, perform)


@routes.post(
    "/v1/auth/invitation-batches",
    status_code=201,
    response_model=BatchAnswer,
    responses=answers(
        MalformedMultipart,
        *GATED,
        PayloadTooLarge,
        UnsupportedMediaType,
        SheetUnreadable,
        SheetTooLong,
        SheetColumnsMissing,
        IdempotencyKeyReused,
    ),
)
async def create_invitation_batch(
    form: Annotated[SheetForm, Form(media_type="multipart/form-data")],
    caller: TheInviter,
    resources: TheResources,
    origin: TheOrigin,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """按表格批量邀请。

    Invite by sheet: good rows are done, each bad one is told with all its faults. A county's missing units are made.
    """
    content = await form.file.read()
    answer = await invite_by_sheet(resources, caller, content, idempotency_key=idempotency_key, origin=origin)
    result = BatchResult.model_validate_json(bytes(answer.body))
    rows = []
    for row in result.rows:
        link = resources.settings.link_to(row.invitation_code) if row.invitation_code else None
        rows.append(BatchRowAnswer(**row.model_dump(), link=link, qr_text=link or row.invitation_code))
    counts = result.model_dump(exclude={"rows"})
    return with_body(answer, BatchAnswer(**counts, rows=rows))


@routes.get(
    "/v1/auth/invitation-batches/template",
    response_class=Response,
    responses={**answers(*GATED), **_TEMPLATE},
    dependencies=[caller_with(*INVITERS)],
)
async def get_invitation_template(resources: TheResources) -> Response:
    """批量邀请模板。The empty sheet, with its columns and the roles to choose from."""
    headers = {
        "Content-Disposition": "attachment; filename=\"invitations.xlsx\"; filename*=UTF-8''%E9%82%80%E8%AF%B7.xlsx"
    }
    return Response(await resources.sheets.run(empty_sheet), media_type=_XLSX, headers=headers)


def _state(row: Any, now: datetime) -> Any:
    if row.used_at is not None:
        return "used"
    if row.revoked_at is not None:
        return "revoked"
    return "open" if now < row.expires_at else "expired"
