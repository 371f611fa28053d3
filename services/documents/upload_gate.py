"""Uploads are bounded per process: how many arrive at once, and how many of them lie in memory whole."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

from fastapi import Request, Response

from services.common.answers.strict_json import StrictRoute
from services.documents.problems import UploadsBusy


class UploadGate:
    """`arriving` bodies lie on disk beyond a megabyte; only `in_memory` of them are read whole at a time."""

    def __init__(self, *, arriving: int, in_memory: int) -> None:
        self._free = arriving
        self.in_memory = asyncio.Semaphore(in_memory)

    @contextmanager
    def passage(self) -> Iterator[None]:
        """Raises UploadsBusy."""
        if self._free == 0:
            raise UploadsBusy
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1


class UploadRoute(StrictRoute):
    """Asks the gate before the body is read: FastAPI reads a form before any dependency."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_in_turn(request: Request) -> Response:
            gate: UploadGate = request.app.state.resources.gate
            with gate.passage():
                return await handle(request)

        return handle_in_turn
