"""Accounts, for whoever suspends them and gives new passwords: found by name, by username, by the body they work at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.domain.roles import Role
from services.auth.second_factors.factor_tables import TotpFactorRow
from services.auth.second_factors.passkey_tables import PasskeyRow
from services.auth.tables import (
    OrganisationRow,
    PasswordCredentialRow,
    PersonRow,
    RoleAssignmentRow,
    WechatIdentityRow,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an account must have; what is None does not count."""

    name_starts: str | None = None
    username: str | None = None
    organisation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class HeldRole:
    role: Role
    organisation_id: UUID
    organisation_name: str
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Account:
    """One person's account: how they sign in and what they are, never a number or a secret."""

    person_id: UUID
    full_name: str
    username: str | None
    suspended_at: datetime | None
    suspension_reason: str | None
    wechat: bool
    second_factor: bool
    roles: Sequence[HeldRole]


async def find_accounts(session: AsyncSession, wanted: Wanted, *, after: UUID | None, limit: int) -> list[Account]:
    """By id, so in the order in which they were made."""
    login = PasswordCredentialRow
    by_wechat = exists().where(WechatIdentityRow.person_id == PersonRow.id)
    by_code = exists().where(TotpFactorRow.person_id == PersonRow.id, TotpFactorRow.confirmed_at.is_not(None))
    by_passkey = exists().where(PasskeyRow.person_id == PersonRow.id)
    query = (
        select(PersonRow, login.username, by_wechat, or_(by_code, by_passkey))
        .outerjoin(login, login.person_id == PersonRow.id)
        .where(*_conditions(wanted, after))
        .order_by(PersonRow.id)
        .limit(limit)
    )
    found = (await session.execute(query)).all()
    roles = await _roles_of(session, [row[0].id for row in found])
    return [
        Account(
            person_id=person.id,
            full_name=person.full_name,
            username=username,
            suspended_at=person.suspended_at,
            suspension_reason=person.suspension_reason,
            wechat=wechat,
            second_factor=factor,
            roles=roles.get(person.id, ()),
        )
        for person, username, wechat, factor in found
    ]


def _conditions(wanted: Wanted, after: UUID | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if after is not None:
        conditions.append(PersonRow.id > after)
    if wanted.name_starts is not None:
        conditions.append(PersonRow.full_name.startswith(wanted.name_starts, autoescape=True))
    if wanted.username is not None:
        conditions.append(func.lower(PasswordCredentialRow.username) == func.lower(wanted.username))
    if wanted.organisation_id is not None:
        held = (RoleAssignmentRow.organisation_id == wanted.organisation_id, *_current())
        conditions.append(PersonRow.id.in_(select(RoleAssignmentRow.person_id).where(*held)))
    return conditions


async def _roles_of(session: AsyncSession, person_ids: Sequence[UUID]) -> Mapping[UUID, list[HeldRole]]:
    """What they hold now, what they stand in for included."""
    held = RoleAssignmentRow
    query = (
        select(held.person_id, held.role, held.organisation_id, OrganisationRow.name, held.ends_at)
        .join(OrganisationRow, OrganisationRow.id == held.organisation_id)
        .where(held.person_id.in_(person_ids), *_current())
        .order_by(held.person_id, held.id)
    )
    roles: dict[UUID, list[HeldRole]] = {}
    for person_id, role, organisation_id, name, ends_at in await session.execute(query):
        roles.setdefault(person_id, []).append(HeldRole(Role(role), organisation_id, name, ends_at))
    return roles


def _current() -> tuple[ColumnElement[bool], ...]:
    ends_at = RoleAssignmentRow.ends_at
    return RoleAssignmentRow.starts_at <= func.now(), or_(ends_at.is_(None), ends_at > func.now())
