"""One worker process for sheets, started with the first of them: most days bring none."""

import asyncio
from collections.abc import Callable
from typing import TypeVar, TypeVarTuple

from services.common.problems import Unavailable
from services.common.worker_pool import WorkerPool, WorkerPoolError

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")


class SheetWorker:
    def __init__(self) -> None:
        self._pool = WorkerPool(
            workers=1, queue_limit=4, preload=("services.auth.invitations.sheet_reading",), time_limit=20
        )
        self._starting = asyncio.Lock()
        self._started = False

    async def run(self, function: Callable[[*Arguments], Result], *arguments: *Arguments) -> Result:
        """Raises Unavailable when too much waits or the worker broke, and what the function raises."""
        try:
            async with self._starting:
                if not self._started:
                    await self._pool.start()
                    self._started = True
            return await self._pool.run(function, *arguments)
        except WorkerPoolError:
            raise Unavailable from None

    async def close(self) -> None:
        await self._pool.close()
