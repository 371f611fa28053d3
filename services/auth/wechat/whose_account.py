"""Which person stands behind a WeChat account: bound already, invited by a code, or known by unionid or phone number."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.domain import binding, invitation_codes
from services.auth.domain.binding import Binding, PhoneMatch, WechatUser
from services.auth.invitations.invitation_problems import InvitationInvalid
from services.auth.invitations.invitation_queries import latest_request_of, people_with_phone, person_with_unionid
from services.auth.keys.sealing import Vault
from services.auth.messages.phones import phone_mark
from services.auth.queries import invitation_for_update, lock_person, person_bound_to
from services.auth.sessions.origin import Origin
from services.auth.tables import InvitationRow
from services.auth.wechat.binding_wechat import bind
from services.auth.wechat.wechat_problems import PhoneBoundAlready, PhoneOfSeveral, WechatBoundToAnother, WechatNotBound
from services.common.problems import Problem

_REFUSALS: Mapping[Binding, type[Problem]] = {
    Binding.INVITATION_INVALID: InvitationInvalid,
    Binding.BOUND_TO_ANOTHER: WechatBoundToAnother,
}
_PHONE_REFUSALS: Mapping[PhoneMatch, type[Problem]] = {
    PhoneMatch.SEVERAL: PhoneOfSeveral,
    PhoneMatch.BOUND_ALREADY: PhoneBoundAlready,
}


@dataclass(frozen=True, slots=True)
class Proof:
    """What the sender of an unknown openid shows: an invitation, or the phone-number button's code and a name."""

    invitation_code: str | None = None
    phone_code: str | None = None
    full_name: str | None = None


async def person_behind(
    session: AsyncSession,
    vault: Vault,
    user: WechatUser,
    *,
    proof: Proof,
    phone: str | None,
    origin: Origin,
    now: datetime,
) -> UUID:
    """Raises InvitationInvalid, WechatBoundToAnother, PhoneOfSeveral, PhoneBoundAlready, WechatNotBound."""
    invited = proof.invitation_code is not None
    invitation = (
        None if proof.invitation_code is None else await locked_invitation(session, vault, proof.invitation_code)
    )
    # Read after the lock: the same invitation sent twice at once signs in twice, and binds once.
    bound_to = await person_bound_to(session, appid=user.appid, openid=user.openid)
    verdict = binding.decide(bound_to=bound_to, invited=invited, invitation=as_rule(invitation), now=now)
    if verdict in _REFUSALS:
        raise _REFUSALS[verdict]
    if verdict is Binding.BIND and invitation is not None:
        await bind(session, user, invitation.person_id, origin=origin, now=now)
        invitation.used_at = now
        return invitation.person_id
    if bound_to is not None:
        return bound_to
    return await _known_otherwise(session, vault, user, phone=phone, full_name=proof.full_name, origin=origin, now=now)


async def _known_otherwise(
    session: AsyncSession,
    vault: Vault,
    user: WechatUser,
    *,
    phone: str | None,
    full_name: str | None,
    origin: Origin,
    now: datetime,
) -> UUID:
    mark = None if phone is None else phone_mark(vault, phone)
    person_id = await _vouched_for(session, user, mark, full_name=full_name)
    if person_id is not None:
        await lock_person(session, person_id)
        # Asked again: a phone that was taken off a moment ago vouches for nobody.
        person_id = await _vouched_for(session, user, mark, full_name=full_name)
    if person_id is None:
        await _refuse_unknown(session, user)
        raise WechatNotBound
    await bind(session, user, person_id, origin=origin, now=now)
    return person_id


async def _vouched_for(
    session: AsyncSession, user: WechatUser, mark: bytes | None, *, full_name: str | None
) -> UUID | None:
    """By the same WeChat account in another mini-program of ours; by the phone number that an inviter wrote down."""
    person_id = None if user.unionid is None else await person_with_unionid(session, user.unionid)
    if person_id is None and mark is not None:
        match, person_id = binding.match_phone(await people_with_phone(session, mark, user), full_name=full_name)
        if match in _PHONE_REFUSALS:
            raise _PHONE_REFUSALS[match]
    return person_id


async def _refuse_unknown(session: AsyncSession, user: WechatUser) -> None:
    """Raises WechatNotBound that tells how a request to be admitted stands, if there is one."""
    asked = await latest_request_of(session, appid=user.appid, openid=user.openid)
    if asked is not None:
        raise WechatNotBound(extra={"admission": asked.outcome or "waiting"})


async def locked_invitation(session: AsyncSession, vault: Vault, typed: str) -> InvitationRow | None:
    code = invitation_codes.normalise(typed)
    return None if code is None else await invitation_for_update(session, vault.fingerprint(code))


def as_rule(row: InvitationRow | None) -> binding.Invitation | None:
    return None if row is None else binding.Invitation(row.person_id, row.expires_at, row.used_at, row.revoked_at)
