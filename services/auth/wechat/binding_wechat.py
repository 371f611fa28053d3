"""Which person stands behind a WeChat account, and binding it to them; a new phone takes the old one's place."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.domain import binding, invitation_codes
from services.auth.domain.binding import Binding, PhoneMatch
from services.auth.invitations.invitation_problems import InvitationInvalid
from services.auth.invitations.invitation_queries import latest_request_of, people_with_phone, person_with_unionid
from services.auth.keys.sealing import Vault
from services.auth.messages.phones import phone_mark
from services.auth.queries import invitation_for_update, person_bound_to
from services.auth.sessions.ending_sessions import EndReason, end_sessions
from services.auth.tables import InvitationRow, SessionRow, WechatIdentityRow
from services.auth.wechat.wechat_client import WechatUser
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
    session: AsyncSession, vault: Vault, user: WechatUser, *, proof: Proof, phone: str | None, now: datetime
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
        await bind(session, user, invitation.person_id, now=now)
        invitation.used_at = now
        return invitation.person_id
    if bound_to is not None:
        return bound_to
    return await _known_otherwise(session, vault, user, phone=phone, full_name=proof.full_name, now=now)


async def bind(session: AsyncSession, user: WechatUser, person_id: UUID, *, now: datetime) -> None:
    """The person's earlier account of the same mini-program is unbound, and their sessions end. Raises WechatBoundToAnother."""
    unbound = await unbind(session, WechatIdentityRow.appid == user.appid, person_id=person_id)
    if unbound:
        await end_sessions(session, SessionRow.person_id == person_id, reason=EndReason.REBOUND)
    bound = await session.execute(
        insert(WechatIdentityRow)
        .values(appid=user.appid, openid=user.openid, unionid=user.unionid, person_id=person_id, bound_at=now)
        .on_conflict_do_nothing()
        .returning(WechatIdentityRow.person_id)
    )
    if bound.first() is None:  # another invitation bound this openid a moment ago
        raise WechatBoundToAnother


async def unbind(session: AsyncSession, *which: object, person_id: UUID) -> int:
    """How many WeChat accounts were unbound."""
    gone = await session.scalars(
        delete(WechatIdentityRow)
        .where(WechatIdentityRow.person_id == person_id, *which)  # type: ignore[arg-type]
        .returning(WechatIdentityRow.openid)
    )
    return len(gone.all())


async def _known_otherwise(
    session: AsyncSession, vault: Vault, user: WechatUser, *, phone: str | None, full_name: str | None, now: datetime
) -> UUID:
    """By the same WeChat account in another mini-program of ours; by the phone number that an inviter wrote down."""
    person_id = None if user.unionid is None else await person_with_unionid(session, user.unionid)
    if person_id is None and phone is not None:
        candidates = await people_with_phone(session, phone_mark(vault, phone), appid=user.appid)
        match, person_id = binding.match_phone(candidates, full_name=full_name)
        if match in _PHONE_REFUSALS:
            raise _PHONE_REFUSALS[match]
    if person_id is None:
        await _refuse_unknown(session, user)
        raise WechatNotBound
    await bind(session, user, person_id, now=now)
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
