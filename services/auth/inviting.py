"""A unit clerk invites a nominee: the person and the role exist before anybody signs in."""

import base64
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.auth.domain import invitation_codes
from services.auth.domain.roles import Role
from services.auth.resources import Resources
from services.auth.tables import IdempotencyKeyRow, InvitationRow, PersonRow, RoleAssignmentRow
from services.common.idempotency import Answer, Claim, answer_once
from services.common.tokens import Caller

_PURPOSE = "invitation code"


@dataclass(frozen=True, slots=True)
class Invited:
    """The code is handed to the inviter here; the database keeps a fingerprint."""

    person_id: UUID
    invitation_code: str
    expires_at: datetime
    replayed: bool = False
    """The answer of an earlier request with the same Idempotency-Key."""


class _Remembered(BaseModel):
    """The answer as it is kept for a repeated request: a code at rest is sealed here too."""

    person_id: UUID
    sealed_code: str
    expires_at: datetime


async def invite_once(resources: Resources, *, inviter: Caller, full_name: str, idempotency_key: str | None) -> Invited:
    """Raises IdempotencyKeyReused."""

    async def perform(session: AsyncSession) -> Answer:
        invited = await _invite_nominee(session, resources, inviter=inviter, full_name=full_name)
        sealed = resources.vault.seal(invited.invitation_code.encode(), purpose=_PURPOSE)
        remembered = _Remembered(
            person_id=invited.person_id,
            sealed_code=base64.b64encode(sealed).decode(),
            expires_at=invited.expires_at,
        )
        return Answer(201, remembered)

    content = f"{inviter.organisation_id} {full_name}".encode()
    claim = Claim(inviter.subject, "create_invitation", idempotency_key, content)
    response = await answer_once(resources.database, IdempotencyKeyRow, claim, perform)
    remembered = _Remembered.model_validate_json(bytes(response.body))
    code = resources.vault.open(base64.b64decode(remembered.sealed_code), purpose=_PURPOSE).decode()
    replayed = "idempotent-replayed" in response.headers
    return Invited(remembered.person_id, code, remembered.expires_at, replayed)


async def _invite_nominee(session: AsyncSession, resources: Resources, *, inviter: Caller, full_name: str) -> Invited:
    """Makes the person, a nominee of the inviter's own unit, and the invitation."""
    now = datetime.now(UTC)
    person = PersonRow(id=uuid7(), full_name=full_name)
    session.add(person)
    await session.flush()
    code = invitation_codes.spell(secrets.randbits(invitation_codes.BITS))
    invitation = InvitationRow(
        code_hash=resources.vault.fingerprint(code.replace("-", "")),
        person_id=person.id,
        invited_by=inviter.person_id,
        created_at=now,
        expires_at=now + resources.settings.invitation_lifetime,
    )
    role = RoleAssignmentRow(
        person_id=person.id, organisation_id=UUID(inviter.organisation_id), role=Role.NOMINEE, starts_at=now
    )
    session.add_all([role, invitation])
    await session.flush()
    return Invited(person.id, code, invitation.expires_at)
