"""A new signing key takes over: published first, used when every service has had time to fetch it, the old one kept on."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, or_, select, update

from services.auth.audit import Action, record
from services.auth.keys.sealing import Vault
from services.auth.keys.signing_keys import LOCK, RELOAD_SECONDS, new_key
from services.auth.queries import keys_in_force
from services.auth.tables import SigningKeyRow
from services.common.db import Database

LEAD = timedelta(minutes=10)
"""Twice the time that the JWKS may be cached."""
_GRACE = timedelta(seconds=RELOAD_SECONDS + 60)
"""A replica may sign with the old key until it reads the keys again; clocks differ."""


@dataclass(frozen=True, slots=True)
class Rotation:
    kid: str
    signs_from: datetime
    old_kept_until: datetime
    begun_before: bool = False
    """A rotation was under way already: nothing was changed."""


async def rotate_keys(
    database: Database, vault: Vault, *, token_lifetime: timedelta, lead: timedelta = LEAD
) -> Rotation:
    """Begins a rotation; at once and without grace when `lead` is zero, because what signed before is no longer trusted.

    That takes back the keys too that an earlier rotation keeps for a while: nobody knows which of them was stolen.
    """
    async with database.transaction() as session:
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtext(LOCK))))
        now = datetime.now(UTC)
        pending = [row for row in await keys_in_force(session, now) if row.signs_from > now]
        if pending and lead:
            kept_until = pending[0].signs_from + token_lifetime + _GRACE
            return Rotation(pending[0].kid, pending[0].signs_from, kept_until, begun_before=True)
        key = new_key(vault, now=now, signs_from=now + lead)
        kept_until = key.signs_from + token_lifetime + _GRACE if lead else now
        still = SigningKeyRow.published_until
        meant = still.is_(None) if lead else or_(still.is_(None), still > now)
        await session.execute(update(SigningKeyRow).where(meant).values(published_until=kept_until))
        session.add(key)
        await session.flush()
        await record(session, Action.KEY_ROTATED, person_id=None, origin=None, kid=key.kid, at_once=not lead)
        return Rotation(key.kid, key.signs_from, kept_until)
