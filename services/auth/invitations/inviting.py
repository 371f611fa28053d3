"""Inviting people: the person and the role exist before anybody signs in. A code is handed to the inviter, and kept nowhere."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.auth.audit import Action, record
from services.auth.domain import invitation_codes
from services.auth.domain.acting import Organisation
from services.auth.domain.inviting import Inviter, may_invite
from services.auth.domain.roles import Role
from services.auth.invitations.invitation_problems import InvitationOver, InvitationUsed, NotYoursToInvite
from services.auth.invitations.invitation_queries import (
    assignment_in_reach,
    body_to_invite_to,
    can_sign_in,
    invitation_seen_by,
)
from services.auth.messages.phones import open_phone, phone_columns
from services.auth.organisations.excluding_roles import refuse_conflict
from services.auth.resources import Resources
from services.auth.sessions.origin import Origin
from services.auth.tables import InvitationRow, PersonRow, RoleAssignmentRow
from services.common.callers.tokens import Caller
from services.common.china_time import china_day
from services.common.messages.text_messages import TextMessage
from services.common.problems import NotFound


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom to invite, to what; `organisation_id` None: the inviter's own body."""

    full_name: str
    role: Role = Role.NOMINEE
    organisation_id: UUID | None = None
    phone: str | None = None
    campaign_key: str | None = None


@dataclass(frozen=True, slots=True)
class Invited:
    """The code is handed to the inviter here; the database keeps a fingerprint."""

    id: UUID
    person_id: UUID
    invitation_code: str
    expires_at: datetime
    phone: str | None = None


def inviter_of(caller: Caller) -> Inviter:
    """People act in one role at a time."""
    (role,) = caller.roles
    return Inviter(Role(role), UUID(caller.organisation_id), caller.jurisdiction)


async def invite_somebody(
    session: AsyncSession, resources: Resources, *, caller: Caller, wanted: Wanted, origin: Origin
) -> Invited:
    """Raises NotFound for a body that is not there, NotYoursToInvite, RolesConflict."""
    inviter = inviter_of(caller)
    found = await body_to_invite_to(session, wanted.organisation_id or inviter.organisation_id)
    if found is None:
        raise NotFound
    at, under_county = found
    if not may_invite(inviter, wanted.role, at, under_county=under_county):
        raise NotYoursToInvite
    invited = await invite(session, resources, caller=caller, wanted=wanted, at=at)
    await record(session, Action.PERSON_INVITED, person_id=invited.person_id, origin=origin, by=caller)
    return invited


async def invite(
    session: AsyncSession, resources: Resources, *, caller: Caller, wanted: Wanted, at: Organisation
) -> Invited:
    """Makes the person, the role, and the invitation. That the inviter may was asked before. Raises RolesConflict."""
    now = datetime.now(UTC)
    phone = phone_columns(resources.vault, wanted.phone)
    await refuse_conflict(
        session,
        wanted.role,
        at,
        person_id=None,
        full_name=wanted.full_name,
        phone_mark=phone.get("phone_mark"),
        starts_at=now,
    )
    person = PersonRow(id=uuid7(), full_name=wanted.full_name, **phone)
    session.add(person)
    await session.flush()
    role = RoleAssignmentRow(
        id=uuid7(),
        person_id=person.id,
        organisation_id=at.id,
        role=wanted.role,
        starts_at=now,
        campaign_key=wanted.campaign_key,
    )
    session.add(role)
    await session.flush()
    return await _with_code(session, resources, caller=caller, person_id=person.id, under=role.id, phone=wanted.phone)


async def invite_again(
    session: AsyncSession, resources: Resources, caller: Caller, person_id: UUID, *, origin: Origin
) -> Invited:
    """A code for somebody who is there already: their new phone takes the old one's place. Raises NotFound."""
    held = await assignment_in_reach(session, inviter_of(caller), person_id)
    if held is None:
        raise NotFound
    invited = await _with_code(session, resources, caller=caller, person_id=person_id, under=held.id, phone=None)
    await record(session, Action.PERSON_INVITED, person_id=person_id, origin=origin, by=caller, again=True)
    return invited


async def send_again(
    resources: Resources, caller: Caller, invitation_id: UUID, *, by_text_message: bool, origin: Origin
) -> Invited:
    """A new code, and new time; the code before works no more. Raises NotFound, InvitationUsed, InvitationOver.

    By text message: what the sender raises; the new code is good all the same.
    """
    code = invitation_codes.spell(secrets.randbits(invitation_codes.BITS))
    async with resources.database.transaction() as session:
        row, person = await _open_invitation(session, caller, invitation_id)
        row.code_hash = resources.vault.fingerprint(code.replace("-", ""))
        row.expires_at = datetime.now(UTC) + resources.settings.invitation_lifetime
        phone = None if person.sealed_phone is None else open_phone(resources.vault, person.sealed_phone)
        invited = Invited(row.id, row.person_id, code, row.expires_at, phone)
        await session.flush()
        await record(session, Action.PERSON_INVITED, person_id=row.person_id, origin=origin, by=caller, again=True)
    if by_text_message and phone is not None:
        await resources.text_messages.send(invitation_message(phone, code, expires_at=invited.expires_at))
    return invited


async def revoke(resources: Resources, caller: Caller, invitation_id: UUID, *, origin: Origin) -> None:
    """The code works no more; the role of somebody who never signed in ends. Raises NotFound, InvitationUsed, InvitationOver."""
    async with resources.database.transaction() as session:
        row, _ = await _open_invitation(session, caller, invitation_id)
        row.revoked_at = datetime.now(UTC)
        assignment = await session.get(RoleAssignmentRow, row.role_assignment_id)
        if assignment is not None and not await can_sign_in(session, row.person_id):
            assignment.ends_at = row.revoked_at
        await session.flush()
        await record(session, Action.INVITATION_REVOKED, person_id=row.person_id, origin=origin, by=caller)


async def _open_invitation(
    session: AsyncSession, caller: Caller, invitation_id: UUID
) -> tuple[InvitationRow, PersonRow]:
    found = await invitation_seen_by(session, inviter_of(caller), invitation_id)
    if found is None:
        raise NotFound
    if found[0].used_at is not None:
        raise InvitationUsed
    if found[0].revoked_at is not None:
        raise InvitationOver
    return found


async def _with_code(
    session: AsyncSession, resources: Resources, *, caller: Caller, person_id: UUID, under: UUID, phone: str | None
) -> Invited:
    now = datetime.now(UTC)
    code = invitation_codes.spell(secrets.randbits(invitation_codes.BITS))
    row = InvitationRow(
        id=uuid7(),
        code_hash=resources.vault.fingerprint(code.replace("-", "")),
        person_id=person_id,
        invited_by=caller.person_id,
        created_at=now,
        expires_at=now + resources.settings.invitation_lifetime,
        role_assignment_id=under,
    )
    session.add(row)
    await session.flush()
    return Invited(row.id, person_id, code, row.expires_at, phone)


def invitation_message(phone: str, code: str, *, expires_at: datetime) -> TextMessage:
    until = china_day(expires_at).isoformat()
    text = f"您已受邀使用评选推荐小程序，邀请码 {code}，{until} 前有效。请勿转告他人。"
    return TextMessage(phone, "invitation", text, {"code": code, "until": until})
