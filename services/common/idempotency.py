"""The same POST twice with one Idempotency-Key is done once, and answered twice.

The key is claimed in the transaction of the deed itself: a second request waits for the first at the unique index,
then reads its answer; when the first rolls back, the second does the work. Nothing is remembered of a refusal.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from fastapi import Header
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy import DateTime, Select, Text, func, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.common.db import Database
from services.common.problems import IdempotencyKeyReused

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[\x21-\x7e]{8,128}$",
        description="A random value of your own; send the same one when you repeat a request after a lost answer",
    ),
]


class IdempotencyKeyColumns:
    """The table `idempotency_keys`, one in each service's schema."""

    __tablename__ = "idempotency_keys"

    caller: Mapped[str] = mapped_column(Text, primary_key=True)
    operation: Mapped[str] = mapped_column(Text, primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    request_hash: Mapped[str] = mapped_column(Text)
    status: Mapped[int | None]
    headers: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


@dataclass(frozen=True, slots=True)
class Answer:
    """What a use case answers: status, body, headers."""

    status: int
    body: BaseModel
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Claim:
    """Who asks for what under which key; `content` is whatever makes two requests the same request."""

    caller: str
    operation: str
    key: str | None
    content: bytes

    @property
    def request_hash(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def content_of(body: BaseModel) -> bytes:
    """A body as the content of a claim. ASCII, because a body that is refused later may hold what UTF-8 cannot."""
    return json.dumps(body.model_dump(mode="python"), sort_keys=True, default=str).encode("ascii")


async def repeated_answer(database: Database, table: type[IdempotencyKeyColumns], claim: Claim) -> JSONResponse | None:
    """The answer given before, for routes that ask another service ahead of the deed. Raises IdempotencyKeyReused."""
    if claim.key is None:
        return None
    async with database.reading() as session:
        row = (await session.execute(_claimed(table, claim))).one_or_none()
    return None if row is None else _replayed(row, claim)


async def answer_once(
    database: Database,
    table: type[IdempotencyKeyColumns],
    claim: Claim,
    perform: Callable[[AsyncSession], Awaitable[Answer]],
) -> JSONResponse:
    """Performs the deed in one transaction, or repeats the answer given before. Raises IdempotencyKeyReused."""
    async with database.transaction() as session:
        if claim.key is not None:
            repeated = await _answered_before(session, table, claim)
            if repeated is not None:
                return repeated
        answer = await perform(session)
        body = answer.body.model_dump(mode="json")
        if claim.key is not None:
            await session.execute(
                update(table)
                .where(table.caller == claim.caller, table.operation == claim.operation, table.key == claim.key)
                .values(status=answer.status, headers=dict(answer.headers), answer=body)
            )
    return JSONResponse(body, answer.status, headers=dict(answer.headers))


async def _answered_before(
    session: AsyncSession, table: type[IdempotencyKeyColumns], claim: Claim
) -> JSONResponse | None:
    claimed = await session.execute(
        insert(table)
        .values(caller=claim.caller, operation=claim.operation, key=claim.key, request_hash=claim.request_hash)
        .on_conflict_do_nothing()
        .returning(table.key)
    )
    if claimed.first() is not None:
        return None
    return _replayed((await session.execute(_claimed(table, claim))).one(), claim)


def _claimed(table: type[IdempotencyKeyColumns], claim: Claim) -> Select[Any]:
    return select(table.request_hash, table.status, table.headers, table.answer).where(
        table.caller == claim.caller, table.operation == claim.operation, table.key == claim.key
    )


def _replayed(row: Any, claim: Claim) -> JSONResponse:
    if row.request_hash != claim.request_hash:
        raise IdempotencyKeyReused
    return JSONResponse(row.answer, row.status, headers={**(row.headers or {}), "Idempotent-Replayed": "true"})
