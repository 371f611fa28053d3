"""Every SELECT on cases. Whatever it reads is scoped to the caller: a row out of scope does not exist for them."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.problems import NotFound
from services.common.tokens import Caller
from services.nominations.city_tables import ContactForm, Objection, Reopening
from services.nominations.domain.workflow import Role, Status
from services.nominations.procedure_tables import (
    Confirmation,
    CountyReport,
    CountyReportItem,
    Disqualification,
    Endorsement,
    Opinion,
    PublicityNotice,
    UnitRecord,
    ZeroDeclaration,
)
from services.nominations.review_tables import CaseReturn
from services.nominations.tables import Nomination, QuotaAccount


def visible_to(caller: Caller) -> ColumnElement[bool]:
    """The rows a caller may see: own, own unit's, own county's once handed over, and the city's once reported."""
    scopes: list[ColumnElement[bool]] = []
    if "service" in caller.roles:
        return true()
    if Role.NOMINEE in caller.roles:
        scopes.append(Nomination.nominee_person_id == caller.person_id)
    if caller.roles & {Role.UNIT_CLERK, Role.UNIT_HEAD}:
        scopes.append(Nomination.unit_id == UUID(caller.organisation_id))
    if caller.roles & {Role.COUNTY_OFFICER, Role.COUNTY_REVIEWER}:
        scopes.append(and_(Nomination.quota_unit == caller.jurisdiction, Nomination.handed_over_at.is_not(None)))
    if caller.roles & {Role.CITY_OFFICER, Role.CITY_REVIEWER}:
        scopes.append(Nomination.reported_at.is_not(None))
    return or_(false(), *scopes)


async def get_nomination(
    session: AsyncSession, caller: Caller, nomination_id: UUID, *, lock: bool = False
) -> Nomination:
    """The case, locked against other writers where asked. Raises NotFound for what is not there or not in scope."""
    query = select(Nomination).where(Nomination.id == nomination_id, visible_to(caller))
    nomination = await session.scalar(query.with_for_update() if lock else query)
    if nomination is None:
        raise NotFound
    return nomination


async def records_in_force(session: AsyncSession, nomination_id: UUID) -> Sequence[UnitRecord]:
    query = select(UnitRecord).where(UnitRecord.nomination_id == nomination_id, UnitRecord.superseded_at.is_(None))
    return (await session.scalars(query.order_by(UnitRecord.recorded_at))).all()


async def notices_in_force(session: AsyncSession, nomination_id: UUID) -> dict[str, PublicityNotice]:
    """By level: the unit's, and the whole city's."""
    query = select(PublicityNotice).where(
        PublicityNotice.nomination_id == nomination_id, PublicityNotice.superseded_at.is_(None)
    )
    return {notice.level: notice for notice in await session.scalars(query)}


async def notices_of(session: AsyncSession, nomination_id: UUID) -> Sequence[PublicityNotice]:
    """Every notice of a case, superseded or not: what was shown, and when."""
    query = select(PublicityNotice).where(PublicityNotice.nomination_id == nomination_id)
    return (await session.scalars(query.order_by(PublicityNotice.id))).all()


async def signatures_in_force(session: AsyncSession, nomination_id: UUID) -> Sequence[Endorsement]:
    query = select(Endorsement).where(Endorsement.nomination_id == nomination_id, Endorsement.superseded_at.is_(None))
    return (await session.scalars(query.order_by(Endorsement.signed_at))).all()


async def unanswered_return(session: AsyncSession, nomination: Nomination) -> CaseReturn | None:
    """What the case was sent back for; asked only where it can be."""
    if nomination.status != Status.RETURNED:
        return None
    query = select(CaseReturn).where(CaseReturn.nomination_id == nomination.id, CaseReturn.answered_at.is_(None))
    found: CaseReturn | None = await session.scalar(query)
    return found


async def opinions_in_force(session: AsyncSession, nomination_id: UUID) -> Sequence[Opinion]:
    query = select(Opinion).where(Opinion.nomination_id == nomination_id, Opinion.superseded_at.is_(None))
    return (await session.scalars(query.order_by(Opinion.authority))).all()


async def confirmations(session: AsyncSession, nomination_id: UUID) -> Sequence[Confirmation]:
    return (await session.scalars(select(Confirmation).where(Confirmation.nomination_id == nomination_id))).all()


async def disqualifications_against(session: AsyncSession, nomination: Nomination) -> Sequence[Disqualification]:
    """What was found of this person, and of the firm where the case is the firm or its head; in any county (R83)."""
    subjects = [Disqualification.identity_index == nomination.identity_index]
    if nomination.for_enterprise:
        subjects.append(Disqualification.credit_code == nomination.credit_code)
    query = select(Disqualification).where(
        Disqualification.campaign_key == nomination.campaign_key,
        Disqualification.lifted_at.is_(None),
        or_(*subjects),
    )
    return (await session.scalars(query.order_by(Disqualification.id))).all()


async def open_objections(session: AsyncSession, nomination_id: UUID) -> int:
    query = select(func.count()).where(Objection.nomination_id == nomination_id, Objection.concluded_at.is_(None))
    return await session.scalar(query) or 0


async def is_set_up(session: AsyncSession, nomination: Nomination) -> bool:
    """Whether the county has filed who answers for the campaign there (R40)."""
    return await session.get(ContactForm, (nomination.campaign_key, nomination.quota_unit)) is not None


async def is_reopened(session: AsyncSession, nomination: Nomination, *, now: datetime) -> bool:
    """Whether the city lets a late county report after all (R113)."""
    query = select(Reopening.id).where(
        Reopening.campaign_key == nomination.campaign_key,
        Reopening.quota_unit == nomination.quota_unit,
        Reopening.until > now,
    )
    return await session.scalar(query.limit(1)) is not None


async def zero_is_declared(session: AsyncSession, nomination: Nomination) -> bool:
    query = select(ZeroDeclaration.id).where(
        ZeroDeclaration.campaign_key == nomination.campaign_key,
        ZeroDeclaration.quota_unit == nomination.quota_unit,
        ZeroDeclaration.category == nomination.category,
        ZeroDeclaration.revoked_at.is_(None),
    )
    return await session.scalar(query) is not None


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
    query = select(PublicityNotice).where(
        PublicityNotice.campaign_key == campaign_key, PublicityNotice.superseded_at.is_(None)
    )
    if after is not None:
        query = query.where(tuple_(PublicityNotice.opened_on, PublicityNotice.id) < after)
    query = query.order_by(PublicityNotice.opened_on.desc(), PublicityNotice.id.desc()).limit(limit)
    return (await session.scalars(query)).all()


async def get_report(session: AsyncSession, caller: Caller, report_id: UUID, *, lock: bool = False) -> CountyReport:
    """A county report within the caller's scope. Raises NotFound."""
    query = select(CountyReport).where(CountyReport.id == report_id, _reports_visible_to(caller))
    report = await session.scalar(query.with_for_update() if lock else query)
    if report is None:
        raise NotFound
    return report


def _reports_visible_to(caller: Caller) -> ColumnElement[bool]:
    if caller.roles & {Role.COUNTY_OFFICER, Role.COUNTY_REVIEWER}:
        return CountyReport.quota_unit == caller.jurisdiction
    if caller.roles & {Role.CITY_OFFICER, Role.CITY_REVIEWER}:
        return CountyReport.submitted_at.is_not(None)
    return false()


async def report_items(session: AsyncSession, report_id: UUID) -> Sequence[CountyReportItem]:
    query = select(CountyReportItem).where(CountyReportItem.report_id == report_id)
    return (await session.scalars(query.order_by(CountyReportItem.category, CountyReportItem.rank))).all()


async def quota_accounts(session: AsyncSession, caller: Caller, *, campaign_key: str) -> Sequence[QuotaAccount]:
    """The seats of the caller's own recommending organisation; of all for the city."""
    query = select(QuotaAccount).where(QuotaAccount.campaign_key == campaign_key)
    if not caller.roles & {Role.CITY_OFFICER, Role.CITY_REVIEWER}:
        query = query.where(QuotaAccount.quota_unit == caller.jurisdiction)
    return (await session.scalars(query.order_by(QuotaAccount.quota_unit, QuotaAccount.category))).all()
