"""Every SELECT on privacy notices and consents."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.personal_data.privacy_tables import ConsentRow, PrivacyNoticeRow

_MOST = 500


async def notice_version(session: AsyncSession, campaign_key: str, version: int | None) -> PrivacyNoticeRow | None:
    """Without a version the newest."""
    query = select(PrivacyNoticeRow).where(PrivacyNoticeRow.campaign_key == campaign_key)
    if version is not None:
        return await session.scalar(query.where(PrivacyNoticeRow.version == version))
    return await session.scalar(query.order_by(PrivacyNoticeRow.version.desc()).limit(1))


async def versions_of(session: AsyncSession, campaign_key: str) -> Sequence[Any]:
    """Version, hash and first day of each, the newest first."""
    columns = select(PrivacyNoticeRow.version, PrivacyNoticeRow.sha256, PrivacyNoticeRow.effective_on)
    query = columns.where(PrivacyNoticeRow.campaign_key == campaign_key)
    return (await session.execute(query.order_by(PrivacyNoticeRow.version.desc()))).all()


async def last_act(session: AsyncSession, person_id: UUID, campaign_key: str, purpose: str) -> ConsentRow | None:
    query = select(ConsentRow).where(
        ConsentRow.person_id == person_id, ConsentRow.campaign_key == campaign_key, ConsentRow.purpose == purpose
    )
    return await session.scalar(query.order_by(ConsentRow.id.desc()).limit(1))


async def lock_consents_of(session: AsyncSession, person_id: UUID) -> None:
    """Of two acts at once the second reads the first."""
    key = func.hashtextextended(f"consents of {person_id}", 0)
    await session.execute(select(func.pg_advisory_xact_lock(key)))


async def acts_of(session: AsyncSession, person_id: UUID, *, campaign_key: str | None) -> Sequence[ConsentRow]:
    """Every act of the person, the newest first."""
    query = select(ConsentRow).where(ConsentRow.person_id == person_id)
    if campaign_key is not None:
        query = query.where(ConsentRow.campaign_key == campaign_key)
    return (await session.scalars(query.order_by(ConsentRow.id.desc()).limit(_MOST))).all()
