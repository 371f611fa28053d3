"""Writes a new case with the first event of its history and reads what is in force around it, by one statement."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.common.callers.tokens import Caller
from services.common.db import fetch
from services.common.prepared import Slot, prepare
from services.nominations.cases.case_facts import Case, case_of
from services.nominations.cases.case_history import BEGINNING, INSERT, SOMEBODY_ASKED, event_row, put_out
from services.nominations.cases.locked_rows import TABLE, CaseRow, as_sent
from services.nominations.cases.surroundings import around, read_around
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.workflow import Event
from services.nominations.tables import Nomination

_COLUMNS = tuple(column for column in TABLE.columns if column.server_default is None)
_NAMES = tuple(column.name for column in _COLUMNS)
_OPENED = aliased(
    Nomination,
    insert(TABLE).values({column: Slot(column.name) for column in _COLUMNS}).returning(TABLE).cte("opened"),
)
_WRITE = prepare(select(around(_OPENED), SOMEBODY_ASKED).select_from(_OPENED).add_cte(INSERT.cte("told")))


def new_row(**values: object) -> Nomination:
    """A case that is nowhere yet; what is not given is empty."""
    return cast("Nomination", CaseRow(dict.fromkeys(_NAMES) | values))


async def write_new_case(
    session: AsyncSession,
    nomination: Nomination,
    campaign: Campaign,
    *,
    caller: Caller,
    now: datetime,
    details: Mapping[str, Any],
) -> Case:
    """The row is written as it is and not watched afterwards: whoever changes it reads it again."""
    event = event_row(nomination, Event.CREATED, caller=caller, at=now, before=None, details=details, after=BEGINNING)
    values = {name: as_sent(name, getattr(nomination, name)) for name in _NAMES}
    sent = _WRITE.given(values | event | {"now": now})
    ((found, somebody_asked),) = await fetch(session, _WRITE.text, *sent)
    await put_out(session, nomination.id, Event.CREATED, event["sequence"], somebody_asked=somebody_asked)
    return case_of(nomination, read_around(found), campaign, now=now)
