"""Reading the security log: a page, everything as lines, and whether the chain is whole."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.db import Database
from services.common.security_log.audit_chain import Link, first_break
from services.common.security_log.audit_log import AuditEventColumns

_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Filter:
    action: str | None = None
    outcome: str | None = None
    person_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChainState:
    entries: int
    head: str
    """The hash of the last entry: written down elsewhere, it proves later that nothing before it was rewritten."""
    broken_at: int | None


Row = TypeVar("Row", bound=AuditEventColumns)


async def audit_page(
    session: AsyncSession, table: type[Row], wanted: Filter, *, before: int | None, limit: int
) -> Sequence[Row]:
    """The newest first."""
    query = select(table).order_by(table.seq.desc()).limit(limit)
    conditions = [
        table.seq < before if before is not None else None,
        table.action == wanted.action if wanted.action else None,
        table.outcome == wanted.outcome if wanted.outcome else None,
        table.person_id == wanted.person_id if wanted.person_id else None,
        table.at >= wanted.since if wanted.since else None,
        table.at < wanted.until if wanted.until else None,
    ]
    return (await session.scalars(query.where(*(each for each in conditions if each is not None)))).all()


async def links(database: Database, table: type[Row]) -> AsyncIterator[list[Link]]:
    """The whole log, oldest first, batch by batch; no connection is held in between."""
    seq = 0
    while True:
        async with database.reading() as session:
            query = select(table).where(table.seq > seq).order_by(table.seq).limit(_BATCH)
            rows = (await session.scalars(query)).all()
        if not rows:
            return
        yield [Link(row.seq, row.entry, bytes(row.previous_hash), bytes(row.hash)) for row in rows]
        seq = rows[-1].seq


async def audit_lines(database: Database, table: type[Row]) -> AsyncIterator[str]:
    """JSON lines that can be checked without this system: SHA-256 of previous_hash and entry is hash."""
    async for batch in links(database, table):
        for link in batch:
            members = {"seq": link.seq, "entry": link.entry, "previous_hash": link.previous_hash.hex()}
            yield json.dumps(members | {"hash": link.hash.hex()}, ensure_ascii=False) + "\n"


async def check_chain(database: Database, table: type[Row]) -> ChainState:
    last: Link | None = None
    async for batch in links(database, table):
        broken = first_break(batch, after=last)
        if broken is not None:
            return ChainState(batch[-1].seq, batch[-1].hash.hex(), broken)
        last = batch[-1]
    return ChainState(last.seq if last else 0, last.hash.hex() if last else "", None)
