"""A campaign's privacy notice is published, a version at a time. What was published never changes."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.personal_data.privacy_queries import notice_version
from services.auth.personal_data.privacy_tables import PrivacyNoticeRow
from services.common.db import Database
from services.privacy.notice import PrivacyNotice, sha256_of, text_of


class NoticeChanged(Exception):
    """Another text stands published under this version: the file's `version` must be raised."""


async def publish_notices(database: Database, notices: Mapping[str, PrivacyNotice]) -> None:
    """By campaign; the same again changes nothing. Raises NoticeChanged."""
    async with database.transaction() as session:
        for campaign_key, notice in notices.items():
            await publish_notice(session, campaign_key, notice)


async def publish_notice(session: AsyncSession, campaign_key: str, notice: PrivacyNotice) -> None:
    """Raises NoticeChanged."""
    text = text_of(notice)
    row = {
        "campaign_key": campaign_key,
        "version": notice.version,
        "sha256": sha256_of(text),
        "text": text,
        "content": asdict(notice),
        "effective_on": date.fromisoformat(notice.effective_on),
    }
    await session.execute(insert(PrivacyNoticeRow).values(row).on_conflict_do_nothing())
    published = await notice_version(session, campaign_key, notice.version)
    if published is None or published.sha256 != row["sha256"]:
        raise NoticeChanged(
            f"{campaign_key}: version {notice.version} of the privacy notice is published with another text"
        )
