"""Sending a message to people's phones: by WeChat where they agreed to it, else as a text message. Each one once."""

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
from services.auth.message_tables import MOST_CREDITS, MessageCreditRow, SentMessageRow
from services.auth.phones import open_phone
from services.auth.problems import WechatIdentityUnknown, WechatUnavailable
from services.auth.resources import Resources
from services.auth.settings import WechatMessage
from services.auth.tables import OrganisationRow, PersonRow, RoleAssignmentRow, WechatIdentityRow
from services.auth.wechat_client import SubscriptionRefused
from services.common.text_messages import TextMessage, TextMessageNotSent, TextMessagesOff

log = logging.getLogger(__name__)
MOST_RECIPIENTS = 50


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


async def send_once(resources: Resources, *, message_id: UUID, to: Recipients, template: str, text: str) -> list[Sent]:
    """What became of it for each person; of whom was sent to before, what became of it then."""
    now = datetime.now(UTC)
    async with resources.database.reading() as session:
        people = await _people(session, to, now)
    return [await _send_to(resources, message_id, person, template, text) for person in people]


async def _people(session: AsyncSession, to: Recipients, now: datetime) -> Sequence[PersonRow]:
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
    return (await session.scalars(query.order_by(PersonRow.id).limit(MOST_RECIPIENTS))).all()


async def _send_to(resources: Resources, message_id: UUID, person: PersonRow, template: str, text: str) -> Sent:
    key = {"message_id": message_id, "person_id": person.id}
    async with resources.database.transaction() as session:
        claim = insert(SentMessageRow).values(**key, channel="none", state="unknown", at=datetime.now(UTC))
        claimed = await session.scalar(claim.on_conflict_do_nothing().returning(SentMessageRow.person_id))
        if claimed is None:
            before = await session.get_one(SentMessageRow, key)
            return Sent(person.id, before.channel, before.state)
    channel, state = await _by_wechat(resources, person.id, template, text) or await _by_text(
        resources, person, template, text
    )
    async with resources.database.transaction() as session:
        row = await session.get_one(SentMessageRow, key)
        row.channel, row.state = channel, state
    return Sent(person.id, channel, state)


async def _by_wechat(resources: Resources, person_id: UUID, template: str, text: str) -> tuple[str, str] | None:
    """None where WeChat is no way to this person now."""
    async with resources.database.reading() as session:
        phones = (
            await session.scalars(select(WechatIdentityRow).where(WechatIdentityRow.person_id == person_id))
        ).all()
    for phone in phones:
        message = resources.settings.wechat_messages.get(phone.appid, {}).get(template)
        if message is not None and await _spend_credit(resources, phone, message):
            try:
                await resources.wechat.send_message(
                    appid=phone.appid,
                    openid=phone.openid,
                    template_id=message.template_id,
                    page=message.page,
                    values=shortened({field: value.replace("{text}", text) for field, value in message.values.items()}),
                )
            except SubscriptionRefused:
                await _forget_credits(resources, phone, message)
            except WechatUnavailable:
                log.warning("subscribe message not sent", extra={"template": template})
            else:
                return "wechat", "sent"
    return None


async def _spend_credit(resources: Resources, phone: WechatIdentityRow, message: WechatMessage) -> bool:
    async with resources.database.transaction() as session:
        spent = (
            update(MessageCreditRow)
            .where(*_credit(phone, message), MessageCreditRow.credits > 0)
            .values(credits=MessageCreditRow.credits - 1)
        )
        return (await session.scalar(spent.returning(MessageCreditRow.credits))) is not None


async def _forget_credits(resources: Resources, phone: WechatIdentityRow, message: WechatMessage) -> None:
    """WeChat says that the person takes no more of these (43101): our count was wrong."""
    async with resources.database.transaction() as session:
        await session.execute(update(MessageCreditRow).where(*_credit(phone, message)).values(credits=0))


def _credit(phone: WechatIdentityRow, message: WechatMessage) -> tuple[ColumnElement[bool], ...]:
    row = MessageCreditRow
    return row.appid == phone.appid, row.openid == phone.openid, row.template_id == message.template_id


async def _by_text(resources: Resources, person: PersonRow, template: str, text: str) -> tuple[str, str]:
    if person.sealed_phone is None:
        return "none", "no_channel"
    number = open_phone(resources.vault, person.sealed_phone)
    try:
        await resources.text_messages.send(TextMessage(phone=number, template=template, text=text))
    except TextMessagesOff:
        return "none", "no_channel"
    except TextMessageNotSent:
        return "sms", "failed"
    return "sms", "sent"


async def note_consents(
    session: AsyncSession, resources: Resources, *, person_id: UUID, appid: str, template_ids: Sequence[str]
) -> dict[str, int]:
    """One more message of each accepted template. Gives the counts. Raises WechatIdentityUnknown, Unprocessable."""
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
