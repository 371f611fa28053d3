"""附件9: filed by each county before it reviews anything, read by the city."""

from typing import Annotated

from fastapi import Query
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller, caller_with
from services.common.db import Reading
from services.common.messages.emails import EmailOff
from services.common.problem_schema import SIGNED_IN, DeclaringRouter, answers
from services.common.problems import (
    MalformedJson,
    NotFound,
    Unavailable,
    Unprocessable,
)
from services.common.repeats.once import Once
from services.nominations.city_tables import ContactForm
from services.nominations.context import InContext
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.workflow import Role
from services.nominations.lists.list_files import ListingRoute
from services.nominations.prints.rendering import MEDIA_TYPES, Format
from services.nominations.problems import ActionForbidden, CampaignNotFound, FormNotFound, MailboxMissing
from services.nominations.reporting.contact_form_mailing import contact_document, latest_mailings, request_mailing
from services.nominations.reporting.contact_forms import contact_form_of, file_contact_form, note_dispatch
from services.nominations.reporting.mailing_tables import ContactFormMailing
from services.nominations.routes.downloads import download
from services.nominations.schemas.contact import (
    ContactFormBody,
    ContactFormMailingBody,
    ContactForms,
    Dispatch,
    SavedContactForm,
)

contact_form_routes = DeclaringRouter(
    route_class=ListingRoute,
    prefix="/v1/campaigns/{key}",
    tags=["reports"],
    responses=SIGNED_IN
    | answers(MalformedJson, ActionForbidden, CampaignNotFound, FormNotFound, Unprocessable, Unavailable),
)
County = Annotated[Caller, caller_with(Role.COUNTY_OFFICER)]
Office = Annotated[
    Caller, caller_with(Role.COUNTY_OFFICER, Role.COUNTY_REVIEWER, Role.CITY_OFFICER, Role.CITY_REVIEWER)
]


def _body(campaign: Campaign, form: ContactForm, mailing: ContactFormMailing | None) -> ContactFormBody:
    return ContactFormBody(
        quota_unit=form.quota_unit,
        form=form.form,
        filed_at=form.filed_at,
        saved_at=form.saved_at,
        on_time=campaign.local_day(form.filed_at) <= campaign.contact_form_due,
        dispatches=form.dispatches,
        mailing=_mailing_body(mailing) if mailing is not None else None,
    )


def _mailing_body(mailing: ContactFormMailing) -> ContactFormMailingBody:
    return ContactFormMailingBody.model_validate(mailing, from_attributes=True)


async def _with_mailing(session: AsyncSession, campaign: Campaign, form: ContactForm) -> ContactFormBody:
    mailings = await latest_mailings(session, campaign.key, [form.quota_unit])
    return _body(campaign, form, mailings.get(form.quota_unit))


@contact_form_routes.put("/contact-form")
async def save_contact_form(key: str, wanted: SavedContactForm, caller: County, context: InContext) -> ContactFormBody:
    """报送评选工作联系表（附件9，R40–R42、R204–R206）。Filed whole; every wrong field is named."""
    async with context.database.transaction() as session:
        campaign = await context.campaigns.latest(session, key)
        form = await file_contact_form(session, context, caller, campaign, wanted)
        return await _with_mailing(session, campaign, form)


@contact_form_routes.post(
    "/contact-form/dispatches", status_code=201, response_model=ContactFormBody, responses=answers(NotFound)
)
async def note_contact_form_dispatch(
    key: str, wanted: Dispatch, caller: County, context: InContext, once: Once
) -> Response:
    """登记联系表已传真或已发邮件（R42、R207）。What was sent, and when."""

    async def perform(session: AsyncSession) -> ContactFormBody:
        campaign = await context.campaigns.latest(session, key)
        today = campaign.local_day(context.clock.now())
        form = await note_dispatch(
            session, caller, campaign, channel=wanted.channel, sent_on=wanted.sent_on, today=today
        )
        return await _with_mailing(session, campaign, form)

    return await once.do(caller, perform)


@contact_form_routes.post(
    "/contact-form/mailings", status_code=201, responses=answers(NotFound, EmailOff, MailboxMissing)
)
async def create_contact_form_mailing(key: str, caller: County, context: InContext) -> ContactFormMailingBody:
    """将联系表电子版发至指定邮箱（R42、R207）。PDF and DOCX go to the campaign's mailbox; asked twice, it goes once."""
    async with context.database.transaction() as session:
        campaign = await context.campaigns.latest(session, key)
        return _mailing_body(await request_mailing(session, context, caller, campaign))


@contact_form_routes.get(
    "/contact-forms/{quota_unit}/file",
    response_class=Response,
    responses=answers(NotFound) | {200: {"content": {media: {} for media in MEDIA_TYPES.values()}}},
)
async def get_contact_form_file(
    key: str,
    quota_unit: str,
    caller: Office,
    context: InContext,
    wanted: Annotated[Format, Query(alias="format")] = "pdf",
) -> Response:
    """已填的联系表（附件9）。To print, to fax, to seal: as PDF or DOCX; a county its own, the city all."""
    of_city = caller.roles & {Role.CITY_OFFICER, Role.CITY_REVIEWER}
    async with context.database.reading() as session:
        campaign = await context.campaigns.latest(session, key)
        form = await session.get(ContactForm, (key, quota_unit))
    if form is None or not (of_city or quota_unit == caller.jurisdiction):
        raise NotFound
    content = await context.renderer.draw(contact_document(context, campaign, form), wanted)
    name = f"{contact_form_of(campaign).title}-{quota_unit}.{wanted}"
    return download(content, name, MEDIA_TYPES[wanted])


@contact_form_routes.get("/contact-forms")
async def list_contact_forms(key: str, caller: Office, context: InContext, session: Reading) -> ContactForms:
    """各地联系表及未报送的推荐单位（R41）。The city sees all and who is missing, a county its own."""
    campaign = await context.campaigns.latest(session, key)
    of_city = caller.roles & {Role.CITY_OFFICER, Role.CITY_REVIEWER}
    wanted = {row.quota_unit for row in campaign.quotas if of_city or row.quota_unit == caller.jurisdiction}
    query = select(ContactForm).where(ContactForm.campaign_key == key, ContactForm.quota_unit.in_(wanted))
    forms = (await session.scalars(query.order_by(ContactForm.quota_unit))).all()
    mailings = await latest_mailings(session, key, [form.quota_unit for form in forms])
    reviewing = {unit for unit in wanted if "county" in campaign.path_of(unit)}
    return ContactForms(
        due_on=campaign.contact_form_due,
        items=[_body(campaign, form, mailings.get(form.quota_unit)) for form in forms],
        missing=sorted(reviewing - {form.quota_unit for form in forms}),
    )
