"""Writing the security log of documents: the last statement of its transaction."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.common.security_log.audit_log import Fact, add_entry
from services.documents.audit_table import PapersAction
from services.documents.viewer import Viewer


async def note(session: AsyncSession, action: PapersAction, **facts: Fact) -> None:
    """What a service, an operator or a decision brought about."""
    await add_entry(session, "documents", action, person_id=None, facts=facts)


async def note_view(session: AsyncSession, viewer: Viewer, document_id: UUID, *, kind: str, shown: str) -> None:
    await add_entry(
        session,
        "documents",
        PapersAction.SENSITIVE_VIEWED,
        person_id=None if viewer.is_service else UUID(viewer.subject),
        facts={
            "caller": viewer.subject,
            "roles": " ".join(viewer.roles),
            "document": str(document_id),
            "kind": kind,
            "shown": shown,
        },
    )
