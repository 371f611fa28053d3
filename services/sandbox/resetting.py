"""One call back to the beginning: rows, objects, clock, what phones and text messages received."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import httpx

from services.documents.object_store import ObjectStore
from services.sandbox import snapshot

_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Reset:
    """Everything that a reset touches."""

    superuser_url: str
    store: ObjectStore
    api: httpx.AsyncClient
    wechat: httpx.AsyncClient
    clock_start: str
    text_messages: Path

    async def keep(self) -> None:
        """From now on this is the beginning."""
        await snapshot.keep(self.superuser_url)

    async def perform(self) -> None:
        """Rows first: from then on nobody finds an object that is about to go."""
        await snapshot.bring_back(self.superuser_url)
        await self.sweep()
        (await self.api.put("/v1/clock", json={"now": self.clock_start})).raise_for_status()
        (await self.wechat.post("/fake/forgetting")).raise_for_status()
        self.text_messages.unlink(missing_ok=True)

    async def sweep(self) -> None:
        """Removes every object but the server's own mark."""
        keys = await self.store.keys("", before=datetime.now(UTC) + timedelta(days=1))
        limiter = anyio.CapacityLimiter(_AT_ONCE)
        async with anyio.create_task_group() as group:
            for key in keys:
                if not key.startswith("."):
                    group.start_soon(self._remove, key, limiter)

    async def _remove(self, key: str, limiter: anyio.CapacityLimiter) -> None:
        async with limiter:
            await self.store.remove(key)
