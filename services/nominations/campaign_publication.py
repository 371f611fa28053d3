"""Publishes a campaign folder as an immutable version, and grants the seats of its quota table (附件2)."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import rfc8785
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.common.db import Database
from services.nominations.campaign_files import read_campaign_folder
from services.nominations.domain.campaign import Campaign, CampaignInvalid, CampaignProblem
from services.nominations.domain.campaign_parsing import parse_campaign
from services.nominations.forms.print_layout import PrintLayoutError, parse_print_layout
from services.nominations.tables import CampaignDefinition, QuotaAccount, QuotaEntry


class VersionTaken(Exception):
    """The version was published before with other content: a running campaign's rules never change under it."""


async def publish_folder(database: Database, folder: Path) -> Campaign:
    """Publishes what a folder holds. Raises CampaignInvalid with every fault, or VersionTaken."""
    return await publish(database, read_campaign_folder(folder))


async def publish(database: Database, content: dict[str, Any]) -> Campaign:
    """Safe to repeat. Raises CampaignInvalid with every fault, or VersionTaken."""
    campaign = parse_campaign(content)
    _require_printable(campaign, content["print_layouts"])
    content_hash = hashlib.sha256(rfc8785.dumps(content)).hexdigest()
    async with database.transaction() as session:
        inserted = await session.execute(
            insert(CampaignDefinition)
            .values(
                key=campaign.key,
                version=campaign.version,
                content_hash=content_hash,
                content=content,
                published_at=datetime.now(UTC),
            )
            .on_conflict_do_nothing()
            .returning(CampaignDefinition.key)
        )
        if inserted.first() is not None:
            await _grant_seats(session, campaign)
            return campaign
        before = await session.get(CampaignDefinition, (campaign.key, campaign.version))
        if before is None or before.content_hash != content_hash:
            raise VersionTaken(
                f"{campaign.key} version {campaign.version} was published with other content: raise `version`"
            )
    return campaign


def _require_printable(campaign: Campaign, layouts: Mapping[str, Any]) -> None:
    """A version is published for good: a layout that cannot be read, or is for no form, is refused before."""
    problems = []
    for form, layout in layouts.items():
        try:
            parse_print_layout(layout)
        except PrintLayoutError as error:
            problems.append(CampaignProblem(f"print_layouts.{form}", str(error)))
        if form not in campaign.forms:
            problems.append(CampaignProblem(f"print_layouts.{form}", "is for no form of this campaign"))
    if problems:
        raise CampaignInvalid(tuple(problems))


async def _grant_seats(session: AsyncSession, campaign: Campaign) -> None:
    for row in campaign.quotas:
        for category, seats in row.seats.items():
            account = {"campaign_key": campaign.key, "quota_unit": row.quota_unit, "category": category}
            granted = await session.execute(
                insert(QuotaAccount)
                .values(**account, granted=seats, reserved=0, consumed=0, forfeited=0)
                .on_conflict_do_nothing()
                .returning(QuotaAccount.granted)
            )
            if granted.first() is not None and seats:
                session.add(QuotaEntry(id=uuid7(), **account, kind="grant", seats=seats, recorded_at=datetime.now(UTC)))
