"""Lists of cases: keyset pages that cost the same out of a thousand cases and out of a million.

An office asks by category, stage and status in any combination. The tallies say which combinations exist, at most a few
dozen; a page is taken from the index of each of them, and merged. No filter ever walks past rows that it does not want.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    func,
    literal,
    not_,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from services.common.callers.tokens import Caller
from services.common.db import Database
from services.common.lists.paging import in_words, rows_to_fetch
from services.common.prepared import Slot, Statements
from services.nominations.domain.workflow import Action, Role, Status
from services.nominations.personal_data.access_tables import RestrictedPapers
from services.nominations.procedure_tables import Endorsement, PublicityNotice
from services.nominations.queries import in_scope, not_held, visible_to
from services.nominations.tables import Nomination, NominationTally

ROW: tuple[InstrumentedAttribute[Any], ...] = (
    Nomination.id,
    Nomination.category,
    Nomination.quota_unit,
    Nomination.unit_name,
    Nomination.name,
    Nomination.stage,
    Nomination.status,
    Nomination.percent_nominee,
    Nomination.percent_unit,
    Nomination.missing_answers,
    Nomination.saved_at,
    Nomination.revision,
    Nomination.neutral_key,
)
"""What a list shows of a case, its version, and where it stands in the neutral order."""

_COUNTY = {Role.COUNTY_OFFICER, Role.COUNTY_REVIEWER}
_CITY = {Role.CITY_OFFICER, Role.CITY_REVIEWER}


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases of a campaign. None means: whatever it is."""

    campaign_key: str
    stage: str | None = None
    status: Status | None = None
    category: str | None = None
    quota_unit: str | None = None
    unit_id: UUID | None = None
    name_starts: str | None = None
    identity_indexes: tuple[bytes, ...] | None = None
    """What one number may be stored under."""
    places: tuple[tuple[str, str], ...] | None = None
    """Only these pairs of stage and status."""

    @property
    def asks_for_a_place(self) -> bool:
        return any(value is not None for value in (self.stage, self.status, self.category, self.places))

    def on(self, row: type[Nomination] | type[NominationTally]) -> list[ColumnElement[bool]]:
        """The conditions that cases and tallies share."""
        wanted = ("campaign_key", "stage", "status", "category", "quota_unit")
        conditions = [getattr(row, name) == getattr(self, name) for name in wanted if getattr(self, name) is not None]
        if self.places is not None:
            conditions.append(tuple_(row.stage, row.status).in_(self.places))
        return conditions


async def page_of_cases(
    session: AsyncSession,
    caller: Caller,
    wanted: CaseFilter,
    *,
    oldest_first: bool = False,
    after: UUID | None,
    limit: int,
    only: Sequence[ColumnElement[bool]] = (),
) -> Sequence[Any]:
    """One page by age within the caller's scope: the columns of `ROW`."""
    size = in_words(rows_to_fetch(limit))
    page = page_statement(caller, wanted, oldest_first=oldest_first, after=after, limit=size, only=only)
    rows: Sequence[Any] = (await session.execute(page)).all()
    return rows[:limit]


async def fast_page_of_cases(
    database: Database, caller: Caller, wanted: CaseFilter, *, oldest_first: bool, after: UUID | None, limit: int
) -> Sequence[Mapping[str, Any]]:
    """The same page by the fast lane: the list that people open most."""
    given = {name: getattr(wanted, name) for name in _FILTERS} | {"after": after}
    set_ = {name: value is not None for name, value in given.items()}
    prepared = _PAGES.of(caller, oldest_first=oldest_first, size=rows_to_fetch(limit), **set_)
    rows = await database.fetch(prepared.text, *prepared.filled(caller, given))
    return rows[:limit]


def page_statement(
    caller: Caller,
    wanted: CaseFilter,
    *,
    oldest_first: bool,
    after: Any,
    limit: Any,
    only: Sequence[ColumnElement[bool]] = (),
) -> Select[Any]:
    """One page by age: the columns of `ROW`. `after` and what is wanted may be slots."""
    order = Nomination.id.asc() if oldest_first else Nomination.id.desc()
    page = select(*ROW).where(*_on_cases(caller, wanted), *only).order_by(order).limit(limit)
    if after is not None:
        page = page.where(Nomination.id > after if oldest_first else Nomination.id < after)
    if wanted.asks_for_a_place and is_office_only(caller) and wanted.unit_id is None:
        page = _merged(
            page, caller, wanted, limit=limit, order=lambda row: (row.id.asc() if oldest_first else row.id.desc(),)
        )
    return page


def _page_with_slots(caller: Caller, *, oldest_first: bool, size: int, after: bool, **set_: bool) -> Select[Any]:
    slots: dict[str, Any] = {name: Slot(name) for name, is_set in set_.items() if is_set}
    return page_statement(
        caller,
        CaseFilter(**slots),
        oldest_first=oldest_first,
        after=Slot("after") if after else None,
        limit=in_words(size),
    )


_FILTERS = ("campaign_key", "stage", "status", "category", "quota_unit", "unit_id")
_PAGES = Statements(_page_with_slots)


def stretch_statement(
    caller: Caller,
    wanted: CaseFilter,
    *,
    above: tuple[Any, Any] | None,
    below: Any,
    limit: Any,
    only: Sequence[ColumnElement[bool]] = (),
) -> Select[Any]:
    """Cases in the neutral order, from one place of the circle to another: the columns of `ROW`."""
    page: Select[Any] = (
        select(*ROW).where(*_on_cases(caller, wanted), *only).order_by(Nomination.neutral_key, Nomination.id)
    )
    if above is not None:
        page = page.where(tuple_(Nomination.neutral_key, Nomination.id) > above)
    if below is not None:
        page = page.where(Nomination.neutral_key < below)
    return _merged(page.limit(limit), caller, wanted, limit=limit, order=lambda row: (row.neutral_key, row.id))


_BEYOND_ALL_NAMES = "\U0010ffff"
"""Names are ordered by code point: those that begin alike stand together in the index, and none goes on with this."""


async def page_by_name(
    session: AsyncSession, caller: Caller, wanted: CaseFilter, *, after: tuple[str, UUID] | None, limit: int
) -> Sequence[Any]:
    """One page of the names that begin so, by name."""
    query = select(*ROW).where(*_on_cases(caller, wanted)).order_by(Nomination.name, Nomination.id)
    query = query.limit(in_words(rows_to_fetch(limit)))
    if after is not None:
        query = query.where(tuple_(Nomination.name, Nomination.id) > after)
    return (await session.execute(query)).all()[:limit]


async def counts(session: AsyncSession, caller: Caller, *, campaign_key: str) -> Sequence[Any]:
    """How many cases their lists show of each place: category, quota unit, stage, status, cases.

    An office's are read from the tallies; what no list shows, for it is restricted (0073), are few and taken off one by one.
    """
    place = (Nomination.category, Nomination.quota_unit, Nomination.stage, Nomination.status)
    if not is_office_only(caller):
        own = select(*place, func.count().label("cases")).where(
            Nomination.campaign_key == campaign_key, visible_to(caller)
        )
        return (await session.execute(own.group_by(*place).order_by(*place))).all()
    tally = (NominationTally.category, NominationTally.quota_unit, NominationTally.stage, NominationTally.status)
    standing = select(*tally, NominationTally.cases).where(
        NominationTally.campaign_key == campaign_key, NominationTally.cases > 0, _tallies_visible_to(caller)
    )
    held = (
        select(*place, literal(-1, literal_execute=True))
        .join(RestrictedPapers, RestrictedPapers.nomination_id == Nomination.id)
        .where(Nomination.campaign_key == campaign_key, in_scope(caller), not_(not_held(caller)))
    )
    both = standing.union_all(held).subquery()
    places, cases = list(both.c)[:4], func.sum(both.c.cases)
    query = select(*places, cases.label("cases")).group_by(*places).having(cases > 0)
    return (await session.execute(query.order_by(*places))).all()


def awaiting(caller: Caller, actions: Sequence[Action], *, today: Any) -> list[ColumnElement[bool]]:
    """Leaves out what only looks like work: a box that one's bureau has signed, a publicity that still runs."""
    conditions: list[ColumnElement[bool]] = []
    if Action.ENDORSE in actions:
        signed = _first_of(
            Endorsement.nomination_id == Nomination.id,
            Endorsement.stage == Nomination.stage,
            Endorsement.bureau == caller.bureau,
            Endorsement.superseded_at.is_(None),
        )
        conditions.append(or_(Nomination.status != Status.UNDER_REVIEW, signed.is_(None)))
    if Action.SIGN_FOR_UNIT in actions:
        over = _first_of(
            PublicityNotice.nomination_id == Nomination.id,
            PublicityNotice.superseded_at.is_(None),
            PublicityNotice.closes_on < today,
            PublicityNotice.provisional.is_(False),
        )
        conditions.append(or_(Nomination.status != Status.IN_PUBLICITY, over.is_not(None)))
    return conditions


def _first_of(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    """1 or null, looked up by index row by row: an EXISTS behind an OR may become a hash of the whole table."""
    found = select(literal(1, literal_execute=True)).where(*conditions)
    return found.limit(in_words(1)).correlate(Nomination).scalar_subquery()


def _merged(
    page: Select[Any],
    caller: Caller,
    wanted: CaseFilter,
    *,
    order: Callable[[Any], tuple[ColumnElement[Any], ...]],
    limit: Any,
) -> Select[Any]:
    places = (
        select(NominationTally.category, NominationTally.stage, NominationTally.status)
        .where(*wanted.on(NominationTally), NominationTally.cases > 0, _tallies_visible_to(caller))
        .distinct()
        .subquery()
    )
    each = page.where(
        Nomination.category == places.c.category,
        Nomination.stage == places.c.stage,
        Nomination.status == places.c.status,
    ).lateral()
    return select(each).select_from(places.join(each, true())).order_by(*order(each.c)).limit(limit)


def _on_cases(caller: Caller, wanted: CaseFilter) -> list[ColumnElement[bool]]:
    conditions = [*wanted.on(Nomination), visible_to(caller)]
    if wanted.unit_id is not None:
        conditions.append(Nomination.unit_id == wanted.unit_id)
    if wanted.identity_indexes is not None:
        conditions.append(Nomination.identity_index.in_(wanted.identity_indexes))
    if wanted.name_starts is not None:
        conditions.append(Nomination.name >= wanted.name_starts)
        conditions.append(Nomination.name < wanted.name_starts + _BEYOND_ALL_NAMES)
    return conditions


def is_office_only(caller: Caller) -> bool:
    """Counties and the city read through tallies; a unit's or nominee's few cases are read as they are."""
    return bool(caller.roles & (_COUNTY | _CITY)) and caller.roles.isdisjoint(
        {Role.NOMINEE, Role.UNIT_CLERK, Role.UNIT_HEAD, "service"}
    )


def _tallies_visible_to(caller: Caller) -> ColumnElement[bool]:
    scopes: list[ColumnElement[bool]] = []
    if caller.roles & _COUNTY:
        scopes.append(and_(NominationTally.quota_unit == caller.jurisdiction, NominationTally.handed_over))
    if caller.roles & _CITY:
        scopes.append(NominationTally.reported.is_(True))
    return or_(*scopes)
