"""Passwords by argon2id, off the event loop and few at a time, so that many sign-ins harm no other answer."""

import secrets

from anyio import CapacityLimiter, to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_AT_ONCE = 2


class Passwords:
    """Parameters: OWASP Password Storage Cheat Sheet, 19 MiB, two passes, one lane; about 20 ms."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
        self._limiter = CapacityLimiter(_AT_ONCE)
        self._nobodys_hash = self._hasher.hash(secrets.token_hex())

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
