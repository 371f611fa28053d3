"""Publishes a campaign folder as an immutable version, and grants the seats of its quota table (附件2)."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import rfc8785
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.common.db import Database
from services.nominations.campaigns.campaign_files import read_campaign_folder
from services.nominations.domain.campaign import Campaign, CampaignInvalid, CampaignProblem
from services.nominations.domain.campaign_parsing import parse_campaign
from services.nominations.forms.print_layout import PrintLayoutError, parse_print_layout
from services.nominations.forms.template_check import template_faults
from services.nominations.tables import CampaignDefinition, QuotaAccount, QuotaEntry

_NO_SEATS = {"granted": 0, "reserved": 0, "consumed": 0, "forfeited": 0}


class VersionTaken(Exception):
    """The version was published before with other content: a running campaign's rules never change under it."""


class SeatsTakenBack(Exception):
    """A new version gives a recommending organisation fewer seats than it has: cases may stand on them already."""


async def publish_folder(database: Database, folder: Path) -> Campaign:
    """Publishes what a folder holds. Raises CampaignInvalid with every fault, VersionTaken or SeatsTakenBack."""
    return await publish(database, read_campaign_folder(folder))


async def publish(database: Database, content: dict[str, Any]) -> Campaign:
    """Safe to repeat. Raises CampaignInvalid with every fault, VersionTaken or SeatsTakenBack."""
    campaign = parse_campaign(content)
    _require_printable(campaign, content)
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


def _require_printable(campaign: Campaign, content: Mapping[str, Any]) -> None:
    """A version is published for good: a layout or template that cannot be read, or is for no form, is refused before."""
    problems, layouts = [], {}
    for form, layout in content["print_layouts"].items():
        try:
            layouts[form] = parse_print_layout(layout)
        except PrintLayoutError as error:
            problems.append(CampaignProblem(f"print_layouts.{form}", str(error)))
        if form not in campaign.forms:
            problems.append(CampaignProblem(f"print_layouts.{form}", "is for no form of this campaign"))
    for form, coded in content.get("docx_templates", {}).items():
        path = f"docx_templates.{form}"
        if form not in layouts or form not in campaign.forms:
            problems.append(CampaignProblem(path, "is for no form of this campaign"))
            continue
        faults = template_faults(base64.b64decode(coded), layouts[form], campaign.forms[form])
        problems += [CampaignProblem(path, fault.message) for fault in faults]
    if problems:
        raise CampaignInvalid(tuple(problems))


async def _grant_seats(session: AsyncSession, campaign: Campaign) -> None:
    """A later version tops up what was granted before. Raises SeatsTakenBack where it would give fewer seats."""
    wanted = {(row.quota_unit, category): seats for row in campaign.quotas for category, seats in row.seats.items()}
    query = select(QuotaAccount).where(QuotaAccount.campaign_key == campaign.key).with_for_update()
    accounts = {(account.quota_unit, account.category): account for account in await session.scalars(query)}
    fewer = [
        f"{unit} {category}: {account.granted} → {wanted.get((unit, category), 0)}"
        for (unit, category), account in accounts.items()
        if account.granted > wanted.get((unit, category), 0)
    ]
    if fewer:
        raise SeatsTakenBack("; ".join(sorted(fewer)))
    for (unit, category), seats in wanted.items():
        account = accounts.get((unit, category))
        if account is None:
            account = QuotaAccount(campaign_key=campaign.key, quota_unit=unit, category=category, **_NO_SEATS)
            session.add(account)
        if seats > account.granted:
            session.add(_grant(account, seats - account.granted))
            account.granted = seats


def _grant(account: QuotaAccount, seats: int) -> QuotaEntry:
    return QuotaEntry(
        id=uuid7(),
        campaign_key=account.campaign_key,
        quota_unit=account.quota_unit,
        category=account.category,
        kind="grant",
        seats=seats,
        recorded_at=datetime.now(UTC),
    )
