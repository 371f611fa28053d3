"""Messages to phones: sent for other services, agreed to by people."""

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.messages.messaging import Message, Recipients, note_consents, send_once
from services.auth.resources import TheResources
from services.auth.schemas.messages import (
    MessageConsent,
    MessageCredits,
    MessageTemplate,
    MessageTemplates,
    NewMessage,
    SentMessage,
    SentMessages,
)
from services.auth.wechat.wechat_problems import WechatIdentityUnknown
from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import CurrentCaller, caller_with
from services.common.lists.paging import page_key, page_token, parsed_key
from services.common.problem_schema import GATED, answers
from services.common.problems import (
    MalformedJson,
)
from services.common.repeats.once import Once

routes = APIRouter(tags=["messages"], route_class=StrictRoute)
_AT_ONCE = 5


@routes.post(
    "/v1/auth/messages",
    status_code=201,
    responses=answers(MalformedJson, *GATED),
    dependencies=[caller_with("service")],
)
async def send_message(wanted: NewMessage, resources: TheResources) -> SentMessages:
    """向手机发送通知（仅供服务间调用）。By WeChat where agreed to, else by text message, else by e-mail; each person once."""
    after = parsed_key(page_key(wanted.page_token), UUID)
    sent, more = await send_once(
        resources,
        Message(
            wanted.message_id, wanted.template, wanted.text, subject=wanted.subject, channels=frozenset(wanted.channels)
        ),
        to=Recipients(**wanted.to.model_dump()),
        after=after[0] if after else None,
    )
    items = [SentMessage(**asdict(each)) for each in sent]
    return SentMessages(items=items, next_page_token=page_token(items[-1].person_id) if more else None)


@routes.get("/v1/auth/message-templates", responses=answers(*GATED))
async def list_message_templates(
    _caller: CurrentCaller, resources: TheResources, appid: Annotated[str, Query(max_length=40)]
) -> MessageTemplates:
    """可订阅的消息模板。Ask for them after a tap: `wx.requestSubscribeMessage({tmplIds})`."""
    kinds: dict[str, list[str]] = {}
    for kind, message in resources.settings.wechat_messages.get(appid, {}).items():
        kinds.setdefault(message.template_id, []).append(kind)
    items = [MessageTemplate(template_id=template, kinds=sorted(each)) for template, each in kinds.items()]
    return MessageTemplates(items=items[:_AT_ONCE])


@routes.post(
    "/v1/auth/message-consents",
    status_code=201,
    response_model=MessageCredits,
    responses=answers(MalformedJson, *GATED, WechatIdentityUnknown),
)
async def create_message_consent(
    wanted: MessageConsent, caller: CurrentCaller, resources: TheResources, once: Once
) -> Response:
    """登记同意接收的订阅消息。One accept allows one message; report each one."""

    async def perform(session: AsyncSession) -> MessageCredits:
        counts = await note_consents(
            session, resources, person_id=caller.person_id, appid=wanted.appid, template_ids=wanted.accepted
        )
        return MessageCredits(credits=counts)

    return await once.do(caller, perform)
