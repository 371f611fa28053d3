"""Blank forms are drawn once: anybody may ask for them, and nobody's own print waits behind a thousand who do."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any

from services.nominations.campaigns.published import Campaigns
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.import_sheet import sheets_of, template_title
from services.nominations.imports.import_writing import write_import
from services.nominations.prints.rendering import Format, Renderer
from services.nominations.prints.sheet_rendering import sheet_document

_MOST_KEPT = 64
_Key = tuple[str, int, str, str]


class BlankForms:
    """Those drawn last, each once however many ask at the same moment. A published version never changes."""

    def __init__(self, campaigns: Campaigns, renderer: Renderer) -> None:
        self._campaigns = campaigns
        self._renderer = renderer
        self._drawn: OrderedDict[_Key, asyncio.Task[bytes]] = OrderedDict()

    async def get(self, campaign: Campaign, form: str, wanted: Format) -> bytes:
        """Raises FormNotFound, Unavailable; what failed is drawn anew for the next one."""
        key = (campaign.key, campaign.version, form, wanted)
        return await self._once(key, lambda: self._draw(campaign, form, wanted))

    async def import_template(self, campaign: Campaign, category: str) -> bytes:
        """The workbook for many nominees. Raises Unavailable."""
        key = (campaign.key, campaign.version, category, "import")
        sheets = sheets_of(campaign.form_of(category), campaign.enums)
        title = template_title(campaign, category)
        return await self._once(key, lambda: self._renderer.work(write_import, title, sheets))

    async def _once(self, key: _Key, make: Callable[[], Coroutine[Any, Any, bytes]]) -> bytes:
        task = self._drawn.get(key)
        if task is None:
            task = self._drawn[key] = asyncio.create_task(make())
            while len(self._drawn) > _MOST_KEPT:
                self._drawn.popitem(last=False)
        else:
            self._drawn.move_to_end(key)
        try:
            return await asyncio.shield(task)
        except Exception:
            self._drawn.pop(key, None)
            raise

    async def _draw(self, campaign: Campaign, form: str, wanted: Format) -> bytes:
        layout = self._campaigns.print_layout(campaign, form)
        document = sheet_document(campaign, layout, campaign.forms[form], values={}, status="blank")
        return await self._renderer.draw(document, wanted)
