"""The published campaigns, parsed once per version and kept: a version never changes."""

import base64

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.db import Database, fetch
from services.common.prepared import Slot, prepare
from services.nominations.campaigns.course_tables import CampaignClosing
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.campaign_parsing import parse_campaign
from services.nominations.domain.working_days import Calendar
from services.nominations.forms.print_layout import PrintLayout, parse_print_layout, with_template
from services.nominations.problems import CampaignClosed, CampaignNotFound, FormNotFound
from services.nominations.tables import CampaignDefinition

_LATEST = prepare(select(func.max(CampaignDefinition.version)).where(CampaignDefinition.key == Slot("key")))
_NEWEST = prepare(
    select(CampaignDefinition.key, func.max(CampaignDefinition.version))
    .group_by(CampaignDefinition.key)
    .order_by(CampaignDefinition.key)
)
_IN_FORCE = prepare(
    select(func.max(CampaignDefinition.version), exists().where(CampaignClosing.campaign_key == Slot("key"))).where(
        CampaignDefinition.key == Slot("key")
    )
)


class Campaigns:
    """Reads definitions from the database and keeps the parsed ones."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self._parsed: dict[tuple[str, int], Campaign] = {}
        self._layouts: dict[tuple[str, int, str], PrintLayout] = {}

    async def latest(self, session: AsyncSession, key: str) -> Campaign:
        """The newest published version. Raises CampaignNotFound."""
        ((version,),) = await fetch(session, _LATEST.text, *_LATEST.given({"key": key}))
        if version is None:
            raise CampaignNotFound
        return await self.version(session, key, version)

    async def in_force(self, database: Database, key: str) -> Campaign:
        """The newest published version, for whoever begins under it. Raises CampaignNotFound, CampaignClosed."""
        ((version, is_closed),) = await database.fetch(_IN_FORCE.text, *_IN_FORCE.given({"key": key}))
        if version is None:
            raise CampaignNotFound
        if is_closed:
            raise CampaignClosed
        return await self.read(database, key, version)

    async def read(self, database: Database, key: str, version: int) -> Campaign:
        """As `version`, for whoever is in no session: a version that was read before costs no connection."""
        kept = self._parsed.get((key, version))
        if kept is not None:
            return kept
        async with database.reading() as session:
            return await self.version(session, key, version)

    async def version(self, session: AsyncSession, key: str, version: int) -> Campaign:
        """The version that a case began with. Raises CampaignNotFound."""
        kept = self._parsed.get((key, version))
        if kept is not None:
            return kept
        row = await session.get(CampaignDefinition, (key, version))
        if row is None:
            raise CampaignNotFound
        campaign = parse_campaign(row.content)
        templates = row.content.get("docx_templates", {})
        for form, layout in row.content.get("print_layouts", {}).items():
            parsed = parse_print_layout(layout)
            own = form in templates
            self._layouts[key, version, form] = (
                with_template(parsed, base64.b64decode(templates[form])) if own else parsed
            )
        return self._parsed.setdefault((key, version), campaign)

    def print_layout(self, campaign: Campaign, form: str) -> PrintLayout:
        """How a form of a campaign that was read stands on paper. Raises FormNotFound."""
        try:
            return self._layouts[campaign.key, campaign.version, form]
        except KeyError:
            raise FormNotFound from None

    async def versions_of(self, session: AsyncSession, key: str) -> list[Campaign]:
        """Every published version of a campaign, the oldest first: cases are judged by the one that they began with."""
        versions = select(CampaignDefinition.version).where(CampaignDefinition.key == key)
        published = await session.scalars(versions.order_by(CampaignDefinition.version))
        return [await self.version(session, key, each) for each in published.all()]

    async def every(self, session: AsyncSession) -> list[Campaign]:
        """The newest version of each campaign, by key."""
        newest = await fetch(session, _NEWEST.text, *_NEWEST.given({}))
        return [await self.version(session, key, version) for key, version in newest]
