"""A person's passkeys: registered, listed, named, removed. Who has one-time codes sends one to register or remove."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7
from webauthn.helpers.structs import CredentialDeviceType

from services.auth.audit import Action, record
from services.auth.domain.passkeys import CHALLENGE_LIFETIME, MOST
from services.auth.queries import live_session, person_for_update
from services.auth.resources import Resources
from services.auth.second_factors.passkey_challenges import give_challenge, spend_challenge
from services.auth.second_factors.passkey_problems import PasskeyKnown, PasskeyRefused, PasskeysOff, TooManyPasskeys
from services.auth.second_factors.passkey_queries import own_passkey, passkeys_of
from services.auth.second_factors.passkey_tables import PasskeyRow
from services.auth.second_factors.relying_party import CredentialJson, NotProved, RelyingParty
from services.auth.second_factors.second_factor import pass_second_factor
from services.auth.sessions.origin import Origin
from services.common.callers.tokens import Caller
from services.common.problems import NotFound, Unauthenticated


@dataclass(frozen=True, slots=True)
class Ceremony:
    """What the browser is asked, and until when it may answer."""

    public_key: dict[str, Any]
    expires_at: datetime


def relying_party(resources: Resources) -> RelyingParty:
    """Raises PasskeysOff."""
    settings = resources.settings
    if not settings.passkey_domain:
        raise PasskeysOff
    return RelyingParty(settings.passkey_domain, tuple(settings.passkey_origins))


async def begin_registration(
    session: AsyncSession, resources: Resources, caller: Caller, *, code: str | None, origin: Origin
) -> Ceremony:
    """Raises PasskeysOff, SecondFactorRequired, SecondFactorWrong, TooManyPasskeys, Unauthenticated."""
    party, now, person_id = relying_party(resources), datetime.now(UTC), caller.person_id
    session_id = UUID(caller.session_id)
    if await live_session(session, session_id=session_id, person_id=person_id) is None:
        raise Unauthenticated
    await pass_second_factor(session, resources, person_id=person_id, code=code, origin=origin)
    known = [each.credential_id for each in await passkeys_of(session, person_id)]
    if len(known) >= MOST:
        raise TooManyPasskeys
    challenge = await give_challenge(session, session_id=session_id, now=now)
    options = party.registration_options(challenge=challenge, person_id=person_id, name=caller.name, known=known)
    return Ceremony(options, now + CHALLENGE_LIFETIME)


async def register(
    resources: Resources, caller: Caller, *, name: str, credential: CredentialJson, origin: Origin
) -> PasskeyRow:
    """Raises PasskeysOff, PasskeyRefused, PasskeyKnown, TooManyPasskeys."""
    party, now, person_id = relying_party(resources), datetime.now(UTC), caller.person_id
    try:
        async with resources.database.transaction() as session:
            challenge = await spend_challenge(session, credential, session_id=UUID(caller.session_id), now=now)
        verified = party.registered(credential, challenge=challenge)
    except NotProved:
        raise PasskeyRefused from None
    async with resources.database.transaction() as session:
        await person_for_update(session, person_id)  # of two registrations at once, the second counts the first
        if len(await passkeys_of(session, person_id)) >= MOST:
            raise TooManyPasskeys
        added: PasskeyRow | None = await session.scalar(
            insert(PasskeyRow)
            .values(
                id=uuid7(),
                person_id=person_id,
                credential_id=verified.credential_id,
                public_key=verified.credential_public_key,
                sign_count=verified.sign_count,
                name=name,
                synced=verified.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
                created_at=now,
            )
            .on_conflict_do_nothing(constraint="passkeys_one_person_a_credential")
            .returning(PasskeyRow)
        )
        if added is None:
            raise PasskeyKnown
        await record(session, Action.PASSKEY_ADDED, person_id=person_id, origin=origin, passkey_id=str(added.id))
    return added


async def own_passkeys(session: AsyncSession, caller: Caller) -> Sequence[PasskeyRow]:
    return await passkeys_of(session, caller.person_id)


async def rename(session: AsyncSession, caller: Caller, passkey_id: UUID, *, name: str) -> PasskeyRow:
    """Raises NotFound for whatever is not the caller's own."""
    passkey = await own_passkey(session, caller.person_id, passkey_id)
    if passkey is None:
        raise NotFound
    passkey.name = name
    return passkey


async def remove(
    session: AsyncSession, resources: Resources, caller: Caller, passkey_id: UUID, *, code: str | None, origin: Origin
) -> None:
    """Raises NotFound, SecondFactorRequired, SecondFactorWrong."""
    passkey = await own_passkey(session, caller.person_id, passkey_id)
    if passkey is None:
        raise NotFound
    await pass_second_factor(session, resources, person_id=caller.person_id, code=code, origin=origin)
    await session.delete(passkey)
    await session.flush()
    await record(session, Action.PASSKEY_REMOVED, person_id=caller.person_id, origin=origin, passkey_id=str(passkey_id))
