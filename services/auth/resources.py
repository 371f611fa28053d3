"""What the use cases work with: opened when the service starts, closed when it stops."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

import httpx
from anyio import to_thread
from fastapi import Depends, Request

from services.auth.invitations.sheets import SheetWorker
from services.auth.keys.access_tokens import AccessTokens
from services.auth.keys.sealing import Vault
from services.auth.keys.signing_keys import load_key_ring
from services.auth.keys.vault_keys import open_vault
from services.auth.messages.sending_later import SendingLater
from services.auth.sessions.common_passwords import common_passwords
from services.auth.sessions.passwords import Passwords
from services.auth.settings import AuthSettings
from services.auth.tables import IdempotencyKeyRow
from services.auth.wechat.wechat_client import TIMEOUT, WechatClient
from services.common.db import Database
from services.common.limits.rate_limits import RateLimiter
from services.common.messages.emails import EmailSender
from services.common.messages.text_messages import TextMessageSender
from services.common.repeats.idempotency import KeptAnswers


@dataclass(frozen=True, slots=True)
class Resources:
    settings: AuthSettings
    database: Database
    answers: KeptAnswers
    vault: Vault
    passwords: Passwords
    access_tokens: AccessTokens
    wechat: WechatClient
    limiter: RateLimiter
    text_messages: TextMessageSender
    emails: EmailSender
    later: SendingLater
    sheets: SheetWorker


@asynccontextmanager
async def open_resources(settings: AuthSettings) -> AsyncIterator[Resources]:
    async with AsyncExitStack() as closing:
        url = settings.database_url.get_secret_value()
        database = Database(url, pool_size=settings.database_pool_size, application="xianjin-auth")
        closing.push_async_callback(database.close)
        vault = await open_vault(database, settings)
        ring = await load_key_ring(database, vault)
        http = await closing.enter_async_context(
            httpx.AsyncClient(base_url=settings.wechat_base_url, timeout=TIMEOUT, follow_redirects=False)
        )
        await to_thread.run_sync(common_passwords)  # read now, not in the midst of somebody's request
        sheets = SheetWorker()
        sender = settings.text_message_sender()
        later = SendingLater(sender)
        closing.push_async_callback(later.close)
        closing.push_async_callback(sheets.close)
        yield Resources(
            settings=settings,
            database=database,
            answers=KeptAnswers(database, IdempotencyKeyRow, settings.answer_seal()),
            vault=vault,
            passwords=Passwords(),
            access_tokens=AccessTokens(settings.issuer, settings.access_token_lifetime, ring),
            wechat=WechatClient(http, settings.wechat_apps),
            limiter=RateLimiter(database, schema="auth"),
            text_messages=sender,
            later=later,
            emails=settings.email_sender(),
            sheets=sheets,
        )


async def _resources(request: Request) -> Resources:
    resources: Resources = request.app.state.resources
    return resources


TheResources = Annotated[Resources, Depends(_resources)]
