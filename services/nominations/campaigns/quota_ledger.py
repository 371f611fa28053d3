"""The seat ledger under a row lock: the rule of quotas.py decides, the account is written, a line is added.

Never count-then-insert: whoever comes second waits at the row lock and reads what the first has left.
"""

from dataclasses import fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.nominations.domain import quotas
from services.nominations.problems import NoSeatGranted, QuotaExhausted
from services.nominations.tables import Nomination, QuotaAccount, QuotaEntry


async def move_seat(session: AsyncSession, nomination: Nomination, movement: quotas.Movement, *, at: datetime) -> None:
    """Moves one seat of the case's recommending organisation.

    Raises NoSeatGranted where there never was one (R15), QuotaExhausted when none is left (R14).
    """
    account = await locked_account(
        session, nomination.campaign_key, nomination.quota_unit, category=nomination.category
    )
    try:
        write_movement(session, account, movement, seats=1, at=at, nomination_id=nomination.id)
    except quotas.QuotaExhausted:
        raise QuotaExhausted from None


async def locked_account(session: AsyncSession, campaign_key: str, quota_unit: str, *, category: str) -> QuotaAccount:
    """The account under a row lock until the transaction ends. Raises NoSeatGranted."""
    account = await session.scalar(
        select(QuotaAccount)
        .where(
            QuotaAccount.campaign_key == campaign_key,
            QuotaAccount.quota_unit == quota_unit,
            QuotaAccount.category == category,
        )
        .with_for_update()
    )
    if account is None or account.granted == 0:
        raise NoSeatGranted
    return account


def write_movement(
    session: AsyncSession,
    account: QuotaAccount,
    movement: quotas.Movement,
    *,
    seats: int,
    at: datetime,
    nomination_id: UUID | None = None,
) -> None:
    """Writes the account and its line; no seats, no line. The caller holds the account's lock.

    Raises quotas.QuotaExhausted, QuotaMisused.
    """
    if not seats:
        return
    moved = quotas.QuotaAccount(**{each.name: getattr(account, each.name) for each in fields(quotas.QuotaAccount)})
    for _ in range(seats):
        moved = moved.after(movement)
    for each in fields(moved):
        setattr(account, each.name, getattr(moved, each.name))
    session.add(
        QuotaEntry(
            id=uuid7(),
            campaign_key=account.campaign_key,
            quota_unit=account.quota_unit,
            category=account.category,
            kind=movement.value,
            seats=seats,
            nomination_id=nomination_id,
            recorded_at=at,
        )
    )
