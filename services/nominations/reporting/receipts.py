"""The city counts what a county handed in: paper in so many copies, and the same as files (R121–R122)."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.common.problems import NotFound
from services.nominations import queries
from services.nominations.cases.case_facts import opinions_required
from services.nominations.context import Context
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.form_definition import FormDefinition
from services.nominations.domain.receipts import Item, Received, Ticked, ticked
from services.nominations.prints.sheet_forms import REPORT
from services.nominations.procedure_tables import CountyReport, CountyReportItem
from services.nominations.reporting.receipt_tables import MaterialReceipt
from services.nominations.schemas.receipts import NewReceipt
from services.nominations.tables import Nomination


async def list_receipts(
    session: AsyncSession, context: Context, caller: Caller, report_id: UUID
) -> tuple[Campaign, list[Ticked]]:
    """Every item of the report in the order of the notice. Raises NotFound."""
    report = await queries.get_report(session, caller, report_id)
    campaign = await context.campaigns.latest(session, report.campaign_key)
    items = await _items(session, campaign, report)
    rows = await session.scalars(select(MaterialReceipt).where(MaterialReceipt.report_id == report_id))
    received = {row.item: Received(row.paper_copies, row.electronic) for row in rows}
    return campaign, ticked(items, received, copies=campaign.paper_copies)


async def note_receipt(  # noqa: PLR0917  who counts which item of which report
    session: AsyncSession, context: Context, caller: Caller, report_id: UUID, item: str, wanted: NewReceipt
) -> None:
    """Counted again, the later count holds. Raises NotFound for what is no item of the report."""
    report = await queries.get_report(session, caller, report_id, lock=True)
    campaign = await context.campaigns.latest(session, report.campaign_key)
    if item not in {each.key for each in await _items(session, campaign, report)}:
        raise NotFound
    told = {
        "paper_copies": wanted.paper_copies,
        "electronic": wanted.electronic,
        "noted_by": caller.person_id,
        "noted_by_name": caller.name,
        "noted_at": context.clock.now(),
    }
    row = insert(MaterialReceipt).values(report_id=report_id, item=item, **told)
    await session.execute(row.on_conflict_do_update(index_elements=["report_id", "item"], set_=told))


async def _items(session: AsyncSession, campaign: Campaign, report: CountyReport) -> list[Item]:
    """The report, the table of each category that it ranks, each case's approval form, each case's opinion sheets."""
    query = (
        select(Nomination)
        .join(CountyReportItem, CountyReportItem.nomination_id == Nomination.id)
        .where(CountyReportItem.report_id == report.id, CountyReportItem.returned_at.is_(None))
        .order_by(CountyReportItem.category, CountyReportItem.rank)
    )
    cases = (await session.scalars(query)).all()
    ranked = {case.category for case in cases}
    tables = [form for form in campaign.forms.values() if form.columns and not form.boxes and form.category in ranked]
    whole = [campaign.forms[REPORT]] if REPORT in campaign.forms else []
    return [
        *(Item(form.key, form.title) for form in [*whole, *tables]),
        *(_item_of(case, campaign.form_of(case.category)) for case in cases),
        *(_item_of(case, campaign.forms[sheet], f":{sheet}") for case in cases for sheet in _sheets(campaign, case)),
    ]


def _item_of(case: Nomination, form: FormDefinition, part: str = "") -> Item:
    """Named by whom it is about, unless law keeps that: the paper that was received is counted all the same."""
    about = "" if queries.is_held_from(None, case) else f"：{case.name or case.unit_name}"
    return Item(f"{case.id}{part}", f"{form.title}{about}")


def _sheets(campaign: Campaign, case: Nomination) -> list[str]:
    """附件7 or 附件8 as its nature asks (R119–R120)."""
    return sorted({need.sheet for need in opinions_required(campaign, case) if need.sheet is not None})
