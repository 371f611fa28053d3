"""The published campaigns, parsed once per version and kept: a version never changes."""

import base64

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.nominations.domain.campaign import Campaign
from services.nominations.domain.campaign_parsing import parse_campaign
from services.nominations.domain.working_days import Calendar
from services.nominations.forms.print_layout import PrintLayout, parse_print_layout, with_template
from services.nominations.problems import CampaignNotFound, FormNotFound
from services.nominations.tables import CampaignDefinition


class Campaigns:
    """Reads definitions from the database and keeps the parsed ones."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self._parsed: dict[tuple[str, int], Campaign] = {}
        self._layouts: dict[tuple[str, int, str], PrintLayout] = {}

    async def latest(self, session: AsyncSession, key: str) -> Campaign:
        """The newest published version. Raises CampaignNotFound."""
        version = await session.scalar(
            select(CampaignDefinition.version)
            .where(CampaignDefinition.key == key)
            .order_by(CampaignDefinition.version.desc())
            .limit(1)
        )
        if version is None:
            raise CampaignNotFound
        return await self.version(session, key, version)

    def kept(self, key: str, version: int) -> Campaign | None:
        """A version that was read before."""
        return self._parsed.get((key, version))

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

    async def every(self, session: AsyncSession) -> list[Campaign]:
        """The newest version of each campaign, by key."""
        keys = (await session.scalars(select(CampaignDefinition.key).distinct())).all()
        return [await self.latest(session, key) for key in sorted(keys)]
