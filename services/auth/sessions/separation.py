"""三员分立: whoever keeps the system never gets to sign in as whoever watches over it."""

from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.domain.roles import WATCHERS
from services.auth.problems import AdministratorOutOfReach
from services.auth.tables import RoleAssignmentRow


async def refuse_watcher(session: AsyncSession, person_id: UUID) -> None:
    """Their password and second factor are nobody's to reset. Raises AdministratorOutOfReach."""
    held = RoleAssignmentRow
    running = (held.role.in_(WATCHERS), or_(held.ends_at.is_(None), held.ends_at > func.now()))
    if await session.scalar(select(exists().where(held.person_id == person_id, *running))):
        raise AdministratorOutOfReach
