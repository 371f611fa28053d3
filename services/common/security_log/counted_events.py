"""What happens often is counted in memory and written to the security log every so often, alike together.

No request waits for it, and a flood fills no disk: beyond `MOST` kinds in one turn the rest become one entry each action.
What was counted since the last turn is lost when a process is killed; an orderly end writes it.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from services.common.background import beside_the_requests
from services.common.db import Database
from services.common.problems import Problem
from services.common.security_log.audit_log import Fact, add_entry

log = logging.getLogger(__name__)
MOST = 50
_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class _Alike:
    action: str
    refused: str
    person_id: UUID | None
    facts: tuple[tuple[str, Fact], ...]


class CountedEvents:
    """Of one service, in one process."""

    def __init__(self, database: Database, *, schema: str) -> None:
        self._database, self._schema = database, schema
        self._times: dict[_Alike, int] = {}

    def note(self, action: str, *, person_id: UUID | None, refused: str = "", **facts: Fact) -> None:
        alike = _Alike(action, refused, person_id, tuple(sorted(facts.items())))
        if alike not in self._times and len(self._times) >= MOST:
            alike = _Alike(action, refused and "several", None, (("others", True),))
        self._times[alike] = self._times.get(alike, 0) + 1

    async def write(self) -> None:
        """One transaction for all; kept for the next turn when it fails."""
        counted, self._times = self._times, {}
        if not counted:
            return
        try:
            async with self._database.transaction() as session:
                for alike, times in counted.items():
                    await add_entry(
                        session,
                        self._schema,
                        alike.action,
                        person_id=alike.person_id,
                        refused=alike.refused,
                        facts={**dict(alike.facts), "times": times},
                    )
        except BaseException:
            self._keep(counted)
            raise

    def _keep(self, counted: dict[_Alike, int]) -> None:
        for alike, times in counted.items():
            self._times[alike] = self._times.get(alike, 0) + times

    @asynccontextmanager
    async def written_regularly(self, *, seconds: float = _SECONDS) -> AsyncIterator[None]:
        """Until the block is left, and once more then. No trouble ends it: what is not written waits for the next turn."""
        try:
            async with beside_the_requests(self._write_on(seconds), name="counted events"):
                yield
        finally:
            await self._try()

    async def _write_on(self, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds)
            await self._try()

    async def _try(self) -> None:
        try:
            await self.write()
        except Problem as trouble:
            log.warning("security log not written, kept", extra={"error": trouble.code})
        except Exception as error:
            log.exception("security log not written, kept", extra={"error": type(error).__name__})
