"""Every SELECT of the auth service."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.domain.acting import Organisation
from services.auth.domain.binding import WechatUser
from services.auth.domain.roles import Place, Role, Scope
from services.auth.domain.steps import Security
from services.auth.limit_tables import KnownAddressRow
from services.auth.second_factors.factor_tables import TotpFactorRow
from services.auth.second_factors.passkey_queries import has_passkey
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

_MOST_DEVICES = 100


@dataclass(frozen=True, slots=True)
class Person:
    id: UUID
    full_name: str
    suspended: bool = False


@dataclass(frozen=True, slots=True)
class Device:
    """One session of a person that still runs."""

    id: UUID
    device: str
    address: str
    role: Role
    organisation_name: str
    started_at: datetime
    last_seen_at: datetime
    ends_at: datetime


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
    columns = select(PersonRow.id, PersonRow.full_name, PersonRow.suspended_at)
    row = (await session.execute(columns.where(PersonRow.id == person_id))).one()
    return Person(row.id, row.full_name, row.suspended_at is not None)


async def person_to_sign_in(session: AsyncSession, person_id: UUID) -> Person:
    """After whoever is suspending them now, and before whoever does so next: that ends the new session too."""
    columns = select(PersonRow.id, PersonRow.full_name, PersonRow.suspended_at).where(PersonRow.id == person_id)
    row = (await session.execute(columns.with_for_update(read=True, key_share=True))).one()
    return Person(row.id, row.full_name, row.suspended_at is not None)


async def person_for_update(session: AsyncSession, person_id: UUID) -> PersonRow | None:
    return await session.scalar(select(PersonRow).where(PersonRow.id == person_id).with_for_update())


async def lock_person(session: AsyncSession, person_id: UUID) -> None:
    """Whoever binds WeChat accounts to this person, or takes them off, takes turns."""
    await session.execute(select(PersonRow.id).where(PersonRow.id == person_id).with_for_update(key_share=True))


async def credential_of_person(session: AsyncSession, person_id: UUID) -> PasswordCredentialRow | None:
    return await session.get(PasswordCredentialRow, person_id)


async def password_is_still(session: AsyncSession, person_id: UUID, password_hash: str) -> bool:
    """Changed only after this transaction: that ends the session which is opened in it too."""
    unchanged = (PasswordCredentialRow.person_id == person_id, PasswordCredentialRow.password_hash == password_hash)
    found = select(PasswordCredentialRow.person_id).where(*unchanged).with_for_update(read=True)
    return await session.scalar(found) is not None


async def security_of(session: AsyncSession, person_id: UUID, *, second_factor_required: bool) -> Security:
    columns = select(PasswordCredentialRow.changed_at, PasswordCredentialRow.must_change)
    row = (await session.execute(columns.where(PasswordCredentialRow.person_id == person_id))).one_or_none()
    factor = await session.get(TotpFactorRow, person_id)
    enrolled = bool(factor and factor.confirmed_at) or await has_passkey(session, person_id)
    return Security(
        password_changed_at=row.changed_at if row else None,
        must_change_password=bool(row and row.must_change),
        second_factor_enrolled=enrolled,
        second_factor_required=second_factor_required,
    )


async def factor_of(session: AsyncSession, person_id: UUID) -> TotpFactorRow | None:
    return await session.get(TotpFactorRow, person_id, with_for_update=True)


async def devices_of(session: AsyncSession, person_id: UUID, *, now: datetime) -> Sequence[Device]:
    rows = await session.execute(
        select(SessionRow, RoleAssignmentRow.role, OrganisationRow.name, RefreshTokenRow.expires_at)
        .join(RefreshTokenRow, RefreshTokenRow.session_id == SessionRow.id)
        .join(RoleAssignmentRow, RoleAssignmentRow.id == SessionRow.role_assignment_id)
        .join(OrganisationRow, OrganisationRow.id == RoleAssignmentRow.organisation_id)
        .where(SessionRow.person_id == person_id, SessionRow.ended_at.is_(None))
        .where(RefreshTokenRow.used_at.is_(None), RefreshTokenRow.expires_at > now)
        .order_by(SessionRow.last_seen_at.desc(), SessionRow.id)
        .limit(_MOST_DEVICES)
    )
    return [
        Device(row.id, row.device, row.address, role, name, row.started_at, row.last_seen_at, expires_at)
        for row, role, name, expires_at in rows
    ]


async def sessions_ended_since(session: AsyncSession, moment: datetime) -> Sequence[Any]:
    columns = select(SessionRow.id, SessionRow.ended_at)
    return (await session.execute(columns.where(SessionRow.ended_at >= moment))).all()


async def keys_in_force(session: AsyncSession, now: datetime) -> Sequence[SigningKeyRow]:
    """Those that verify tokens now, in the order in which they sign; the last ones may not sign yet."""
    kept = or_(SigningKeyRow.published_until.is_(None), SigningKeyRow.published_until > now)
    return (await session.scalars(select(SigningKeyRow).where(kept).order_by(SigningKeyRow.signs_from))).all()


async def predecessors_of(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """By body, the bodies that it took in."""
    columns = select(OrganisationRow.merged_into, OrganisationRow.id)
    rows = await session.execute(columns.where(OrganisationRow.merged_into.in_(ids)).order_by(OrganisationRow.id))
    found: dict[UUID, tuple[UUID, ...]] = {}
    for into, taken_in in rows:
        if into is not None:
            found[into] = (*found.get(into, ()), taken_in)
    return found


def as_organisation(row: OrganisationRow, predecessors: tuple[UUID, ...] = ()) -> Organisation:
    return Organisation(row.id, row.name, row.kind, row.jurisdiction, row.bureau, predecessors)


async def person_bound_to(session: AsyncSession, *, appid: str, openid: str) -> UUID | None:
    """Taken off only after this transaction: that ends the session which is opened in it too."""
    account = (WechatIdentityRow.appid == appid, WechatIdentityRow.openid == openid)
    bound = select(WechatIdentityRow.person_id).where(*account)
    return await session.scalar(bound.with_for_update(read=True, key_share=True))


async def wechat_accounts_of(session: AsyncSession, person_id: UUID) -> list[WechatUser]:
    return (await wechat_accounts_of_each(session, [person_id]))[person_id]


async def wechat_accounts_of_each(
    session: AsyncSession, person_ids: Iterable[UUID]
) -> defaultdict[UUID, list[WechatUser]]:
    """By person; nothing for whoever has none."""
    row = WechatIdentityRow
    columns = select(row.person_id, row.appid, row.openid, row.unionid).where(row.person_id.in_(person_ids))
    found: defaultdict[UUID, list[WechatUser]] = defaultdict(list)
    for person_id, appid, openid, unionid in await session.execute(columns):
        found[person_id].append(WechatUser(appid, openid, unionid))
    return found


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
    running = select(OrganisationRow).where(OrganisationRow.ended_at.is_(None))
    rows = await session.scalars(running.order_by(OrganisationRow.id.desc()))
    return {Place(row.jurisdiction, row.kind, row.bureau): row.id for row in rows}
