"""Writes a new case and reads what is in force around it, by one statement: the case was nowhere before."""

import json
from datetime import datetime

from sqlalchemy import Table, insert, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.common.prepared import Slot, prepare
from services.nominations.cases.case_facts import Case, case_of
from services.nominations.cases.surroundings import around, read_around
from services.nominations.domain.campaign import Campaign
from services.nominations.tables import Nomination

_TABLE: Table = Nomination.__table__  # type: ignore[assignment]  # a declarative table is a Table
_COLUMNS = tuple(column for column in _TABLE.columns if column.server_default is None)
_OPENED = aliased(
    Nomination,
    insert(_TABLE).values({column: Slot(column.name) for column in _COLUMNS}).returning(_TABLE).cte("opened"),
)
_WRITE = prepare(select(around(_OPENED)).select_from(_OPENED))


async def write_new_case(session: AsyncSession, nomination: Nomination, campaign: Campaign, *, now: datetime) -> Case:
    """The row is written as it is and not watched afterwards: whoever changes it reads it again."""
    values = {column.name: _as_sent(column.type, getattr(nomination, column.name)) for column in _COLUMNS}
    connection = await session.connection()
    written = await connection.exec_driver_sql(_WRITE.text, tuple(_WRITE.given(values | {"now": now})))
    return case_of(nomination, read_around(written.scalar_one()), campaign, now=now)


def _as_sent(kind: object, value: object) -> object:
    return json.dumps(value) if isinstance(kind, JSONB) else value
