"""Sign-in by name and password: for reviewers and the web."""

from datetime import UTC, datetime
from uuid import UUID

from services.auth.opening_session import SignedIn, open_session
from services.auth.origin import Origin
from services.auth.problems import CredentialsWrong
from services.auth.queries import credential_of
from services.auth.resources import Resources
from services.auth.sign_in_attempts import count_attempt, forgive


async def sign_in_by_password(
    resources: Resources, *, username: str, password: str, role_assignment_id: UUID | None, origin: Origin
) -> SignedIn:
    """Raises CredentialsWrong, after the same time for a wrong name as for a wrong password.

    Raises SignInDelayed, TooManyRequests before the password is looked at.
    Raises NoRole, RoleAssignmentUnknown when the person cannot act, or not as wanted.

    No database connection is held while argon2 works.
    """
    async with resources.database.reading() as session:
        credential = await credential_of(session, username)
    person_id = credential.person_id if credential else None
    account = str(person_id or username.lower())
    attempt = await count_attempt(resources, account=account, person_id=person_id, address=origin.address)
    stored_hash = credential.password_hash if credential else None
    matched = await resources.passwords.matches(stored_hash, password)
    if credential is None or not matched:
        raise CredentialsWrong
    async with resources.database.transaction() as session:
        await forgive(session, resources, attempt, person_id=credential.person_id)
    async with resources.database.transaction() as session:
        return await open_session(
            session,
            resources,
            person_id=credential.person_id,
            wanted=role_assignment_id,
            origin=origin,
            now=datetime.now(UTC),
        )
