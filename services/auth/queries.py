"""Every SELECT of the auth service."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.domain.acting import Assignment, Organisation
from services.auth.domain.roles import Place, Scope
from services.auth.limit_tables import KnownAddressRow
from services.auth.tables import (
    InvitationRow,
    OrganisationRow,
    PasswordCredentialRow,
    PersonRow,
    RefreshTokenRow,
    RoleAssignmentRow,
    SessionRow,
    SigningKeyRow,
    WechatIdentityRow,
)


@dataclass(frozen=True, slots=True)
class Person:
    id: UUID
    full_name: str


async def credential_of(session: AsyncSession, username: str) -> PasswordCredentialRow | None:
    name = func.lower(PasswordCredentialRow.username)
    found = await session.scalars(select(PasswordCredentialRow).where(name == func.lower(username)))
    return found.one_or_none()


async def signed_in_from(session: AsyncSession, person_id: UUID | None, address_mark: bytes) -> bool:
    """Whether this person signed in from this address before."""
    here = KnownAddressRow.address_mark == address_mark
    seen = await session.scalar(select(KnownAddressRow.seen_at).where(KnownAddressRow.person_id == person_id, here))
    return seen is not None


async def person_by_id(session: AsyncSession, person_id: UUID) -> Person:
    row = (await session.execute(select(PersonRow.id, PersonRow.full_name).where(PersonRow.id == person_id))).one()
    return Person(row.id, row.full_name)


async def assignments_of(session: AsyncSession, person_id: UUID) -> list[Assignment]:
    rows = await session.execute(
        select(RoleAssignmentRow, OrganisationRow)
        .join(OrganisationRow, OrganisationRow.id == RoleAssignmentRow.organisation_id)
        .where(RoleAssignmentRow.person_id == person_id)
    )
    return [Assignment(held.id, held.role, as_organisation(at), held.starts_at, held.ends_at) for held, at in rows]


def as_organisation(row: OrganisationRow) -> Organisation:
    return Organisation(row.id, row.name, row.kind, row.jurisdiction, row.bureau)


async def person_bound_to(session: AsyncSession, *, appid: str, openid: str) -> UUID | None:
    return await session.scalar(
        select(WechatIdentityRow.person_id).where(WechatIdentityRow.appid == appid, WechatIdentityRow.openid == openid)
    )


async def invitation_for_update(session: AsyncSession, code_hash: bytes) -> InvitationRow | None:
    return await session.scalar(select(InvitationRow).where(InvitationRow.code_hash == code_hash).with_for_update())


async def refresh_token_for_update(
    session: AsyncSession, token_hash: bytes
) -> tuple[RefreshTokenRow, SessionRow] | None:
    """The token and its session, both locked: of two refreshes with one token the second reads what the first wrote."""
    found = await session.execute(
        select(RefreshTokenRow, SessionRow)
        .join(SessionRow, SessionRow.id == RefreshTokenRow.session_id)
        .where(RefreshTokenRow.token_hash == token_hash)
        .with_for_update()
    )
    row = found.one_or_none()
    return None if row is None else (row[0], row[1])


async def live_session(session: AsyncSession, *, session_id: UUID, person_id: UUID) -> SessionRow | None:
    return await session.scalar(
        select(SessionRow).where(
            SessionRow.id == session_id, SessionRow.person_id == person_id, SessionRow.ended_at.is_(None)
        )
    )


async def organisations_in(
    session: AsyncSession, scope: Scope, *, after: tuple[str, UUID] | None, limit: int
) -> Sequence[OrganisationRow]:
    query = select(OrganisationRow).order_by(OrganisationRow.jurisdiction, OrganisationRow.id).limit(limit)
    if not scope.whole_city:
        query = query.where(OrganisationRow.jurisdiction == scope.jurisdiction)
    if after is not None:
        query = query.where(tuple_(OrganisationRow.jurisdiction, OrganisationRow.id) > after)
    return (await session.scalars(query)).all()


async def organisation_ids(session: AsyncSession) -> dict[Place, UUID]:
    """The first body of each kind, and bureau, in each jurisdiction."""
    rows = await session.scalars(select(OrganisationRow).order_by(OrganisationRow.id.desc()))
    return {Place(row.jurisdiction, row.kind, row.bureau): row.id for row in rows}


async def newest_signing_key(session: AsyncSession) -> SigningKeyRow | None:
    return await session.scalar(select(SigningKeyRow).order_by(SigningKeyRow.created_at.desc()).limit(1))


async def public_keys(session: AsyncSession) -> list[dict[str, Any]]:
    return list(await session.scalars(select(SigningKeyRow.public_jwk).order_by(SigningKeyRow.created_at)))
