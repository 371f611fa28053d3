"""Sign-in from the mini-program; an invitation, or a number that WeChat vouches for, binds the openid to a person, once."""

from datetime import UTC, datetime
from uuid import UUID

from services.auth.audit import Action, record
from services.auth.domain.binding import WechatUser
from services.auth.invitations.invitation_problems import InvitationInvalid
from services.auth.limits import REDEEM_BY_ADDRESS, REDEEM_BY_PERSON, SECOND_FACTOR_BY_PERSON, WECHAT_BY_ADDRESS
from services.auth.problems import SecondFactorRequired, SecondFactorWrong
from services.auth.resources import Resources
from services.auth.second_factors.passkey_problems import PasskeyRequired
from services.auth.second_factors.second_factor import prove_second_factor
from services.auth.sessions.opening_session import SignedIn, open_session
from services.auth.sessions.origin import Origin
from services.auth.wechat.whose_account import Proof, person_behind
from services.common.limits.rate_limits import Charge
from services.common.problems import Conflict, Forbidden


async def sign_in_by_wechat(
    resources: Resources,
    *,
    appid: str,
    code: str,
    proof: Proof,
    role_assignment_id: UUID | None,
    one_time_code: str | None,
    origin: Origin,
) -> SignedIn:
    """Raises TooManyRequests; what WechatClient raises; what the binding rules refuse; NoRole; RoleAssignmentUnknown.

    WeChat is asked first and outside the transaction. A refusal therefore spends the login code, never the invitation.
    """
    await resources.limiter.take(WECHAT_BY_ADDRESS.of(origin.address))
    user = await resources.wechat.user_of(appid=appid, code=code)
    phone = None if proof.phone_code is None else await resources.wechat.phone_of(appid=appid, code=proof.phone_code)
    taken = _counted(user, origin, invited=proof.invitation_code is not None, with_code=one_time_code is not None)
    if taken:
        await resources.limiter.take(*taken)
    now = datetime.now(UTC)
    person_id: UUID | None = None
    try:
        async with resources.database.transaction() as session:
            # Rolled back with a refusal: only wrong codes count.
            await resources.limiter.give_back(session, *taken)
            person_id = await person_behind(
                session, resources.vault, user, proof=proof, phone=phone, origin=origin, now=now
            )
            await prove_second_factor(session, resources, person_id=person_id, code=one_time_code, origin=origin)
            signed_in = await open_session(
                session, resources, person_id=person_id, wanted=role_assignment_id, origin=origin, now=now
            )
            session_id = str(signed_in.session_id)
            await record(session, Action.WECHAT_SIGN_IN, person_id=person_id, origin=origin, of_session=session_id)
    except (
        Forbidden,
        Conflict,
        InvitationInvalid,
        SecondFactorRequired,
        SecondFactorWrong,
        PasskeyRequired,
    ) as refusal:
        async with resources.database.transaction() as session:
            await record(session, Action.WECHAT_SIGN_IN, person_id=person_id, origin=origin, refused=refusal.code)
        raise
    return signed_in


def _counted(user: WechatUser, origin: Origin, *, invited: bool, with_code: bool) -> tuple[Charge, ...]:
    """What a wrong invitation code, or one-time code, is charged to."""
    redeeming = (REDEEM_BY_ADDRESS.of(origin.address), REDEEM_BY_PERSON.of(user.appid, user.openid))
    second = (SECOND_FACTOR_BY_PERSON.of(user.appid, user.openid),)
    return (redeeming if invited else ()) + (second if with_code else ())
