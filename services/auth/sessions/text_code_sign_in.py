"""Sign-in by phone number and code: for whoever has neither WeChat nor a password at hand. It never makes an account."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.audit import Action, record
from services.auth.invitations.invitation_queries import people_of_phone
from services.auth.limits import TEXT_CODE_TRIES_BY_ADDRESS
from services.auth.problems import SecondFactorRequired, SecondFactorWrong, TextCodeWrong
from services.auth.resources import Resources
from services.auth.second_factors.passkey_problems import PasskeyRequired
from services.auth.second_factors.second_factor import prove_second_factor
from services.auth.sessions.opening_session import SignedIn, open_session
from services.auth.sessions.origin import Origin
from services.auth.sessions.text_codes import TextProof, spend_text_code, try_text_code
from services.auth.wechat.wechat_problems import PhoneOfSeveral
from services.common.problems import Forbidden


async def sign_in_by_text_code(
    resources: Resources,
    proof: TextProof,
    *,
    full_name: str | None,
    role_assignment_id: UUID | None,
    one_time_code: str | None,
    origin: Origin,
) -> SignedIn:
    """Raises TextCodeWrong, also when nobody has the number; PhoneOfSeveral, TooManyRequests.

    Raises SecondFactorRequired, SecondFactorWrong, PasskeyRequired: the code by text is one factor.
    Raises PersonSuspended, NoRole, RoleAssignmentUnknown. What is refused after a right code leaves it to be sent again.
    """
    charge = TEXT_CODE_TRIES_BY_ADDRESS.of(origin.address)
    await resources.limiter.take(charge)
    person_id: UUID | None = None
    try:
        mark = await try_text_code(resources, proof)
        async with resources.database.transaction() as session:
            await resources.limiter.give_back(session, charge)
            person_id = await _person(session, mark, full_name)
            await prove_second_factor(session, resources, person_id=person_id, code=one_time_code, origin=origin)
            await spend_text_code(session, proof)
            signed_in = await open_session(
                session,
                resources,
                person_id=person_id,
                wanted=role_assignment_id,
                origin=origin,
                now=datetime.now(UTC),
            )
            session_id = str(signed_in.session_id)
            await record(session, Action.TEXT_CODE_SIGN_IN, person_id=person_id, origin=origin, of_session=session_id)
    except (TextCodeWrong, SecondFactorRequired, SecondFactorWrong, PasskeyRequired, Forbidden) as refusal:
        async with resources.database.transaction() as session:
            await record(session, Action.TEXT_CODE_SIGN_IN, person_id=person_id, origin=origin, refused=refusal.code)
        raise
    return signed_in


async def _person(session: AsyncSession, mark: bytes, full_name: str | None) -> UUID:
    """Two people on one phone say who they are, by name."""
    people = await people_of_phone(session, mark)
    named = [person_id for person_id, name in people if full_name is None or name == full_name]
    if len(named) > 1:
        raise PhoneOfSeveral
    if not named:
        raise TextCodeWrong
    return named[0]
