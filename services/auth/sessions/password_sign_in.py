"""Sign-in by name and password: for reviewers and the web."""

from datetime import UTC, datetime
from typing import NoReturn
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.audit import Action, record
from services.auth.invitations.invitation_queries import people_of_phone
from services.auth.problems import CredentialsWrong, SecondFactorRequired, SecondFactorWrong, TextCodeWrong
from services.auth.queries import credential_of, password_is_still
from services.auth.resources import Resources
from services.auth.second_factors.passkey_problems import PasskeyRequired
from services.auth.second_factors.second_factor import prove_second_factor
from services.auth.sessions.opening_session import SignedIn, open_session
from services.auth.sessions.origin import Origin
from services.auth.sessions.sign_in_attempts import count_attempt, forgive
from services.auth.sessions.text_codes import TextProof, spend_text_code, try_text_code
from services.auth.tables import PasswordCredentialRow
from services.common.problems import Forbidden, Problem


async def sign_in_by_password(
    resources: Resources,
    *,
    username: str,
    password: str,
    role_assignment_id: UUID | None,
    one_time_code: str | None,
    text_proof: TextProof | None = None,
    origin: Origin,
) -> SignedIn:
    """Raises CredentialsWrong, after the same time for a wrong name as for a wrong password.

    Raises Unavailable when too many wait already; SignInDelayed, TooManyRequests before the password is looked at.
    Raises SecondFactorRequired, SecondFactorWrong, PasskeyRequired: wrong codes make one wait as wrong passwords do.
    Raises TextCodeWrong when the code by text message proves no number of theirs.
    Raises PersonSuspended, NoRole, RoleAssignmentUnknown when the person cannot act, or not as wanted.

    No database connection is held while argon2 works, and nothing is done for whoever waits for their turn.
    """
    async with resources.passwords.turn():
        async with resources.database.reading() as session:
            credential = await credential_of(session, username)
        person_id = credential.person_id if credential else None
        account = str(person_id or username.lower())
        attempt = await count_attempt(resources, account=account, person_id=person_id, address=origin.address)
        stored_hash = credential.password_hash if credential else None
        matched = await resources.passwords.matches(stored_hash, password)
        if credential is None or not matched:
            account_mark = None if credential else resources.vault.fingerprint(username.lower()).hex()[:16]
            await _refused(resources, CredentialsWrong(), person_id, origin, account_mark=account_mark)
        try:
            if text_proof is not None:
                await _prove_phone(resources, text_proof, credential.person_id)
            async with resources.database.transaction() as session:
                await prove_second_factor(
                    session, resources, person_id=credential.person_id, code=one_time_code, origin=origin
                )
                await forgive(session, resources, attempt, person_id=credential.person_id)
            async with resources.database.transaction() as session:
                await _refuse_changed(session, credential)
                signed_in = await open_session(
                    session,
                    resources,
                    person_id=credential.person_id,
                    wanted=role_assignment_id,
                    origin=origin,
                    now=datetime.now(UTC),
                    proved_by_text_code=text_proof is not None,
                )
                await record(
                    session, Action.SIGN_IN, person_id=person_id, origin=origin, of_session=str(signed_in.session_id)
                )
        except (
            CredentialsWrong,
            Forbidden,
            TextCodeWrong,
            SecondFactorRequired,
            SecondFactorWrong,
            PasskeyRequired,
        ) as refusal:
            await _refused(resources, refusal, person_id, origin)
        return signed_in


async def _refuse_changed(session: AsyncSession, credential: PasswordCredentialRow) -> None:
    """Changed or reset while this sign-in waited for its turn. Raises CredentialsWrong."""
    if not await password_is_still(session, credential.person_id, credential.password_hash):
        raise CredentialsWrong


async def _prove_phone(resources: Resources, proof: TextProof, person_id: UUID) -> None:
    """Spent before the one-time code is looked at. Raises TextCodeWrong."""
    if not resources.settings.sms_as_second_factor:
        raise TextCodeWrong("/sms/code")
    try:
        mark = await try_text_code(resources, proof)
        async with resources.database.transaction() as session:
            await spend_text_code(session, proof)
            owners = [found for found, _ in await people_of_phone(session, mark)]
    except TextCodeWrong:
        owners = []
    if person_id not in owners:
        raise TextCodeWrong("/sms/code")


async def _refused(
    resources: Resources, refusal: Problem, person_id: UUID | None, origin: Origin, *, account_mark: str | None = None
) -> NoReturn:
    code = refusal.code
    async with resources.database.transaction() as session:
        await record(
            session, Action.SIGN_IN, person_id=person_id, origin=origin, refused=code, account_mark=account_mark
        )
    raise refusal
