"""An invitation redeemed on the web: the invited person chooses a username and a password, and is signed in."""

from datetime import UTC, datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.audit import Action, record
from services.auth.invitations.invitation_problems import InvitationInvalid
from services.auth.limits import REDEEM_ON_WEB_BY_ADDRESS, REDEEM_ON_WEB_BY_PERSON
from services.auth.problems import UsernameTaken
from services.auth.queries import person_by_id
from services.auth.resources import Resources
from services.auth.second_factors.second_factor import prove_second_factor
from services.auth.sessions.changing_password import names_in, refuse_weak
from services.auth.sessions.opening_session import SignedIn, open_session
from services.auth.sessions.origin import Origin
from services.auth.tables import InvitationRow, PasswordCredentialRow
from services.auth.wechat.whose_account import as_rule, locked_invitation


async def redeem_on_web(
    resources: Resources, *, invitation_code: str, username: str, password: str, origin: Origin
) -> SignedIn:
    """Raises InvitationInvalid, UsernameTaken, PasswordRefused, NoRole, PersonSuspended, TooManyRequests.

    Nothing is said of the username or the password before the code was right. Who has a second factor needs it here too.
    """
    charge = REDEEM_ON_WEB_BY_ADDRESS.of(origin.address)
    await resources.limiter.take(charge)
    async with resources.database.transaction() as session:
        row = await _open(session, resources, invitation_code)
        await resources.limiter.give_back(session, charge)  # whatever is said of the rest: others share the address
        person_id, full_name = row.person_id, (await person_by_id(session, row.person_id)).full_name
    await resources.limiter.take(REDEEM_ON_WEB_BY_PERSON.of(str(person_id)))
    refuse_weak(password, names=[username, *names_in(full_name)], pointer="/password")
    password_hash = await resources.passwords.hash(password)
    now = datetime.now(UTC)
    async with resources.database.transaction() as session:
        row = await _open(session, resources, invitation_code)
        await prove_second_factor(session, resources, person_id=row.person_id, code=None, origin=origin)
        await _store(session, row, username=username, password_hash=password_hash)
        row.used_at = now
        signed_in = await open_session(session, resources, person_id=row.person_id, wanted=None, origin=origin, now=now)
        await record(session, Action.PASSWORD_CHOSEN, person_id=row.person_id, origin=origin)
    return signed_in


async def _open(session: AsyncSession, resources: Resources, invitation_code: str) -> InvitationRow:
    row = await locked_invitation(session, resources.vault, invitation_code)
    rule = as_rule(row)
    if row is None or rule is None or not rule.is_open(datetime.now(UTC)):
        raise InvitationInvalid
    return row


async def _store(session: AsyncSession, row: InvitationRow, *, username: str, password_hash: str) -> None:
    """Somebody who has a password keeps their account: the code is for a new phone."""
    added = await session.scalar(
        insert(PasswordCredentialRow)
        .values(person_id=row.person_id, username=username, password_hash=password_hash)
        .on_conflict_do_nothing()
        .returning(PasswordCredentialRow.person_id)
    )
    if added is None:
        raise UsernameTaken
