"""Guessing passwords is made slow, without a lock that a stranger could close.

An attempt is counted before the password is looked at, and taken back when it was right: a hundred guesses sent at once
count as a hundred. What the limits refuse is no attempt: nobody waits longer because their office used up its address.
"""

import math
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.domain.sign_in_delays import FORGOTTEN_AFTER_SECONDS, FREE_ATTEMPTS, LONGEST_SECONDS, WAITS
from services.auth.limit_tables import KnownAddressRow, SignInAttemptRow
from services.auth.limits import SIGN_IN_BY_ACCOUNT, SIGN_IN_BY_ADDRESS
from services.auth.problems import SignInDelayed
from services.auth.queries import signed_in_from
from services.auth.resources import Resources
from services.common.limits.rate_limits import Charge, headers_of

_SWEPT_AT_ONCE = 20
_COUNT = text(
    """
    WITH counted AS (
        INSERT INTO auth.sign_in_attempts AS a (key, attempts, last_at, free_at) VALUES (:key, 1, now(), now())
        ON CONFLICT (key) DO UPDATE SET
            attempts = CASE WHEN a.last_at < now() - make_interval(secs => :forgotten) THEN 1 ELSE a.attempts + 1 END,
            last_at = now(),
            free_at = now() + make_interval(secs => CASE WHEN a.last_at < now() - make_interval(secs => :forgotten)
                THEN 0 ELSE (CAST(:waits AS float8[]))[least(a.attempts + 1, cardinality(CAST(:waits AS float8[])))] END)
        WHERE a.free_at <= clock_timestamp()
        RETURNING key
    ), swept AS (
        DELETE FROM auth.sign_in_attempts WHERE key IN (
            SELECT key FROM auth.sign_in_attempts
            WHERE last_at < now() - make_interval(secs => :forgotten) AND key <> :key
            ORDER BY last_at LIMIT :swept_at_once FOR UPDATE SKIP LOCKED
        )
    )
    SELECT extract(epoch FROM free_at - now()) FROM auth.sign_in_attempts
    WHERE key = :key AND NOT EXISTS (SELECT FROM counted)
    """
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at one account from one address, counted."""

    key: bytes
    address_mark: bytes
    charges: tuple[Charge, ...]


async def count_attempt(resources: Resources, *, account: str, person_id: UUID | None, address: str) -> Attempt:
    """Raises SignInDelayed, TooManyRequests: alike for an account that exists and one that does not."""
    key = resources.vault.fingerprint(f"attempt {account} {address}")
    address_mark = resources.vault.fingerprint(f"address {account} {address}")
    async with resources.database.reading() as session:
        known = await signed_in_from(session, person_id, address_mark)
    charges = (SIGN_IN_BY_ADDRESS.of(address), *(() if known else (SIGN_IN_BY_ACCOUNT.of(account),)))
    await resources.limiter.take(*charges)
    parameters = {
        "key": key,
        "waits": [float(each) for each in WAITS],
        "forgotten": FORGOTTEN_AFTER_SECONDS,
        "swept_at_once": _SWEPT_AT_ONCE,
    }
    async with resources.database.reading() as session:
        wait = await session.scalar(_COUNT, parameters)
        if wait is None:
            return Attempt(key, address_mark, charges)
        await resources.limiter.give_back(session, *charges)  # who waits uses up nothing
    seconds = max(1, math.ceil(wait))
    raise SignInDelayed(headers=headers_of("sign_in", quota=FREE_ATTEMPTS, window=LONGEST_SECONDS, wait=seconds))


async def forgive(session: AsyncSession, resources: Resources, attempt: Attempt, *, person_id: UUID) -> None:
    """The password was right: earlier slips at this address are forgotten, and the address is known from now on."""
    await session.execute(delete(SignInAttemptRow).where(SignInAttemptRow.key == attempt.key))
    await resources.limiter.give_back(session, *attempt.charges)
    known = insert(KnownAddressRow).values(person_id=person_id, address_mark=attempt.address_mark, seen_at=func.now())
    await session.execute(
        known.on_conflict_do_update(
            index_elements=["person_id", "address_mark"],
            set_={"seen_at": func.now()},
            where=KnownAddressRow.seen_at < func.now() - text("interval '1 day'"),
        )
    )
