"""Every SELECT on cases. Whatever it reads is scoped to the caller: a row out of scope does not exist for them."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.common.db import fetch
from services.common.lists.paging import in_words, rows_to_fetch
from services.common.prepared import PreparedStatement, ScopedSelects, Slot, prepare
from services.common.problems import NotFound
from services.common.read_only_rows import ReadOnlyRow
from services.nominations.domain.restriction import WITH_NO_OFFICE, is_held
from services.nominations.domain.workflow import Role, Status
from services.nominations.problems import NominationHeld
from services.nominations.procedure_tables import (
    CountyReport,
    CountyReportItem,
    PublicityNotice,
    ZeroDeclaration,
)
from services.nominations.tables import Nomination, QuotaAccount


def visible_to(caller: Caller) -> ColumnElement[bool]:
    """The rows a caller sees in lists: those in scope whose content no restriction holds."""
    return and_(in_scope(caller), not_held(caller))


def not_held(caller: Caller | None) -> ColumnElement[bool]:
    """`restriction.is_held`, asked of rows. No caller: whoever is not the person, as the public and the papers of offices."""
    allowed: list[ColumnElement[bool]] = [Nomination.restricted_at.is_(None), Nomination.status.not_in(WITH_NO_OFFICE)]
    if caller is not None and Role.NOMINEE in caller.roles:
        allowed.append(Nomination.nominee_person_id == caller.person_id)
    return or_(*allowed)


def is_held_from(caller: Caller | None, nomination: Nomination) -> bool:
    """The same, asked of a case that was loaded."""
    own = caller is not None and Role.NOMINEE in caller.roles and nomination.nominee_person_id == caller.person_id
    return is_held(restricted=nomination.restricted_at is not None, status=Status(nomination.status), own=own)


def require_not_held(caller: Caller, nomination: Nomination) -> None:
    """Raises NominationHeld."""
    if is_held_from(caller, nomination):
        raise NominationHeld


def in_scope(caller: Caller) -> ColumnElement[bool]:
    """The rows that exist for a caller: own, own unit's, own county's once handed over, and the city's once reported."""
    scopes: list[ColumnElement[bool]] = []
    if "service" in caller.roles:
        return true()
    if Role.NOMINEE in caller.roles:
        scopes.append(Nomination.nominee_person_id == caller.person_id)
    if caller.roles & {Role.UNIT_CLERK, Role.UNIT_HEAD}:
        scopes.append(Nomination.unit_id.in_(caller.organisations))
    if caller.roles & {Role.COUNTY_OFFICER, Role.COUNTY_REVIEWER}:
        scopes.append(and_(Nomination.quota_unit == caller.jurisdiction, Nomination.handed_over_at.is_not(None)))
    if caller.roles & {Role.CITY_OFFICER, Role.CITY_REVIEWER}:
        scopes.append(Nomination.reported_at.is_not(None))
    return or_(false(), *scopes)


def _case(caller: Caller, *, lock: bool) -> Select[Nomination]:
    query = select(Nomination).where(Nomination.id == Slot("id"), in_scope(caller))
    return query.with_for_update() if lock else query


_CASES = ScopedSelects(_case)


async def get_nomination(
    session: AsyncSession, caller: Caller, nomination_id: UUID, *, lock: bool = False
) -> Nomination:
    """The case, locked against other writers where asked.

    Raises NotFound for what is not there or not in scope, NominationHeld for what is restricted.
    """
    query, own = _CASES.of(caller, lock=lock)
    nomination: Nomination | None = await session.scalar(query, own | {"id": nomination_id})
    if nomination is None:
        raise NotFound
    require_not_held(caller, nomination)
    return nomination


async def notices_of(session: AsyncSession, nomination_id: UUID) -> Sequence[PublicityNotice]:
    """Every notice of a case, superseded or not: what was shown, and when."""
    query = select(PublicityNotice).where(PublicityNotice.nomination_id == nomination_id)
    return (await session.scalars(query.order_by(PublicityNotice.id))).all()


async def zero_declared_categories(session: AsyncSession, campaign_key: str, quota_unit: str) -> frozenset[str]:
    """The categories in which this organisation has said that it nominates nobody."""
    query = select(ZeroDeclaration.category).where(
        ZeroDeclaration.campaign_key == campaign_key,
        ZeroDeclaration.quota_unit == quota_unit,
        ZeroDeclaration.revoked_at.is_(None),
    )
    return frozenset(await session.scalars(query))


async def get_notice(session: AsyncSession, notice_id: UUID) -> PublicityNotice:
    """A publicity notice, public once opened. Raises NotFound."""
    notice = await session.get(PublicityNotice, notice_id)
    if notice is None:
        raise NotFound
    return notice


async def list_notices(
    session: AsyncSession, *, campaign_key: str, after: tuple[date, UUID] | None, limit: int
) -> Sequence[PublicityNotice]:
    """What the public is shown: in force, and of no case that law keeps from everybody. Rows to be read only."""
    statement = _notices(size=rows_to_fetch(limit), after=after is not None)
    given: dict[str, object] = {"campaign_key": campaign_key}
    if after is not None:
        given |= {"opened_on": after[0], "id": after[1]}
    rows = await fetch(session, statement.text, *statement.given(given))
    return [cast("PublicityNotice", ReadOnlyRow(row)) for row in rows[:limit]]


@cache
def _notices(*, size: int, after: bool) -> PreparedStatement:
    query = (
        select(*PublicityNotice.__table__.columns)
        .join(Nomination, Nomination.id == PublicityNotice.nomination_id)
        .where(
            PublicityNotice.campaign_key == Slot("campaign_key"),
            PublicityNotice.superseded_at.is_(None),
            not_held(None),
        )
    )
    if after:
        place: Any = (Slot("opened_on"), Slot("id"))
        query = query.where(tuple_(PublicityNotice.opened_on, PublicityNotice.id) < place)
    return prepare(query.order_by(PublicityNotice.opened_on.desc(), PublicityNotice.id.desc()).limit(in_words(size)))


async def get_report(session: AsyncSession, caller: Caller, report_id: UUID, *, lock: bool = False) -> CountyReport:
    """A county report within the caller's scope. Raises NotFound."""
    query = select(CountyReport).where(CountyReport.id == report_id, _reports_visible_to(caller))
    report = await session.scalar(query.with_for_update() if lock else query)
    if report is None:
        raise NotFound
    return report


async def list_reports(
    session: AsyncSession, caller: Caller, *, campaign_key: str, before: UUID | None, limit: int
) -> Sequence[tuple[CountyReport, int]]:
    """The newest first, each with how many cases stand in it."""
    cases = (
        select(func.count())
        .where(CountyReportItem.report_id == CountyReport.id, CountyReportItem.returned_at.is_(None))
        .scalar_subquery()
    )
    query = select(CountyReport, cases).where(CountyReport.campaign_key == campaign_key, _reports_visible_to(caller))
    if before is not None:
        query = query.where(CountyReport.id < before)
    return [
        (row[0], row[1])
        for row in await session.execute(query.order_by(CountyReport.id.desc()).limit(in_words(rows_to_fetch(limit))))
    ][:limit]


def _reports_visible_to(caller: Caller) -> ColumnElement[bool]:
    if caller.roles & {Role.COUNTY_OFFICER, Role.COUNTY_REVIEWER}:
        return CountyReport.quota_unit == caller.jurisdiction
    if caller.roles & {Role.CITY_OFFICER, Role.CITY_REVIEWER}:
        return CountyReport.submitted_at.is_not(None)
    return false()


async def report_items(session: AsyncSession, report_id: UUID) -> Sequence[CountyReportItem]:
    """What stands in a report, by category and rank; what was sent back out of it stands in it no more."""
    query = select(CountyReportItem).where(
        CountyReportItem.report_id == report_id, CountyReportItem.returned_at.is_(None)
    )
    return (await session.scalars(query.order_by(CountyReportItem.category, CountyReportItem.rank))).all()


def rank_in(report: CountyReport) -> ColumnElement[int]:
    """Of an item as it stands: a draft closes up when a case leaves it; what was handed in keeps the ranks it went with."""
    if report.submitted_at is not None:
        return CountyReportItem.rank.expression
    return func.row_number().over(partition_by=CountyReportItem.category, order_by=CountyReportItem.rank)


async def cases_of_report(session: AsyncSession, caller: Caller, report_id: UUID) -> Sequence[Nomination]:
    """The cases of `report_items`, in the same order, held ones too: whoever shows them asks `is_held_from`."""
    query = (
        select(Nomination)
        .join(CountyReportItem, CountyReportItem.nomination_id == Nomination.id)
        .where(CountyReportItem.report_id == report_id, CountyReportItem.returned_at.is_(None), in_scope(caller))
    )
    return (await session.scalars(query.order_by(CountyReportItem.category, CountyReportItem.rank))).all()


async def papers_of_report(session: AsyncSession, caller: Caller, report_id: UUID) -> list[UUID]:
    """By category and rank, the cases whose papers go out with a report: what law keeps does not."""
    cases = await cases_of_report(session, caller, report_id)
    return [case.id for case in cases if not is_held_from(caller, case)]


async def quota_accounts(session: AsyncSession, caller: Caller, *, campaign_key: str) -> Sequence[QuotaAccount]:
    """The seats of the caller's own recommending organisation; of all for the city."""
    query = select(QuotaAccount).where(QuotaAccount.campaign_key == campaign_key)
    if not caller.roles & {Role.CITY_OFFICER, Role.CITY_REVIEWER}:
        query = query.where(QuotaAccount.quota_unit == caller.jurisdiction)
    return (await session.scalars(query.order_by(QuotaAccount.quota_unit, QuotaAccount.category))).all()
