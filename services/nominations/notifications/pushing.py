"""Notifications leave the application: auth knows people's phones, WeChat accounts and mailboxes, and sends.

What cannot wait goes to phones, else by e-mail. What an office reads in the morning goes by e-mail only, all of it in one.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from services.common.problems import Unavailable
from services.nominations.context import Context
from services.nominations.domain.notifications import Audience, digest, sentence
from services.nominations.domain.workflow import Role
from services.nominations.notifications.notification_tables import Notification, Push

_ROLES = {
    Audience.UNIT: (Role.UNIT_CLERK,),
    Audience.UNIT_HEAD: (Role.UNIT_HEAD,),
    Audience.COUNTY: (Role.COUNTY_OFFICER,),
    Audience.CITY: (Role.CITY_OFFICER,),
}


async def push(context: Context, payload: str) -> None:
    """The job: sends once to everybody addressed, and keeps what became of it. Raises Unavailable: then it is tried again.

    Auth sends a message of one id to one person once, however often it is asked.
    """
    async with context.database.reading() as session:
        found = await session.get(Notification, UUID(payload))
    if found is None or found.pushed_at is not None:
        return
    text = sentence(found.kind, found.facts)
    await _send(context, [found], {"to": _recipients(found), "template": found.kind, "text": text})


async def mail_digest(context: Context, payload: str) -> None:
    """The job: `id id …`, the notifications of one morning to one office, as one e-mail. Raises Unavailable to be tried again."""
    ids = [UUID(each) for each in payload.split()]
    async with context.database.reading() as session:
        query = select(Notification).where(Notification.id.in_(ids), Notification.pushed_at.is_(None))
        found = (await session.scalars(query.order_by(Notification.id))).all()
        if not found:
            return
        campaign = await context.campaigns.latest(session, found[0].campaign_key)
    message = {
        "to": _recipients(found[0]),
        "template": "digest",
        "subject": f"待办提醒：{campaign.title}"[:120],
        "text": digest((each.kind, each.facts) for each in found),
        "channels": ["email"],
    }
    await _send(context, found, message)


def _recipients(told: Notification) -> dict[str, Any]:
    return {
        "person_id": str(told.person_id) if told.person_id else None,
        "organisation_id": str(told.unit_id) if told.unit_id else None,
        "jurisdiction": told.quota_unit,
        "roles": [str(role) for role in _ROLES.get(Audience(told.audience), ())],
        "except_person_id": str(told.actor_id) if told.actor_id else None,
    }


async def _send(context: Context, told: Sequence[Notification], message: dict[str, Any]) -> None:
    """Keeps each outcome, and asks to be tried again while one of them has certainly failed."""
    sent = await context.auth.send_message(told[0].id, message)
    now = context.clock.now()
    failed = any(outcome["state"] == "failed" for outcome in sent)
    async with context.database.transaction() as session:
        if sent:
            written = insert(Push)
            fresh = {name: written.excluded[name] for name in ("channel", "state", "at")}
            await session.execute(
                written.on_conflict_do_update(index_elements=["notification_id", "person_id"], set_=fresh),
                [_outcome_row(each, outcome, at=now) for each in told for outcome in sent],
            )
        if not failed:
            ids = [each.id for each in told]
            await session.execute(update(Notification).where(Notification.id.in_(ids)).values(pushed_at=now))
    if failed:
        raise Unavailable


def _outcome_row(told: Notification, outcome: Mapping[str, str], *, at: datetime) -> dict[str, Any]:
    return {
        "notification_id": told.id,
        "person_id": UUID(outcome["person_id"]),
        "channel": outcome["channel"],
        "state": outcome["state"],
        "at": at,
    }
