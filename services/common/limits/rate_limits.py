"""Limits by person, address and action that all replicas share: token buckets in PostgreSQL, one statement a request.

A bucket is one moment: when it will be full again (GCRA). Taking moves that moment on. Where one bucket would overflow,
nothing is taken of any, so that who is refused uses up nothing of somebody else's; the answer says when to come back.
Names and addresses are kept as digests only.
"""

import hashlib
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import DateTime, event, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.common.db import Database
from services.common.limits.rate_standing import Standing, note_given_back, note_standing
from services.common.problems import TooManyRequests

_SWEEP_EVERY = 2_000
_SWEEP_AT_MOST = 5_000


class RateBucketColumns:
    """The table `rate_buckets`, one in each schema that limits. UNLOGGED: after a crash everybody starts afresh."""

    __tablename__ = "rate_buckets"

    key: Mapped[bytes] = mapped_column(primary_key=True)
    full_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)


@dataclass(frozen=True, slots=True)
class Limit:
    """`burst` at once, then one more `every` so often. Not `told`: what is left would tell of somebody else."""

    name: str
    burst: int
    every: timedelta
    told: bool = True

    @property
    def window(self) -> float:
        """Seconds in which an empty bucket is full again."""
        return self.every.total_seconds() * self.burst

    def of(self, *subject: str) -> "Charge":
        return Charge(self, "\x1f".join(subject))


@dataclass(frozen=True, slots=True)
class Charge:
    """One unit of a limit, for one subject."""

    limit: Limit
    subject: str

    @property
    def key(self) -> bytes:
        return hashlib.sha256(f"{self.limit.name}\x1e{self.subject}".encode("utf-8", "replace")).digest()[:16]


_TAKE = """
WITH wanted AS (
    SELECT * FROM unnest(CAST(:keys AS bytea[]), CAST(:steps AS float8[]), CAST(:bursts AS float8[])) AS w (key, step, burst)
), held AS (
    SELECT key, full_at FROM {table} WHERE key IN (SELECT key FROM wanted) ORDER BY key FOR UPDATE
), weighed AS (
    SELECT w.key, w.step, extract(epoch FROM greatest(h.full_at, now()) - now()) + w.step - w.burst AS wait
    FROM wanted w LEFT JOIN held h USING (key)
), taken AS (
    INSERT INTO {table} AS bucket (key, full_at)
    SELECT key, now() + make_interval(secs => step) FROM weighed
    WHERE NOT EXISTS (SELECT FROM weighed WHERE wait > 0) ORDER BY key
    ON CONFLICT (key) DO UPDATE SET full_at = greatest(bucket.full_at, now()) + (excluded.full_at - now())
    WHERE greatest(bucket.full_at, now()) + (excluded.full_at - now())
        <= now() + make_interval(secs => (SELECT w.burst FROM wanted w WHERE w.key = bucket.key))
    RETURNING key, extract(epoch FROM full_at - now()) AS used
)
SELECT key, NULL AS wait, used FROM taken
UNION ALL
SELECT key, wait, NULL FROM weighed
WHERE wait > 0 OR (NOT EXISTS (SELECT FROM weighed WHERE wait > 0) AND key NOT IN (SELECT key FROM taken))
"""
_GIVE_BACK = "UPDATE {table} SET full_at = full_at - make_interval(secs => :step) WHERE key = :key"
_SWEEP = """
DELETE FROM {table} WHERE key IN
    (SELECT key FROM {table} WHERE full_at < now() LIMIT :at_most FOR UPDATE SKIP LOCKED)
"""


class RateLimiter:
    """The limits of one service, over its own table."""

    def __init__(self, database: Database, *, schema: str) -> None:
        self._database = database
        self._table = f"{schema}.{RateBucketColumns.__tablename__}"
        self._until_sweep = _SWEEP_EVERY

    async def take(self, *charges: Charge) -> None:
        """Raises TooManyRequests for the bucket that is emptied the longest. Committed at once, whatever follows."""
        parameters = {
            "keys": [charge.key for charge in charges],
            "steps": [charge.limit.every.total_seconds() for charge in charges],
            "bursts": [charge.limit.window for charge in charges],
        }
        async with self._database.reading() as session:
            rows = (await session.execute(text(_TAKE.format(table=self._table)), parameters)).all()
            await self._sweep_sometimes(session)
        limits = {charge.key: charge.limit for charge in charges}
        refused = [row for row in rows if row.wait is not None]
        if refused:
            row = max(refused, key=lambda each: each.wait)
            raise too_many(limits[bytes(row.key)], float(row.wait))
        used = {bytes(row.key): float(row.used) for row in rows}
        for key, limit in limits.items():
            _tell(limit, used=used[key])

    async def give_back(self, session: AsyncSession, *charges: Charge) -> None:
        """What was taken in advance for a failure that did not come about. Told once it is committed: a refusal takes it back."""
        for charge in sorted(charges, key=lambda each: each.key):
            parameters = {"key": charge.key, "step": charge.limit.every.total_seconds()}
            await session.execute(text(_GIVE_BACK.format(table=self._table)), parameters)
            _after_commit(session, charge.limit)

    async def _sweep_sometimes(self, session: AsyncSession) -> None:
        self._until_sweep -= 1
        if self._until_sweep <= 0:
            self._until_sweep = _SWEEP_EVERY
            await session.execute(text(_SWEEP.format(table=self._table)), {"at_most": _SWEEP_AT_MOST})


def too_many(limit: Limit, wait: float) -> TooManyRequests:
    """The refusal, with the headers of the IETF draft `RateLimit header fields for HTTP`."""
    seconds = max(1, math.ceil(wait))
    window = max(1, math.ceil(limit.window))
    return TooManyRequests(headers=headers_of(limit.name, quota=limit.burst, window=window, wait=seconds))


def _after_commit(session: AsyncSession, limit: Limit) -> None:
    def tell(_: object = None) -> None:
        note_given_back(limit.name, seconds=limit.every.total_seconds())

    if session.get_bind().get_execution_options().get("isolation_level") == "AUTOCOMMIT":
        tell()
    else:
        event.listen(session.sync_session, "after_commit", tell, once=True)


def _tell(limit: Limit, *, used: float) -> None:
    if limit.told:
        left = max(0, math.floor((limit.window - used) / limit.every.total_seconds() + 1e-6))
        note_standing(limit.name, Standing(limit.burst, max(1, math.ceil(limit.window)), left, used))


def headers_of(name: str, *, quota: int, window: int, wait: int) -> dict[str, str]:
    return {
        "Retry-After": str(wait),
        "RateLimit-Policy": f'"{name}";q={quota};w={window}',
        "RateLimit": f'"{name}";r=0;t={wait}',
    }
