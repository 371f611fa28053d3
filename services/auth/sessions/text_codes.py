"""Codes by text message: asked for by anybody, sent to numbers that an inviter wrote down, tried few times, spent once."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.domain.text_codes import DIGITS, LIFETIME, TRIES, sentence
from services.auth.keys.sealing import Vault
from services.auth.limits import TEXT_CODE_AGAIN, TEXT_CODE_BY_ADDRESS, TEXT_CODE_BY_PHONE
from services.auth.messages.phones import phone_mark
from services.auth.problems import PhoneNotUsable, TextCodeWrong
from services.auth.resources import Resources
from services.auth.sessions.origin import Origin
from services.auth.sessions.text_code_tables import TextCodeRow
from services.auth.tables import PersonRow
from services.common.messages.text_messages import TextMessage, mobile_number

_SWEPT_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Ticket:
    ticket: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class TextProof:
    """What somebody shows who received a code."""

    phone: str
    ticket: str
    code: str


async def send_text_code(resources: Resources, *, phone: str, origin: Origin) -> Ticket:
    """The same answer after the same work for a number that nobody wrote down: then nothing is sent.

    Raises PhoneNotUsable, TextMessagesOff, TextMessageNotSent, TooManyRequests.
    """
    number = mobile_number(phone)
    if number is None:
        raise PhoneNotUsable
    resources.later.refuse_when_off()
    mark = phone_mark(resources.vault, number)
    again = TEXT_CODE_AGAIN.of(mark.hex(), origin.address)
    await resources.limiter.take(again, TEXT_CODE_BY_ADDRESS.of(origin.address), TEXT_CODE_BY_PHONE.of(mark.hex()))
    code, ticket = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}", secrets.token_urlsafe(24)
    expires_at = datetime.now(UTC) + LIFETIME
    async with resources.database.transaction() as session:
        await _sweep(session)
        session.add(
            TextCodeRow(
                ticket_hash=_ticket_hash(ticket),
                phone_mark=mark,
                code_hash=_code_hash(resources.vault, ticket, code),
                expires_at=expires_at,
            )
        )
        known = await session.scalar(select(exists().where(PersonRow.phone_mark == mark)))
    parameters = {"code": code, "minutes": str(LIFETIME.seconds // 60)}
    message = TextMessage(number, "sign_in_code", sentence(code), parameters)
    resources.later.send(message if known else None)
    return Ticket(ticket, expires_at)


async def try_text_code(resources: Resources, proof: TextProof) -> bytes:
    """The mark of the number that is proved. Every try counts, committed at once. Raises TextCodeWrong."""
    number = mobile_number(proof.phone)
    mark = b"" if number is None else phone_mark(resources.vault, number)
    async with resources.database.transaction() as session:
        row = (
            await session.execute(
                update(TextCodeRow)
                .where(
                    TextCodeRow.ticket_hash == _ticket_hash(proof.ticket),
                    TextCodeRow.expires_at > datetime.now(UTC),
                    TextCodeRow.tries < TRIES,
                )
                .values(tries=TextCodeRow.tries + 1)
                .returning(TextCodeRow.phone_mark, TextCodeRow.code_hash)
            )
        ).one_or_none()
    expected = _code_hash(resources.vault, proof.ticket, proof.code)
    if row is None or row.phone_mark != mark or not hmac.compare_digest(row.code_hash, expected):
        raise TextCodeWrong
    return mark


async def spend_text_code(session: AsyncSession, proof: TextProof) -> None:
    """Of two uses of one code the second finds it gone. Raises TextCodeWrong."""
    spent = await session.scalar(
        delete(TextCodeRow)
        .where(TextCodeRow.ticket_hash == _ticket_hash(proof.ticket))
        .returning(TextCodeRow.ticket_hash)
    )
    if spent is None:
        raise TextCodeWrong


async def _sweep(session: AsyncSession) -> None:
    expired = (
        select(TextCodeRow.ticket_hash)
        .where(TextCodeRow.expires_at < datetime.now(UTC))
        .limit(_SWEPT_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    await session.execute(delete(TextCodeRow).where(TextCodeRow.ticket_hash.in_(expired)))


def _ticket_hash(ticket: str) -> bytes:
    return hashlib.sha256(ticket.encode()).digest()


def _code_hash(vault: Vault, ticket: str, code: str) -> bytes:
    return vault.fingerprint(f"text code {ticket} {code}")
