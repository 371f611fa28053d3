"""Passwords by argon2id, off the event loop and few at a time, so that many sign-ins harm no other answer."""

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import CapacityLimiter, to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from services.common.problems import Unavailable

_AT_ONCE = max(1, min(4, (os.cpu_count() or 2) - 1))
"""One core stays free for everybody else's answers."""
_IN_TURN = _AT_ONCE * 4
"""Sign-ins that are worked on: enough that argon2 never waits, so few that the others cost the event loop nothing yet."""
_MOST_WAITING = 1_500
"""About half a minute of work for one core: whoever comes after waits at home."""


class Passwords:
    """Parameters: OWASP Password Storage Cheat Sheet, 19 MiB, two passes, one lane; about 20 ms."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
        self._limiter = CapacityLimiter(_AT_ONCE)
        self._turns = CapacityLimiter(_IN_TURN)
        self._nobodys_hash = self._hasher.hash(secrets.token_hex())

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Waits for its turn before anything is read or counted. Raises Unavailable, which says when to come back."""
        if self._turns.statistics().tasks_waiting >= _MOST_WAITING:
            raise Unavailable(retry_after=30)
        async with self._turns:
            yield

    async def hash(self, password: str) -> str:
        return await to_thread.run_sync(self._hasher.hash, password, limiter=self._limiter)

    async def matches(self, stored_hash: str | None, password: str) -> bool:
        """None (nobody has that name) takes the same time as a wrong password."""
        matched = await to_thread.run_sync(
            self._matches, stored_hash or self._nobodys_hash, password, limiter=self._limiter
        )
        return matched and stored_hash is not None

    def _matches(self, stored_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored_hash, password)
        except (VerificationError, InvalidHashError):
            return False
