"""The row of a case under its lock, past the ORM: what a command changes of it is written with the event that says why."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, Update, join, select, true, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.common.db import at_the_end, fetch
from services.common.lists.paging import in_words
from services.common.prepared import Slot, Statements, prepare
from services.common.problems import NotFound
from services.evidence.chain import GENESIS
from services.nominations import queries
from services.nominations.cases.surroundings import Surroundings, around, read_around
from services.nominations.tables import Nomination, NominationEvent

TABLE: Table = Nomination.__table__  # type: ignore[assignment]  # a declarative table is a Table
_NAMES = tuple(column.name for column in TABLE.columns)
_JSON = frozenset(column.name for column in TABLE.columns if isinstance(column.type, JSONB))
_LOCK = Statements(
    lambda caller: select(TABLE).where(Nomination.id == Slot("id"), queries.in_scope(caller)).with_for_update()
)
_LAST = (
    select(NominationEvent.sequence, NominationEvent.hash)
    .where(NominationEvent.nomination_id == Nomination.id)
    .order_by(NominationEvent.sequence.desc())
    .limit(in_words(1))
    .lateral("last")
)
_AROUND = prepare(
    select(around(Nomination), _LAST.c.sequence, _LAST.c.hash)
    .select_from(join(Nomination, _LAST, true(), isouter=True))
    .where(Nomination.id == Slot("id"))
)
_LOCKED = "locked_cases"
"""In a session's `info`: the rows under lock, by case."""


class CaseRow:
    """The columns of a case as attributes. `unwritten` are those that were set since: `record` writes them."""

    unwritten: dict[str, object]
    end_of_chain: tuple[int, str]
    """Sequence and hash of the last event; nobody else adds one while the lock is held."""

    def __init__(self, values: dict[str, Any]) -> None:
        vars(self).update(values, unwritten={})

    def __setattr__(self, name: str, value: object) -> None:
        if getattr(self, name) != value:
            self.unwritten[name] = vars(self)[name] = value

    def require_written(self) -> None:
        """A case never changes without an event that says why. Raises RuntimeError."""
        if self.unwritten:
            raise RuntimeError(f"set on a case and not recorded: {', '.join(sorted(self.unwritten))}")

    def chain_ends_at(self, sequence: int, last_hash: str) -> None:
        vars(self).update(end_of_chain=(sequence, last_hash))

    def written_with(self, sequence: int, last_hash: str) -> None:
        """The event of this number and hash, by the same statement."""
        vars(self).update(unwritten={}, end_of_chain=(sequence, last_hash))


async def lock_row(session: AsyncSession, caller: Caller, nomination_id: UUID) -> Nomination:
    """The case, locked until the transaction ends. Raises NotFound for what is not in scope, NominationHeld."""
    scoped = _LOCK.of(caller)
    rows = await fetch(session, scoped.text, *scoped.filled(caller, {"id": nomination_id}))
    if not rows:
        raise NotFound
    row = locked_row(session, nomination_id)
    if row is None:
        row = CaseRow(dict(zip(_NAMES, rows[0], strict=True)))
        session.info.setdefault(_LOCKED, {})[nomination_id] = row
        at_the_end(session, row.require_written)
    nomination = cast("Nomination", row)
    queries.require_not_held(caller, nomination)
    return nomination


async def look_around(session: AsyncSession, nomination_id: UUID, *, now: datetime) -> Surroundings:
    """What is in force around a case whose row was locked by an earlier statement: as of the lock, not before it."""
    ((found, sequence, last_hash),) = await fetch(
        session, _AROUND.text, *_AROUND.given({"id": nomination_id, "now": now})
    )
    row = locked_row(session, nomination_id)
    assert row is not None
    row.chain_ends_at(sequence or 0, last_hash or GENESIS)
    return read_around(found)


def locked_row(session: AsyncSession, nomination_id: UUID) -> CaseRow | None:
    """None for a case that this transaction holds in another way, or has only just written."""
    row: CaseRow | None = session.info.get(_LOCKED, {}).get(nomination_id)
    return row


def change_of(names: Iterable[str]) -> Update:
    """Sets these columns of the case `nomination_id`."""
    values: Any = {TABLE.columns[name]: Slot(name) for name in sorted(names)}
    return update(TABLE).where(TABLE.c.id == Slot("nomination_id")).values(values)


def as_sent(name: str, value: object) -> object:
    """A value of a column as the driver wants it."""
    return json.dumps(value) if name in _JSON else value
