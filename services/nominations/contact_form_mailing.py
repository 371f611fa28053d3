"""“将电子版发送至指定邮箱” (R42, R207): the filled 附件9 as a file, and on its way to the city's mailbox."""

import hashlib
from datetime import timedelta
from uuid import UUID

from pgqueuer.errors import RetryRequested
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.common.emails import Attachment, Email, EmailNotSent, EmailOff, EmailRefused, EmailUnsure
from services.common.problems import NotFound, Unavailable
from services.common.tokens import Caller
from services.nominations.city_tables import ContactForm
from services.nominations.contact_forms import contact_form_of
from services.nominations.context import Context
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.webhooks import wait_before_next
from services.nominations.event_queue import MAIL_CONTACT_FORM
from services.nominations.forms.blocks import FormDocument
from services.nominations.jobs import enqueue
from services.nominations.mailing_tables import ContactFormMailing
from services.nominations.problems import MailboxMissing
from services.nominations.rendering import MEDIA_TYPES, Format
from services.nominations.sheet_rendering import contact_rows, sheet_document

_FORMATS: tuple[Format, ...] = ("pdf", "docx")


def contact_document(context: Context, campaign: Campaign, filed: ContactForm) -> FormDocument:
    """附件9 as the county filed it."""
    form = contact_form_of(campaign)
    layout = context.campaigns.print_layout(campaign, form.key)
    rows = contact_rows(campaign, form, filed.form)
    return sheet_document(campaign, layout, form, values=filed.form, status="final", rows=rows)


async def request_mailing(
    session: AsyncSession, context: Context, caller: Caller, campaign: Campaign
) -> ContactFormMailing:
    """Puts the copy on its way; what is on its way, or went out as it is now, is not sent again.

    Raises EmailOff, MailboxMissing, NotFound before the form is filed.
    """
    if not context.emails.ready:
        raise EmailOff
    address = campaign.contact.get("email", "")
    if not address:
        raise MailboxMissing
    filed = await session.get(ContactForm, (campaign.key, caller.jurisdiction), with_for_update=True)
    if filed is None:
        raise NotFound
    before = (await latest_mailings(session, campaign.key, [caller.jurisdiction])).get(caller.jurisdiction)
    if before is not None and (
        before.state == "waiting" or (before.state, before.revision) == ("sent", filed.revision)
    ):
        return before
    mailing = ContactFormMailing(
        id=uuid7(),
        campaign_key=campaign.key,
        quota_unit=caller.jurisdiction,
        revision=filed.revision,
        address=address,
        state="waiting",
        attempts=0,
        requested_by=caller.person_id,
        requested_at=context.clock.now(),
    )
    session.add(mailing)
    await session.flush()
    await enqueue(session, MAIL_CONTACT_FORM, [str(mailing.id)])
    return mailing


async def latest_mailings(
    session: AsyncSession, campaign_key: str, quota_units: list[str]
) -> dict[str, ContactFormMailing]:
    query = (
        select(ContactFormMailing)
        .where(ContactFormMailing.campaign_key == campaign_key, ContactFormMailing.quota_unit.in_(quota_units))
        .ext(distinct_on(ContactFormMailing.quota_unit))
        .order_by(ContactFormMailing.quota_unit, ContactFormMailing.id.desc())
    )
    return {each.quota_unit: each for each in await session.scalars(query)}


async def mail_contact_form(context: Context, payload: str) -> None:
    """The job: one try. A copy whose acceptance was not heard of is `unknown`; the county asks again once it knows.

    Raises RetryRequested when there is to be another try.
    """
    async with context.database.reading() as session:
        mailing = await session.get(ContactFormMailing, UUID(payload))
        if mailing is None or mailing.state != "waiting":
            return
        campaign = await context.campaigns.latest(session, mailing.campaign_key)
        filed = await session.get_one(ContactForm, (mailing.campaign_key, mailing.quota_unit))
    state, digest = await _try(context, campaign, filed, address=mailing.address)
    async with context.database.transaction() as session:
        wait = await _note(session, context, campaign, mailing.id, filed.revision, state=state, digest=digest)
    if wait is not None:
        raise RetryRequested(delay=wait, reason=state)


async def _try(context: Context, campaign: Campaign, filed: ContactForm, *, address: str) -> tuple[str, str | None]:
    """The new state, `waiting` where another try does no harm; and the digest of the PDF."""
    title, body = contact_form_of(campaign).title, str(filed.form.get("organisation_name") or filed.quota_unit)
    document = contact_document(context, campaign, filed)
    try:
        files = {wanted: await context.renderer.draw(document, wanted) for wanted in _FORMATS}
        attachments = [
            Attachment(f"{title}-{body}.{wanted}", content, MEDIA_TYPES[wanted]) for wanted, content in files.items()
        ]
        text = f"{body}报送{title}电子版，见附件。\n\n活动：{campaign.title}（{campaign.notice_number}）\n"
        await context.emails.send(Email(to=address, subject=f"{body}：{title}", text=text, attachments=attachments))
    except EmailRefused:
        return "refused", None
    except EmailUnsure:
        return "unknown", None
    except (EmailNotSent, EmailOff, Unavailable):
        return "waiting", None
    return "sent", hashlib.sha256(files["pdf"]).hexdigest()


async def _note(
    session: AsyncSession,
    context: Context,
    campaign: Campaign,
    mailing_id: UUID,
    revision: int,
    *,
    state: str,
    digest: str | None,
) -> timedelta | None:
    """How long to wait before the next try; None when it is over. What was sent stands with the form (R207)."""
    mailing = await session.get_one(ContactFormMailing, mailing_id, with_for_update=True)
    now = context.clock.now()
    mailing.attempts, mailing.revision = mailing.attempts + 1, revision
    wait = wait_before_next(mailing.attempts) if state == "waiting" else None
    mailing.state = "failed" if state == "waiting" and wait is None else state
    if mailing.state == "sent":
        mailing.sent_at, mailing.sha256 = now, digest
        filed = await session.get_one(ContactForm, (mailing.campaign_key, mailing.quota_unit), with_for_update=True)
        filed.dispatches = filed.dispatches | {"email": campaign.local_day(now).isoformat()}
    return wait
