"""Sign-in by passkey: no name and no password are typed, so none can be guessed or phished."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from services.auth.audit import Action, record
from services.auth.domain.passkeys import CHALLENGE_LIFETIME, counter_moves_on
from services.auth.limits import PASSKEY_BY_ADDRESS
from services.auth.resources import Resources
from services.auth.second_factors.passkey_challenges import give_challenge, spend_challenge
from services.auth.second_factors.passkey_problems import PasskeyCopied, PasskeyWrong
from services.auth.second_factors.passkey_queries import passkey_of_credential
from services.auth.second_factors.passkey_tables import PasskeyRow
from services.auth.second_factors.passkeys import Ceremony, relying_party
from services.auth.second_factors.relying_party import CredentialJson, NotProved
from services.auth.sessions.opening_session import SignedIn, open_session
from services.auth.sessions.origin import Origin
from services.common.problems import Forbidden


async def begin_passkey_sign_in(resources: Resources, *, origin: Origin) -> Ceremony:
    """Raises PasskeysOff, TooManyRequests."""
    party, now = relying_party(resources), datetime.now(UTC)
    await resources.limiter.take(PASSKEY_BY_ADDRESS.of(origin.address))
    async with resources.database.transaction() as session:
        challenge = await give_challenge(session, session_id=None, now=now)
    return Ceremony(party.sign_in_options(challenge=challenge), now + CHALLENGE_LIFETIME)


async def sign_in_by_passkey(
    resources: Resources, *, credential: CredentialJson, role_assignment_id: UUID | None, origin: Origin
) -> SignedIn:
    """Raises PasskeysOff, PasskeyWrong, PasskeyCopied, TooManyRequests; PersonSuspended, NoRole, RoleAssignmentUnknown.

    The challenge is spent first, whatever follows. No one-time code is asked for: the passkey is both factors.
    """
    charge = PASSKEY_BY_ADDRESS.of(origin.address)
    await resources.limiter.take(charge)
    person_id: UUID | None = None
    try:
        passkey, sent = await _proved(resources, credential)
        person_id = passkey.person_id
        async with resources.database.transaction() as session:
            await _count(session, passkey, sent=sent)
            await resources.limiter.give_back(session, charge)
            signed_in = await open_session(
                session,
                resources,
                person_id=person_id,
                wanted=role_assignment_id,
                origin=origin,
                now=datetime.now(UTC),
            )
            session_id = str(signed_in.session_id)
            await record(session, Action.PASSKEY_SIGN_IN, person_id=person_id, origin=origin, of_session=session_id)
    except (PasskeyWrong, Forbidden) as refusal:
        async with resources.database.transaction() as session:
            await record(session, Action.PASSKEY_SIGN_IN, person_id=person_id, origin=origin, refused=refusal.code)
        raise
    return signed_in


async def _proved(resources: Resources, credential: CredentialJson) -> tuple[PasskeyRow, int]:
    """The passkey that signed, and its counter. Raises PasskeyWrong."""
    party = relying_party(resources)
    try:
        async with resources.database.transaction() as session:
            challenge = await spend_challenge(session, credential, session_id=None, now=datetime.now(UTC))
        async with resources.database.reading() as session:
            passkey = await passkey_of_credential(session, base64url_to_bytes(credential["rawId"]))
        if passkey is None or not _of_person(credential, passkey.person_id):
            raise PasskeyWrong
        verified = party.signed(credential, challenge=challenge, public_key=passkey.public_key)
    except (NotProved, ValueError):
        raise PasskeyWrong from None
    return passkey, verified.new_sign_count


def _of_person(credential: CredentialJson, person_id: UUID) -> bool:
    handle = credential["response"].get("userHandle")
    return not handle or handle.rstrip("=") == bytes_to_base64url(person_id.bytes)


async def _count(session: AsyncSession, passkey: PasskeyRow, *, sent: int) -> None:
    """Raises PasskeyCopied. Compared again where it is written: of two uses of one count, one is refused."""
    moved = None
    if counter_moves_on(passkey.sign_count, sent):
        moved = await session.scalar(
            update(PasskeyRow)
            .where(PasskeyRow.id == passkey.id, PasskeyRow.sign_count == passkey.sign_count)
            .values(sign_count=sent, last_used_at=datetime.now(UTC))
            .returning(PasskeyRow.id)
        )
    if moved is None:
        raise PasskeyCopied
