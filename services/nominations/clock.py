"""The procedure's clock. In production it is the real one; in the embedded default it can be set, to live a notice through.

Only dates of the procedure follow it. Tokens, sessions and logs keep real time.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.common.db import Database
from services.nominations.tables import ProcedureClock


class Clock:
    """The real clock, moved by an offset that only the embedded default can change."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self._offset = offset

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset

    def set_to(self, moment: datetime) -> timedelta:
        """Moves the clock; it goes on ticking from there. Gives the offset to keep."""
        self._offset = moment - datetime.now(UTC)
        return self._offset


async def load_clock(database: Database, *, start: datetime | None) -> Clock:
    """The embedded clock as it was left, or as it starts on fresh data."""
    async with database.transaction() as session:
        kept = await session.scalar(select(ProcedureClock.offset_microseconds))
    if kept is not None:
        return Clock(timedelta(microseconds=kept))
    clock = Clock()
    if start is not None:
        await keep_clock(database, clock.set_to(start))
    return clock


async def keep_clock(database: Database, offset: timedelta) -> None:
    microseconds = offset // timedelta(microseconds=1)
    async with database.transaction() as session:
        await session.execute(
            insert(ProcedureClock)
            .values(singleton=True, offset_microseconds=microseconds)
            .on_conflict_do_update(index_elements=["singleton"], set_={"offset_microseconds": microseconds})
        )
