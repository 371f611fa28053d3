"""The forms without a cover, filled: a county's 附件3, 附件4 and report, a case's 附件7 and 附件8 (R114–R116, R119–R120)."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.nominations import queries
from services.nominations.cases.case_facts import Case
from services.nominations.cases.content import opened_form
from services.nominations.city_tables import ContactForm
from services.nominations.context import Context
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.form_definition import FormDefinition
from services.nominations.domain.workflow import FIRST_STAGE
from services.nominations.forms.blocks import FormDocument
from services.nominations.forms.form_content import Status
from services.nominations.prints.sheet_rendering import opinion_values, sheet_document, signed_opinions, summary_rows
from services.nominations.problems import FormNotFound
from services.nominations.procedure_tables import CountyReport, CountyReportItem
from services.nominations.tables import Nomination

REPORT = "recommendation_report"


async def report_form(
    session: AsyncSession, context: Context, caller: Caller, report_id: UUID, form_key: str
) -> FormDocument:
    """A draft until it is handed in. Raises NotFound, FormNotFound."""
    report = await queries.get_report(session, caller, report_id)
    campaign = await context.campaigns.latest(session, report.campaign_key)
    form = campaign.forms.get(form_key)
    if form is None or form.boxes or (form_key != REPORT and (not form.columns or form.category is None)):
        raise FormNotFound
    values = {
        **report.sections,
        "recommending_organisation_name": campaign.printed_name_of(report.quota_unit),
        "form_date": campaign.local_day(report.submitted_at or report.saved_at).isoformat(),
        **await _reporter(session, report),
    }
    status: Status = "draft" if report.submitted_at is None else "final"
    rows = [] if form_key == REPORT else await _rows(session, context, campaign, report, form)
    layout = context.campaigns.print_layout(campaign, form_key)
    return sheet_document(campaign, layout, form, values=values, status=status, rows=rows, subject=report.id)


async def _reporter(session: AsyncSession, report: CountyReport) -> dict[str, str]:
    """联系人 and 联系电话 below the table: whom 附件9 names; nobody before it is filed."""
    contact = await session.get(ContactForm, (report.campaign_key, report.quota_unit))
    people = contact.form.get("people", []) if contact is not None else []
    named: dict[str, str] = next((person for person in people if person.get("position") == "contact"), {})
    return {"reporter_name": named.get("full_name", ""), "reporter_phone": named.get("mobile_phone", "")}


async def _rows(
    session: AsyncSession, context: Context, campaign: Campaign, report: CountyReport, form: FormDefinition
) -> list[dict[str, str]]:
    """The ranked candidates; identity numbers whole, because the paper asks for them (R142)."""
    ranked = await session.execute(
        select(queries.rank_in(report).label("rank"), Nomination)
        .join(Nomination, Nomination.id == CountyReportItem.nomination_id)
        .where(
            CountyReportItem.report_id == report.id,
            CountyReportItem.category == form.category,
            CountyReportItem.returned_at.is_(None),
            queries.not_held(None),
        )
        .order_by(CountyReportItem.rank)
    )
    assert form.category is not None
    definition = campaign.form_of(form.category)
    return summary_rows(
        campaign, form, [(rank, opened_form(nomination, definition, context.seal)) for rank, nomination in ranked]
    )


def opinion_form(context: Context, case: Case, form_key: str, *, with_opinions: bool) -> FormDocument:
    """附件7 or 附件8, for those who read them with the opinions in force. A draft until the case has gone up to be signed.

    Opinions are no part of a print's identity. Raises FormNotFound for a form that this case is not asked by.
    """
    form = case.campaign.forms.get(form_key)
    if form is None or form_key not in {need.sheet for need in case.required}:
        raise FormNotFound
    own = opened_form(case.nomination, case.campaign.form_of(case.nomination.category), context.seal)
    return sheet_document(
        case.campaign,
        context.campaigns.print_layout(case.campaign, form_key),
        form,
        values=opinion_values(case.campaign, form, own),
        status="draft" if case.nomination.stage == FIRST_STAGE else "final",
        opinions=signed_opinions(case.opinions) if with_opinions else {},
        subject=case.nomination.id,
    )
