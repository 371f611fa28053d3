"""Passkeys, by person and by credential."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.second_factors.passkey_tables import PasskeyRow


async def passkeys_of(session: AsyncSession, person_id: UUID) -> Sequence[PasskeyRow]:
    """The oldest first; a person has few (`domain.passkeys.MOST`)."""
    query = select(PasskeyRow).where(PasskeyRow.person_id == person_id).order_by(PasskeyRow.created_at, PasskeyRow.id)
    return (await session.scalars(query)).all()


async def own_passkey(session: AsyncSession, person_id: UUID, passkey_id: UUID) -> PasskeyRow | None:
    query = select(PasskeyRow).where(PasskeyRow.id == passkey_id, PasskeyRow.person_id == person_id)
    return await session.scalar(query.with_for_update())


async def passkey_of_credential(session: AsyncSession, credential_id: bytes) -> PasskeyRow | None:
    return await session.scalar(select(PasskeyRow).where(PasskeyRow.credential_id == credential_id))


async def has_passkey(session: AsyncSession, person_id: UUID) -> bool:
    return bool(await session.scalar(select(exists().where(PasskeyRow.person_id == person_id))))
