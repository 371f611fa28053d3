"""Cases of one collective that stood side by side before the database kept them from that, for an operator to see to.

Migrations 0033 and 0036 left the later ones without the key by which the database knows a collective again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.nominations.domain.subject import collective_key, entity_code
from services.nominations.domain.workflow import TERMINAL, Status
from services.nominations.tables import Nomination

_STANDS = and_(Nomination.status.not_in([Status.DRAFT, *TERMINAL]), Nomination.identity_index.is_(None))
_HAS_NO_KEY = or_(
    Nomination.collective_key.is_(None), and_(Nomination.entity_code.is_(None), Nomination.credit_code.is_not(None))
)


@dataclass(frozen=True, slots=True)
class Twice:
    """A case, and the one that holds the place of the same collective. No names: ids are enough to find them."""

    campaign_key: str
    quota_unit: str
    case: UUID
    beside: UUID
    known_by: str
    """`collective_key` or `entity_code`."""


async def cases_standing_twice(session: AsyncSession) -> list[Twice]:
    """Oldest submission first. One that stands alone by now is given its key again."""
    found = []
    waiting = select(Nomination).where(_STANDS, _HAS_NO_KEY).order_by(Nomination.submitted_at, Nomination.id)
    for case in (await session.scalars(waiting.with_for_update())).all():
        keys = {
            "collective_key": (case.collective_key, collective_key(case.name)),
            "entity_code": (case.entity_code, entity_code(case.credit_code, case.form)),
        }
        for column, (kept, own) in keys.items():
            if kept is not None or own is None:
                continue
            beside = await _holder(session, case, getattr(Nomination, column) == own)
            if beside is None:
                await session.execute(update(Nomination).where(Nomination.id == case.id).values({column: own}))
            else:
                found.append(Twice(case.campaign_key, case.quota_unit, case.id, beside, column))
    return found


async def _holder(session: AsyncSession, case: Nomination, same: ColumnElement[bool]) -> UUID | None:
    of_its_kind: Sequence[Any] = (
        Nomination.campaign_key == case.campaign_key,
        Nomination.category == case.category,
    )
    holder: UUID | None = await session.scalar(select(Nomination.id).where(*of_its_kind, same, _STANDS))
    return holder
