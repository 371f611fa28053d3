"""“将推荐对象排序上报” (R64–R65): 附件3 and 附件4 of the whole city, as its ranked list goes to the province."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.problems import NotFound
from services.nominations import queries
from services.nominations.cases.content import opened_form
from services.nominations.city_tables import CityList, CityListItem
from services.nominations.context import Context
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.form_definition import FormDefinition
from services.nominations.forms.blocks import FormDocument
from services.nominations.forms.form_content import Status
from services.nominations.prints.sheet_rendering import sheet_document, summary_rows
from services.nominations.problems import FormNotFound
from services.nominations.tables import Nomination


async def get_list(session: AsyncSession, list_id: UUID) -> CityList:
    """Raises NotFound. Who may ask stands at the route: the city's office."""
    city_list = await session.get(CityList, list_id)
    if city_list is None:
        raise NotFound
    return city_list


async def list_form(session: AsyncSession, context: Context, list_id: UUID, form_key: str) -> FormDocument:
    """A draft until the list has been reported. Raises NotFound, FormNotFound for what is no summary table."""
    city_list = await get_list(session, list_id)
    campaign = await context.campaigns.latest(session, city_list.campaign_key)
    form = campaign.forms.get(form_key)
    if form is None or form.boxes or not form.columns or form.category is None:
        raise FormNotFound
    values = {
        "recommending_organisation_name": "、".join(campaign.issuers),
        "form_date": campaign.local_day(city_list.reported_at or city_list.saved_at).isoformat(),
        "reporter_name": campaign.contact.get("people", ""),
        "reporter_phone": campaign.contact.get("phone", ""),
    }
    status: Status = "draft" if city_list.reported_at is None else "final"
    rows = await _rows(session, context, campaign, city_list, form)
    layout = context.campaigns.print_layout(campaign, form_key)
    return sheet_document(campaign, layout, form, values=values, status=status, rows=rows, subject=list_id)


async def ranked_cases(session: AsyncSession, list_id: UUID) -> list[UUID]:
    """By category and rank, the cases whose papers go out with the list: what law keeps does not."""
    query = (
        select(CityListItem.nomination_id)
        .join(Nomination, Nomination.id == CityListItem.nomination_id)
        .where(CityListItem.list_id == list_id, CityListItem.removed_at.is_(None), queries.not_held(None))
    )
    order = (CityListItem.category, CityListItem.rank, CityListItem.nomination_id)
    return list(await session.scalars(query.order_by(*order)))


async def _rows(
    session: AsyncSession, context: Context, campaign: Campaign, city_list: CityList, form: FormDefinition
) -> list[dict[str, str]]:
    """Identity numbers whole, because the paper asks for them (R142)."""
    assert form.category is not None
    ranked = await session.execute(
        select(CityListItem.rank, Nomination)
        .join(Nomination, Nomination.id == CityListItem.nomination_id)
        .where(
            CityListItem.list_id == city_list.id,
            CityListItem.category == form.category,
            CityListItem.removed_at.is_(None),
            queries.not_held(None),
        )
        .order_by(CityListItem.rank, CityListItem.nomination_id)
    )
    definition = campaign.form_of(form.category)
    return summary_rows(
        campaign, form, [(rank, opened_form(nomination, definition, context.seal)) for rank, nomination in ranked]
    )
