"""Housekeeping goes on by itself, and no trouble ends it."""

import asyncio
from contextlib import suppress

from services.documents.resources import open_resources
from services.documents.settings import DocumentsSettings
from services.documents.sweeping import sweep_regularly

SWEEPING = "services.documents.sweeping"


async def test_a_sweep_that_fails_is_tried_again_and_ends_with_the_service(
    settings: DocumentsSettings, caplog, monkeypatch
) -> None:
    caplog.set_level("INFO", logger=SWEEPING)
    nowhere = settings.database_url.get_secret_value().rpartition(":")[0] + ":1/xianjin"
    away = settings.model_copy(update={"database_url": type(settings.database_url)(nowhere)})
    said: list[set[str]] = []
    for each in (away, settings):
        async with open_resources(each) as resources:
            caplog.clear()
            task = asyncio.create_task(sweep_regularly(resources, minutes=0))
            await asyncio.sleep(1)
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            said.append({record.message for record in caplog.records if record.name == SWEEPING})
    assert said == [{"sweep failed"}, {"swept"}]
