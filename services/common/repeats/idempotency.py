"""The same POST twice with one Idempotency-Key is done once, and answered twice.

The key is claimed in the transaction of the deed itself: a second request waits for the first at the unique index,
then reads its answer; when the first rolls back, the second does the work. Nothing is remembered of a refusal.
Answers are kept sealed, because some hold a secret that is shown once and most hold personal data.
"""

import hashlib
import json
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy import DateTime, Text, delete, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.common.db import Database, fetch
from services.common.prepared import Slot, prepare
from services.common.problems import IdempotencyKeyReused
from services.common.repeats.answer_seal import AnswerSeal

KEPT = timedelta(days=7)
"""How long an answer is repeated at least."""
_CLEAR_EVERY_SECONDS = 3600.0
_CLEARED_AT_ONCE = 5000
_AT_A_TIME = 200
_NAMED = ("caller", "operation", "key")
_CLAIM = (*_NAMED, "request_hash")
_ANSWER = ("status", "headers", "answer")
_SEALED = "sealed"
_FORMAT = "2:"
"""Before the hash of a request whose answer is sealed: a replica of the release before does not take it for one of its own."""


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
    def named(self) -> dict[str, object]:
        """What tells it from all others."""
        return {"caller": self.caller, "operation": self.operation, "key": self.key}

    @property
    def request_hash(self) -> str:
        return _FORMAT + hashlib.sha256(self.content).hexdigest()

    @property
    def place(self) -> str:
        return _place(self.caller, self.operation, self.key or "")


def content_of(body: BaseModel) -> bytes:
    """A body as the content of a claim. ASCII, because a body that is refused later may hold what UTF-8 cannot."""
    return json.dumps(body.model_dump(mode="python"), sort_keys=True, default=str).encode("ascii")


class _Written(JSONResponse):
    """JSON that is text already: pydantic writes it in half the time, and an answer given again is the same text."""

    def render(self, content: str) -> bytes:
        return content.encode()


class KeptAnswers:
    """The answers that one service gave under keys."""

    def __init__(self, database: Database, table: type[IdempotencyKeyColumns], seal: AnswerSeal) -> None:
        self._database = database
        self._table = table
        self._seal = seal
        self._claim = prepare(
            insert(table).values({name: Slot(name) for name in _CLAIM}).on_conflict_do_nothing().returning(table.key)
        )
        named = [getattr(table, name) == Slot(name) for name in _NAMED]
        self._claimed = prepare(select(table.request_hash, table.status, table.headers, table.answer).where(*named))
        self._keep = prepare(update(table).where(*named).values({name: Slot(name) for name in _ANSWER}))
        self._cleared = float("-inf")

    async def given(self, claim: Claim) -> JSONResponse | None:
        """The answer given before, for routes that do something else ahead of the deed. Raises IdempotencyKeyReused."""
        if claim.key is None:
            return None
        rows = await self._database.fetch(self._claimed.text, *self._claimed.given(claim.named))
        return self._repeated(rows[0], claim) if rows else None

    async def once(self, claim: Claim, perform: Callable[[AsyncSession], Awaitable[Answer]]) -> JSONResponse:
        """Performs the deed in one transaction, or repeats the answer given before. Raises IdempotencyKeyReused."""
        if claim.key is not None:
            await self._clear_now_and_then()
        async with self._database.transaction() as session:
            if claim.key is not None and not await self._take(session, claim):
                (row,) = await fetch(session, self._claimed.text, *self._claimed.given(claim.named))
                return self._repeated(row, claim)
            answer = await perform(session)
            body = answer.body.model_dump_json()
            if claim.key is not None:
                kept = {
                    "status": answer.status,
                    "headers": json.dumps(dict(answer.headers)),
                    "answer": json.dumps({_SEALED: self._seal.seal(body, place=claim.place)}),
                }
                await fetch(session, self._keep.text, *self._keep.given(claim.named | kept))
        return _Written(body, answer.status, headers=dict(answer.headers))

    async def reseal(self) -> int:
        """Every answer under the first key, after a change of keys. Raises AnswerSealBrokenError."""
        table, done = self._table, 0
        last = ("", "", "")
        identity = tuple_(table.caller, table.operation, table.key)
        while True:
            async with self._database.transaction() as session:
                page = select(table).where(identity > last, table.request_hash.startswith(_FORMAT))
                page = page.order_by(identity).limit(_AT_A_TIME)
                rows = (await session.scalars(page.with_for_update())).all()
                for row in rows:
                    place = _place(row.caller, row.operation, row.key)
                    resealed = self._seal.resealed((row.answer or {})[_SEALED], place=place)
                    if resealed is not None:
                        row.answer = {_SEALED: resealed}
                        done += 1
                if not rows:
                    return done
                last = (rows[-1].caller, rows[-1].operation, rows[-1].key)

    async def _take(self, session: AsyncSession, claim: Claim) -> bool:
        claimed = self._claim.given(claim.named | {"request_hash": claim.request_hash})
        return bool(await fetch(session, self._claim.text, *claimed))

    def _repeated(self, row: Sequence[Any], claim: Claim) -> JSONResponse:
        request_hash, status, headers, answer = row
        if request_hash != claim.request_hash:
            raise IdempotencyKeyReused
        body = self._seal.open(answer[_SEALED], place=claim.place)
        return _Written(body, status, headers={**(headers or {}), "Idempotent-Replayed": "true"})

    async def _clear_now_and_then(self) -> None:
        """Old answers go, once an hour of each process: nobody repeats them, and they hold personal data."""
        if time.monotonic() - self._cleared < _CLEAR_EVERY_SECONDS:
            return
        self._cleared = time.monotonic()
        table = self._table
        identity = tuple_(table.caller, table.operation, table.key)
        old = select(table.caller, table.operation, table.key).where(table.created_at < func.now() - KEPT)
        async with self._database.transaction() as session:
            await session.execute(delete(table).where(identity.in_(old.limit(_CLEARED_AT_ONCE))))


def _place(caller: str, operation: str, key: str) -> str:
    return f"answer {operation} {caller} {key}"
