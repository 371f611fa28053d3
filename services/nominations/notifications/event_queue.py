"""The case history is the outbox: what is to be told of it is put into the queue of jobs by the transaction that writes it."""

from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.nominations.notifications.jobs import enqueue

TELL, PUSH, DIGEST, DELIVER, SERVICES = "tell", "push", "mail_digest", "deliver", "tell_services"
MAIL_CONTACT_FORM, PREPARE_PACKAGE = "mail_contact_form", "prepare_package"
"""The names of the jobs."""
SETTLE, REMIND, SEAL, FORGET = "settle_publicity", "remind", "seal_every_campaign", "forget_old_packages"
MORNING = (SETTLE, REMIND, SEAL, FORGET)
"""Jobs of every morning: each is tried again by itself. Done twice, they tell and seal once."""


async def put_event_out(session: AsyncSession, nomination_id: UUID, sequence: int) -> None:
    """From the commit on, the event will be told."""
    await enqueue(session, TELL, [f"{nomination_id}:{sequence}"])


async def put_morning_out(session: AsyncSession) -> None:
    for name in MORNING:
        await enqueue(session, name, [""])


async def put_campaign_day_out(session: AsyncSession, campaign_key: str, event: str, day: date) -> None:
    """From the commit on, documents and auth will be told of this day of the campaign."""
    await enqueue(session, SERVICES, [f"{campaign_key} {event} {day.isoformat()}"])
