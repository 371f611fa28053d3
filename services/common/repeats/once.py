"""A POST that is done once under its key: what a route asks for, and how it answers.

A signed-in caller's key counts among their own. Whoever has not signed in is known by the key alone, so theirs must be
one that nobody guesses: with it anybody may hear the answer again.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.answers.strict_json import strict_loads
from services.common.callers.tokens import Caller
from services.common.db import write_held_back
from services.common.repeats.idempotency import Answer, Claim, KeptAnswers

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[\x21-\x7e]{8,128}$",
        description="A random value of your own; send the same one when you repeat a request after a lost answer",
    ),
]
SecretKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[\x21-\x7e]{22,128}$",
        description="A random value of your own, such as a UUID, which nobody can guess; "
        "send the same one when you repeat a request after a lost answer, and keep it to yourself",
    ),
]
Perform = Callable[[AsyncSession], Awaitable[Answer | BaseModel]]


@dataclass(frozen=True, slots=True)
class OncePerKey:
    """One request and its key."""

    answers: KeptAnswers
    operation: str
    key: str | None
    content: bytes

    async def given(self, caller: Caller | None) -> JSONResponse | None:
        """The answer given before, for routes that do something else ahead of the deed. Raises IdempotencyKeyReused."""
        return await self.answers.given(self._claim(caller))

    async def do(self, caller: Caller | None, perform: Perform) -> JSONResponse:
        """In one transaction. A model is answered as 201. Raises IdempotencyKeyReused, and what `perform` raises."""

        async def answered(session: AsyncSession) -> Answer:
            done = await perform(session)
            await write_held_back(session)
            return done if isinstance(done, Answer) else Answer(201, done)

        return await self.answers.once(self._claim(caller), answered)

    def _claim(self, caller: Caller | None) -> Claim:
        return Claim("" if caller is None else caller.subject, self.operation, self.key, self.content)


def with_body(answer: JSONResponse, body: BaseModel) -> JSONResponse:
    """The answer with another body: for what is not kept, but made anew each time."""
    headers = {name: value for name, value in answer.headers.items() if not name.startswith("content-")}
    return JSONResponse(body.model_dump(mode="json"), answer.status_code, headers=headers)


async def _once(request: Request, idempotency_key: IdempotencyKey = None) -> OncePerKey:
    return await _of(request, idempotency_key)


async def _once_for_anybody(request: Request, idempotency_key: SecretKey = None) -> OncePerKey:
    return await _of(request, idempotency_key)


async def _of(request: Request, key: str | None) -> OncePerKey:
    content = b"" if key is None else await _content(request)
    return OncePerKey(request.app.state.kept_answers, request.scope["route"].name, key, content)


async def _content(request: Request) -> bytes:
    """What makes two requests the same one: address, version edited, and the body however its members are ordered."""
    try:
        body = json.dumps(strict_loads(await request.body()), sort_keys=True)
    except json.JSONDecodeError:
        body = ""  # of a route that reads none
    told = (request.url.path, request.url.query, request.headers.get("if-match", ""), body)
    return json.dumps(told).encode("ascii")


Once = Annotated[OncePerKey, Depends(_once)]
OnceForAnybody = Annotated[OncePerKey, Depends(_once_for_anybody)]
