"""The case history is the outbox: every event is put into the queue of jobs by the transaction that writes it."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.nominations.jobs import enqueue

TELL, PUSH, DELIVER = "tell", "push", "deliver"
"""The names of the jobs."""


async def put_event_out(session: AsyncSession, nomination_id: UUID, sequence: int) -> None:
    """From the commit on, the event will be told."""
    await enqueue(session, TELL, [f"{nomination_id}:{sequence}"])
