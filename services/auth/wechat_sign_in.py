"""Sign-in from the mini-program; an invitation binds the openid to the invited person, once."""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.audit import Action, record
from services.auth.domain import binding, invitation_codes
from services.auth.domain.binding import Binding
from services.auth.limits import REDEEM_BY_ADDRESS, REDEEM_BY_PERSON, SECOND_FACTOR_BY_PERSON, WECHAT_BY_ADDRESS
from services.auth.opening_session import SignedIn, open_session
from services.auth.origin import Origin
from services.auth.problems import (
    InvitationInvalid,
    SecondFactorRequired,
    SecondFactorWrong,
    WechatBoundToAnother,
    WechatNotBound,
)
from services.auth.queries import invitation_for_update, person_bound_to
from services.auth.resources import Resources
from services.auth.sealing import Vault
from services.auth.second_factor import pass_second_factor
from services.auth.tables import InvitationRow, WechatIdentityRow
from services.auth.wechat_client import WechatUser
from services.common.problems import Conflict, Forbidden, Problem
from services.common.rate_limits import Charge

_REFUSALS: Mapping[Binding, type[Problem]] = {
    Binding.NOT_BOUND: WechatNotBound,
    Binding.INVITATION_INVALID: InvitationInvalid,
    Binding.BOUND_TO_ANOTHER: WechatBoundToAnother,
}


async def sign_in_by_wechat(
    resources: Resources,
    *,
    appid: str,
    code: str,
    invitation_code: str | None,
    role_assignment_id: UUID | None,
    one_time_code: str | None,
    origin: Origin,
) -> SignedIn:
    """Raises TooManyRequests; what WechatClient.user_of raises; what the binding rules refuse; NoRole; RoleAssignmentUnknown.

    WeChat is asked first and outside the transaction. A refusal therefore spends the login code, never the invitation.
    """
    await resources.limiter.take(WECHAT_BY_ADDRESS.of(origin.address))
    user = await resources.wechat.user_of(appid=appid, code=code)
    taken = _counted(user, origin, invited=invitation_code is not None, with_code=one_time_code is not None)
    if taken:
        await resources.limiter.take(*taken)
    now = datetime.now(UTC)
    person_id: UUID | None = None
    try:
        async with resources.database.transaction() as session:
            # Rolled back with a refusal: only wrong codes count.
            await resources.limiter.give_back(session, *taken)
            person_id = await _person_behind(session, resources.vault, user, invitation_code=invitation_code, now=now)
            await pass_second_factor(session, resources, person_id=person_id, code=one_time_code, origin=origin)
            signed_in = await open_session(
                session, resources, person_id=person_id, wanted=role_assignment_id, origin=origin, now=now
            )
            session_id = str(signed_in.session_id)
            await record(session, Action.WECHAT_SIGN_IN, person_id=person_id, origin=origin, of_session=session_id)
    except (Forbidden, Conflict, InvitationInvalid, SecondFactorRequired, SecondFactorWrong) as refusal:
        async with resources.database.transaction() as session:
            await record(session, Action.WECHAT_SIGN_IN, person_id=person_id, origin=origin, refused=refusal.code)
        raise
    return signed_in


def _counted(user: WechatUser, origin: Origin, *, invited: bool, with_code: bool) -> tuple[Charge, ...]:
    """What a wrong invitation code, or one-time code, is charged to."""
    redeeming = (REDEEM_BY_ADDRESS.of(origin.address), REDEEM_BY_PERSON.of(user.appid, user.openid))
    second = (SECOND_FACTOR_BY_PERSON.of(user.appid, user.openid),)
    return (redeeming if invited else ()) + (second if with_code else ())


async def _person_behind(
    session: AsyncSession, vault: Vault, user: WechatUser, *, invitation_code: str | None, now: datetime
) -> UUID:
    invitation = None if invitation_code is None else await _locked(session, vault, invitation_code)
    # Read after the lock: the same invitation sent twice at once signs in twice, and binds once.
    bound_to = await person_bound_to(session, appid=user.appid, openid=user.openid)
    verdict = binding.decide(
        bound_to=bound_to, invited=invitation_code is not None, invitation=_as_rule(invitation), now=now
    )
    if verdict in _REFUSALS:
        raise _REFUSALS[verdict]
    if verdict is Binding.BIND and invitation is not None:
        return await _bind(session, user, invitation, now=now)
    if bound_to is None:
        raise WechatNotBound
    return bound_to


async def _locked(session: AsyncSession, vault: Vault, typed: str) -> InvitationRow | None:
    code = invitation_codes.normalise(typed)
    return None if code is None else await invitation_for_update(session, vault.fingerprint(code))


def _as_rule(row: InvitationRow | None) -> binding.Invitation | None:
    return None if row is None else binding.Invitation(row.person_id, row.expires_at, row.used_at)


async def _bind(session: AsyncSession, user: WechatUser, invitation: InvitationRow, *, now: datetime) -> UUID:
    bound = await session.execute(
        insert(WechatIdentityRow)
        .values(
            appid=user.appid, openid=user.openid, unionid=user.unionid, person_id=invitation.person_id, bound_at=now
        )
        .on_conflict_do_nothing()
        .returning(WechatIdentityRow.person_id)
    )
    if bound.first() is None:  # another invitation bound this openid a moment ago
        raise WechatBoundToAnother
    invitation.used_at = now
    return invitation.person_id
