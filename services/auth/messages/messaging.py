"""Sending a message to people: by WeChat where they agreed to it, else as a text message, else by e-mail. Each one once."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.domain.roles import Role
from services.auth.domain.subscribe_messages import shortened
from services.auth.messages.email_addresses import open_address
from services.auth.messages.email_tables import EmailAddressRow
from services.auth.messages.message_tables import MOST_CREDITS, MessageCreditRow, SentMessageRow
from services.auth.messages.phones import open_phone
from services.auth.resources import Resources
from services.auth.settings import WechatMessage
from services.auth.tables import OrganisationRow, PersonRow, RoleAssignmentRow, WechatIdentityRow
from services.auth.wechat.wechat_client import SubscriptionRefused
from services.auth.wechat.wechat_problems import WechatIdentityUnknown, WechatUnavailable, WechatUnsure
from services.common.messages.emails import Email, EmailNotSent, EmailOff, EmailRefused, EmailUnsure
from services.common.messages.text_messages import TextMessage, TextMessageNotSent, TextMessagesOff, TextMessageUnsure

log = logging.getLogger(__name__)
_AT_A_TIME = 50
"""Recipients of one request: as many as are told while its sender waits, also by a slow mail server."""
CHANNELS = ("wechat", "sms", "email")
_AT_ONCE = 5
_TRY_THE_NEXT = frozenset({"no_channel", "failed"})
"""What may have arrived is not sent by another way as well."""


@dataclass(frozen=True, slots=True)
class Recipients:
    """One person; or whoever holds one of the roles at a body or, without a body, in a jurisdiction or anywhere."""

    person_id: UUID | None = None
    organisation_id: UUID | None = None
    jurisdiction: str | None = None
    roles: Sequence[Role] = ()
    except_person_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    person_id: UUID
    channel: str
    state: str


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to tell. `channels` are tried in the order of `CHANNELS` until one takes it."""

    id: UUID
    template: str
    text: str
    subject: str = ""
    channels: frozenset[str] = frozenset(CHANNELS)


async def send_once(
    resources: Resources, message: Message, *, to: Recipients, after: UUID | None
) -> tuple[list[Sent], bool]:
    """What became of it for each person after this one, and whether more are to be told.

    Whom it reached before, or perhaps did, gets it no second time.
    """
    now = datetime.now(UTC)
    async with resources.database.reading() as session:
        people = await _people(session, to, now, after=after, limit=_AT_A_TIME + 1)
    at_once = asyncio.Semaphore(_AT_ONCE)

    async def send(person: PersonRow) -> Sent:
        async with at_once:
            return await _send_to(resources, message, person)

    return list(await asyncio.gather(*map(send, people[:_AT_A_TIME]))), len(people) > _AT_A_TIME


async def _people(
    session: AsyncSession, to: Recipients, now: datetime, *, after: UUID | None, limit: int
) -> Sequence[PersonRow]:
    query = select(PersonRow).where(PersonRow.suspended_at.is_(None))
    if to.person_id is not None:
        query = query.where(PersonRow.id == to.person_id)
    else:
        held = (
            select(RoleAssignmentRow.person_id)
            .join(OrganisationRow, OrganisationRow.id == RoleAssignmentRow.organisation_id)
            .where(RoleAssignmentRow.role.in_(to.roles), RoleAssignmentRow.starts_at <= now)
            .where(or_(RoleAssignmentRow.ends_at.is_(None), RoleAssignmentRow.ends_at > now))
        )
        if to.organisation_id is not None:
            successor = select(OrganisationRow.merged_into).where(OrganisationRow.id == to.organisation_id)
            held = held.where(or_(OrganisationRow.id == to.organisation_id, OrganisationRow.id.in_(successor)))
        if to.jurisdiction is not None:
            held = held.where(OrganisationRow.jurisdiction == to.jurisdiction)
        query = query.where(PersonRow.id.in_(held))
    if to.except_person_id is not None:
        query = query.where(PersonRow.id != to.except_person_id)
    if after is not None:
        query = query.where(PersonRow.id > after)
    return (await session.scalars(query.order_by(PersonRow.id).limit(limit))).all()


async def _send_to(resources: Resources, message: Message, person: PersonRow) -> Sent:
    key = {"message_id": message.id, "person_id": person.id}
    before = await _claimed_before(resources, key)
    if before is not None:
        return before
    channel, state = "none", "no_channel"
    for name in CHANNELS:
        if name in message.channels and state in _TRY_THE_NEXT:
            tried = await _BY[name](resources, person, message)
            if tried is not None and (state != "failed" or tried[1] != "refused"):
                channel, state = tried
    async with resources.database.transaction() as session:
        row = await session.get_one(SentMessageRow, key)
        row.channel, row.state = channel, state
    return Sent(person.id, channel, state)


async def _claimed_before(resources: Resources, key: dict[str, UUID]) -> Sent | None:
    """None when it is ours to send now: for the first time, or again because it certainly failed."""
    async with resources.database.transaction() as session:
        claim = insert(SentMessageRow).values(**key, channel="none", state="unknown", at=datetime.now(UTC))
        if await session.scalar(claim.on_conflict_do_nothing().returning(SentMessageRow.person_id)) is not None:
            return None
        row = await session.get_one(SentMessageRow, key, with_for_update=True)
        before = Sent(row.person_id, row.channel, row.state)
        if before.state == "failed":
            row.channel, row.state = "none", "unknown"
            return None
        return before


async def _by_wechat(resources: Resources, person: PersonRow, told: Message) -> tuple[str, str] | None:
    """None where WeChat is no way to this person now. A message that was certainly not sent costs no credit."""
    outcome = None
    async with resources.database.reading() as session:
        phones = (
            await session.scalars(select(WechatIdentityRow).where(WechatIdentityRow.person_id == person.id))
        ).all()
    for phone in phones:
        message = resources.settings.wechat_messages.get(phone.appid, {}).get(told.template)
        if message is not None and await _spend_credit(resources, phone, message):
            try:
                await resources.wechat.send_message(
                    appid=phone.appid,
                    openid=phone.openid,
                    template_id=message.template_id,
                    page=message.page,
                    values=shortened(
                        {field: value.replace("{text}", told.text) for field, value in message.values.items()}
                    ),
                )
            except SubscriptionRefused:
                await _forget_credits(resources, phone, message)
            except WechatUnsure:
                return "wechat", "unknown"
            except WechatUnavailable:
                log.warning("subscribe message not sent", extra={"template": told.template})
                await _give_credit_back(resources, phone, message)
                outcome = "wechat", "failed"
            else:
                return "wechat", "sent"
    return outcome


async def _spend_credit(resources: Resources, phone: WechatIdentityRow, message: WechatMessage) -> bool:
    async with resources.database.transaction() as session:
        spent = (
            update(MessageCreditRow)
            .where(*_credit(phone, message), MessageCreditRow.credits > 0)
            .values(credits=MessageCreditRow.credits - 1)
        )
        return (await session.scalar(spent.returning(MessageCreditRow.credits))) is not None


async def _give_credit_back(resources: Resources, phone: WechatIdentityRow, message: WechatMessage) -> None:
    async with resources.database.transaction() as session:
        given = update(MessageCreditRow).where(*_credit(phone, message), MessageCreditRow.credits < MOST_CREDITS)
        await session.execute(given.values(credits=MessageCreditRow.credits + 1))


async def _forget_credits(resources: Resources, phone: WechatIdentityRow, message: WechatMessage) -> None:
    """WeChat says that the person takes no more of these (43101): our count was wrong."""
    async with resources.database.transaction() as session:
        await session.execute(update(MessageCreditRow).where(*_credit(phone, message)).values(credits=0))


def _credit(phone: WechatIdentityRow, message: WechatMessage) -> tuple[ColumnElement[bool], ...]:
    row = MessageCreditRow
    return row.appid == phone.appid, row.openid == phone.openid, row.template_id == message.template_id


async def _by_text(resources: Resources, person: PersonRow, told: Message) -> tuple[str, str] | None:
    if person.sealed_phone is None:
        return None
    number = open_phone(resources.vault, person.sealed_phone)
    try:
        await resources.text_messages.send(TextMessage(phone=number, template=told.template, text=told.text))
    except TextMessagesOff:
        return None
    except TextMessageUnsure:
        return "sms", "unknown"
    except TextMessageNotSent:
        return "sms", "failed"
    return "sms", "sent"


async def _by_email(resources: Resources, person: PersonRow, told: Message) -> tuple[str, str] | None:
    async with resources.database.reading() as session:
        row = await session.get(EmailAddressRow, person.id)
    if row is None or row.confirmed_at is None:
        return None
    address = open_address(resources.vault, row.sealed_address)
    email = Email(to=address, subject=told.subject or told.text, text=f"{told.text}\n\n请登录系统查看。\n")
    try:
        await resources.emails.send(email)
    except EmailOff:
        return None
    except EmailNotSent:
        return "email", "failed"
    except EmailRefused:
        return "email", "refused"
    except EmailUnsure:
        return "email", "unknown"
    return "email", "sent"


_BY = {"wechat": _by_wechat, "sms": _by_text, "email": _by_email}


async def note_consents(
    session: AsyncSession, resources: Resources, *, person_id: UUID, appid: str, template_ids: Sequence[str]
) -> dict[str, int]:
    """One more message of each accepted template. Gives the counts. Raises WechatIdentityUnknown."""
    identity = select(WechatIdentityRow).where(
        WechatIdentityRow.person_id == person_id, WechatIdentityRow.appid == appid
    )
    phone = await session.scalar(identity.order_by(WechatIdentityRow.bound_at.desc()).limit(1))
    if phone is None:
        raise WechatIdentityUnknown
    known = {message.template_id for message in resources.settings.wechat_messages.get(appid, {}).values()}
    counts = {}
    for template_id in sorted(known.intersection(template_ids)):
        row = insert(MessageCreditRow).values(appid=appid, openid=phone.openid, template_id=template_id, credits=1)
        counted = row.on_conflict_do_update(
            index_elements=["appid", "openid", "template_id"],
            set_={"credits": func.least(MessageCreditRow.credits + 1, MOST_CREDITS)},
        )
        counts[template_id] = (await session.execute(counted.returning(MessageCreditRow.credits))).scalar_one()
    return counts
