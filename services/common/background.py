"""Work that goes on beside the requests of a service, and ends with them."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any


@asynccontextmanager
async def beside_the_requests(work: Coroutine[Any, Any, object] | None, *, name: str) -> AsyncIterator[None]:
    """Runs it until the block is left, then cancels it and waits for its end. None: it is switched off."""
    if work is None:
        yield
        return
    task = asyncio.create_task(work, name=name)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
