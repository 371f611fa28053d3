"""The seat ledger under a row lock: the rule of quotas.py decides, the account is written, a line is added.

Never count-then-insert: whoever comes second waits at the row lock and reads what the first has left.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.nominations.domain import quotas
from services.nominations.problems import QuotaExhausted
from services.nominations.tables import Nomination, QuotaAccount, QuotaEntry


async def move_seat(session: AsyncSession, nomination: Nomination, movement: quotas.Movement, *, at: datetime) -> None:
    """Moves one seat of the case's recommending organisation. Raises QuotaExhausted when none is left (R14)."""
    account = await session.scalar(
        select(QuotaAccount)
        .where(
            QuotaAccount.campaign_key == nomination.campaign_key,
            QuotaAccount.quota_unit == nomination.quota_unit,
            QuotaAccount.category == nomination.category,
        )
        .with_for_update()
    )
    if account is None:
        raise QuotaExhausted
    seats = quotas.QuotaAccount(
        granted=account.granted, reserved=account.reserved, consumed=account.consumed, forfeited=account.forfeited
    )
    try:
        moved = seats.after(movement)
    except quotas.QuotaExhausted:
        raise QuotaExhausted from None
    account.reserved, account.consumed, account.forfeited = moved.reserved, moved.consumed, moved.forfeited
    session.add(
        QuotaEntry(
            id=uuid7(),
            campaign_key=account.campaign_key,
            quota_unit=account.quota_unit,
            category=account.category,
            kind=movement.value,
            seats=1,
            nomination_id=nomination.id,
            recorded_at=at,
        )
    )
