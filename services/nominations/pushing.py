"""Urgent notifications reach phones: auth knows people's phones and WeChat accounts, and sends."""

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from services.nominations.context import Context
from services.nominations.domain.notifications import Audience, sentence
from services.nominations.domain.workflow import Role
from services.nominations.notification_tables import Notification, Push

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
    recipients = {
        "person_id": str(found.person_id) if found.person_id else None,
        "organisation_id": str(found.unit_id) if found.unit_id else None,
        "jurisdiction": found.quota_unit,
        "roles": [str(role) for role in _ROLES.get(Audience(found.audience), ())],
        "except_person_id": str(found.actor_id) if found.actor_id else None,
    }
    text = sentence(found.kind, found.facts)
    sent = await context.auth.send_message(message_id=found.id, to=recipients, template=found.kind, text=text)
    now = context.clock.now()
    rows = [
        {
            "notification_id": found.id,
            "person_id": UUID(each["person_id"]),
            "channel": each["channel"],
            "state": each["state"],
            "at": now,
        }
        for each in sent
    ]
    async with context.database.transaction() as session:
        if rows:
            await session.execute(insert(Push).values(rows).on_conflict_do_nothing())
        await session.execute(update(Notification).where(Notification.id == found.id).values(pushed_at=now))
