"""A person's own e-mail address: given, confirmed by the code that went there, taken back."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.keys.sealing import Vault
from services.auth.limits import EMAIL_CODES_BY_ADDRESS, EMAIL_CODES_BY_PERSON
from services.auth.messages.email_tables import EmailAddressRow
from services.auth.problems import EmailCodeWrong
from services.auth.resources import Resources
from services.common.callers.tokens import Caller
from services.common.messages.emails import Email
from services.common.problems import NotFound

CODE_HOLDS = timedelta(minutes=30)
TRIES_A_CODE = 5
_DIGITS = 6
PURPOSE = "email"


@dataclass(frozen=True, slots=True)
class OwnAddress:
    """The address as its owner sees it; nobody else does."""

    address: str
    confirmed: bool


async def give_address(resources: Resources, caller: Caller, *, address: str) -> OwnAddress:
    """Replaces the one before, and sends a code to it. Raises TooManyRequests, EmailOff, EmailNotSent, EmailRefused.

    Limited by person and by mailbox: nobody is made to flood a stranger.
    """
    await resources.limiter.take(
        EMAIL_CODES_BY_PERSON.of(caller.subject), EMAIL_CODES_BY_ADDRESS.of(address.casefold())
    )
    code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
    minutes = int(CODE_HOLDS.total_seconds() // 60)
    text = f"验证码：{code}\n\n用于确认接收评选推荐工作提醒的邮箱，{minutes}分钟内有效。如非本人操作，请忽略。\n"
    await resources.emails.send(Email(to=address, subject="确认接收提醒的邮箱", text=text))
    facts = {
        "sealed_address": resources.vault.seal(address.encode(), purpose=PURPOSE),
        "code_hash": _code_hash(resources.vault, caller, code),
        "code_until": datetime.now(UTC) + CODE_HOLDS,
        "tries": 0,
        "confirmed_at": None,
    }
    written = insert(EmailAddressRow).values(person_id=caller.person_id, **facts)
    async with resources.database.transaction() as session:
        await session.execute(written.on_conflict_do_update(index_elements=["person_id"], set_=facts))
    return OwnAddress(address, confirmed=False)


async def confirm_address(resources: Resources, caller: Caller, *, code: str) -> OwnAddress:
    """From here on messages go there. Raises NotFound without an address, EmailCodeWrong; a code dies of five wrong tries."""
    async with resources.database.transaction() as session:
        row = await session.get(EmailAddressRow, caller.person_id, with_for_update=True)
        if row is None:
            raise NotFound
        right = row.confirmed_at is not None or _is_right(resources.vault, caller, row, code)
        if not right:
            row.tries = min(row.tries + 1, TRIES_A_CODE)
        elif row.confirmed_at is None:
            row.code_hash, row.confirmed_at = None, datetime.now(UTC)
        address = open_address(resources.vault, row.sealed_address)
    if not right:
        raise EmailCodeWrong
    return OwnAddress(address, confirmed=True)


async def own_address(session: AsyncSession, resources: Resources, caller: Caller) -> OwnAddress:
    """Raises NotFound."""
    row = await session.get(EmailAddressRow, caller.person_id)
    if row is None:
        raise NotFound
    return OwnAddress(open_address(resources.vault, row.sealed_address), row.confirmed_at is not None)


async def take_back(session: AsyncSession, caller: Caller) -> None:
    """Nothing goes there any more. Safe to repeat."""
    await session.execute(delete(EmailAddressRow).where(EmailAddressRow.person_id == caller.person_id))


def open_address(vault: Vault, sealed: bytes) -> str:
    return vault.open(sealed, purpose=PURPOSE).decode()


def _is_right(vault: Vault, caller: Caller, row: EmailAddressRow, code: str) -> bool:
    usable = row.tries < TRIES_A_CODE and datetime.now(UTC) < row.code_until
    return usable and hmac.compare_digest(row.code_hash or b"", _code_hash(vault, caller, code))


def _code_hash(vault: Vault, caller: Caller, code: str) -> bytes:
    return vault.fingerprint(f"email code {caller.subject} {code.strip()}")
