"""People whom nobody invited: they ask, their unit or county decides. And taking a WeChat account off a person."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from services.auth.domain.inviting import INVITERS
from services.auth.domain.roles import Role
from services.auth.invitations.admissions import Asked, Decision, ask_to_be_admitted, decide_admission
from services.auth.invitations.invitation_problems import AdmissionDecided, NotYoursToInvite
from services.auth.invitations.invitation_queries import open_requests
from services.auth.invitations.inviting import inviter_of
from services.auth.organisations.body_problems import RolesConflict
from services.auth.problems import PhoneNotUsable
from services.auth.resources import TheResources
from services.auth.schemas import admissions as schemas
from services.auth.sessions.origin import TheOrigin
from services.auth.wechat.unbinding import unbind_other, unbind_own
from services.auth.wechat.wechat_problems import (
    AlreadyBound,
    AppidUnknown,
    PhoneCodeInvalid,
    WechatBoundToAnother,
    WechatCodeInvalid,
    WechatTooManyRequests,
    WechatUnavailable,
    WechatUserBlocked,
)
from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import Caller, CurrentCaller, caller_with
from services.common.db import Reading, Transaction
from services.common.lists.paging import AfterId, PageSize, page_token
from services.common.problem_schema import GATED, answers
from services.common.problems import (
    MalformedJson,
    NotFound,
    TooManyRequests,
    Unavailable,
    Unprocessable,
)

routes = APIRouter(tags=["invitations"], route_class=StrictRoute)
Decider = Annotated[Caller, caller_with(*INVITERS)]


@routes.post(
    "/v1/auth/wechat/admission-requests",
    status_code=201,
    responses=answers(
        MalformedJson,
        WechatUserBlocked,
        AlreadyBound,
        Unprocessable,
        AppidUnknown,
        WechatCodeInvalid,
        PhoneCodeInvalid,
        PhoneNotUsable,
        WechatTooManyRequests,
        TooManyRequests,
        Unavailable,
        WechatUnavailable,
    ),
)
async def create_admission_request(
    request: schemas.AdmissionRequest, resources: TheResources, origin: TheOrigin
) -> schemas.AdmissionAsked:
    """申请加入。Ask to be admitted, without an invitation. Asked twice it is one request; sign in again later to hear of it."""
    asked = Asked(request.full_name, Role(request.role), request.jurisdiction, request.unit_name)
    request_id, asked_at = await ask_to_be_admitted(
        resources, appid=request.appid, code=request.code, phone_code=request.phone_code, asked=asked, origin=origin
    )
    return schemas.AdmissionAsked(id=request_id, asked_at=asked_at)


@routes.get("/v1/auth/admission-requests", responses=answers(*GATED))
async def list_admission_requests(
    caller: Decider, session: Reading, after: AfterId, page_size: PageSize = 50
) -> schemas.AdmissionPage:
    """待审批的加入申请。Those that wait for one's own unit or county, the oldest first."""
    rows = await open_requests(session, inviter_of(caller), after=after, limit=page_size + 1)
    items = [schemas.AdmissionRow.model_validate(row) for row in rows[:page_size]]
    more = len(rows) > page_size
    return schemas.AdmissionPage(items=items, next_page_token=page_token(items[-1].id) if more else None)


@routes.post(
    "/v1/auth/admission-requests/{request_id}/decisions",
    status_code=201,
    responses=answers(
        MalformedJson, *GATED, NotYoursToInvite, NotFound, AdmissionDecided, WechatBoundToAnother, RolesConflict
    ),
)
async def decide_admission_request(
    request_id: UUID,
    request: schemas.AdmissionDecision,
    caller: Decider,
    resources: TheResources,
    origin: TheOrigin,
) -> schemas.AdmissionDecided:
    """审批加入申请。Admit, as a new person or as somebody with a new phone; or refuse, for a reason."""
    decision = Decision(**request.model_dump())
    row = await decide_admission(resources, caller, request_id, decision, origin=origin)
    return schemas.AdmissionDecided.model_validate(row, from_attributes=True)


@routes.delete(
    "/v1/auth/me/wechat-identities/{appid}",
    responses=answers(*GATED, NotFound),
)
async def unbind_own_wechat(
    appid: Annotated[str, Path(max_length=64)], caller: CurrentCaller, session: Transaction, origin: TheOrigin
) -> schemas.Unbound:
    """解绑本人微信。Take one's WeChat account off, before changing it: in all mini-programs. All sessions end."""
    return schemas.Unbound(unbound=await unbind_own(session, caller, appid, origin=origin))


@routes.delete("/v1/auth/persons/{person_id}/wechat-identities", responses=answers(*GATED, NotFound))
async def unbind_person_wechat(
    person_id: UUID, caller: Decider, session: Transaction, origin: TheOrigin
) -> schemas.Unbound:
    """解绑他人微信。For a lost phone: nobody signs in with it any more, in any mini-program. Then invite the person again."""
    return schemas.Unbound(unbound=await unbind_other(session, caller, person_id, origin=origin))
