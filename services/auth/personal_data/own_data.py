"""What auth holds about a person, for that person alone (PIPL 第四十五条). Numbers are masked, secrets are not there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.auth.keys.sealing import Vault
from services.auth.messages.phones import open_phone
from services.auth.personal_data.privacy_queries import acts_of
from services.auth.personal_data.privacy_tables import ConsentRow
from services.auth.queries import Device, devices_of
from services.auth.second_factors.factor_tables import TotpFactorRow
from services.auth.tables import (
    InvitationRow,
    OrganisationRow,
    PasswordCredentialRow,
    PersonRow,
    RoleAssignmentRow,
    WechatIdentityRow,
)

_MOST = 200


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """Everything but the security log, which comes page by page."""

    person: PersonRow
    phone_masked: str | None
    username: str | None
    password_changed_at: datetime | None
    second_factor_since: datetime | None
    wechat: Sequence[WechatIdentityRow]
    roles: Sequence[Any]
    invitations: Sequence[Any]
    devices: Sequence[Device]
    consents: Sequence[ConsentRow]


async def account_of(session: AsyncSession, vault: Vault, person_id: UUID) -> OwnAccount:
    person = await session.get_one(PersonRow, person_id)
    credential = await session.get(PasswordCredentialRow, person_id)
    factor = await session.get(TotpFactorRow, person_id)
    phone = None if person.sealed_phone is None else open_phone(vault, person.sealed_phone)
    wechat = select(WechatIdentityRow).where(WechatIdentityRow.person_id == person_id).limit(_MOST)
    return OwnAccount(
        person=person,
        phone_masked=None if phone is None else f"{phone[:3]}****{phone[-4:]}",
        username=credential.username if credential else None,
        password_changed_at=credential.changed_at if credential else None,
        second_factor_since=factor.confirmed_at if factor else None,
        wechat=(await session.scalars(wechat)).all(),
        roles=await _roles_of(session, person_id),
        invitations=await _invitations_of(session, person_id),
        devices=await devices_of(session, person_id, now=datetime.now(UTC)),
        consents=await acts_of(session, person_id, campaign_key=None),
    )


async def _roles_of(session: AsyncSession, person_id: UUID) -> Sequence[Any]:
    """Also those that have ended, the newest first."""
    held = RoleAssignmentRow
    query = (
        select(held.role, OrganisationRow.name, held.starts_at, held.ends_at, held.campaign_key)
        .join(OrganisationRow, OrganisationRow.id == held.organisation_id)
        .where(held.person_id == person_id)
    )
    return (await session.execute(query.order_by(held.starts_at.desc()).limit(_MOST))).all()


async def _invitations_of(session: AsyncSession, person_id: UUID) -> Sequence[Any]:
    inviter = aliased(PersonRow)
    row = InvitationRow
    query = (
        select(inviter.full_name, row.created_at, row.expires_at, row.used_at, row.revoked_at)
        .join(inviter, inviter.id == row.invited_by)
        .where(row.person_id == person_id)
    )
    return (await session.execute(query.order_by(row.id.desc()).limit(_MOST))).all()
