"""Challenges: random, kept as hashes, answered once and within five minutes, by the session they were given to."""

import base64
import binascii
import hashlib
import json
import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.domain.passkeys import CHALLENGE_LIFETIME
from services.auth.second_factors.passkey_tables import PasskeyChallengeRow
from services.auth.second_factors.relying_party import CredentialJson, NotProved

_SWEPT_AT_ONCE = 20


async def give_challenge(session: AsyncSession, *, session_id: UUID | None, now: datetime) -> bytes:
    """`session_id`: who registers a passkey; None for a sign-in."""
    expired = (
        select(PasskeyChallengeRow.challenge_hash)
        .where(PasskeyChallengeRow.expires_at < now)
        .limit(_SWEPT_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    await session.execute(delete(PasskeyChallengeRow).where(PasskeyChallengeRow.challenge_hash.in_(expired)))
    challenge = secrets.token_bytes(32)
    session.add(
        PasskeyChallengeRow(challenge_hash=_hash(challenge), session_id=session_id, expires_at=now + CHALLENGE_LIFETIME)
    )
    return challenge


async def spend_challenge(
    session: AsyncSession, credential: CredentialJson, *, session_id: UUID | None, now: datetime
) -> bytes:
    """The challenge that the credential answers, which nobody else can answer any more. Raises NotProved."""
    challenge = _answered(credential)
    spent = await session.scalar(
        delete(PasskeyChallengeRow)
        .where(
            PasskeyChallengeRow.challenge_hash == _hash(challenge),
            PasskeyChallengeRow.session_id.is_not_distinct_from(session_id),
            PasskeyChallengeRow.expires_at > now,
        )
        .returning(PasskeyChallengeRow.challenge_hash)
    )
    if spent is None:
        raise NotProved("challenge")
    return challenge


def _answered(credential: CredentialJson) -> bytes:
    """What the browser says it was asked. Nothing is believed of it but that its hash is one of ours."""
    try:
        client_data = json.loads(_decoded(credential["response"]["clientDataJSON"]))
        return _decoded(client_data["challenge"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, binascii.Error):
        raise NotProved("client data") from None


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _hash(challenge: bytes) -> bytes:
    return hashlib.sha256(challenge).digest()
