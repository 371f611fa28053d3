"""The published versions of a campaign, and the cases that run under each: what a new version finds when it comes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.nominations.tables import CampaignDefinition, Nomination, QuotaAccount


@dataclass(frozen=True, slots=True)
class CasesOfAVersion:
    """How many cases stand where. They go on under the version they began with."""

    version: int
    stage: str
    status: str
    cases: int


async def published_versions(session: AsyncSession, key: str) -> list[int]:
    """Oldest first."""
    query = select(CampaignDefinition.version).where(CampaignDefinition.key == key)
    return list((await session.scalars(query.order_by(CampaignDefinition.version))).all())


async def published_content(session: AsyncSession, key: str, version: int) -> dict[str, Any] | None:
    """What was published; None where nothing was."""
    row = await session.get(CampaignDefinition, (key, version))
    return None if row is None else row.content


async def cases_by_version(session: AsyncSession, key: str) -> list[CasesOfAVersion]:
    """By version, stage and status; numbers only."""
    columns = (Nomination.campaign_version, Nomination.stage, Nomination.status)
    query = select(*columns, func.count()).where(Nomination.campaign_key == key).group_by(*columns).order_by(*columns)
    return [CasesOfAVersion(*row) for row in (await session.execute(query)).all()]


async def granted_seats(session: AsyncSession, key: str) -> dict[tuple[str, str], int]:
    """What the ledger holds by quota unit and category: published seats are granted once."""
    query = select(QuotaAccount.quota_unit, QuotaAccount.category, QuotaAccount.granted)
    rows: Sequence[Any] = (await session.execute(query.where(QuotaAccount.campaign_key == key))).all()
    return {(unit, category): granted for unit, category, granted in rows}
