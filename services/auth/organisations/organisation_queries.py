"""Every SELECT on what became of bodies."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.domain.roles import Place
from services.auth.organisations.organisation_tables import OrganisationChangeRow
from services.auth.tables import OrganisationRow


async def names_given_up(session: AsyncSession) -> set[tuple[Place, str]]:
    """Names that a body had before it was renamed, with its place in the procedure."""
    rows = await session.execute(
        select(OrganisationRow.jurisdiction, OrganisationRow.kind, OrganisationRow.bureau, OrganisationChangeRow.before)
        .join(OrganisationRow, OrganisationRow.id == OrganisationChangeRow.organisation_id)
        .where(OrganisationChangeRow.kind == "renamed")
    )
    return {(Place(jurisdiction, kind, bureau), before["name"]) for jurisdiction, kind, bureau, before in rows}


async def changes_of(session: AsyncSession, organisation_id: UUID, *, limit: int) -> Sequence[OrganisationChangeRow]:
    """The newest first."""
    query = select(OrganisationChangeRow).where(OrganisationChangeRow.organisation_id == organisation_id)
    return (await session.scalars(query.order_by(OrganisationChangeRow.id.desc()).limit(limit))).all()
