"""“将电子版发送至指定邮箱” (R42, R207): the filled 附件9 as a file, and on its way to the city's mailbox."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from pgqueuer.errors import RetryRequested
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.common.callers.tokens import Caller
from services.common.messages.emails import Attachment, Email, EmailNotSent, EmailOff, EmailRefused, EmailUnsure
from services.common.problems import NotFound, Unavailable
from services.nominations.city_tables import ContactForm
from services.nominations.context import Context
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.webhooks import wait_before_next
from services.nominations.forms.blocks import FormDocument
from services.nominations.notifications.event_queue import MAIL_CONTACT_FORM
from services.nominations.notifications.jobs import enqueue
from services.nominations.prints.rendering import MEDIA_TYPES, Format
from services.nominations.prints.sheet_rendering import contact_rows, sheet_document
from services.nominations.problems import MailboxMissing
from services.nominations.reporting.contact_forms import contact_form_of
from services.nominations.reporting.mailing_tables import ContactFormMailing

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
    """The job: one try. What may have been accepted already is never handed in again by itself: it is `unknown`.

    That is so where the server's word was not heard, and where an earlier try ended between handing the copy in and
    writing down what became of it. The county asks the city, and asks again here once it knows: the copy then has the
    same identity as the first. Raises RetryRequested when there is to be another try.
    """
    async with context.database.reading() as session:
        mailing = await session.get(ContactFormMailing, UUID(payload))
        if mailing is None or mailing.state != "waiting":
            return
        campaign = await context.campaigns.latest(session, mailing.campaign_key)
        filed = await session.get_one(ContactForm, (mailing.campaign_key, mailing.quota_unit))
    if mailing.sha256 is not None:
        state = "unknown"
    else:
        state = await _try(context, campaign, mailing, filed)
    async with context.database.transaction() as session:
        wait = await _note(session, context, campaign, mailing.id, state=state)
    if wait is not None:
        raise RetryRequested(delay=wait, reason=state)


async def _try(context: Context, campaign: Campaign, mailing: ContactFormMailing, filed: ContactForm) -> str:
    """The new state, `waiting` where another try does no harm."""
    document = contact_document(context, campaign, filed)
    try:
        files = {wanted: await context.renderer.draw(document, wanted) for wanted in _FORMATS}
        email = _email(campaign, filed, files, to=mailing.address)
        async with context.database.transaction() as session:
            await _hand_over(session, mailing.id, filed.revision, digest=hashlib.sha256(files["pdf"]).hexdigest())
        await context.emails.send(email)
    except EmailRefused:
        return "refused"
    except EmailUnsure:
        return "unknown"
    except (EmailNotSent, EmailOff, Unavailable):
        return "waiting"
    return "sent"


def _email(campaign: Campaign, filed: ContactForm, files: Mapping[Format, bytes], *, to: str) -> Email:
    """One saving of the form to one mailbox is one message, however often it is handed in."""
    title, body = contact_form_of(campaign).title, str(filed.form.get("organisation_name") or filed.quota_unit)
    version = f"{campaign.key} {filed.quota_unit} {filed.revision} {to}"
    number = hashlib.sha256(version.encode()).hexdigest()[:20]
    text = (
        f"{body}报送{title}电子版，见附件。\n\n活动：{campaign.title}（{campaign.notice_number}）\n"
        f"编号：{number}（同一编号的邮件是同一份，留存一份即可）\n"
    )
    attachments = [
        Attachment(f"{title}-{body}.{wanted}", content, MEDIA_TYPES[wanted]) for wanted, content in files.items()
    ]
    return Email(
        to=to, subject=f"{body}：{title}", text=text, attachments=attachments, identity=f"contact-form.{number}"
    )


async def _hand_over(session: AsyncSession, mailing_id: UUID, revision: int, *, digest: str) -> None:
    """Written down before the server has it: `waiting` with a digest says that the server may have it."""
    mailing = await session.get_one(ContactFormMailing, mailing_id, with_for_update=True)
    mailing.revision, mailing.sha256 = revision, digest


async def _note(
    session: AsyncSession, context: Context, campaign: Campaign, mailing_id: UUID, *, state: str
) -> timedelta | None:
    """How long to wait before the next try; None when it is over. What was sent stands with the form (R207)."""
    mailing = await session.get_one(ContactFormMailing, mailing_id, with_for_update=True)
    now = context.clock.now()
    mailing.attempts += 1
    wait = wait_before_next(mailing.attempts) if state == "waiting" else None
    mailing.state = "failed" if state == "waiting" and wait is None else state
    if state in {"waiting", "refused"}:
        mailing.sha256 = None
    if mailing.state == "sent":
        mailing.sent_at = now
        filed = await session.get_one(ContactForm, (mailing.campaign_key, mailing.quota_unit), with_for_update=True)
        filed.dispatches = filed.dispatches | {"email": campaign.local_day(now).isoformat()}
    return wait
