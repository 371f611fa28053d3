"""附件3 and 附件4 of a county report as data: the ranked nominations, row by row (R134–R146)."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.nominations import queries
from services.nominations.context import Context
from services.nominations.domain.form_definition import FormDefinition
from services.nominations.forms.summary import summary_row
from services.nominations.prints.rendering import vocabulary
from services.nominations.problems import FormNotFound
from services.nominations.procedure_tables import CountyReportItem
from services.nominations.schemas.procedure import ColumnBody, SummaryTable
from services.nominations.tables import Nomination


async def report_table(
    session: AsyncSession, context: Context, caller: Caller, report_id: UUID, form_key: str
) -> SummaryTable:
    """Only reported candidates stand in it, in rank order; identity numbers are masked. Raises NotFound, FormNotFound."""
    report = await queries.get_report(session, caller, report_id)
    campaign = await context.campaigns.latest(session, report.campaign_key)
    form = campaign.forms.get(form_key)
    if form is None or not form.columns or form.boxes or form.category is None:
        raise FormNotFound
    words = vocabulary(campaign, campaign.form_of(form.category))
    rows = (
        await session.execute(
            select(queries.rank_in(report).label("rank"), Nomination.form)
            .join(Nomination, Nomination.id == CountyReportItem.nomination_id)
            .where(
                CountyReportItem.report_id == report.id,
                CountyReportItem.category == form.category,
                CountyReportItem.returned_at.is_(None),
                queries.not_held(caller),
            )
            .order_by(CountyReportItem.rank)
        )
    ).all()
    return SummaryTable(
        form=form.key,
        title=form.title,
        columns=_columns(form),
        rows=[summary_row(form, row.form, words, rank=row.rank) for row in rows],
        notes=list(form.notes),
    )


def _columns(form: FormDefinition) -> list[ColumnBody]:
    return [ColumnBody(key=column.key, label=column.label) for column in form.columns]
